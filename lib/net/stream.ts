/**
 * One TCP socket as messages: everything that can happen to it, from its first
 * byte to its end. `STATES` is the table.
 *
 * Closing is the difficult part. Closing a socket that holds unread bytes
 * resets the connection, which can destroy the last message on its way to the
 * peer. So a stream sends its last message and its end (FIN), then reads on for
 * a moment; and since a peer may do anything or nothing meanwhile, each state
 * that waits for it has a deadline. What happens when
 *
 * - the peer ends its half: what it said last is a message, `next` then gives
 *   undefined, and the peer can still be answered (`ended`);
 * - the peer resets: `next` gives what had come before, then throws; nothing
 *   more is sent, and `close` closes the socket at once (`broken`);
 * - we close while a message is on its way: that is written first (`finishing`);
 * - a slow reader stalls: it has `DRAIN`, or less if the server calls `close`
 *   again after a signal, and then the socket is closed;
 * - the assignment ends: the server calls `finish` (`heard`), answers what has
 *   arrived, and then closes.
 */
import { type Address, costOf } from "../rules/contract.ts";
import { DRAIN } from "./ending.ts";
import {
  Deframer,
  type Delimiter,
  frame,
  type Message,
  type MessageForm,
  QUIET,
  UNFINISHED_QUIET,
} from "./framing.ts";
import type { StreamWatch } from "./stream_watch.ts";
import { isReset } from "./system.ts";
import { Deadlines } from "./time.ts";
import { Turns } from "./turns.ts";
import { DIRECT, type Network } from "./wire.ts";

/** What can happen to a stream. */
type Event =
  /** The peer has ended its half (FIN): it will say nothing more. */
  | "end"
  /** The peer has reset the stream (RST), or is out of reach. */
  | "reset"
  /** The owner takes nothing that arrives from now on: a server is ending. */
  | "finish"
  /** The owner has nothing more to say. */
  | "close"
  /** The owner closes the socket at once. */
  | "drop"
  /** What was queued has been written, or never can be. */
  | "written"
  /** The deadline of the present state has passed. */
  | "late";

/**
 * The states of a stream, and which state each event leads to. An event that a
 * state does not list changes nothing.
 */
const STATES = {
  /** Messages go both ways. After `finish` or `end` there may be some to take. */
  open: {
    end: "ended",
    reset: "broken",
    finish: "heard",
    close: "finishing",
    drop: "closed",
  },
  /** The peer has ended its half. It can still be answered. */
  ended: { close: "finishing", drop: "closed" },
  /** What still comes is thrown away. The peer can still be answered. */
  heard: { close: "finishing", drop: "closed" },
  /** The peer has gone: nothing can be read or written. */
  broken: { close: "closed", drop: "closed" },
  /** What is queued is being written, and nothing is added; within `DRAIN`. */
  finishing: {
    written: "lingering",
    reset: "closed",
    late: "closed",
    drop: "closed",
  },
  /**
   * The peer has been sent our end. It is read until its own, or for `LINGER`.
   */
  lingering: { end: "closed", reset: "closed", late: "closed", drop: "closed" },
  /** The socket is closed. */
  closed: {},
} as const satisfies Record<string, Partial<Record<Event, string>>>;

type State = keyof typeof STATES;

/** How long a peer is read after our end of the stream, in milliseconds. */
export const LINGER = 500;

/**
 * What may be queued for one peer, in bytes as `costOf` counts them, before a
 * peer that adds to it has to wait: a slow reader slows its writer down, and
 * nothing is thrown away.
 */
export const MAX_UNSENT = 128 * 1024;

/** What may be queued for all peers together, in the same bytes. */
export const MAX_ALL_UNSENT = 64 * 1024 * 1024;

/**
 * The most messages that `next` gives at once. One read may bring thousands,
 * which are decoded only as they are taken: as text they need more memory.
 */
export const BATCH = 32;

/** Most peers say little, so a read starts small and grows with what comes. */
const SMALL_READ = 512;
/** More would be slightly faster, but cost that much memory per fast peer. */
const LARGE_READ = 32 * 1024;

