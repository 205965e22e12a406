/**
 * How long a check waits: long enough for a slow right program, and never so
 * long that a program which says nothing at all keeps the report back.
 */

/** How long a whole check may take, in milliseconds: the report comes by then. */
export const CHECK_LIMIT = 60_000;

/**
 * How long cases may be played, in milliseconds. What is left of the limit is
 * for ending the program and writing the report, on a slow machine.
 */
export const PLAY_LIMIT = 50_000;

/**
 * How long a program may take from its start until it listens, or until a
 * client sends something, in milliseconds: five seconds are still accepted, and
 * a loaded machine adds its own.
 */
export const START = 7_000;

/** How long an answer may take, in milliseconds, from a program not yet known. */
export const ANSWER = 2_500;

/**
 * The same for a program that is known to answer at once, and so leaves a
 * message without an answer, in milliseconds.
 */
export const PROMPT_ANSWER = 1_200;

/**
 * The same for a program that has left messages without an answer before, in
 * milliseconds: after two in a row or four in all, and after twice as many.
 */
export const DOUBTFUL_ANSWER = 600;
export const HOPELESS_ANSWER = 250;

/** How many answers make a program known, and how soon they have to come. */
const KNOWN = 4;
const PROMPT = 100;

/** How long silence has to last where nothing is expected, in milliseconds. */
export const SILENCE = 300;

/** How long nobody says anything to a server, in milliseconds. */
export const PAUSE = 2_500;

/** The same, where people talk to each other: more than five seconds. */
export const LONG_PAUSE = 5_100;

/** How long a program may take to end once it should, in milliseconds. */
export const END = 2_500;

/** The time that a check has, and how much of it one wait may take. */
export class Timeouts {
  readonly #started = performance.now();
  readonly #limit: number;
  #unanswered = 0;
  #allUnanswered = 0;
  #answers = 0;
  #slowest = 0;

  readonly #failures = new Map<string, number>();

  /** @param limit how long everything may take together, in milliseconds */
  constructor(limit = PLAY_LIMIT) {
    this.#limit = limit;
  }

  /** How long the check has taken so far, in milliseconds. */
  get spent(): number {
    return performance.now() - this.#started;
  }

  /** How long it may still take, in milliseconds; 0 where it is over. */
  get left(): number {
    return Math.max(0, this.#limit - this.spent);
  }

  /** How long to wait for the next answer, in milliseconds. */
  get answer(): number {
    return this.atMost(this.#fullAnswer);
  }

  get #fullAnswer(): number {
    const isHopeless = this.#unanswered >= 4 || this.#allUnanswered >= 8;
    if (isHopeless) return HOPELESS_ANSWER;
    if (this.#unanswered >= 2 || this.#allUnanswered >= 4) {
      return DOUBTFUL_ANSWER;
    }
    const isPrompt = this.#answers >= KNOWN && this.#slowest < PROMPT;
    return isPrompt ? PROMPT_ANSWER : ANSWER;
  }

  /**
   * How long to wait for something that may fail again and again, in
   * milliseconds: after two failures in a check it is given a quarter.
   *
   * @param what names what is waited for
   */
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

  /** Shortens a wait to what is left, in milliseconds. */
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
