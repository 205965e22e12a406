/**
 * Streams: carries out a server's rules over TCP.
 *
 * Each peer is heard in its own loop, a few messages at a time, so nobody waits
 * for another, however much the other says. Only a peer whose receivers do not
 * keep up has to wait.
 */
import {
  type Action,
  type Address,
  addressOf,
  connected,
  disconnected,
  fits,
  MAX_MESSAGE,
  type Peer,
  quote,
  type ServerRules,
  TOO_LONG,
} from "../rules/contract.ts";
import { Backlog } from "./backlog.ts";
import { DRAIN, type Endable, runUntilAborted } from "./ending.ts";
import { reasonOf } from "./errors.ts";
import type { Message, MessageForm } from "./framing.ts";
import type { Journal } from "./journal.ts";
import { Pool, Stream } from "./stream.ts";
import { aboutPadding } from "./text.ts";
import { Deadlines, delay, GRACE, MAX_ENDING, pause } from "./time.ts";
import type { Network } from "./wire.ts";

/**
 * How many peers may be connected at once. When all places are taken, the peer
 * that has waited longest without a word makes room for the newcomer; if all
 * have spoken, the newcomer is turned away.
 */
export const MAX_CONNECTIONS = 4_096;

/**
 * How long a peer has to have been silent, in milliseconds, to be disconnected
 * if the system is out of files. It says so before anybody has come, so this
 * must not hit a peer that has just connected and has not been read yet. With
 * more, everybody would wait while many connect and say nothing.
 */
export const PATIENCE = 20;

/**
 * How long a peer may be silent after connecting before the log tells who
 * speaks first, in milliseconds.
 */
export const FIRST_WORD = 3_000;

/**
 * How many warnings about one read's messages are logged; the rest are only
 * counted. One read may bring thousands of bad messages.
 */
export const MAX_WARNINGS = 10;

/** What a stream server is given besides its listener. */
export interface StreamServerOptions extends MessageForm {
  readonly rules: ServerRules;
  /** Whether only a line feed ends a message, not silence. @default {false} */
  readonly linesOnly?: boolean;
  readonly journal: Journal;
  /** Ends the server when it is aborted. */
  readonly signal: AbortSignal;
  readonly network?: Network;
}

/**
 * Serves connections until the rules or the signal end that: what has arrived
 * by then is answered first. Closes the listener and every connection.
 *
 * @throws what the rules throw, which is a bug in them
 */
export async function serveStreams(
  listener: Deno.TcpListener,
  options: StreamServerOptions,
): Promise<void> {
  const backlog = new Backlog(listener, options.journal);
  const server = new StreamServer(backlog, options);
  await runUntilAborted(server, options.signal);
}

/**
 * One TCP connection as the rules know it, and what the server knows about it.
 */
class StreamPeer implements Peer {
  static #count = 0;
  readonly id = `#${++StreamPeer.#count}`;
  readonly hostname: string;
  readonly port: number;
  readonly stream: Stream;
  /** When it connected, in the order in which everything arrived. */
  readonly arrival: number;
  /** The same on the clock of `performance.now`. */
  readonly since = performance.now();
  /** Settled when it has said everything, or no more is taken. */
  heard: Promise<void> | undefined;
  /** How many warnings the messages of the present read have caused. */
  warnings = 0;
  /** Whether the log already says that it sends NULs. */
  isPadded = false;
  /** Whether the rules want it to wait. */
  isHeld = false;
  #gate: PromiseWithResolvers<void> | undefined;

  constructor({ hostname, port }: Address, stream: Stream, arrival: number) {
    this.arrival = arrival;
    this.hostname = hostname;
    this.port = port;
    this.stream = stream;
  }

  /** Waits until it is released. */
  released(): Promise<void> {
    this.#gate = Promise.withResolvers<void>();
    return this.#gate.promise;
  }

  release(): void {
    this.isHeld = false;
    this.#gate?.resolve();
    this.#gate = undefined;
  }
}

class StreamServer implements Endable {
  readonly #backlog: Backlog;
  readonly #options: StreamServerOptions;
  readonly #peers = new Map<string, StreamPeer>();
  readonly #pool = new Pool();
  readonly #silences = new Deadlines<StreamPeer>((peer) => this.#explain(peer));
  /** Those with messages queued since the last `#flush`. */
  readonly #unflushed = new Set<Stream>();
  /** Those of them with more queued than they should have. */
  #congested: Stream[] = [];
  /** When to give up on slow readers, once the server is ending. */
  #endBy: number | undefined;
  /** Settled once everybody has been heard, after the end has begun. */
  readonly #allHeard = Promise.withResolvers<void>();
  readonly #bug = Promise.withResolvers<never>();

  constructor(backlog: Backlog, options: StreamServerOptions) {
    this.#backlog = backlog;
    this.#options = options;
    this.#pool.turns.onPause = () => this.#flush();
  }

