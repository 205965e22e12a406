/**
 * Turns: many peers, one thread, and nobody waits long.
 *
 * A read that is ready resolves without a turn of the event loop, so a peer
 * that always has more to say could be served for ever while all others wait.
 * Therefore a peer whose last few messages have been worked off waits for `next`
 * before it is heard again. Mostly that is nothing, and to await nothing lets the others go first,
 * in the order in which they came. But after some milliseconds of work everybody
 * waits there until the event loop has looked at the sockets, the timers and the
 * signals.
 */
import { delay } from "./time.ts";

/** How long work goes on without a turn of the event loop, in milliseconds. */
export const MAX_WORK = 8;

/**
 * A pause in the work that has probably let the event loop turn, in milliseconds:
 * between two words of a conversation, but not between reads that are ready.
 */
const SHORT_PAUSE = 0.1;
/** One that certainly has. */
const LONG_PAUSE = 1;

/** How long work goes on with short pauses alone, in milliseconds. */
const MAX_STRETCH = 50;

/**
 * How many reads are begun before the event loop turns, if there are more peers
 * than that. Deno's runtime (tokio) completes 128 reads and writes in one turn.
 * Those that are left over come after all that have become ready since: if more
 * peers than that are read again at once, turn after turn, a quiet one waits for
 * seconds. Half of it leaves room for the answers.
 */
export const MAX_READS = 50;

/** One thread's work, shared out among many. */
export class Turns {
  /** Called before the event loop turns. */
  onPause: () => void = () => {};
  readonly #peers: () => number;
  /** When the event loop has last turned, certainly and probably. */
  #turned = 0;
  #began = 0;
  /** When a piece of work has last begun or ended. */
  #worked = 0;
  #reads = 0;
  /** One timer for everybody: it costs more than most of the work. */
  #pause: Promise<void> | undefined;

  /** @param peers tells how many there are */
  constructor(peers: () => number) {
    this.#peers = peers;
  }

  /** A read has brought work. */
  begin(): void {
    const now = performance.now();
    const pause = now - this.#worked;
    if (pause > LONG_PAUSE) this.#restart(now);
    else if (pause > SHORT_PAUSE) this.#began = now;
    this.#worked = now;
  }

  /**
   * To be awaited after each piece of work.
   *
   * @returns undefined while work may go on
   */
  next(): Promise<void> | undefined {
    if (this.#pause) return this.#pause;
    this.#worked = performance.now();
    return this.#isDue() ? this.#pause = this.#turn() : undefined;
  }

  /**
   * To be awaited before a read, again and again until it is undefined: after a
   * pause, too, no more than `MAX_READS` go on at once.
   */
  read(): Promise<void> | undefined {
    const areMany = this.#reads >= MAX_READS && this.#peers() > MAX_READS;
    if (areMany) this.#pause ??= this.#turn();
    const pause = this.next();
    if (pause === undefined) this.#reads++;
    return pause;
  }

  #isDue(): boolean {
    return this.#worked - this.#began >= MAX_WORK ||
      this.#worked - this.#turned >= MAX_STRETCH;
  }

  async #turn(): Promise<void> {
    this.onPause();
    await delay(0);
    this.#pause = undefined;
    this.#reads = 0;
    this.#restart(performance.now());
  }

  #restart(now: number): void {
    this.#turned = this.#began = this.#worked = now;
  }
}
