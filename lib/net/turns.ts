/**
 * Turns: many peers, one thread, and nobody waits long.
 *
 * A read that is ready resolves without a turn of the event loop, so a peer
 * that always has more to say could be served for ever while all others wait.
 * Therefore what a read brought is worked off in small steps, a few of each
 * peer in turn; and after some milliseconds of work the event loop gets to look
 * at the sockets, the timers and the signals.
 */

import { delay } from "./time.ts";

/** How long work goes on without a turn of the event loop, in milliseconds. */
export const MAX_WORK = 8;

/** Work that has paused for so long has let the event loop turn, in milliseconds. */
const GAP = 1;

/** Tells when work has gone on for too long. */
export class Pace {
  #began = 0;
  #ended = 0;

  /** Work begins, or goes on after a pause. */
  resume(): void {
    const now = performance.now();
    if (now - this.#ended > GAP) this.#began = now;
  }

  /** Whether a turn is due; to be called after each piece of work. */
  isDue(): boolean {
    const now = performance.now();
    this.#ended = now;
    if (now - this.#began < MAX_WORK) return false;
    this.#began = now;
    return true;
  }
}

/**
 * How many tasks end, each of them a read, before the event loop turns, where
 * there are more peers than that. Deno's runtime (tokio) completes 128 reads and
 * writes in one turn. Those that are left over come after all that have become
 * ready since: where more peers than that are read again at once, turn after
 * turn, a quiet one waits for seconds. Half of it leaves room for the answers.
 */
export const MAX_READS = 50;

/** How many steps of a task are made before the next one's, without its turn. */
export const STEPS = 32;

/**
 * Work in steps. Each step gives undefined, or a promise where the task cannot
 * go on before that is settled.
 */
export type Task = Iterator<Promise<unknown> | undefined, void>;

interface Entry {
  readonly task: Task;
  readonly done: PromiseWithResolvers<void>;
}

/** Works off tasks in turn. */
export class Turns {
  readonly #beforePause: () => Promise<void> | undefined;
  readonly #waiting: Entry[] = [];
  readonly #pace = new Pace();
  #isWorking = false;
  /** How many tasks have ended since the event loop was last made to turn. */
  #ended = 0;
  readonly #peers: () => number;

  /**
   * @param peers tells how many there are
   * @param beforePause called before the event loop turns, or nothing is left
   * to do; work goes on when what it returns is settled
   */
  constructor(
    peers: () => number,
    beforePause: () => Promise<void> | undefined,
  ) {
    this.#peers = peers;
    this.#beforePause = beforePause;
  }

  /**
   * Works a task off.
   *
   * @throws what the task throws
   */
  run(task: Task): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ task, done });
    if (!this.#isWorking) this.#work();
    return done.promise;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    this.#pace.resume();
    for (let entry; (entry = this.#waiting.shift());) {
      this.#advance(entry);
      const isDue = this.#pace.isDue() || this.#hasReadEnough;
      if (isDue || this.#waiting.length === 0) await this.#beforePause();
      // One timer for everybody: it costs more than most of the work.
      if (isDue) {
        await delay(0);
        this.#ended = 0;
      }
      this.#pace.resume();
    }
    this.#isWorking = false;
  }

  get #hasReadEnough(): boolean {
    return this.#ended >= MAX_READS && this.#peers() > MAX_READS;
  }

  /** Makes some steps of a task; what is left of it waits for its next turn. */
  #advance({ task, done }: Entry): void {
    try {
      for (let i = 0; i < STEPS; i++) {
        const { value, done: isOver } = task.next();
        if (isOver) {
          this.#ended++;
          return done.resolve();
        }
        if (value) return void this.#suspend({ task, done }, value);
      }
      this.#waiting.push({ task, done });
    } catch (error) {
      done.reject(error);
    }
  }

  /** Takes a task up again when what it waits for is settled. */
  async #suspend(entry: Entry, reason: Promise<unknown>): Promise<void> {
    await reason;
    this.#waiting.push(entry);
    if (!this.#isWorking) this.#work();
  }
}
