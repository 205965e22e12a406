/**
 * The reading end of one TCP socket: bytes in, messages out.
 */
import { Deframer, type Delimiter, type Message, QUIET } from "./framing.ts";
import { DIRECT, type Network } from "./wire.ts";
import type { StreamWatch } from "./stream_watch.ts";
import { delay, GRACE, within } from "./time.ts";

/** Most peers say little, so a read starts small and grows with what comes. */
const SMALL_READ = 2 * 1024;
/** More would be faster by a little, and cost each fast peer that much memory. */
const LARGE_READ = 32 * 1024;

/** How many reads have brought anything, over all connections. */
let reads = 0;

/** Reads one socket. */
export class StreamReader {
  readonly #conn: Deno.TcpConn;
  readonly #deframer: Deframer;
  readonly #network: Network;
  readonly #watch: StreamWatch | undefined;
  #buffer = new Uint8Array(SMALL_READ);
  /** Kept while silence is waited for: a second read would lose its bytes. */
  #reading: Promise<number | null> | undefined;
  #news: number | null | undefined;
  #arrival = 0;
  #hasEnded = false;
  /** Whether only what has arrived is taken, or nothing at all any more. */
  #limit: "arrived" | "nothing" | undefined;
  /** Ends the present wait, where it is to end without bytes. */
  #wake: (() => void) | undefined;

  /** @param json whether messages are JSON objects */
  constructor(
    conn: Deno.TcpConn,
    json: boolean,
    network: Network = DIRECT,
    watch?: StreamWatch,
  ) {
    this.#conn = conn;
    this.#network = network;
    this.#watch = watch;
    this.#deframer = new Deframer(json, watch && ((all) => watch.found(all)));
  }

  /** Whether the peer has ever sent anything. */
  get hasReceived(): boolean {
    return this.#arrival > 0;
  }

  /** Whether the stream has ended: nothing more will come. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The number of the last read that brought anything, over all connections. */
  get arrival(): number {
    return this.#arrival;
  }

  /** How the peer ends its messages, and so how the answers to it should end. */
  get delimiter(): Delimiter {
    return this.#deframer.delimiter;
  }

  /**
   * Waits for news: bytes, silence after bytes, the end of the stream.
   *
   * @returns whether `messages` may have any; false once all have been given
   * @throws what the socket throws, such as ConnectionReset
   */
  async wait(): Promise<boolean> {
    if (this.#hasEnded || this.#limit === "nothing") return false;
    this.#reading ??= this.#read();
    this.#news = await this.#orTimeout(this.#reading);
    if (this.#news !== undefined) this.#reading = undefined;
    if (this.#news) this.#arrival = ++reads;
    this.#hasEnded = this.#news === null;
    if (this.#news === undefined && this.#limit) this.#limit = "nothing";
    return !this.#isOver || this.#deframer.pending;
  }

  /** Whether what has no end yet will never have one. */
  get #isOver(): boolean {
    return this.#hasEnded || this.#limit === "nothing";
  }

  /** The messages that are complete by now; to be taken before the next wait. */
  messages(): Iterable<Message> {
    if (this.#isOver) return this.#deframer.end();
    if (!this.#news) return this.#deframer.quiet();
    const count = this.#news;
    const chunk = this.#buffer.subarray(0, count);
    const isFull = count === this.#buffer.length;
    this.#resizeBuffer(count);
    return this.#deframer.push(chunk, isFull);
  }

  /**
   * Takes only what has arrived by now; then there is nothing left to wait for,
   * and what has no end yet is a message all the same.
   */
  finish(): void {
    this.#limit ??= "arrived";
    this.#wake?.();
  }

  /** Takes nothing any more. */
  stop(): void {
    this.#limit = "nothing";
    this.#wake?.();
  }

  /** Reads on without taking anything, until the stream has ended or breaks. */
  async discard(): Promise<void> {
    if (this.#hasEnded) return;
    try {
      for (let count: number | null = 0; count !== null; await delay(0)) {
        count = await (this.#reading ?? this.#read());
        this.#reading = undefined;
      }
    } catch {
      // It has been closed, or the peer has gone: the end all the same.
    }
    this.#hasEnded = true;
  }

  /** Reads once; whoever watches is told what came of it. */
  #read(): Promise<number | null> {
    const reading = this.#network.read(this.#conn, this.#buffer);
    return this.#watch ? this.#watched(reading, this.#watch) : reading;
  }

  async #watched(
    reading: Promise<number | null>,
    watch: StreamWatch,
  ): Promise<number | null> {
    const buffer = this.#buffer;
    try {
      const count = await reading;
      if (count === null) watch.ended();
      else watch.received(buffer.slice(0, count));
      return count;
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionReset) watch.reset();
      throw error;
    }
  }

  #resizeBuffer(count: number): void {
    const size = this.#buffer.length;
    if (size < LARGE_READ && count === size) {
      this.#buffer = new Uint8Array(LARGE_READ);
    } else if (size > SMALL_READ && count < SMALL_READ) {
      this.#buffer = new Uint8Array(SMALL_READ);
    }
  }

  /** The result of a read; undefined where it takes longer than it may. */
  async #orTimeout(
    reading: Promise<number | null>,
  ): Promise<number | null | undefined> {
    if (!this.#limit) {
      const woken = new Promise<undefined>((resolve) => {
        this.#wake = () => resolve(undefined);
      });
      const silence = this.#deframer.pending ? QUIET : undefined;
      const news = await within(Promise.race([reading, woken]), silence);
      if (news !== undefined || !this.#limit) return news;
    }
    return await within(reading, GRACE);
  }
}
