/**
 * A client's end of UDP: a question, and the answer that may never come.
 *
 * A lost question, a lost answer and a missing server look the same: nothing
 * comes in time. What comes too late, or from a stranger, must not be taken for
 * the answer.
 */
import { type Address, addressOf } from "../rules/contract.ts";
import { bind, isNumeric, ownAddress, requirePermission } from "./address.ts";
import {
  brokenAnswer,
  cannotSend,
  messageTooLong,
  noAnswerOverUdp,
} from "./errors.ts";
import { DIRECT, MAX_DATAGRAM, type Network, RECEIVE_BUFFER } from "./wire.ts";
import type { Journal } from "./journal.ts";
import { aboutPadding, decode, withoutPadding } from "./text.ts";
import { untilQuiet, within } from "./time.ts";

/**
 * How long no late answer may come before a client asks again, in milliseconds.
 */
export const LATE = 5;
/** How long it waits for that at most, in milliseconds. */
export const MAX_LATE = 500;

const encoder = new TextEncoder();

/** What a client is given besides the server's address and its own port. */
export interface DatagramClientOptions {
  /** How long to wait for an answer, in milliseconds. */
  readonly timeout: number;
  readonly journal: Pick<Journal, "log">;
  /** How often to ask again if no answer comes. @default {0} */
  readonly retries?: number;
  /** Called for each question sent, repeats too. */
  readonly onSent?: () => void;
  readonly network?: Network;
}

/** A client's end: one socket that asks one server, one question at a time. */
export class DatagramClient {
  readonly #socket: Deno.DatagramConn;
  readonly #server: Address;
  readonly #options: DatagramClientOptions;
  readonly #network: Network;
  /** Gets the answer; undefined while no question is open. */
  #answer: ((message: Uint8Array) => void) | undefined;
  #received = 0;
  #closed = false;
  #hasToldPadding = false;

  /**
   * Binds the socket.
   *
   * @param localPort the port to send from; 0 for any free one
   * @throws {Failure} when the port cannot be used
   */
  constructor(
    server: Address,
    localPort: number,
    options: DatagramClientOptions,
  ) {
    const local = ownAddress(server, localPort);
    requirePermission(server, local);
    this.#socket = bind(local);
    this.#server = server;
    this.#options = options;
    this.#network = options.network ?? DIRECT;
    this.#listen();
  }

  /**
   * Sends a message and waits for its answer. UDP does not say which question
   * an answer is for: the first that comes from the server counts.
   *
   * @throws {Failure} when it is too long, or no answer comes in time
   */
  async request(text: string): Promise<string> {
    const bytes = encoder.encode(text);
    if (bytes.length > MAX_DATAGRAM) {
      throw messageTooLong(text, MAX_DATAGRAM, "a datagram");
    }
    await this.#discardLate();
    const { promise, resolve } = Promise.withResolvers<Uint8Array>();
    this.#answer = resolve;
    try {
      return this.#textOf(await this.#ask(bytes, promise));
    } finally {
      this.#answer = undefined;
    }
  }

  /** Asks, and asks again: the server may then have been asked twice. */
  async #ask(
    bytes: Uint8Array,
    answer: Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    const { timeout, retries = 0, journal, onSent } = this.#options;
    for (let retry = 0;; retry++) {
      onSent?.();
      const sent = this.#transmit(bytes);
      const found = await within(sent.then(() => answer), timeout);
      if (found !== undefined) return found;
      if (retry >= retries) throw noAnswerOverUdp(this.#server, timeout);
      const again = `asking again (${retry + 1} of ${retries})`;
      const text = `no answer within ${timeout / 1000} s: ${again}`;
      journal.log("info", "client", text);
    }
  }

  #textOf(datagram: Uint8Array): string {
    const answer = withoutPadding(datagram);
    this.#tellPadding(datagram.length - answer.length);
    const text = decode(answer);
    if (text !== undefined) return text;
    throw brokenAnswer(this.#server, "it is not UTF-8");
  }

  #tellPadding(count: number): void {
    if (count === 0 || this.#hasToldPadding) return;
    this.#hasToldPadding = true;
    const text = `the server ${aboutPadding(count)}`;
    this.#options.journal.log("info", "client", text);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  async #transmit(bytes: Uint8Array): Promise<void> {
    try {
      await this.#network.transmit(this.#socket, bytes, this.#server);
    } catch (error) {
      throw cannotSend(this.#server, error);
    }
  }

  /**
   * Lets late answers to earlier questions come in: they must not be taken for
   * the answer to the next one.
   */
  async #discardLate(): Promise<void> {
    await untilQuiet(() => this.#received, LATE, MAX_LATE);
  }

  /** Always has one receive pending: an abandoned one would swallow an answer. */
  async #listen(): Promise<void> {
    const buffer = new Uint8Array(RECEIVE_BUFFER);
    for (;;) {
      const datagram = await this.#network.receive(this.#socket, buffer);
      if (datagram === undefined) return;
      this.#received++;
      this.#take(...datagram);
    }
  }

  #take(bytes: Uint8Array, from: Address): void {
    if (!this.#isServer(from)) return this.#ignore(from, bytes, "a stranger");
    if (!this.#answer) {
      return this.#ignore(from, bytes, "too late, or a second answer");
    }
    this.#answer(bytes.slice()); // the next datagram overwrites them
    this.#answer = undefined;
  }

  /** A host given by name can only be recognized by its port. */
  #isServer(from: Address): boolean {
    const { hostname, port } = this.#server;
    const isSameHost = !isNumeric(hostname) || from.hostname === hostname;
    return from.port === port && isSameHost;
  }

  #ignore(from: Address, bytes: Uint8Array, why: string): void {
    const text = `ignored ${bytes.length} bytes from ${
      addressOf(from)
    }: ${why}`;
    this.#options.journal.log("debug", "client", text);
  }
}
