/**
 * One TCP socket as messages.
 *
 * A `Connection` reads bytes and lets the `Deframer` find the messages in them;
 * what has to be said it writes in the way its peer ends its own messages. It
 * bounds what waits to be sent, and closes so that the last message arrives.
 */
import {
  Deframer,
  type Ending,
  type Format,
  frame,
  type Message,
  QUIET,
} from "./framing.ts";
import type { Peer } from "../rules/contract.ts";

/**
 * What may wait to be written to one peer, in characters, before whoever
 * causes more of it has to wait: a slow reader slows its writer down.
 */
export const MAX_UNSENT = 64 * 1024;

/**
 * How long a connection is still read after the last message to its peer, in
 * milliseconds. Closing a socket with unread bytes in it resets the connection,
 * which can destroy that message on its way.
 */
export const LINGER = 500;

/** How long a peer may take to read what is left for it, in milliseconds. */
export const STALL = 5_000;

/** Most peers say little, so a read starts small and grows with what comes. */
const SMALL_READ = 2 * 1024;
const LARGE_READ = 64 * 1024;

/**
 * The one place where bytes of a stream come in.
 *
 * @returns how many; null at the end of the stream
 */
function readBytes(
  conn: Deno.TcpConn,
  buffer: Uint8Array,
): Promise<number | null> {
  return conn.read(buffer);
}

/** The one place where bytes of a stream go out: all of them, or an error. */
async function writeBytes(
  conn: Deno.TcpConn,
  bytes: Uint8Array,
): Promise<void> {
  // A write takes as much as fits the socket, which need not be everything.
  for (let at = 0; at < bytes.length;) {
    at += await conn.write(bytes.subarray(at));
  }
}

/** One socket as messages, in both directions. */
export class Connection {
  readonly peer: Peer;
  /** Whether the peer has ever sent anything. */
  spoken = false;
  /** Whether this end has said its last; what still comes is thrown away. */
  closing = false;
  readonly #conn: Deno.TcpConn;
  readonly #deframer: Deframer;
  readonly #ending: Ending | undefined;
  #buffer = new Uint8Array(SMALL_READ);
  /** Kept while silence is waited for: a second read would lose its bytes. */
  #reading: Promise<number | null> | undefined;
  #ended = false;
  #unsent: string[] = [];
  #unsentSize = 0;
  /** Resolved when nothing is in line any more; undefined where nothing is. */
  #sent: PromiseWithResolvers<void> | undefined;
  #failure: unknown;
  #held: PromiseWithResolvers<void> | undefined;
  #closed: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #destroyed = false;

  /** @param ending how to end messages; by default as the peer ends its own */
  constructor(conn: Deno.TcpConn, format: Format = "text", ending?: Ending) {
    const { hostname, port } = conn.remoteAddr;
    this.peer = { hostname, port };
    this.#conn = conn;
    this.#deframer = new Deframer(format);
    this.#ending = ending;
    // Without this the system holds small messages back to join them.
    conn.setNoDelay(true);
  }

  /** Whether bytes wait for the rest of their message. */
  get pending(): boolean {
    return this.#deframer.pending;
  }

  /** Whether so much waits to be sent that whoever adds to it has to wait. */
  get congested(): boolean {
    return this.#unsentSize >= MAX_UNSENT;
  }

