/**
 * How long a check waits, in milliseconds: long enough for a slow right program,
 * and never so long that one which says nothing at all keeps the report back.
 */

/** How long a whole check may take: the report comes by then. */
export const CHECK_LIMIT = 60_000;
/** How long cases may be played; the rest is for ending the program. */
export const PLAY_LIMIT = 50_000;

/**
 * How long a program may take from its start until it listens, or until a client
 * sends something: five seconds are accepted, and a loaded machine adds its own.
 */
export const START = 7_000;

/** How long an answer may take, from a program not yet known. */
export const ANSWER = 2_500;
/** The same, from one that is known to answer at once. */
export const PROMPT_ANSWER = 1_200;
/** After two in a row without an answer or four in all, and after twice as many. */
export const DOUBTFUL_ANSWER = 600;
export const HOPELESS_ANSWER = 250;
/** How many answers make a program known, and how soon they have to come. */
const KNOWN = 4;
const PROMPT = 100;

/** How long silence has to last where nothing is expected. */
export const SILENCE = 300;
/** How long nobody says anything to a server. */
export const PAUSE = 2_500;
/** The same, where people talk to each other: more than five seconds. */
export const LONG_PAUSE = 5_100;
/** How long a program may take to end once it should. */
export const END = 2_500;

/** The time that a check has, and how much of it one wait may take. */
export class Timeouts {
  readonly #started = performance.now();
  #unanswered = 0;
  #allUnanswered = 0;
  #answers = 0;
  #slowest = 0;
  readonly #failures = new Map<string, number>();

  /** @param limit how long everything may take together */
  constructor(readonly limit = PLAY_LIMIT) {}

  /** How long the check has taken so far. */
  get spent(): number {
    return performance.now() - this.#started;
  }

  /** How long it may still take; 0 when that is over. */
  get left(): number {
    return Math.max(0, this.limit - this.spent);
  }

  /** How long to wait for the next answer. */
  get answer(): number {
    const isPrompt = this.#answers >= KNOWN && this.#slowest < PROMPT;
    const doubt = Math.max(2 * this.#unanswered, this.#allUnanswered);
    const limit = doubt >= 8
      ? HOPELESS_ANSWER
      : doubt >= 4
      ? DOUBTFUL_ANSWER
      : isPrompt
      ? PROMPT_ANSWER
      : ANSWER;
    return this.atMost(limit);
  }

  /** How long to wait for what may fail again and again: after two, a quarter. */
  for(what: string, milliseconds: number): number {
    const hasFailed = (this.#failures.get(what) ?? 0) >= 2;
    return this.atMost(hasFailed ? milliseconds / 4 : milliseconds);
  }

  /** Whether what is named so has not come in time before. */
  hasFailed(what: string): boolean {
    return this.#failures.has(what);
  }

  /** What is named so did not come in time. */
  failed(what: string): void {
    this.#failures.set(what, (this.#failures.get(what) ?? 0) + 1);
  }

  /** Shortens a wait to what is left. */
  atMost(milliseconds: number): number {
    return Math.min(milliseconds, this.left);
  }

  /** An answer came, after so many milliseconds: the next one is worth a wait. */
  answered(milliseconds: number): void {
    this.#answers++;
    this.#slowest = Math.max(this.#slowest, milliseconds);
    this.#unanswered = 0;
  }

  /** None came in time: a program that hangs must not cost that time often. */
  unanswered(): void {
    this.#unanswered++;
    this.#allUnanswered++;
  }
}
