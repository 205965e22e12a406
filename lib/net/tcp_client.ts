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
import { Connection } from "./connection.ts";
import {
  brokenAnswer,
  cannotConnect,
  connectionLost,
  messageTooLong,
  noAnswerOverTcp,
} from "./errors.ts";
import type { Delimiter, Message } from "./framing.ts";
import { DIRECT, type Network } from "./wire.ts";
import { within } from "./time.ts";

/** What a client is given besides the server's address. */
export interface StreamClientOptions {
  readonly framing: Framing;
  /** Whether the server's messages are JSON objects. */
  readonly json: boolean;
  /** How long to wait for the connection, in milliseconds. */
  readonly timeout: number;
  readonly network?: Network;
}

/** A client's end: one connection to one server. */
export class StreamClient {
  readonly #connection: Connection;
  readonly #server: Address;
  readonly #framing: Framing;
  #messages: Iterator<Message> = [].values();
  /** The wait for a message that is going on: a second would lose its bytes. */
  #waiting: Promise<Message | undefined> | undefined;

  private constructor(
    connection: Connection,
    server: Address,
    framing: Framing,
  ) {
    this.#connection = connection;
    this.#server = server;
    this.#framing = framing;
  }

  /**
   * Connects to a server.
   *
   * @throws {Failure} when there is no connection
   */
  static async connect(
    server: Address,
    { framing, json, timeout, network = DIRECT }: StreamClientOptions,
  ): Promise<StreamClient> {
    requirePermission(server);
    const signal = AbortSignal.timeout(timeout);
    try {
      const conn = await Deno.connect({ ...server, signal });
      const delimiter = endingOf(framing);
      const isOurs = true;
      const connection = new Connection(conn, {
        json,
        delimiter,
        network,
        isOurs,
      });
      return new StreamClient(connection, server, framing);
    } catch (error) {
      throw cannotConnect(server, timeout, error);
    }
  }

  /** @throws {Failure} when the message is too long, or the server has gone */
  async send(text: string): Promise<void> {
    const { outbox } = this.#connection;
    if (!fits(text, MAX_MESSAGE)) {
      throw messageTooLong(text, MAX_MESSAGE, "a message");
    }
    this.#connection.send(text);
    outbox.flush();
    await outbox.sent();
    if (outbox.failure === undefined) return;
    throw connectionLost(this.#server, outbox.failure);
  }

  /**
   * Waits for the next message.
   *
   * @param timeout how long, in milliseconds; without it there is no limit
   * @param whole the limit to tell of, where `timeout` is what is left of it
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

  /** @returns settled once the server has ended, too, or takes too long for it */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /** What is known when the time is over: whether the server has said anything. */
  #noAnswer(timeout: number): Failure {
    const { hasReceived } = this.#connection.reader;
    return noAnswerOverTcp(this.#server, timeout, hasReceived, this.#framing);
  }

  /** What one read brought in is given out one by one. */
  async #next(): Promise<Message | undefined> {
    for (;;) {
      const { value, done } = this.#messages.next();
      if (!done) return this.#checked(value);
      if (!await this.#hasNews()) return undefined;
      this.#messages = this.#connection.messages()[Symbol.iterator]();
    }
  }

  async #hasNews(): Promise<boolean> {
    try {
      return await this.#connection.reader.wait();
    } catch (error) {
      if (this.#connection.isClosing) return false;
      throw connectionLost(this.#server, error);
    }
  }

  /** After a message over the limit nothing can be told apart any more. */
  #checked(message: Message): Message {
    if (typeof message === "string" || message.problem !== "too long") {
      return message;
    }
    this.#connection.send(TOO_LONG);
    this.#connection.close();
    const problem = `${message.byteLength} bytes without an end`;
    throw brokenAnswer(this.#server, problem);
  }
}

/** In a box, so that the end of the stream differs from the end of the time. */
function boxed<T>(value: T): { value: T } {
  return { value };
}

function endingOf(
  framing: Framing,
): (servers: Delimiter, hasReceived: boolean) => Delimiter {
  if (framing === "line") return () => "\n";
  if (framing === "raw") return () => "";
  return (servers, hasReceived) => hasReceived ? servers : "\n";
}
