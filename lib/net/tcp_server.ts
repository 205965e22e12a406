/**
 * Streams: carries out a server's rules over TCP.
 *
 * The server reads each connection in a loop of its own, so that no peer waits
 * for another; only a peer whose receivers do not keep up is made to wait.
 */
import { Connection, STALL } from "./connection.ts";
import { delay } from "./delay.ts";
import { MAX_DRAIN, untilIdle } from "./drain.ts";
import { cannotListen, reasonOf, requirePermission } from "./errors.ts";
import { fits, type Format, type Message } from "./framing.ts";
import {
  type Action,
  addressOf,
  type Peer,
  type ServerRules,
  TOO_LONG,
} from "../rules/contract.ts";
import type { Printer } from "../cli/terminal.ts";

/**
 * How many peers may be connected at once. When all places are taken, the one
 * that has said nothing for longest gives its place to the newcomer; where all
 * have spoken, the newcomer is turned away.
 */
export const MAX_CONNECTIONS = 4_096;

/** How long to wait before accepting again when the system refused. */
const ACCEPT_AGAIN = 100;

/**
 * Binds a TCP listener.
 *
 * @throws {Failure} when the address cannot be used
 */
export function listen(address: Peer): Deno.TcpListener {
  requirePermission(address);
  try {
    return Deno.listen(address);
  } catch (error) {
    throw cannotListen(address, "--port", error);
  }
}

/**
 * Serves connections until the rules stop, or the signal does: what has
 * arrived by then is answered first. Closes the listener and every connection.
 */
export async function serveStreams(
  listener: Deno.TcpListener,
  rules: ServerRules,
  format: Format | undefined,
  printer: Printer,
  signal: AbortSignal,
): Promise<void> {
  const server = new StreamServer(listener, rules, format, printer);
  const drain = () => server.drain(MAX_DRAIN);
  if (signal.aborted) drain();
  signal.addEventListener("abort", drain);
  await server.run();
  signal.removeEventListener("abort", drain);
}

class StreamServer {
  readonly #listener: Deno.TcpListener;
  readonly #rules: ServerRules;
  readonly #format: Format | undefined;
  readonly #printer: Printer;
  readonly #connections = new Map<Peer, Connection>();
  /** The connections that have messages in line since the last `#flush`. */
  #unflushed: Connection[] = [];
  readonly #empty = Promise.withResolvers<void>();
  /** The connections that have more in line than they should. */
  readonly #congested = new Set<Connection>();
  /** Grows with everything that comes in: a stopping server watches it. */
  #activity = 0;
  #draining = false;
  #stopped = false;

  constructor(
    listener: Deno.TcpListener,
    rules: ServerRules,
    format: Format | undefined,
    printer: Printer,
  ) {
    this.#listener = listener;
    this.#rules = rules;
    this.#format = format;
    this.#printer = printer;
  }

  async run(): Promise<void> {
    for (;;) {
      const conn = await this.#accept();
      if (conn === undefined) break;
      this.#admit(conn);
    }
    if (this.#connections.size > 0) await this.#empty.promise;
  }

  /** @returns undefined once the listener is closed */
  async #accept(): Promise<Deno.TcpConn | undefined> {
    while (!this.#stopped) {
      try {
        return await this.#listener.accept();
      } catch (error) {
        if (this.#stopped) break;
        // Too many open files, most likely: make room, and go on.
        this.#warn(`Cannot accept a connection: ${reasonOf(error)}`);
        this.#evict();
        await delay(ACCEPT_AGAIN);
      }
    }
    return undefined;
  }

  #admit(conn: Deno.TcpConn): void {
    this.#activity++;
    const connection = new Connection(conn, this.#format);
    const isFull = this.#connections.size >= MAX_CONNECTIONS;
    if (isFull && !this.#evict()) {
      const who = addressOf(connection.peer);
      this.#warn(`All ${MAX_CONNECTIONS} places are taken: ${who} turned away`);
      return connection.destroy();
    }
    this.#connections.set(connection.peer, connection);
    this.#attend(connection);
  }

  /** Frees the place of the peer that has been silent for longest, if any has. */
  #evict(): boolean {
    for (const connection of this.#connections.values()) {
      if (connection.spoken || connection.closing) continue;
      const who = addressOf(connection.peer);
      this.#warn(`${who} never said anything and gives its place up`);
      connection.destroy();
      return true;
    }
    return false;
  }

