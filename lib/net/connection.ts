/**
 * One TCP socket as messages: a reader, an outbox, and a careful end.
 */
import type { Address } from "../rules/contract.ts";
import type { Delimiter, Message } from "./framing.ts";
import { DIRECT, type Network } from "./wire.ts";
import { Budget, MAX_ALL_UNSENT, Outbox } from "./outbox.ts";
import { StreamReader } from "./stream_reader.ts";
import type { StreamWatch } from "./stream_watch.ts";

/**
 * How long a connection is still read after the last message to its peer, in
 * milliseconds. Closing a socket with unread bytes in it resets the connection,
 * which can destroy that message on its way.
 */
export const LINGER = 500;

/** How long a peer may take to read what is left for it, in milliseconds. */
export const STALL = 5_000;

/** What a connection is given besides its socket. */
export interface ConnectionOptions {
  /** Whether the peer's messages are JSON objects. */
  readonly json?: boolean;
  /** How to end messages; by default as the peer ends its own. */
  readonly delimiter?: (peers: Delimiter, hasReceived: boolean) => Delimiter;
  /** Which bounds what waits to be sent, with other connections' budget. */
  readonly budget?: Budget;
  readonly network?: Network;
  /** Whether this program has opened the connection. @default {false} */
  readonly isOurs?: boolean;
}

/** One socket as messages, in both directions. */
export class Connection {
  readonly remote: Address;
  readonly reader: StreamReader;
  readonly outbox: Outbox;
  readonly #conn: Deno.TcpConn;
  readonly #watch: StreamWatch | undefined;
  #state: "open" | "closing" | "closed" = "open";
  /** What lets go of the socket while it is closing. */
  #deadline: { at: number; timer: ReturnType<typeof setTimeout> } | undefined;
  #closing: Promise<void> | undefined;

  constructor(conn: Deno.TcpConn, options: ConnectionOptions = {}) {
    const { json = false, delimiter = (peers) => peers } = options;
    const { network = DIRECT, isOurs = false } = options;
    const { hostname, port } = conn.remoteAddr;
    this.remote = { hostname, port };
    this.#conn = conn;
    this.#watch = network.watch(conn, isOurs);
    this.reader = new StreamReader(conn, json, network, this.#watch);
    this.outbox = new Outbox(conn, {
      delimiter: () =>
        delimiter(this.reader.delimiter, this.reader.hasReceived),
      budget: options.budget ?? new Budget(MAX_ALL_UNSENT),
      network,
      watch: this.#watch,
    });
    // Without this the system holds small messages back to join them.
    conn.setNoDelay(true);
  }

  /** Whether this end has said its last; what still comes is thrown away. */
  get isClosing(): boolean {
    return this.#state !== "open";
  }

  /**
   * Puts a message in line, to be sent by `outbox.flush`.
   *
   * @returns whether it is the first there
   */
  send(text: string): boolean {
    return !this.isClosing && this.outbox.add(text);
  }

  /** The messages that are complete by now. */
  messages(): Iterable<Message> {
    return this.reader.messages();
  }

  /**
   * Sends what is in line, tells the peer that no more will come, and reads on
   * for a moment: see `LINGER`. Then lets go of the socket. A later call may
   * shorten an earlier one.
   *
   * @param stall how long to wait for a slow reader, in milliseconds
   */
  close(stall = STALL): Promise<void> {
    this.#closeBy(Date.now() + stall);
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    if (this.#isClosed) return;
    this.outbox.flush();
    this.#state = "closing";
    this.reader.stop();
    await this.outbox.sent();
    if (!this.#isClosed) await this.#closeWrite();
    this.#closeBy(Date.now() + LINGER);
    await this.reader.discard();
    this.destroy();
  }

  async #closeWrite(): Promise<void> {
    try {
      await this.#conn.closeWrite();
      this.#watch?.endedHere();
    } catch {
      // The peer has gone.
    }
  }

  get #isClosed(): boolean {
    return this.#state === "closed";
  }

  /** Lets go of the socket at that time, in milliseconds, or before. */
  #closeBy(at: number): void {
    if (this.#isClosed || (this.#deadline && this.#deadline.at <= at)) return;
    clearTimeout(this.#deadline?.timer);
    // Node's timers warn of a time that has passed.
    const left = Math.max(0, at - Date.now());
    const timer = setTimeout(() => this.destroy(), left);
    this.#deadline = { at, timer };
  }

  /** Lets go of the socket at once. */
  destroy(): void {
    clearTimeout(this.#deadline?.timer);
    if (this.#isClosed) return;
    this.#state = "closed";
    this.#conn.close();
    this.#watch?.closed();
    this.outbox.abandon();
    this.reader.stop();
  }
}
