/**
 * A long pause in one run of a client, while the others are played: a
 * user who types nothing for a while should not cost a while.
 */
import type { Condition } from "./condition.ts";
import { CHECK_LIMIT } from "./timeouts.ts";

/** How long a user types nothing, in milliseconds: a little over five seconds. */
export const IDLE_TIME = 5_500;

/** The pause of a check. */
export class IdlePeriod {
  readonly #condition: Condition;
  #since: number | undefined;
  #isEnded = false;

  constructor(condition: Condition) {
    this.#condition = condition;
  }

  /** Whether the one run that pauses has come so far, or has ended before. */
  get hasBegun(): boolean {
    return this.#since !== undefined;
  }

  /** Lasts until `end` and for `IDLE_TIME` at the least. */
  async pass(): Promise<void> {
    this.begin();
    await this.#condition.until(() => this.#isEnded, CHECK_LIMIT);
    const left = IDLE_TIME - (performance.now() - this.#since!);
    if (left > 0) await this.#condition.until(() => false, left);
  }

  /** Lets the others play. */
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
