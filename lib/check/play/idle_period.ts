/**
 * A long pause in one run of a client, during which the others are played, so
 * that an idle user costs no extra time.
 */
import type { Condition } from "./condition.ts";
import { CHECK_LIMIT } from "./timeouts.ts";

/** How long the user is idle, in milliseconds: a little over five seconds. */
const IDLE_TIME = 5_500;

/** The pause of a check. */
export class IdlePeriod {
  readonly #condition: Condition;
  #since: number | undefined;
  #isEnded = false;

  constructor(condition: Condition) {
    this.#condition = condition;
  }

  /** Whether the pausing run has reached its pause, or ended before it. */
  get hasBegun(): boolean {
    return this.#since !== undefined;
  }

  /** Waits until `end`, and for at least `IDLE_TIME`. */
  async pass(): Promise<void> {
    this.begin();
    await this.#condition.until(() => this.#isEnded, CHECK_LIMIT);
    const left = IDLE_TIME - (performance.now() - this.#since!);
    if (left > 0) await this.#condition.until(() => false, left);
  }

  /** Lets the others be played. */
  begin(): void {
    this.#since ??= performance.now();
    this.#condition.notify();
  }

  /** Ends the pause: the others have been played. */
  end(): void {
    this.#isEnded = true;
    this.#condition.notify();
  }
}
