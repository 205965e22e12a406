/**
 * A long pause in one life of a client, during which the others are played: a
 * user who types nothing for a while should not cost a while.
 */
import type { Bell } from "./bell.ts";
import { CHECK_LIMIT } from "./patience.ts";

/** How long a user types nothing, in milliseconds: a little over five seconds. */
export const RECESS = 5_500;

/** The pause of a check. */
export class Recess {
  readonly #bell: Bell;
  #since: number | undefined;
  #called = false;

  constructor(bell: Bell) {
    this.#bell = bell;
  }

  /** Whether the one life that pauses has come so far, or has ended before. */
  get hasBegun(): boolean {
    return this.#since !== undefined;
  }

  /** Pauses, until `call` and for `RECESS` at the least. */
  async take(): Promise<void> {
    this.begin();
    await this.#bell.until(() => this.#called, CHECK_LIMIT);
    const left = RECESS - (performance.now() - this.#since!);
    if (left > 0) await this.#bell.until(() => false, left);
  }

  /** Lets the others play. */
  begin(): void {
    this.#since ??= performance.now();
    this.#bell.ring();
  }

  /** Ends the pause: the others have been played. */
  call(): void {
    this.#called = true;
    this.#bell.ring();
  }
}