  async run(): Promise<void> {
    await Promise.race([this.#serve(), this.#bug.promise]);
  }

  async #serve(): Promise<void> {
    const attending = new Set<Promise<void>>();
    for (;;) {
      const conn = await this.#backlog.next((count) =>
        this.#evict(count, PATIENCE)
      );
      if (conn === undefined) break;
      this.#pool.turns.begin();
      const peer = this.#admit(conn);
      if (peer === undefined) continue;
      const attended = this.#attend(peer).catch((bug) => {
        this.#bug.reject(bug);
        peer.stream.drop(); // `close` may have come first
      });
      attending.add(attended);
      attended.then(() => attending.delete(attended));
      await this.#pool.turns.next();
    }
    await Promise.all(attending);
  }

  /** @returns undefined if there is no place */
  #admit(conn: Deno.TcpConn): StreamPeer | undefined {
    const stream = new Stream(conn, { ...this.#options, pool: this.#pool });
    if (this.#peers.size >= MAX_CONNECTIONS && !this.#evict(1)) {
      const who = addressOf(stream.remote);
      this.#warn(`All ${MAX_CONNECTIONS} places are taken: ${who} turned away`);
      stream.drop();
      return undefined;
    }
    const peer = new StreamPeer(stream.remote, stream, ++this.#pool.reads);
    this.#peers.set(peer.id, peer);
    return peer;
  }

  /**
   * Disconnects the peers that have been silent longest.
   *
   * @param silence for how long at least, in milliseconds
   * @returns whether there was one
   */
  #evict(count: number, silence = 0): boolean {
    const latest = performance.now() - silence;
    let left = count;
    for (const { stream, since } of this.#peers.values()) {
      if (left === 0 || since > latest) break; // all others came later
      if (stream.arrival > 0 || stream.isClosing) continue;
      const who = addressOf(stream.remote);
      this.#warn(`${who} has never said anything, and its place is needed`);
      stream.drop();
      left--;
    }
    return left < count;
  }

  /** One peer from its first message to its last. */
  async #attend(peer: StreamPeer): Promise<void> {
    const { stream } = peer;
    const { rules } = this.#options;
    this.#perform(rules.opened?.(peer) ?? [connected(peer)]);
    stream.watch?.named(rules.nameOf?.(peer));
    this.#flush();
    this.#silences.set(peer, FIRST_WORD);
    await (peer.heard = this.#hear(peer));
    this.#silences.delete(peer);
    const by = stream.hasPeerEnded ? "peer" : "server";
    // What another peer has sent may still be for this one.
    if (this.#endBy !== undefined) await this.#allHeard.promise;
    this.#perform(rules.closed?.(peer, by) ?? [disconnected(peer, by)]);
    this.#flush();
    // The rules may keep a peer that has ended its half, to answer it later.
    if (peer.isHeld && this.#endBy === undefined) await peer.released();
    await stream.close(this.#drain);
    this.#peers.delete(peer.id);
    this.#backlog.placeFreed();
  }

  #explain(peer: StreamPeer): void {
    const { stream } = peer;
    if (stream.arrival > 0 || stream.isClosing) return;
    try {
      this.#perform(this.#options.rules.silent?.(peer));
      this.#flush();
    } catch (error) {
      this.#bug.reject(error); // nobody waits for a timer
    }
  }

  /** Handles what a peer says, message by message, until there is no more. */
  async #hear(peer: StreamPeer): Promise<void> {
    const { stream } = peer;
    const { journal } = this.#options;
    for (let messages; (messages = await this.#next(peer));) {
      for (const message of messages) {
        if (stream.isClosing) {
          this.#tellDropped(peer, message);
          break;
        }
        this.#take(peer, message);
        // A peer that has to wait when the server ends would wait in vain.
        if (peer.isHeld && this.#endBy !== undefined) return;
        if (this.#congested.length > 0 || peer.isHeld) await this.#wait(peer);
      }
      if (!stream.hasMore) this.#readIsOver(peer);
      if (journal.isFull) await journal.room();
      await this.#pool.turns.next();
    }
  }

  /** A broken connection counts as ended. */
  async #next(peer: StreamPeer): Promise<Message[] | undefined> {
    try {
      return await peer.stream.next();
    } catch (error) {
      const text = `${addressOf(peer)} broke off: ${reasonOf(error)}`;
      this.#options.journal.log("info", "server", text);
      return undefined;
    }
  }

  /** Sends everything that one read caused, in one write per receiver. */
  #readIsOver(peer: StreamPeer): void {
    this.#flush();
    if (peer.stream.padding > 0 && !peer.isPadded) this.#tellPadding(peer);
    const omitted = peer.warnings - MAX_WARNINGS;
    peer.warnings = 0;
    if (omitted <= 0) return;
    const who = addressOf(peer);
    this.#warn(`${omitted} more warnings about what ${who} sent at once`);
  }

  #tellPadding(peer: StreamPeer): void {
    peer.isPadded = true;
    const text = `${addressOf(peer)} ${aboutPadding(peer.stream.padding)}`;
    this.#options.journal.log("info", "server", text);
  }

  #tellDropped(peer: StreamPeer, message: Message): void {
    const text = typeof message === "string" ? quote(message) : "something";
    const dropped = `${addressOf(peer)} sent ${text} after its last message`;
    this.#options.journal.log("debug", "server", `${dropped}: dropped`);
  }

  #take(peer: StreamPeer, message: Message): void {
    const { rules } = this.#options;
    const { stream } = peer;
    const { arrival } = stream;
    if (typeof message === "string" || message.problem === "not UTF-8") {
      this.#perform(rules.message(peer, message, arrival), peer);
      return stream.watch?.named(rules.nameOf?.(peer));
    }
    const { problem, byteLength } = message;
    const warning = `${addressOf(peer)} sent ${byteLength} bytes: ${problem}`;
    if (++peer.warnings <= MAX_WARNINGS) this.#warn(warning);
    stream.send(TOO_LONG);
    stream.close();
  }

  /** @param by whose message caused the actions */
  #perform(actions: Action[] = [], by?: StreamPeer): void {
    for (const action of actions) {
      switch (action.type) {
        case "print":
          this.#options.journal.print(action.text);
          break;
        case "log":
          this.#log(action, by);
          break;
        case "send":
          this.#send(action.to, action.text);
          break;
        case "hold":
          this.#hold(action.peer);
          break;
        case "release":
          this.#peers.get(action.peer.id)?.release();
          break;
        case "close":
          this.#close(action.peer);
          break;
        case "stop":
          this.end(DRAIN);
      }
    }
  }

  #log(
    { level, source, text }: Action & { type: "log" },
    by: StreamPeer | undefined,
  ): void {
    const isExcess = level === "warning" && by !== undefined &&
      ++by.warnings > MAX_WARNINGS;
    if (!isExcess) this.#options.journal.log(level, source, text);
  }

  #send(to: Peer, text: string): void {
    const stream = this.#peers.get(to.id)?.stream;
    if (stream === undefined) return;
    const isSendable = fits(text, MAX_MESSAGE);
    stream.send(isSendable ? text : TOO_LONG);
    this.#unflushed.add(stream);
    if (stream.isFull) this.#congested.push(stream);
    if (isSendable) return;
    this.#warn(`A message to ${addressOf(to)} would be too long`);
  }

  #flush(): void {
    for (const stream of this.#unflushed) stream.flush();
    this.#unflushed.clear();
    this.#congested = [];
  }

  #close({ id }: Peer): void {
    const peer = this.#peers.get(id);
    peer?.stream.close();
    peer?.release();
  }

  #hold({ id }: Peer): void {
    const peer = this.#peers.get(id);
    if (peer) peer.isHeld = true;
  }

  /** Makes a peer wait if its receivers do not keep up, or the rules hold it. */
  async #wait(peer: StreamPeer): Promise<void> {
    const congested = this.#congested;
    this.#flush();
    // A server that is ending waits for nobody: what has arrived is bounded.
    if (this.#endBy !== undefined) return;
    const released = peer.released();
    Promise.all(congested.map((stream) => stream.sent())).then(() => {
      if (!peer.isHeld) peer.release();
    });
    await released;
  }

  /** How long a slow reader may take from now on, in milliseconds. */
  get #drain(): number {
    if (this.#endBy === undefined) return DRAIN;
    return Math.max(0, this.#endBy - performance.now());
  }

  end(drain: number): void {
    const isFirst = this.#endBy === undefined;
    const endBy = performance.now() + drain;
    this.#endBy = Math.min(this.#endBy ?? Infinity, endBy);
    for (const peer of this.#peers.values()) {
      if (peer.stream.isClosing) peer.stream.close(this.#drain);
      peer.release();
    }
    if (isFirst) this.#finish();
  }

  /**
   * Takes in what has arrived from all peers before it disconnects any: the
   * answer to one may go to another. A peer that has been silent for a while is
   * done; those that do not stop are cut off.
   */
  async #finish(): Promise<void> {
    await delay(0); // for what can be read at once
    const latest = performance.now() + MAX_ENDING;
    let before: number;
    do {
      before = this.#pool.reads;
      await pause(GRACE);
      this.#finishOlder(before);
    } while (this.#pool.reads > before && performance.now() < latest);
    this.#backlog.close();
    this.#finishOlder(Infinity);
    const all = [...this.#peers.values()].map(({ heard }) => heard);
    await Promise.allSettled(all);
    this.#allHeard.resolve();
  }

  /** Takes nothing more from peers that have not been heard from since. */
  #finishOlder(latest: number): void {
    for (const { stream, arrival } of this.#peers.values()) {
      if (Math.max(arrival, stream.arrival) <= latest) stream.finish();
    }
  }

  close(): void {
    this.#backlog.close();
    for (const { stream } of this.#peers.values()) stream.drop();
    this.#silences.clear();
    this.#pool.clear();
  }

  #warn(text: string): void {
    this.#options.journal.log("warning", "server", text);
  }
}
