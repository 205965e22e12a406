/**
 * Waiting for time to pass, and for nothing else.
 */

/** Waits, in milliseconds; at least one turn of the event loop. */
export function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Waits in two halves: if this program was held up, the timer and whatever
 * happened meanwhile are due at once, and the second half lets the latter be
 * noticed.
 */
export async function pause(milliseconds: number): Promise<void> {
  await delay(milliseconds / 2);
  await delay(milliseconds / 2);
}

/**
 * How long a server that is ending takes in what peers send without a pause, in
 * milliseconds: it cannot tell what had arrived from what still comes.
 */
export const MAX_ENDING = 500;

/**
 * How long arrivals may take to be noticed, in milliseconds. The system never
 * says "nothing more is there": what cannot be read after this long had not
 * arrived.
 */
export const GRACE = 10;

/**
 * Waits for a promise, but not for ever, and leaves no timer behind.
 *
 * In two halves, like `pause` and for the same reason.
 *
 * @param milliseconds how long; undefined for no limit
 * @returns undefined if it took longer
 */
export async function within<T>(
  promise: Promise<T>,
  milliseconds: number | undefined,
): Promise<T | undefined> {
  if (milliseconds === undefined) return await promise;
  let timer: ReturnType<typeof setTimeout>;
  const half = milliseconds / 2;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      timer = setTimeout(resolve, half, undefined);
    }, half);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer!);
  }
}

/**
 * Waits until nothing has come for a while, but not for ever.
 *
 * @param received a number that grows with everything that comes
 * @param silence how long it has to be quiet, in milliseconds
 * @param limit how long to wait for that at most, in milliseconds
 */
export async function untilQuiet(
  received: () => number,
  silence: number,
  limit: number,
): Promise<void> {
  const latest = Date.now() + limit;
  let before;
  do {
    before = received();
    await pause(silence);
  } while (received() > before && Date.now() < latest);
}

/**
 * Many deadlines with one timer: it is set for the earliest, and not touched
 * when a deadline is dropped, so most of them cost no timer at all.
 */
export class Deadlines<T> {
  readonly #due = new Map<T, number>();
  readonly #pass: (item: T) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #next = Infinity;

  /**
   * @param pass is called for each deadline that has passed, once it is removed
   */
  constructor(pass: (item: T) => void) {
    this.#pass = pass;
  }

  /** @param milliseconds from now; replaces any earlier deadline of this item */
  set(item: T, milliseconds: number): void {
    const due = performance.now() + milliseconds;
    this.#due.set(item, due);
    if (due < this.#next) this.#wakeAt(due);
  }

  /** The same, unless its deadline is already earlier. */
  shorten(item: T, milliseconds: number): void {
    const due = this.#due.get(item) ?? Infinity;
    if (performance.now() + milliseconds < due) this.set(item, milliseconds);
  }

  delete(item: T): void {
    this.#due.delete(item);
  }

  /** Forgets all of them. */
  clear(): void {
    this.#due.clear();
    this.#wakeAt(Infinity);
  }

  #wakeAt(time: number): void {
    clearTimeout(this.#timer);
    this.#next = time;
    if (time === Infinity) return;
    const wait = Math.max(0, time - performance.now());
    this.#timer = setTimeout(() => this.#sweep(), wait);
  }

  #sweep(): void {
    const now = performance.now();
    const passed = [...this.#due].filter(([, due]) => due <= now);
    for (const [item] of passed) this.#due.delete(item);
    for (const [item] of passed) this.#pass(item);
    this.#wakeAt(Math.min(...this.#due.values()));
  }
}
