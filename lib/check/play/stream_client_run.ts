/** The server for a client over TCP, played by the check. */
import { addressOf, type Peer } from "../../rules/contract.ts";
import { Finding, Unjudged } from "./case.ts";
import { ClientRun } from "./client_run.ts";
import type { Field } from "./prompts.ts";
import { peerAt, type Reaction } from "./expectation.ts";
import { SILENCE } from "./timeouts.ts";
import { quote } from "../reports/quote.ts";
import type { IdlePeriod } from "./idle_period.ts";
import { NOT_FLUSHED } from "./hints.ts";
import { type Check, withoutNuls } from "./run.ts";
import { Mailbox } from "./mailbox.ts";
import { Stream } from "./stream.ts";

/**
 * How long a client must be silent before what it sent without a line feed
 * counts as a whole message, in milliseconds.
 */
const LULL = 120;
/** How long a message may take, in milliseconds, if the client never pauses. */
const WHOLE = 1_500;

/** How long a client may take to ask for something, in milliseconds. */
const SETTLE = 5_500;

/** The server's listener, shared by all runs. */
export class StreamStub {
  readonly #listener: Deno.TcpListener;
  /** Receives datagrams, to notice a client that uses the wrong transport. */
  readonly #other: Mailbox | undefined;
  /** Connections that no run has taken yet. */
  readonly waiting: Stream[] = [];

  /** @throws {Deno.errors.AddrInUse} if another program holds the port */
  constructor(check: Check) {
    const { hostname, port } = check.address;
    this.#listener = Deno.listen({ hostname, port });
    this.#accept(check);
    try {
      this.#other = new Mailbox(check, this.#listener.addr.port);
    } catch {
      // Another program holds it; it only serves a hint.
    }
  }

  async #accept(check: Check): Promise<void> {
    for (;;) {
      try {
        for await (const conn of this.#listener) {
          this.waiting.push(new Stream(conn, check, false));
          check.condition.notify();
        }
        return;
      } catch {
        // Reset before it was accepted: does not count.
      }
    }
  }

  /** Whether a client sent a datagram. */
  get gotDatagram(): boolean {
    return this.#other !== undefined && this.#other.datagrams.length > 0;
  }

  /** Closes the connections not taken by a run. */
  async drop(): Promise<void> {
    for (const stream of this.waiting.splice(0)) await stream.close();
  }

  async close(): Promise<void> {
    this.#listener.close();
    this.#other?.close();
    await this.drop();
  }
}

let serial = 0;

/** One run of a client over TCP. */
export class StreamClientRun extends ClientRun {
  readonly #stub: StreamStub;
  #stream: Stream | undefined;
  /** The client, as our own server's rules know it. */
  readonly peer: Peer;
  /** Another client, also played by the check if one is needed. */
  readonly partner: Peer;
  /** The replies sent to the client in this run, in order. */
  readonly replies: string[] = [];
  /** How the client ends its messages: a line feed, or nothing. */
  #ending = "";

  constructor(check: Check, idlePeriod: IdlePeriod, stub: StreamStub) {
    super(check, idlePeriod);
    this.#stub = stub;
    this.peer = peerAt(check.address, ++serial);
    this.partner = peerAt(check.address, ++serial);
  }

