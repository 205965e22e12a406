/**
 * Waiting for something to happen, but not for ever.
 *
 * A condition variable, as threads have it: everything that can happen in a
 * check (bytes arrive, a program prints, a program ends) notifies one condition,
 * and each waiter then looks again at its predicate. So nothing polls, and no
 * pending read is ever abandoned.
 */

/** Notified of everything that happens; waiters then look again. */
export class Condition {
  readonly #waiting = new Set<() => void>();
  readonly #ending = new AbortController();

  /** Something has happened: everybody who waits looks again. */
  notify(): void {
    for (const look of [...this.#waiting]) look();
  }

  get isStopped(): boolean {
    return this.#ending.signal.aborted;
  }

  /** Aborted when nothing is waited for any more. */
  get stopped(): AbortSignal {
    return this.#ending.signal;
  }

  /** Nothing is waited for any more: whoever waits goes on at once. */
  stop(): void {
    this.#ending.abort();
    this.notify();
  }

  /**
   * Waits until a predicate holds.
   *
   * @param milliseconds how long at the most
   * @returns whether it holds; false where it took longer
   */
  until(predicate: () => boolean, milliseconds: number): Promise<boolean> {
    if (predicate()) return Promise.resolve(true);
    if (this.isStopped) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (held: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(held);
      };
      const look = () => {
        if (predicate()) end(true);
        else if (this.isStopped) end(false);
      };
      // In two halves: where this program itself was held up, the timer and
      // what it waits for are due at once, and the latter should count.
      const half = milliseconds / 2;
      let timer = setTimeout(() => {
        timer = setTimeout(() => end(predicate()), half);
      }, half);
      this.#waiting.add(look);
    });
  }

  /** Waits until nothing has happened for a while, or `most` has passed. */
  async quiet(milliseconds: number, most: number): Promise<void> {
    const latest = performance.now() + most;
    for (;;) {
      let happened = false;
      const left = Math.min(milliseconds, latest - performance.now());
      if (left <= 0) return;
      const look = () => {
        happened = true;
      };
      this.#waiting.add(look);
      await this.until(() => happened, left);
      this.#waiting.delete(look);
      if (!happened) return;
    }
  }
}
