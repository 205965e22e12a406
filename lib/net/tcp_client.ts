/**
 * A client's end of TCP: one connection to one server.
 */
import { Connection } from "./connection.ts";
import {
  brokenAnswer,
  cannotConnect,
  connectionLost,
  messageTooLong,
  noAnswer,
  requirePermission,
} from "./errors.ts";
import { fits, type Format, MAX_MESSAGE, type Message } from "./framing.ts";
import { type Framing, type Peer, TOO_LONG } from "../rules/contract.ts";

/** A client's end: one connection to one server. */
export class StreamClient {
  readonly #connection: Connection;
  #messages: Iterator<Message> = [].values();

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Connects to a server.
   *
   * @param timeout how long to wait for the connection, in milliseconds
   * @throws {Failure} when there is no connection
   */
  static async connect(
    server: Peer,
    framing: Framing,
    format: Format | undefined,
    timeout: number,
  ): Promise<StreamClient> {
    requirePermission(server);
    const signal = AbortSignal.timeout(timeout);
    try {
      const conn = await Deno.connect({ ...server, signal });
      const ending = framing === "line" ? "\n" : "";
      return new StreamClient(new Connection(conn, format, ending));
    } catch (error) {
      throw cannotConnect(server, timeout, error);
    }
  }

  /** @throws {Failure} when the message is too long, or the server has gone */
  async send(text: string): Promise<void> {
    const connection = this.#connection;
    if (!fits(text)) throw messageTooLong(text, MAX_MESSAGE, "a message");
    connection.send(text);
    connection.flush();
    await connection.sent();
    if (connection.failure === undefined) return;
    throw connectionLost(connection.peer, connection.failure);
  }

  /**
   * Waits for the next message.
   *
   * @param timeout how long, in milliseconds; without it there is no limit
   * @returns undefined at the end of the stream
   * @throws {Failure} when none comes in time, it has no end, or the
   * connection breaks
   */
  async receive(timeout?: number): Promise<Message | undefined> {
    if (timeout === undefined) return await this.#next();
    let timer: ReturnType<typeof setTimeout>;
    const late = new Promise<never>((_, reject) => {
      const failure = noAnswer(this.#connection.peer, timeout);
      timer = setTimeout(() => reject(failure), timeout);
    });
    try {
      return await Promise.race([this.#next(), late]);
    } finally {
      clearTimeout(timer!);
    }
  }

  close(): void {
    this.#connection.close();
  }

  /** What one read brought in is given out one by one. */
  async #next(): Promise<Message | undefined> {
    for (;;) {
      const { value, done } = this.#messages.next();
      if (!done) return this.#checked(value);
      const messages = await this.#read();
      if (messages === undefined) return undefined;
      this.#messages = messages[Symbol.iterator]();
    }
  }

  async #read(): Promise<Iterable<Message> | undefined> {
    try {
      return await this.#connection.read();
    } catch (error) {
      if (this.#connection.closing) return undefined;
      throw connectionLost(this.#connection.peer, error);
    }
  }

  /** After a message over the limit nothing can be told apart any more. */
  #checked(message: Message): Message {
    if (typeof message === "string" || message.problem !== "too long") {
      return message;
    }
    this.#connection.send(TOO_LONG);
    this.#connection.close();
    throw brokenAnswer(
      this.#connection.peer,
      `${message.byteLength} bytes without an end`,
    );
  }
}
