/**
 * A client's end of TCP: one connection to one server.
 */
import {
  type Address,
  type Failure,
  fits,
  type Framing,
  MAX_MESSAGE,
  TOO_LONG,
} from "../rules/contract.ts";
import { requirePermission } from "./address.ts";
import {
  brokenAnswer,
  cannotConnect,
  connectionLost,
  messageTooLong,
  noAnswerOverTcp,
} from "./errors.ts";
import type { Delimiter, Message } from "./framing.ts";
import type { Journal } from "./journal.ts";
import { aboutPadding } from "./text.ts";
import { DIRECT, type Network } from "./wire.ts";
import { Pool, Stream } from "./stream.ts";
import { within } from "./time.ts";

/** What a client is given besides the server's address. */
export interface StreamClientOptions {
  readonly framing: Framing;
  /** Whether the server's messages are JSON objects. */
  readonly json: boolean;
  /** How long to wait for the connection, in milliseconds. */
  readonly timeout: number;
  readonly network?: Network;
  readonly journal?: Pick<Journal, "log">;
}

/** A client's end: one connection to one server. */
export class StreamClient {
  readonly #stream: Stream;
  readonly #pool: Pool;
  readonly #server: Address;
  readonly #framing: Framing;
  /** Undefined once the log says that the server sends NULs. */
  #journal: Pick<Journal, "log"> | undefined;
  /** What `next` has given and nobody has received yet. */
  readonly #messages: Message[] = [];
  /** The pending wait for a message: a second one would lose its bytes. */
  #waiting: Promise<Message | undefined> | undefined;

  private constructor(
    conn: Deno.TcpConn,
    server: Address,
    { framing, json, network = DIRECT, journal }: StreamClientOptions,
  ) {
    const pool = this.#pool = new Pool();
    const delimiter = DELIMITERS[framing];
    const isOurs = true;
    const options = { pool, json, delimiter, network, isOurs };
    this.#stream = new Stream(conn, options);
    this.#server = server;
    this.#framing = framing;
    this.#journal = journal;
  }

  /**
   * Connects to a server.
   *
   * @throws {Failure} when there is no connection
   */
  static async connect(
    server: Address,
    options: StreamClientOptions,
  ): Promise<StreamClient> {
    requirePermission(server);
    const { timeout } = options;
    const signal = AbortSignal.timeout(timeout);
    try {
      const conn = await Deno.connect({ ...server, signal });
      return new StreamClient(conn, server, options);
    } catch (error) {
      throw cannotConnect(server, timeout, error);
    }
  }

  /** @throws {Failure} when the message is too long, or the server has gone */
  async send(text: string): Promise<void> {
    if (!fits(text, MAX_MESSAGE)) {
      throw messageTooLong(text, MAX_MESSAGE, "a message");
    }
    this.#stream.send(text);
    this.#stream.flush();
    await this.#stream.sent();
    const { failure } = this.#stream;
    if (failure !== undefined) throw connectionLost(this.#server, failure);
  }

  /**
   * Waits for the next message.
   *
   * @param timeout how long, in milliseconds; without it there is no limit
   * @param whole the limit to report, if `timeout` is what is left of it
   * @returns undefined at the end of the stream
   * @throws {Failure} when none comes in time, it has no end, or the
   * connection breaks
   */
  async receive(
    timeout?: number,
    whole = timeout,
  ): Promise<Message | undefined> {
    this.#waiting ??= this.#next();
    const message = await within(this.#waiting.then(boxed), timeout);
    if (message === undefined) throw this.#noAnswer(whole!);
    this.#waiting = undefined;
    return message.value;
  }

  /** @returns settled once the server has ended, too, or takes too long */
  async close(): Promise<void> {
    await this.#stream.close();
    this.#pool.clear();
  }

  /** What is known when time is up: whether the server has said anything. */
  #noAnswer(timeout: number): Failure {
    const hasSpoken = this.#stream.arrival > 0;
    return noAnswerOverTcp(this.#server, timeout, hasSpoken, this.#framing);
  }

  async #next(): Promise<Message | undefined> {
    if (this.#messages.length === 0) this.#messages.push(...await this.#more());
    const message = this.#messages.shift();
    if (this.#stream.padding > 0) this.#tellPadding();
    if (typeof message === "object" && message.problem === "too long") {
      throw this.#endless(message.byteLength);
    }
    return message;
  }

  /** Logs it once. */
  #tellPadding(): void {
    const text = `the server ${aboutPadding(this.#stream.padding)}`;
    this.#journal?.log("info", "client", text);
    this.#journal = undefined;
  }

  /** @returns none at the end of the stream */
  async #more(): Promise<Message[]> {
    try {
      return await this.#stream.next() ?? [];
    } catch (error) {
      throw connectionLost(this.#server, error);
    }
  }

  /** After a message over the limit, messages can no longer be told apart. */
  #endless(byteLength: number): Failure {
    this.#stream.send(TOO_LONG);
    this.#stream.close();
    const problem = `${byteLength} bytes without an end`;
    return brokenAnswer(this.#server, problem);
  }
}

/** In a box, so that the end of the stream differs from a timeout. */
function boxed<T>(value: T): { value: T } {
  return { value };
}

const DELIMITERS: Record<
  Framing,
  (servers: Delimiter, hasReceived: boolean) => Delimiter
> = {
  line: () => "\n",
  raw: () => "",
  auto: (servers, hasReceived) => hasReceived ? servers : "\n",
};
