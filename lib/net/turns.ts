/**
 * Turns: many peers, one thread, and nobody waits long.
 *
 * A read that is ready resolves without a turn of the event loop, so a peer
 * that always has more to say could be served for ever while all others wait.
 * So a peer whose last few messages have been handled awaits `next` before it
 * is heard again. Usually that is nothing, and awaiting nothing lets the others
 * go first, in the order in which they came. But after some milliseconds of
 * work without a turn, everybody waits there until the event loop has looked at
 * the sockets, the timers and the signals.
 */
/** How long work goes on without a turn of the event loop, in milliseconds. */
export const MAX_WORK = 8;

/**
 * How many reads are started before the event loop turns, if there are more
 * peers than that. Deno's runtime (tokio) completes 128 reads and writes in one
 * turn. The rest come after all that have become ready since: if more peers
 * than that are read again at once, turn after turn, a quiet one waits for
 * seconds. Half of it leaves room for the answers.
 */
export const MAX_READS = 50;

/** One thread's work, shared out among many. */
export class Turns {
  /** Called before everybody waits. */
  onPause: () => void = () => {};
  readonly #peers: () => number;
  /** Fires when the event loop turns after work; undefined while there is none. */
  #mark: ReturnType<typeof setTimeout> | undefined;
  /** When the work since the last turn began. */
  #began = 0;
  #reads = 0;
  /** What everybody waits for: a timer each would cost more than most of the work. */
  #pause: PromiseWithResolvers<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param peers returns how many there are */
  constructor(peers: () => number) {
    this.#peers = peers;
  }

  /** To be called before each piece of work. */
  begin(): void {
    if (this.#mark !== undefined) return;
    this.#began = performance.now();
    this.#mark = setTimeout(() => this.#mark = undefined, 0);
  }

  /**
   * To be awaited after each piece of work.
   *
   * @returns undefined while work may go on
   */
  next(): Promise<void> | undefined {
    if (this.#pause) return this.#pause.promise;
    if (this.#mark === undefined) return undefined;
    const isDue = performance.now() - this.#began >= MAX_WORK;
    return isDue ? this.#turn() : undefined;
  }

  /**
   * To be awaited before a read, repeatedly until it is undefined: even after a
   * pause, no more than `MAX_READS` go on at once.
   */
  read(): Promise<void> | undefined {
    const areMany = this.#reads >= MAX_READS && this.#peers() > MAX_READS;
    const pause = areMany && !this.#pause ? this.#turn() : this.next();
    if (pause === undefined) this.#reads++;
    return pause;
  }

  /** Ends the pause, and leaves no timer behind. */
  clear(): void {
    clearTimeout(this.#mark);
    clearTimeout(this.#timer);
    this.#pause?.resolve();
    this.#mark = this.#pause = undefined;
    this.#reads = 0;
  }

  #turn(): Promise<void> {
    this.#pause = Promise.withResolvers();
    this.onPause();
    this.#timer = setTimeout(() => this.clear(), 0);
    return this.#pause.promise;
  }
}
