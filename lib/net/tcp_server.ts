/**
 * Streams: carries out a server's rules over TCP.
 *
 * Every connection is read in a loop of its own, and what the reads bring is
 * worked off in turn: so no peer waits for another, however much that one has
 * to say. Only a peer whose receivers do not keep up is made to wait.
 */
import {
  type Action,
  addressOf,
  type Closer,
  type Peer,
  type ServerRules,
  TOO_LONG,
} from "../rules/contract.ts";
import { Backlog } from "./backlog.ts";
import { Connection, STALL } from "./connection.ts";
import { Deliveries } from "./deliveries.ts";
import {
  type Endable,
  Ending,
  runUntilAborted,
  SIGNAL_STALL,
} from "./ending.ts";
import { reasonOf } from "./errors.ts";
import type { Message } from "./framing.ts";
import { type Guest, StreamPeer } from "./guest.ts";
import { DIRECT, type Network } from "./wire.ts";
import { Budget, MAX_ALL_UNSENT } from "./outbox.ts";
import type { Journal } from "./journal.ts";
import { type Task, Turns } from "./turns.ts";

/**
 * How many peers may be connected at once. When all places are taken, the one
 * that has said nothing for longest is disconnected in favour of the newcomer;
 * where all have spoken, the newcomer is turned away.
 */
export const MAX_CONNECTIONS = 4_096;

/**
 * How long a peer has to have been silent, in milliseconds, to be disconnected
 * where the system has no more files. It refuses them before anybody has come,
 * so this must not hit one who has just connected and has not been read yet.
 */
export const PATIENCE = 500;

/**
 * How long a peer may say nothing after it has connected until the log tells
 * who is to speak first, in milliseconds.
 */
export const SILENCE = 3_000;

/**
 * How many warnings about one read's messages are logged; the others are only
 * counted. One read may bring thousands of messages that will not do.
 */
export const MAX_WARNINGS = 10;

/** What a stream server is given besides its listener. */
export interface StreamServerOptions {
  readonly rules: ServerRules;
  /** Whether messages are JSON objects. */
  readonly json: boolean;
  readonly journal: Journal;
  /** Ends the server when it is aborted. */
  readonly signal: AbortSignal;
  readonly network?: Network;
}

/**
 * Serves connections until the rules stop, or the signal does: what has
 * arrived by then is answered first. Closes the listener and every connection.
 *
 * @throws what the rules throw, which is a bug of theirs
 */
export async function serveStreams(
  listener: Deno.TcpListener,
  options: StreamServerOptions,
): Promise<void> {
  const server = new StreamServer(
    new Backlog(listener, options.journal),
    options,
  );
  await runUntilAborted(server, options.signal);
}

