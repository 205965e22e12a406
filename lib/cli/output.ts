/**
 * Text on its way to standard output and standard error.
 *
 * A program's output may go unread for a while: a pager waits for a key, a pipe
 * is full. A synchronous write would then block the whole program, and no
 * signal could end it. So writes are made on another thread, one after the
 * other. Pending output is counted, and code that prints faster than the reader
 * reads can wait until there is room.
 */
import { delay } from "../net/time.ts";

/** Where text goes, such as `Deno.stdout` and `Deno.stderr`. */
export interface Output {
  /** Writes the first of the bytes; returns how many, at once or later. */
  write(bytes: Uint8Array): number | Promise<number>;
  isTerminal(): boolean;
}

/**
 * How much may be pending before printing has to wait, in bytes: enough for a
 * reader that pauses for a moment. What is printed between two checks comes on
 * top.
 */
export const MAX_WAITING = 1024 * 1024;

/** How long to wait before retrying when a pipe is full, in milliseconds. */
export const RETRY = 10;

/** How long a reader takes nothing until it has stalled, in milliseconds. */
export const STALL = 1_000;

/** Callbacks for what goes wrong. */
export interface OutputQueueOptions {
  /** An output has failed; nothing more is written to it. Called once for each. */
  onLost(output: Output, error: unknown): void;
  /** Somebody is waiting, and this output has taken nothing for `STALL`. */
  onStall(output: Output): void;
}

interface Chunk {
  readonly to: Output;
  /** What is left to write. */
  bytes: Uint8Array;
}

/** Writes everything in the order it was added, across the outputs. */
export class OutputQueue {
  readonly #options: OutputQueueOptions;
  readonly #encoder = new TextEncoder();
  readonly #lost = new Set<Output>();
  #chunks: Chunk[] = [];
  #size = 0;
  #writing = false;
  /** Resolves when something has left the queue. */
  #progress = Promise.withResolvers<void>();

  constructor(options: OutputQueueOptions) {
    this.#options = options;
  }

  /** How much is pending, in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Adds text or bytes, written after everything added before. */
  add(to: Output, what: string | Uint8Array): void {
    if (what.length === 0 || this.#lost.has(to)) return;
    const isText = typeof what === "string";
    const bytes = isText ? this.#encoder.encode(what) : what;
    this.#chunks.push({ to, bytes });
    this.#size += bytes.length;
    if (!this.#writing) this.#write();
  }

  /** Waits until at most this many bytes are left. */
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

  /** A write takes as much as there is room for, maybe not everything. */
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