  /** Another run of the same client, not yet begun. */
  another(): StreamClientRun {
    return new StreamClientRun(this.check, this.idlePeriod, this.#stub);
  }

  protected override get hasCome(): boolean {
    return this.stream !== undefined;
  }

  /** The client's connection; undefined until it has connected. */
  get stream(): Stream | undefined {
    if (this.#stream === undefined && this.#stub.waiting.length > 0) {
      this.#stream = this.#stub.waiting.shift();
      this.hasSpoken = true;
      this.did("connects");
    }
    return this.#stream;
  }

  /**
   * Waits for the client to ask for something or connect, up to a limit.
   * @returns whether it sends something without being asked
   */
  async settles(): Promise<boolean> {
    const printed = () => (this.program?.output.text.length ?? 0) > 0;
    const done = () => printed() || this.stream !== undefined;
    const { showsPrompts, neverCame } = this.habits;
    const shows = showsPrompts !== false && !neverCame;
    await this.waits(done, shows ? SETTLE : SETTLE / 4);
    await this.waits(() => this.hasMessage, SILENCE);
    return this.hasMessage;
  }

  /** Whether the client has sent anything not yet taken. */
  get hasMessage(): boolean {
    return (this.stream?.unread ?? "") !== "";
  }

  /**
   * Waits for the connection, typing what the client asks for until then.
   *
   * @throws {Finding} if it does not come
   */
  async connected(...fields: Field[]): Promise<Stream> {
    const isThere = () => this.stream !== undefined;
    await this.#types(fields, isThere);
    if (this.stream !== undefined) return this.stream;
    const where = addressOf(this.check.address);
    throw this.silence(
      `a connection to ${where}`,
      this.#stub.gotDatagram
        ? "it sends over UDP; this assignment is over TCP (SOCK_STREAM)"
        : undefined,
    );
  }

  /**
   * Types until a message comes.
   *
   * @param fields what the program may ask for
   * @returns the message, without its line ending
   * @throws {Finding} if none comes
   */
  async hears(...fields: Field[]): Promise<string> {
    await this.#types(fields, () => this.hasMessage);
    const stream = await this.connected();
    await this.#whole(stream);
    const came = stream.take();
    if (came === "" && stream.ended) {
      const what = `${this.nothing()}, and it closed its connection`;
      throw new Finding("a message", what);
    }
    if (came === "") {
      const waits = !this.hasDied && this.typed.size > 0;
      throw this.silence("a message", waits ? NOT_FLUSHED : undefined);
    }
    this.did(`sends ${quote(came)}`);
    this.#ending = came.endsWith("\n") ? "\n" : "";
    return withoutNuls(this, came, "message").replace(/[\r\n]+$/, "");
  }

  async #types(fields: readonly Field[], done: () => boolean): Promise<void> {
    await this.enters(fields, () => done() || this.#stub.gotDatagram);
  }

  /** Waits for the end of a message: a line feed, or silence. */
  async #whole(stream: Stream): Promise<void> {
    const { condition, timeouts } = this.check;
    const latest = performance.now() + WHOLE;
    while (performance.now() < latest) {
      const { length } = stream.unread;
      if (stream.unread.endsWith("\n") || stream.ended) return;
      const grows = () => stream.unread.length > length || stream.ended;
      if (!await condition.until(grows, timeouts.atMost(LULL))) return;
    }
  }

  /** Waits for silence. @throws {Finding} if the client says more */
  async saysNothing(expected: string): Promise<void> {
    await this.waits(() => this.hasMessage, SILENCE);
    const came = this.stream?.unread ?? "";
    if (came !== "") throw new Finding(expected, `it sends ${quote(came)}`);
    if (this.program === undefined || this.#stub.waiting.length === 0) return;
    throw new Unjudged(
      "it connects twice: each of the two clients needs a program to itself",
    );
  }

  /** @throws {Finding} if the client has hung up */
  isConnected(until: string, hint?: string): void {
    if (this.stream?.ended === false) return;
    throw new Finding(
      `a client that stays connected until ${until}`,
      this.hasDied ? this.nothing() : "it has closed its connection",
      hint,
    );
  }

  /** Sends the client what our own server would. */
  async carriesOut(reaction: Reaction): Promise<void> {
    for (const text of reaction.sentTo(this.peer)) await this.reply(text);
  }

  /** Sends a text, ended as the client ends its own. */
  async reply(text: string): Promise<void> {
    this.replies.push(text);
    await this.send(text + this.#ending);
  }

  /** Sends a text as it is. */
  async send(text: string): Promise<void> {
    this.did(`gets ${quote(text)}`);
    await this.stream?.send(text);
  }

  /** Closes the connection, as a server does. */
  async hangsUp(): Promise<void> {
    this.did("is hung up on");
    await this.stream?.endSending();
  }

  protected override async close(): Promise<void> {
    await this.#stream?.close();
    // Late connections belong to this run, not the next.
    if (this.program) await this.#stub.drop();
  }
}
