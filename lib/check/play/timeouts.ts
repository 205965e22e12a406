/**
 * How long a check waits, in milliseconds: long enough for a slow but correct
 * program, and short enough that a silent one does not hold up the report.
 */

/** How long a whole check may take, up to the report. */
export const CHECK_LIMIT = 60_000;
/** How long cases may be played; the rest is for ending the program. */
export const PLAY_LIMIT = 50_000;

/**
 * How long a program may take to listen, or as a client to send something: five
 * seconds, and some more for a loaded machine.
 */
export const START = 7_000;

/** How long an answer may take, from a program we know nothing about. */
export const ANSWER = 2_500;
/** The same, from a program known to answer at once. */
export const PROMPT_ANSWER = 1_200;
/** After two misses in a row or four in all, and after twice as many. */
export const DOUBTFUL_ANSWER = 600;
export const HOPELESS_ANSWER = 250;
/** How many answers make a program known, and how quick they must be. */
const KNOWN = 4;
const PROMPT = 100;

/** How long silence must last if nothing is expected. */
export const SILENCE = 300;
/** How long clients pause. */
export const PAUSE = 2_500;
/** The same, for a chat: more than five seconds. */
export const LONG_PAUSE = 5_100;
/** How long a program may take to end once it should. */
export const END = 2_500;

/** The time a check has, and how much of it one wait may take. */
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

  /** How long it may still take; 0 if time is up. */
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

  /** How long to wait for a named thing: a quarter after two failures. */
  for(what: string, milliseconds: number): number {
    const hasFailed = (this.#failures.get(what) ?? 0) >= 2;
    return this.atMost(hasFailed ? milliseconds / 4 : milliseconds);
  }

  /** Whether this named thing was late before. */
  hasFailed(what: string): boolean {
    return this.#failures.has(what);
  }

  /** Records that this named thing was late. */
  failed(what: string): void {
    this.#failures.set(what, (this.#failures.get(what) ?? 0) + 1);
  }

  /** Shortens a wait to the time left. */
  atMost(milliseconds: number): number {
    return Math.min(milliseconds, this.left);
  }

  /** Records an answer and its delay: the next one is worth a wait. */
  answered(milliseconds: number): void {
    this.#answers++;
    this.#slowest = Math.max(this.#slowest, milliseconds);
    this.#unanswered = 0;
  }

  /** Records a missing answer, so that a hung program costs less time. */
  unanswered(): void {
    this.#unanswered++;
    this.#allUnanswered++;
  }
}
