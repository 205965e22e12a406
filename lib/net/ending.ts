/**
 * How servers end.
 */
import { STALL } from "./connection.ts";
import { MAX_ENDING } from "./time.ts";

/** How long everything may take after a signal, in milliseconds. */
export const SIGNAL_STALL = 1_000;

/**
 * How a server ends: first everything is taken in that had arrived, from all
 * peers, and only then is anybody disconnected; for what arrived from one may
 * be answered to another.
 */
export class Ending {
  #deadline: number | undefined;
  #reading = 0;
  #hasAcceptedAll = false;
  readonly #allRead = Promise.withResolvers<void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  get hasBegun(): boolean {
    return this.#deadline !== undefined;
  }

  /** How long a slow reader may take from now on, in milliseconds. */
  get stall(): number {
    if (this.#deadline === undefined) return STALL;
    return Math.max(0, this.#deadline - Date.now());
  }

  /** @returns whether it had not begun before */
  begin(stall: number): boolean {
    const isFirst = !this.hasBegun;
    this.#deadline = Math.min(this.#deadline ?? Infinity, Date.now() + stall);
    return isFirst;
  }

  /** Calls back where peers go on sending for so long that they must be stopped. */
  onLate(stop: () => void): void {
    this.#timer = setTimeout(stop, MAX_ENDING);
  }

  acceptedAll(): void {
    this.#hasAcceptedAll = true;
    this.#check();
  }

  /** A peer is being read. */
  began(): void {
    this.#reading++;
  }

  /** A peer is read no more; where the server ends, waits for all the others. */
  async finished(): Promise<void> {
    this.#reading--;
    this.#check();
    if (this.hasBegun) await this.#allRead.promise;
  }

  #check(): void {
    if (this.#hasAcceptedAll && this.#reading === 0) this.#allRead.resolve();
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}

/** A server that runs until its assignment is over, or until it is told to end. */
export interface Endable {
  /** Settled once it has ended. */
  run(): Promise<void>;
  /** Answers what has arrived by now, then ends. */
  end(): void;
  /** Lets go of every socket at once. */
  close(): void;
}

/** Runs a server, tells it to end when the signal is aborted, and closes it. */
export async function runUntilAborted(
  server: Endable,
  signal: AbortSignal,
): Promise<void> {
  const end = () => server.end();
  if (signal.aborted) end();
  signal.addEventListener("abort", end);
  try {
    await server.run();
  } finally {
    signal.removeEventListener("abort", end);
    server.close();
  }
}