class StreamServer implements Endable {
  readonly #backlog: Backlog;
  readonly #options: StreamServerOptions;
  readonly #guests = new Map<string, Guest>();
  readonly #turns = new Turns(
    () => this.#guests.size,
    () => this.#flush(),
  );
  readonly #budget = new Budget(MAX_ALL_UNSENT);
  readonly #deliveries = new Deliveries();
  readonly #ending = new Ending();
  readonly #bug = Promise.withResolvers<never>();

  constructor(backlog: Backlog, options: StreamServerOptions) {
    this.#backlog = backlog;
    this.#options = options;
  }

  async run(): Promise<void> {
    await Promise.race([this.#serve(), this.#bug.promise]);
  }

  async #serve(): Promise<void> {
    const attending = new Set<Promise<void>>();
    for (;;) {
      const conn = await this.#backlog.next(() => this.#evict(PATIENCE));
      if (conn === undefined) break;
      const guest = this.#admit(conn);
      if (guest === undefined) continue;
      const attended = this.#attend(guest);
      attending.add(attended);
      attended.then(() => attending.delete(attended), this.#bug.reject);
    }
    this.#ending.acceptedAll();
    await Promise.all(attending);
  }

  /** @returns undefined where there is no place */
  #admit(conn: Deno.TcpConn): Guest | undefined {
    const { json, network = DIRECT } = this.#options;
    const budget = this.#budget;
    const connection = new Connection(conn, { json, budget, network });
    const isFull = this.#guests.size >= MAX_CONNECTIONS;
    if (isFull && !this.#evict()) {
      const who = addressOf(connection.remote);
      this.#warn(`All ${MAX_CONNECTIONS} places are taken: ${who} turned away`);
      connection.destroy();
      return undefined;
    }
    const peer = new StreamPeer(connection.remote);
    const guest = {
      peer,
      connection,
      since: performance.now(),
      isHeld: false,
      gate: undefined,
      warnings: 0,
    };
    this.#guests.set(peer.id, guest);
    if (this.#ending.hasBegun) connection.reader.finish();
    return guest;
  }

  /**
   * Disconnects the peer that has been silent for longest.
   *
   * @param silence for how long at least, in milliseconds
   * @returns whether there was one
   */
  #evict(silence = 0): boolean {
    const latest = performance.now() - silence;
    for (const { connection, since } of this.#guests.values()) {
      if (since > latest) break; // all others have come later
      if (connection.reader.hasReceived || connection.isClosing) continue;
      const who = addressOf(connection.remote);
      this.#warn(`${who} has never said anything, and its place is needed`);
      connection.destroy();
      return true;
    }
    return false;
  }

  /** One peer from its first message to its last. */
  async #attend(guest: Guest): Promise<void> {
    const { peer, connection } = guest;
    const { rules } = this.#options;
    this.#ending.began();
    this.#perform(rules.opened?.(peer));
    this.#flush();
    const timer = setTimeout(() => this.#explain(guest), SILENCE);
    const by = await this.#readAll(guest).finally(() => clearTimeout(timer));
    await this.#ending.finished();
    this.#perform(rules.closed?.(peer, by));
    this.#flush();
    await connection.close(this.#ending.stall);
    this.#guests.delete(peer.id);
    this.#backlog.placeFreed();
  }

  #explain({ peer, connection }: Guest): void {
    const isSilent = !connection.reader.hasReceived && !connection.isClosing;
    try {
      if (isSilent) this.#perform(this.#options.rules.silent?.(peer));
      this.#flush();
    } catch (error) {
      this.#bug.reject(error); // nobody waits for a timer
    }
  }

  /** @returns who ended the connection */
  async #readAll(guest: Guest): Promise<Closer> {
    const { connection } = guest;
    while (await this.#hasNews(guest)) {
      await this.#turns.run(this.#takeAll(guest));
    }
    const isOurs = connection.isClosing ||
      (this.#ending.hasBegun && !connection.reader.hasEnded);
    return isOurs ? "server" : "peer";
  }

  /** A connection that breaks is a connection that ends. */
  async #hasNews({ peer, connection }: Guest): Promise<boolean> {
    try {
      return await connection.reader.wait();
    } catch (error) {
      const text = `${addressOf(peer)} broke off: ${reasonOf(error)}`;
      if (!connection.isClosing) {
        this.#options.journal.log("info", "server", text);
      }
      return false;
    }
  }

  /** Works off what one read brought, message by message. */
  *#takeAll(guest: Guest): Task {
    const { connection } = guest;
    guest.warnings = 0;
    for (const message of connection.reader.messages()) {
      if (connection.isClosing) break;
      this.#take(guest, message);
      // Who has to wait when the server ends would wait in vain.
      if (guest.isHeld && this.#ending.hasBegun) {
        return connection.reader.stop();
      }
      const mustWait = this.#deliveries.areCongested || guest.isHeld;
      yield mustWait ? this.#wait(guest) : undefined;
    }
    const omitted = guest.warnings - MAX_WARNINGS;
    if (omitted <= 0) return;
    const who = addressOf(guest.peer);
    this.#warn(`${omitted} more warnings about what ${who} sent at once`);
  }

  #take(guest: Guest, message: Message): void {
    const { rules } = this.#options;
    const { peer, connection } = guest;
    const { arrival } = connection.reader;
    if (typeof message === "string") {
      return this.#perform(rules.message(peer, message, arrival), guest);
    }
    const { problem, byteLength } = message;
    const warning = `${addressOf(peer)} sent ${byteLength} bytes: ${problem}`;
    if (++guest.warnings <= MAX_WARNINGS) this.#warn(warning);
    if (problem === "not UTF-8") {
      return this.#perform(rules.message(peer, undefined, arrival), guest);
    }
    connection.send(TOO_LONG);
    connection.close();
  }

  /** @param guest whose message has caused the actions */
  #perform(actions: Action[] = [], guest?: Guest): void {
    for (const action of actions) {
      switch (action.type) {
        case "print":
          this.#options.journal.print(action.text);
          break;
        case "log":
          this.#log(action, guest);
          break;
        case "send":
          this.#send(action.to, action.text);
          break;
        case "hold":
          this.#hold(action.peer);
          break;
        case "release":
          this.#release(this.#guests.get(action.peer.id));
          break;
        case "close":
          this.#guests.get(action.peer.id)?.connection.close();
          break;
        case "stop":
          this.end(STALL);
      }
    }
  }

  #log(
    { level, source, text }: Action & { type: "log" },
    guest: Guest | undefined,
  ): void {
    const isExcess = level === "warning" && guest !== undefined &&
      ++guest.warnings > MAX_WARNINGS;
    if (!isExcess) this.#options.journal.log(level, source, text);
  }

  #send(to: Peer, text: string): void {
    const connection = this.#guests.get(to.id)?.connection;
    if (connection === undefined) return;
    if (this.#deliveries.add(connection, text)) return;
    this.#warn(`A message to ${addressOf(to)} would be too long`);
  }

  #flush(): Promise<void> | undefined {
    this.#deliveries.flush();
    const { journal } = this.#options;
    return journal.isFull ? journal.room() : undefined;
  }

  #hold({ id }: Peer): void {
    const guest = this.#guests.get(id);
    if (guest) guest.isHeld = true;
  }

  #release(guest: Guest | undefined): void {
    if (guest === undefined) return;
    guest.isHeld = false;
    guest.gate?.resolve();
    guest.gate = undefined;
  }

  /** Lets a peer wait whose receivers do not keep up, or whom the rules hold. */
  #wait(guest: Guest): Promise<void> | undefined {
    const congestionOver = this.#deliveries.congestionOver();
    // A server that ends waits for nobody: what has arrived is bounded.
    if (this.#ending.hasBegun) return undefined;
    guest.gate = Promise.withResolvers<void>();
    const { promise } = guest.gate;
    congestionOver.then(() => {
      if (!guest.isHeld) this.#release(guest);
    });
    return promise;
  }

  /**
   * Answers what has arrived by now, then closes every connection.
   *
   * @param stall how long slow readers may then take, in milliseconds: less
   * after a signal than at the assignment's own end; a later call may shorten it
   */
  end(stall = SIGNAL_STALL): void {
    const isFirst = this.#ending.begin(stall);
    for (const guest of this.#guests.values()) {
      const { connection } = guest;
      if (connection.isClosing) connection.close(this.#ending.stall);
      else connection.reader.finish();
      this.#release(guest);
    }
    if (!isFirst) return;
    this.#backlog.finish();
    this.#ending.onLate(() => {
      for (const { connection } of this.#guests.values()) {
        connection.reader.stop();
      }
    });
  }

  close(): void {
    this.#ending.cancel();
    this.#backlog.close();
    for (const { connection } of this.#guests.values()) connection.destroy();
  }

  #warn(text: string): void {
    this.#options.journal.log("warning", "server", text);
  }
}
