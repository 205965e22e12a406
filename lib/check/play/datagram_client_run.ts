/** The server for a client over UDP, played by the check. */
import type { Condition } from "./condition.ts";
import { type Address, addressOf } from "../../rules/contract.ts";
import { ClientRun } from "./client_run.ts";
import type { Field } from "./prompts.ts";
import { peerAt } from "./expectation.ts";
import { Finding } from "./case.ts";
import { type Datagram, Mailbox } from "./mailbox.ts";
import { PAUSE, SILENCE } from "./timeouts.ts";
import { quote, quoteBytes, textOf } from "../reports/quote.ts";
import type { IdlePeriod } from "./idle_period.ts";
import type { Check } from "./run.ts";

/** How long to answer a client used by hand, in milliseconds. */
const CONVERSATION = 20_000;

const encoder = new TextEncoder();

/** A message from the client, and the port it came from. */
export interface Received {
  readonly text: string;
  readonly port: number;
}

/** The server's socket, shared by all runs. */
export class DatagramStub {
  readonly mailbox: Mailbox;
  /** Listens on TCP, to notice a client that uses the wrong transport. */
  readonly #other: Deno.TcpListener | undefined;
  /** Whether a client connected over TCP. */
  connected = false;
  /** Which run each client port belongs to: one may be pausing meanwhile. */
  readonly owners = new Map<number, ClientRun>();

  /** @throws {Deno.errors.AddrInUse} if another program holds the port */
  constructor(check: Check) {
    const { address: { hostname, port }, condition } = check;
    this.mailbox = new Mailbox(check, port);
    try {
      this.#other = Deno.listen({ hostname, port: this.mailbox.address.port });
      this.#notice(this.#other, condition);
    } catch {
      // Another program holds it; it only serves a hint.
    }
  }

  async #notice(
    listener: Deno.TcpListener,
    condition: Condition,
  ): Promise<void> {
    for await (const connection of listener) {
      this.connected = true;
      condition.notify();
      connection.close();
    }
  }

  close(): void {
    this.mailbox.close();
    this.#other?.close();
  }
}

/** One run of a client over UDP. */
export class DatagramClientRun extends ClientRun {
  /** The answers sent to the client in this run, in order. */
  readonly replies: string[] = [];
  readonly #stub: DatagramStub;

  constructor(check: Check, idlePeriod: IdlePeriod, stub: DatagramStub) {
    super(check, idlePeriod);
    this.#stub = stub;
  }

  /** The next datagram for this run, not yet taken. */
  get #datagram(): Datagram | undefined {
    const { mailbox, owners } = this.#stub;
    return mailbox.datagrams.find(({ port }) =>
      (owners.get(port) ?? this) === this
    );
  }

  protected override get hasCome(): boolean {
    return this.#datagram !== undefined;
  }

  /** Answers a client used by hand, whatever it says. */
  async converses(): Promise<void> {
    const latest = this.timeouts.spent + CONVERSATION;
    do await this.answers(await this.hears()); while (
      this.timeouts.spent < latest &&
      await this.waits(() => this.#datagram !== undefined, PAUSE)
    );
  }

  /**
   * Types until a message comes.
   *
   * @param fields what the program may ask for
   * @throws {Finding} if none comes
   */
  async hears(...fields: Field[]): Promise<Received> {
    const arrived = () => this.#datagram !== undefined || this.#stub.connected;
    if (await this.enters(fields, arrived) && this.#datagram) {
      const datagram = this.#take();
      const text = textOf(datagram.bytes);
      const { hostname } = this.check.address;
      const from = addressOf({ hostname, port: datagram.port });
      this.did(`sends ${quoteBytes(datagram.bytes)} from ${from}`);
      return { text, port: datagram.port };
    }
    const where = addressOf(this.check.address);
    throw this.silence(
      `a message to the server at ${where}`,
      this.#stub.connected
        ? "it connects over TCP; this assignment is over UDP (SOCK_DGRAM)"
        : undefined,
    );
  }

  /** Answers as our own server does. @returns the answer */
  async answers(
    { text, port }: Received,
    as: Address = { ...this.check.address, port },
  ): Promise<string> {
    const peer = peerAt(as);
    const answer = this.model.message(peer, text).sentTo(peer)[0] ?? "";
    await this.reply(port, answer);
    return answer;
  }

  /** Answers with a text. */
  async reply(port: number, answer: string): Promise<void> {
    this.replies.push(answer);
    this.did(`is answered ${quote(answer)}`);
    const { hostname } = this.check.address;
    await this.#stub.mailbox.send(encoder.encode(answer), { hostname, port });
  }

  /** Waits for silence. @throws {Finding} if another message comes */
  async sendsNothing(expected: string): Promise<void> {
    await this.waits(() => this.#datagram !== undefined, SILENCE);
    const datagram = this.#datagram;
    if (datagram === undefined) return;
    this.#take();
    throw new Finding(expected, `it sends ${quoteBytes(datagram.bytes)}`);
  }

  #take(): Datagram {
    const datagram = this.#datagram!;
    this.hasSpoken = true;
    this.#stub.mailbox.remove(datagram);
    this.#stub.owners.set(datagram.port, this);
    return datagram;
  }

  protected override close(): void {
    // Late messages belong to this run, not the next.
    while (this.#datagram) this.#take();
  }
}