  /** Why nothing can be sent any more; undefined while it can. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Reads once.
   *
   * @returns the messages that are complete by now, perhaps none; undefined
   * when the stream has ended and all its messages have been returned
   * @throws what the socket throws, such as ConnectionReset
   */
  async read(): Promise<Iterable<Message> | undefined> {
    if (this.#ended) return undefined;
    this.#reading ??= readBytes(this.#conn, this.#buffer);
    const count = this.#deframer.pending
      ? await orSilence(this.#reading)
      : await this.#reading;
    if (count === undefined) return this.#deframer.quiet();
    this.#reading = undefined;
    if (count === null) {
      this.#ended = true;
      return this.#deframer.end();
    }
    this.spoken = true;
    const chunk = this.#buffer.subarray(0, count);
    const isFull = count === this.#buffer.length;
    this.#resizeBuffer(count);
    return this.#deframer.push(chunk, isFull);
  }

  #resizeBuffer(count: number): void {
    const size = this.#buffer.length;
    if (size < LARGE_READ && count === size) {
      this.#buffer = new Uint8Array(LARGE_READ);
    } else if (size > SMALL_READ && count < SMALL_READ) {
      this.#buffer = new Uint8Array(SMALL_READ);
    }
  }

  /**
   * Puts a message in line, to be sent by `flush`.
   *
   * @returns whether it is the first there
   */
  send(text: string): boolean {
    if (this.closing || this.#failure) return false;
    this.#unsentSize += text.length + 1;
    return this.#unsent.push(text) === 1;
  }

  /** Begins to send what is in line, unless that is going on already. */
  flush(): void {
    if (this.#unsent.length === 0 || this.#sent) return;
    this.#sent = Promise.withResolvers<void>();
    this.#write();
  }

  /** Waits until nothing is in line any more. */
  async sent(): Promise<void> {
    await this.#sent?.promise;
  }

  async #write(): Promise<void> {
    try {
      while (this.#unsent.length > 0) {
        const texts = this.#unsent;
        const size = this.#unsentSize;
        this.#unsent = [];
        const ending = this.#ending ?? this.#deframer.ending;
        for (const bytes of frame(texts, ending)) {
          await writeBytes(this.#conn, bytes);
        }
        this.#unsentSize -= size;
      }
    } catch (error) {
      // The peer has gone, and what it was to get is of no use to anybody; the
      // reading end finds out by itself.
      this.#failure = error;
      this.#unsent = [];
      this.#unsentSize = 0;
    }
    this.#sent?.resolve();
    this.#sent = undefined;
  }

  /** Says that nothing more should be read until `release`. */
  hold(): void {
    this.#held ??= Promise.withResolvers<void>();
  }

  get held(): boolean {
    return this.#held !== undefined;
  }

  release(): void {
    this.#held?.resolve();
    this.#held = undefined;
  }

  /** Waits as long as `hold` says. */
  async released(): Promise<void> {
    await this.#held?.promise;
  }

  /**
   * Sends what is in line, tells the peer that no more will come, and lets the
   * reading go on for a moment: see `LINGER`.
   *
   * @param stall how long to wait for a slow reader, in milliseconds
   */
  close(stall = STALL): Promise<void> {
    return this.#closed ??= this.#close(stall);
  }

  async #close(stall: number): Promise<void> {
    this.flush();
    this.closing = true;
    this.release();
    this.#timer = setTimeout(() => this.destroy(), stall);
    await this.sent();
    await this.#conn.closeWrite().catch(() => {}); // the peer may have gone
    clearTimeout(this.#timer);
    if (this.#ended) this.destroy();
    if (this.#destroyed) return;
    this.#timer = setTimeout(() => this.destroy(), LINGER);
  }

  /** Lets go of the socket at once. */
  destroy(): void {
    clearTimeout(this.#timer);
    this.closing = true;
    this.release();
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#conn.close();
    this.#sent?.resolve(); // in Deno 2.5 a pending write would not end
  }
}

/** The result of a read; undefined where nothing comes for `QUIET`. */
async function orSilence(
  reading: Promise<number | null>,
): Promise<number | null | undefined> {
  // In two halves: where this program itself was held up, the timer and the
  // bytes are due at once, and that is not the peer's silence.
  let timer: ReturnType<typeof setTimeout>;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      timer = setTimeout(resolve, QUIET / 2, undefined);
    }, QUIET / 2);
  });
  try {
    return await Promise.race([reading, silence]);
  } finally {
    clearTimeout(timer!);
  }
}