  /** One peer from its first message to its last; no other waits for it. */
  async #attend(connection: Connection): Promise<void> {
    const { peer } = connection;
    this.#perform(this.#rules.opened?.(peer));
    for (;;) {
      const messages = await this.#read(connection);
      if (messages === undefined) break;
      await this.#takeAll(connection, messages);
    }
    this.#perform(this.#rules.closed?.(peer));
    this.#flush();
    await connection.close();
    connection.destroy();
    this.#connections.delete(peer);
    if (this.#stopped && this.#connections.size === 0) this.#empty.resolve();
  }

  async #takeAll(
    connection: Connection,
    messages: Iterable<Message>,
  ): Promise<void> {
    for (const message of messages) {
      if (connection.closing) break;
      this.#take(connection, message);
      const mustWait = this.#congested.size > 0 || connection.held;
      if (mustWait) await this.#wait(connection);
    }
    this.#flush();
  }

  /** A connection that breaks is a connection that ends. */
  async #read(
    connection: Connection,
  ): Promise<Iterable<Message> | undefined> {
    try {
      const messages = await connection.read();
      this.#activity++;
      return messages;
    } catch (error) {
      const text = `${addressOf(connection.peer)} broke off: ${
        reasonOf(error)
      }`;
      if (!connection.closing) this.#printer.log("info", "server", text);
      return undefined;
    }
  }

  #take(connection: Connection, message: Message): void {
    const { peer } = connection;
    if (typeof message === "string") {
      return this.#perform(this.#rules.message(peer, message));
    }
    const { problem, byteLength } = message;
    this.#warn(`${addressOf(peer)} sent ${byteLength} bytes: ${problem}`);
    if (problem === "not UTF-8") {
      return this.#perform(this.#rules.message(peer, undefined));
    }
    connection.send(TOO_LONG);
    connection.close();
  }

  #perform(actions: Action[] = []): void {
    for (const action of actions) {
      switch (action.type) {
        case "print":
          this.#printer.print(action.text);
          break;
        case "log":
          this.#printer.log(action.level, action.source, action.text);
          break;
        case "send":
          this.#send(action.to, action.text);
          break;
        case "hold":
          this.#connections.get(action.peer)?.hold();
          break;
        case "release":
          this.#connections.get(action.peer)?.release();
          break;
        case "close":
          this.#connections.get(action.peer)?.close();
          break;
        case "stop":
          this.drain(STALL);
      }
    }
  }

  #send(to: Peer, text: string): void {
    const connection = this.#connections.get(to);
    if (connection === undefined) return;
    if (!fits(text)) {
      this.#warn(`A message to ${addressOf(to)} would be too long`);
      text = TOO_LONG;
    }
    const isFirst = connection.send(text);
    if (isFirst) this.#unflushed.push(connection);
    if (connection.congested) this.#congested.add(connection);
  }

  /** What one read brought about leaves in one write for each receiver. */
  #flush(): void {
    for (const connection of this.#unflushed) connection.flush();
    this.#unflushed = [];
    this.#congested.clear();
  }

  /** Lets a peer whose receivers do not keep up wait for them. */
  async #wait(connection: Connection): Promise<void> {
    const congested = [...this.#congested];
    this.#flush();
    await Promise.all(congested.map((each) => each.sent()));
    await connection.released();
  }

  /**
   * Stops once everything that is on its way has been answered.
   *
   * @param stall how long a peer may then take to read it, in milliseconds
   */
  async drain(stall: number): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    await untilIdle(() => this.#activity, () => this.#hasPending());
    this.#stop(stall);
  }

  /** Whether any peer is in the middle of a message. */
  #hasPending(): boolean {
    return [...this.#connections.values()].some((each) => each.pending);
  }

  #stop(stall: number): void {
    this.#stopped = true;
    this.#listener.close();
    for (const connection of this.#connections.values()) {
      connection.close(stall);
    }
  }

  #warn(text: string): void {
    this.#printer.log("warning", "server", text);
  }
}
