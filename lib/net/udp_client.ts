/**
 * A client's end of UDP: a question, and the answer that may never come.
 *
 * Nothing tells a lost question from a lost answer or from a server that is not
 * there: only time does. What comes too late, or from a stranger, must not be
 * taken for the answer.
 */
import { type Address, addressOf } from "../rules/contract.ts";
import { isNumeric, ownAddress, requirePermission } from "./address.ts";
import {
  brokenAnswer,
  cannotSend,
  messageTooLong,
  noAnswerOverUdp,
} from "./errors.ts";
import { DIRECT, type Network, RECEIVE_BUFFER } from "./network.ts";
import type { Report } from "./report.ts";
import { decode } from "./text.ts";
import { delay, within } from "./time.ts";
import { bind, MAX_DATAGRAM } from "./udp_socket.ts";

/**
 * How long a client looks for late answers before it asks again, in
 * milliseconds; after each time that one came it looks again, up to a limit.
 */
export const LATE = 5;
export const MAX_LATE = 100;

const encoder = new TextEncoder();

/** A client's end: one socket that asks one server, one question at a time. */
export class DatagramClient {
  readonly #socket: Deno.DatagramConn;
  readonly #server: Address;
  readonly #timeout: number;
  readonly #report: Report;
  readonly #network: Network;
  /** Gets the answer; undefined while no question is open. */
  #answer: ((message: Uint8Array) => void) | undefined;
  #received = 0;
  #closed = false;

  /**
   * Binds the socket.
   *
   * @param localPort where to send from; 0 for any free port
   * @param timeout how long to wait for an answer, in milliseconds
   * @throws {Failure} when the port cannot be used
   */
  constructor(
    server: Address,
    localPort: number,
    timeout: number,
    report: Report,
    network: Network = DIRECT,
  ) {
    const local = ownAddress(server, localPort);
    requirePermission(server, local);
    this.#socket = bind(local, "--client-port");
    this.#server = server;
    this.#timeout = timeout;
    this.#report = report;
    this.#network = network;
    this.#listen();
  }

  /**
   * Sends a message and waits for its answer. UDP has no numbers that would
   * tell whose answer it is: the first that comes from the server counts.
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
      const sent = this.#transmit(bytes);
      const answer = await within(sent.then(() => promise), this.#timeout);
      if (answer === undefined) {
        throw noAnswerOverUdp(this.#server, this.#timeout);
      }
      return this.#textOf(answer);
    } finally {
      this.#answer = undefined;
    }
  }

  #textOf(answer: Uint8Array): string {
    const text = decode(answer);
    if (text !== undefined) return text;
    throw brokenAnswer(this.#server, "it is not UTF-8");
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
   * Lets the answers to earlier questions come in, which nobody waits for any
   * more: they must not be taken for the answer to the next one.
   */
  async #discardLate(): Promise<void> {
    let before;
    let times = 0;
    do {
      before = this.#received;
      await delay(LATE);
    } while (this.#received > before && ++times < MAX_LATE);
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

  /** A host given by name can only be told by its port. */
  #isServer(from: Address): boolean {
    const { hostname, port } = this.#server;
    const isSameHost = !isNumeric(hostname) || from.hostname === hostname;
    return from.port === port && isSameHost;
  }

  #ignore(from: Address, bytes: Uint8Array, why: string): void {
    const text = `ignored ${bytes.length} bytes from ${
      addressOf(from)
    }: ${why}`;
    this.#report.log("debug", "client", text);
  }
}