/** Why nothing can be sent any more once this end has closed the socket. */
const CLOSED = new Deno.errors.BadResource("closed");

/** What all streams of a program have in common. */
export class Pool {
  /** What is queued on all of them, in bytes as `costOf` counts them. */
  unsent = 0;
  /** How many reads have brought anything: the order in which bytes arrived. */
  reads = 0;
  /** How many streams have a socket. */
  size = 0;
  readonly turns = new Turns(() => this.size);
  /** One timer for all: a timer each costs more than a short connection. */
  readonly deadlines = new Deadlines<Stream>((stream) => stream.late());

  /** Leaves no timer behind. */
  clear(): void {
    this.deadlines.clear();
    this.turns.clear();
  }
}

/** What a stream is given besides its socket. */
export interface StreamOptions extends MessageForm {
  readonly pool: Pool;
  /** Whether only a line feed ends a message, not silence. @default {false} */
  readonly linesOnly?: boolean;
  /** How to end messages; by default the way the peer does. */
  readonly delimiter?: (peers: Delimiter, hasReceived: boolean) => Delimiter;
  readonly network?: Network;
  /** Whether this program has opened the connection. @default {false} */
  readonly isOurs?: boolean;
}

/** One socket as messages, in both directions. */
export class Stream {
  readonly remote: Address;
  readonly watch: StreamWatch | undefined;
  readonly #conn: Deno.TcpConn;
  readonly #options: StreamOptions;
  readonly #pool: Pool;
  readonly #network: Network;
  #state: State = "open";
  #whenClosed: PromiseWithResolvers<void> | undefined;

  // What the peer says.
  readonly #deframer: Deframer;
  #buffer = new Uint8Array(SMALL_READ);
  #isReading = false;
  /** The number of the last read that brought anything; 0 before the first. */
  #arrival = 0;
  /** Messages that are complete; they may be views of the buffer. */
  #found: Iterator<Message> | undefined;
  #peeked: Message | undefined;
  /** The call of `next` that is waiting. */
  #asked: PromiseWithResolvers<Message[] | undefined> | undefined;
  /** Whether half of `QUIET` has passed without a byte: see `pause` in time.ts. */
  #isHalfQuiet = false;
  /** Whether `UNFINISHED_QUIET` is being waited for. */
  #isPatient = false;

  // What we say.
  #texts: string[] = [];
  #unsent = 0;
  #isWriting = false;
  /** Why nothing can be sent any more; undefined while it can. */
  #failure: unknown;
  /** The calls of `sent` that are waiting. */
  #whenSent: PromiseWithResolvers<void> | undefined;

