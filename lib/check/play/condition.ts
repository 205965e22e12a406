/**
 * Waiting for something to happen, with a time limit.
 *
 * A condition variable, as with threads: everything that can happen in a check
 * (bytes arrive, a program prints or ends) notifies one condition, and each
 * waiter then tests its predicate again. So nothing polls, and no pending read
 * is abandoned.
 */

/** Notified of every event; waiters then test their predicates again. */
export class Condition {
  readonly #waiting = new Set<() => void>();
  readonly #ending = new AbortController();

  /** Wakes every waiter to look again. */
  notify(): void {
    for (const look of [...this.#waiting]) look();
  }

  get isStopped(): boolean {
    return this.#ending.signal.aborted;
  }

  /** Aborted by `stop`. */
  get stopped(): AbortSignal {
    return this.#ending.signal;
  }

  /** Stops all waiting: every waiter returns at once. */
  stop(): void {
    this.#ending.abort();
    this.notify();
  }

  /**
   * Waits until a predicate holds.
   *
   * @param milliseconds the longest wait
   * @returns whether it holds; false on timeout
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
      // Two half timers: if this process itself was held up, a single timer
      // could fire before the event it waits for, though both were due.
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
