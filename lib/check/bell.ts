/**
 * Waiting for something to happen, but not for ever.
 *
 * Whatever can happen in a check (bytes arrive, a program prints, a program
 * ends) rings one bell. Whoever waits looks at each ring whether it was what it
 * waits for. So nothing polls, and no pending read is ever given up.
 */

/** Rings for everything that happens; waiters look again at each ring. */
export class Bell {
  readonly #waiting = new Set<() => void>();
  #isStopped = false;

  /** Something has happened: everybody who waits looks again. */
  ring(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** Nothing is waited for any more: whoever waits goes on at once. */
  stop(): void {
    this.#isStopped = true;
    this.ring();
  }

  /**
   * Waits until a condition holds.
   *
   * @param milliseconds how long at the most
   * @returns whether it holds; false where it took longer
   */
  until(condition: () => boolean, milliseconds: number): Promise<boolean> {
    if (condition()) return Promise.resolve(true);
    if (this.#isStopped) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (held: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(held);
      };
      const look = () => {
        if (condition()) end(true);
        else if (this.#isStopped) end(false);
      };
      // In two halves: where this program itself was held up, the timer and
      // what it waits for are due at once, and the latter should count.
      const half = milliseconds / 2;
      let timer = setTimeout(() => {
        timer = setTimeout(() => end(condition()), half);
      }, half);
      this.#waiting.add(look);
    });
  }

  /** Waits until nothing has rung for a while, or `most` has passed. */
  async quiet(milliseconds: number, most: number): Promise<void> {
    const latest = performance.now() + most;
    for (;;) {
      let rang = false;
      const left = Math.min(milliseconds, latest - performance.now());
      if (left <= 0) return;
      const look = () => {
        rang = true;
      };
      this.#waiting.add(look);
      await this.until(() => rang, left);
      this.#waiting.delete(look);
      if (!rang) return;
    }
  }
}