  constructor(conn: Deno.TcpConn, options: StreamOptions) {
    const { pool, network = DIRECT, isOurs = false } = options;
    const { hostname, port } = conn.remoteAddr;
    this.remote = { hostname, port };
    this.#conn = conn;
    this.#options = options;
    this.#pool = pool;
    this.#network = network;
    const watch = network.watch(conn, isOurs);
    this.watch = watch;
    this.#deframer = new Deframer(
      options,
      watch && ((all) => watch.found(all)),
    );
    pool.size++;
    // Without this the system holds small messages back to join them.
    conn.setNoDelay(true);
  }

  /** Whether this end is done; what still comes is thrown away. */
  get isClosing(): boolean {
    const state = this.#state;
    return state === "finishing" || state === "lingering" || state === "closed";
  }

  /** Whether the peer ended the stream, or reset it. */
  get hasPeerEnded(): boolean {
    return this.#state === "ended" || this.#state === "broken";
  }

  /**
   * The number of the last read that brought anything, over all streams of the
   * pool; 0 if this peer has never said anything.
   */
  get arrival(): number {
    return this.#arrival;
  }

  /** How many NULs came at the ends of the peer's messages. */
  get padding(): number {
    return this.#deframer.padding;
  }

  /** Whether messages of the last read are left, which `next` gives at once. */
  get hasMore(): boolean {
    return this.#peeked !== undefined;
  }

  /** Whether so much is queued that a peer that adds to it has to wait. */
  get isFull(): boolean {
    if (this.#unsent >= MAX_UNSENT) return true;
    return this.#unsent > 0 && this.#pool.unsent >= MAX_ALL_UNSENT;
  }

  /** Why nothing can be sent any more; undefined while it can. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Waits for messages: bytes that complete some, silence after bytes, or the
   * end of the stream. One call at a time.
   *
   * @returns 1 to `BATCH` of them; undefined once there will be no more
   * @throws what the socket throws, such as ConnectionReset
   */
  next(): Promise<Message[] | undefined> {
    this.#asked ??= Promise.withResolvers();
    const { promise } = this.#asked;
    this.#answer();
    return promise;
  }

  /** Queues a message, to be sent by `flush`. */
  send(text: string): void {
    if (this.isClosing || this.#failure !== undefined) return;
    this.#texts.push(text);
    this.#resize(costOf(text));
  }

  /** Starts sending what is queued, unless that is already going on. */
  flush(): void {
    if (this.#texts.length > 0 && !this.#isWriting) this.#write();
  }

  /** Waits until nothing is queued any more; `failure` tells if that failed. */
  async sent(): Promise<void> {
    if (!this.#isWriting) return;
    this.#whenSent ??= Promise.withResolvers();
    await this.#whenSent.promise;
  }

  /**
   * Takes nothing that arrives from now on. What has arrived without an end
   * counts as a message.
   */
  finish(): void {
    this.#happens("finish");
  }

  /**
   * Sends what is queued, tells the peer that no more will come, and closes the
   * socket once the peer has ended, too. A later call may shorten the wait.
   *
   * @param drain how long to wait for a slow reader, in milliseconds
   * @returns settled once the socket is closed
   */
  close(drain = DRAIN): Promise<void> {
    this.#whenClosed ??= Promise.withResolvers();
    const { promise } = this.#whenClosed;
    if (this.#state === "closed") this.#whenClosed.resolve();
    this.#happens("close");
    if (this.#state !== "closed") this.#pool.deadlines.shorten(this, drain);
    return promise;
  }

  /** Closes the socket at once. */
  drop(): void {
    this.#happens("drop");
  }

  /** The deadline has passed; called by the pool. */
  late(): void {
    if (this.#state === "open") this.#growQuiet();
    else this.#happens("late");
  }

  /** Changes state as the table says, and does what the new state requires. */
  #happens(event: Event): void {
    const states: Partial<Record<Event, State>> = STATES[this.#state];
    const next = states[event];
    if (next === undefined) return;
    this.#state = next;
    if (next === "finishing") this.#finish();
    else if (next === "lingering") this.#linger();
    else if (next === "closed") this.#letGo();
    this.#answer(); // nobody should wait for what can no longer come
  }

  #finish(): void {
    this.#found = this.#peeked = undefined;
    this.#pool.deadlines.delete(this); // that of silence
    this.flush();
    if (!this.#isWriting) this.#happens("written");
  }

  #linger(): void {
    this.#pool.deadlines.shorten(this, LINGER);
    this.#conn.closeWrite().catch(() => {}); // the peer may have gone
    this.watch?.endedHere();
    if (!this.#isReading) this.#read();
  }

  #letGo(): void {
    this.#pool.deadlines.delete(this);
    this.#pool.size--;
    this.#conn.close();
    this.watch?.closed();
    this.#fail(CLOSED);
    this.#wrote(); // in Deno 2.5 a pending write would not end
    this.#whenClosed?.resolve();
  }

  /** Answers `next` with what there is, or reads on. */
  #answer(): void {
    if (this.#asked === undefined) return;
    const messages = this.#take();
    if (messages.length === 0 && this.#state === "open") {
      if (!this.#isReading) this.#read();
      return;
    }
    const { resolve, reject } = this.#asked;
    this.#asked = undefined;
    if (messages.length > 0) resolve(messages);
    else if (this.#state === "broken") reject(this.#failure);
    else resolve(undefined);
  }

  /**
   * Some of what has been found, which at the end of the stream is all the
   * rest.
   */
  #take(): Message[] {
    const messages: Message[] = [];
    if (this.#peeked !== undefined) messages.push(this.#peeked);
    this.#peeked = undefined;
    if (this.#state === "ended" || this.#state === "heard") {
      this.#found ??= this.#deframer.end()[Symbol.iterator]();
    }
    while (this.#found && this.#peeked === undefined) {
      const { value, done } = this.#found.next();
      if (done) this.#found = undefined;
      else if (messages.length < BATCH) messages.push(value);
      else this.#peeked = value;
    }
    return messages;
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    for (let pause; (pause = this.#pool.turns.read());) await pause;
    // Only now: bytes that wait for our own turn are not silence.
    const mayEnd = this.#deframer.pending && !this.#options.linesOnly;
    if (mayEnd) this.#awaitQuiet(false);
    let count: number | null;
    try {
      count = await this.#network.read(this.#conn, this.#buffer);
    } catch (error) {
      return this.#broke(error);
    }
    this.#isReading = false;
    if (count === null) this.#ended();
    else this.#came(count);
  }

  #came(count: number): void {
    this.watch?.received(this.#buffer.slice(0, count));
    if (this.#state !== "open" && this.#state !== "lingering") return;
    this.#pool.turns.begin();
    if (this.#state === "lingering") return void this.#read();
    this.#pool.deadlines.delete(this); // that of silence
    this.#arrival = ++this.#pool.reads;
    const chunk = this.#buffer.subarray(0, count);
    const isFull = count === this.#buffer.length;
    this.#resizeBuffer(count);
    this.#found = this.#deframer.push(chunk, isFull)[Symbol.iterator]();
    this.#answer();
  }

  /** Does not read on: that would find the end again. */
  #ended(): void {
    this.watch?.ended();
    this.#happens("end");
  }

  #broke(error: unknown): void {
    this.#isReading = false;
    if (this.#state === "closed") return; // that was us
    if (isReset(error)) this.watch?.reset();
    if (this.#state === "open") this.#fail(error);
    this.#happens("reset");
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
   * In two halves: if this program was held up, the first deadline and any
   * bytes that came meanwhile are due at once, and the second lets the bytes be
   * noticed.
   */
  #awaitQuiet(isHalfQuiet: boolean): void {
    this.#isHalfQuiet = isHalfQuiet;
    this.#isPatient = false;
    this.#pool.deadlines.set(this, QUIET / 2);
  }

  #growQuiet(): void {
    if (this.#asked === undefined || !this.#deframer.pending) return;
    if (!this.#isHalfQuiet) return this.#awaitQuiet(true);
    if (!this.#isPatient && this.#deframer.isUnfinished()) {
      this.#isPatient = true;
      return this.#pool.deadlines.set(this, UNFINISHED_QUIET);
    }
    this.#found = this.#deframer.quiet()[Symbol.iterator]();
    this.#answer();
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#texts.length > 0) {
        await this.#writeAll(this.#texts.splice(0));
      }
    } catch (error) {
      // The peer has gone, and nobody needs what it was to get; the reading end
      // finds out by itself.
      this.#fail(error);
    }
    this.#wrote();
  }

  async #writeAll(texts: string[]): Promise<void> {
    const size = this.#unsent;
    const { delimiter: choose = (peers: Delimiter) => peers } = this.#options;
    const delimiter = choose(this.#deframer.delimiter, this.#arrival > 0);
    // Bare messages never share a write: see `frame`.
    const isEachApart = this.#network.isSlicing || delimiter === "";
    const groups = isEachApart ? texts.map((text) => [text]) : [texts];
    for (const group of groups) {
      for (const bytes of frame(group, delimiter)) {
        await this.#network.write(this.#conn, bytes, this.watch);
      }
      this.watch?.wrote(group);
    }
    if (this.#failure === undefined) this.#resize(-size);
  }

  #wrote(): void {
    this.#isWriting = false;
    this.#whenSent?.resolve();
    this.#whenSent = undefined;
    this.#happens("written");
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#texts = [];
    this.#resize(-this.#unsent);
  }

  #resize(change: number): void {
    this.#unsent += change;
    this.#pool.unsent += change;
  }
}
