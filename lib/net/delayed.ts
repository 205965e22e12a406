/**
 * What is on its way, with the clock that brings it there.
 */
import { DelayQueue } from "./delay_queue.ts";

/** Delivers items at their time. */
export class Delayed<T> {
  readonly #queue = new DelayQueue<T>();
  readonly #deliver: (item: T) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Settled once nothing is on its way; undefined while nobody waits. */
  #empty: PromiseWithResolvers<void> | undefined;

  /** @param deliver gets each item when it is due */
  constructor(deliver: (item: T) => void) {
    this.#deliver = deliver;
  }

  /**
   * Puts an item on its way.
   *
   * @param size its bytes
   * @param delay how long it takes, in milliseconds
   * @returns whether there was room for it
   */
  add(item: T, size: number, delay: number): boolean {
    const isHeld = this.#queue.add(item, size, performance.now() + delay);
    if (isHeld) this.#schedule();
    return isHeld;
  }

  /** Waits until nothing is on its way any more. */
  async settle(): Promise<void> {
    if (this.#queue.length === 0) return;
    this.#empty ??= Promise.withResolvers<void>();
    await this.#empty.promise;
  }

  /** Forgets what is on its way. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#queue.deliver(Infinity);
    this.#settled();
  }

  #settled(): void {
    this.#empty?.resolve();
    this.#empty = undefined;
  }

  /** One timer, for the item that is due next. */
  #schedule(): void {
    clearTimeout(this.#timer);
    const { next } = this.#queue;
    if (next === undefined) return this.#settled();
    const wait = Math.max(0, next - performance.now());
    this.#timer = setTimeout(() => this.#run(), wait);
  }

  #run(): void {
    for (const item of this.#queue.deliver(performance.now())) {
      this.#deliver(item);
    }
    this.#schedule();
  }
}
