/**
 * Text on its way to standard output and standard error.
 *
 * A program's output may not be read for a while: the pager waits for a key, the
 * pipe is full. A synchronous write would then stop the whole program, and no
 * signal could end it. So the writes are made on another thread, one after the
 * other. What waits to be written is counted, and whoever prints faster than the
 * reader reads can wait until there is room.
 */
import { delay } from "../net/time.ts";

/** Where text goes; `Deno.stdout` and `Deno.stderr` are two. */
export interface Output {
  /** Writes the first of the bytes; gives their number, at once or later. */
  write(bytes: Uint8Array): number | Promise<number>;
  isTerminal(): boolean;
}

/**
 * How much may wait to be written before whoever prints has to wait as well, in
 * bytes: enough for a reader that pauses for a moment. What is printed between
 * two looks at it comes on top.
 */
export const MAX_WAITING = 1024 * 1024;

/** How long to wait before the next try where a pipe is full, in milliseconds. */
export const RETRY = 10;

/** After how long without any progress a reader has stalled, in milliseconds. */
export const STALL = 1_000;

/** Who is told what goes wrong. */
export interface OutputQueueOptions {
  /** An output has failed; nothing more is written to it. Called once for each. */
  onLost(output: Output, error: unknown): void;
  /** Somebody waits, and this output has taken nothing for `STALL`. */
  onStall(output: Output): void;
}

interface Chunk {
  readonly to: Output;
  /** What is left of it. */
  bytes: Uint8Array;
}

/** Writes everything in the order in which it was added, across the outputs. */
export class OutputQueue {
  readonly #options: OutputQueueOptions;
  readonly #encoder = new TextEncoder();
  readonly #lost = new Set<Output>();
  #chunks: Chunk[] = [];
  #size = 0;
  #writing = false;
  /** Resolved when something has left the queue. */
  #progress = Promise.withResolvers<void>();

  constructor(options: OutputQueueOptions) {
    this.#options = options;
  }

  /** How much waits to be written, in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Adds text or bytes, which are written after all that was added before. */
  add(to: Output, what: string | Uint8Array): void {
    if (what.length === 0 || this.#lost.has(to)) return;
    const isText = typeof what === "string";
    const bytes = isText ? this.#encoder.encode(what) : what;
    this.#chunks.push({ to, bytes });
    this.#size += bytes.length;
    if (!this.#writing) this.#write();
  }

  /** Waits until at most so many bytes are left. */
  async shrinksTo(size: number): Promise<void> {
    while (this.#size > size) {
      const timer = setTimeout(() => this.#stall(), STALL);
      await this.#progress.promise;
      clearTimeout(timer);
    }
  }

  #stall(): void {
    const chunk = this.#chunks[0];
    if (chunk !== undefined) this.#options.onStall(chunk.to);
  }

  async #write(): Promise<void> {
    this.#writing = true;
    for (let chunk; (chunk = this.#chunks[0]) !== undefined;) {
      try {
        const written = chunk.to.write(chunk.bytes);
        // An output that takes bytes at once, as in tests, is not waited for.
        this.#advance(typeof written === "number" ? written : await written);
      } catch (error) {
        if (error instanceof Deno.errors.WouldBlock) await delay(RETRY);
        else this.#lose(chunk.to, error);
      }
    }
    this.#writing = false;
  }

  /** A write takes as much as there is room for, which need not be everything. */
  #advance(written: number): void {
    const chunk = this.#chunks[0]!;
    chunk.bytes = chunk.bytes.subarray(written);
    if (chunk.bytes.length === 0) this.#chunks.shift();
    this.#shrink(written);
  }

  #lose(output: Output, error: unknown): void {
    this.#lost.add(output);
    const isLost = ({ to }: Chunk) => to === output;
    const lost = this.#chunks.filter(isLost);
    this.#chunks = this.#chunks.filter((chunk) => !isLost(chunk));
    this.#options.onLost(output, error);
    this.#shrink(lost.reduce((sum, { bytes }) => sum + bytes.length, 0));
  }

  #shrink(size: number): void {
    this.#size -= size;
    this.#progress.resolve();
    this.#progress = Promise.withResolvers();
  }
}
