/**
 * Items on their way, which come out when they are due and not before.
 *
 * To delay a datagram, put it in here with the time at which it is due. The
 * queue has no clock and no timer: its owner asks what is due by now, and when
 * to ask again.
 */

/**
 * How much one queue holds, in bytes. Delayed datagrams cost memory until they
 * are delivered, and peers can send them faster: what does not fit is lost, as
 * in a router with a full queue. This holds 60 000 short messages.
 */
export const MAX_HELD = 16 * 1024 * 1024;

/** The least that an item costs besides its own bytes, in bytes. */
export const ITEM_OVERHEAD = 256;

interface Held<T> {
  readonly item: T;
  readonly cost: number;
  readonly due: number;
}

/** Items in the order in which they are due. */
export class DelayQueue<T> {
  readonly #limit: number;
  /** By time; of two due at the same time, the one added first comes first. */
  #held: Held<T>[] = [];
  #cost = 0;

  /** @param limit how much it holds, in bytes; each item counts `ITEM_OVERHEAD` more */
  constructor(limit = MAX_HELD) {
    this.#limit = limit;
  }

  /** How many items are on their way. */
  get length(): number {
    return this.#held.length;
  }

  /** When the next item is due; undefined if none is on its way. */
  get next(): number | undefined {
    return this.#held[0]?.due;
  }

  /**
   * Puts an item on its way.
   *
   * @param size its bytes
   * @param due when it is to come out, on the clock that `deliver` is told
   * @returns whether there was room for it; if not, it is not held
   */
  add(item: T, size: number, due: number): boolean {
    const cost = size + ITEM_OVERHEAD;
    if (this.#cost + cost > this.#limit) return false;
    this.#cost += cost;
    this.#held.splice(this.#placeOf(due), 0, { item, cost, due });
    return true;
  }

  /** Takes out what is due by now, the earliest first. */
  deliver(now: number): T[] {
    const due = this.#held.splice(0, this.#placeOf(now));
    for (const { cost } of due) this.#cost -= cost;
    return due.map(({ item }) => item);
  }

  /** How many items are due at this time or before. */
  #placeOf(time: number): number {
    let low = 0;
    let high = this.#held.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#held[middle]!.due <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

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
