/** Clients for a server over UDP, played by the check. */
import { type Address, addressOf } from "../../rules/contract.ts";
import { Finding } from "./case.ts";
import { type Hint, hintFor } from "./hints.ts";
import { Model, peerAt } from "./expectation.ts";
import { type FixedPorts, Mailbox } from "./mailbox.ts";
import { isBound, isServed } from "./ports.ts";
import { SILENCE } from "./timeouts.ts";
import { quote, quoteBoth, quoteBytes, textOf } from "../reports/quote.ts";
import { ServerRun } from "./server_run.ts";
import { type Check, withoutPadding } from "./run.ts";

const encoder = new TextEncoder();

/** A message sent to the server, and its client. */
interface Asked {
  readonly message: string;
  readonly from: Address;
}

/** One run of a server over UDP, and its clients. */
export class DatagramServerRun extends ServerRun {
  readonly #clients = new Map<number, DatagramProbe>();
  readonly #fixed: FixedPorts;
  readonly #ports: readonly number[];
  /** What our own server would do with the same messages. */
  readonly model: Model;
  /** Every message sent in this run. */
  readonly asked: Asked[] = [];

  /** @param ports the fixed ports its clients need */
  constructor(check: Check, fixed: FixedPorts, ports: readonly number[] = []) {
    super(check);
    this.#fixed = fixed;
    this.#ports = ports;
    this.model = new Model(check);
  }

  /** Starts the server, and takes the fixed ports of its clients. */
  override async begin(isFirst: boolean): Promise<void> {
    await super.begin(isFirst);
    await this.#fixed.take(this.#ports);
  }

  /** The client on this port, or a new one on any free port. */
  client(port = 0): DatagramProbe {
    const known = this.#clients.get(port);
    if (known !== undefined) return known;
    const mailbox = this.#fixed.get(port) ??
      new Mailbox(this.check, port);
    mailbox.empty();
    const client = new DatagramProbe(this, mailbox);
    this.#clients.set(mailbox.address.port, client);
    return client;
  }

  /**
   * Waits a little, and checks that no client was answered twice.
   *
   * @param hint what a second answer probably means
   * @throws {Finding} if one was
   */
  async gotOneAnswerEach(
    hint?: (came: string) => string | undefined,
  ): Promise<void> {
    await this.pause(SILENCE);
    for (const client of this.#clients.values()) client.gotOneAnswer(hint);
  }

  /** A server over UDP counts its clients and remembers what they said. */
  protected override readonly keepsNothing = false;

  /** If we can bind the port, nobody listens on it. */
  protected override listens(): Promise<boolean> {
    return Promise.resolve(this.isListening);
  }

  /** Whether anything listens on the server's port. */
  get isListening(): boolean {
    return isBound(this.check.address);
  }

  protected override isHeldAt(address: Address): boolean {
    return isBound(address);
  }

  protected override async otherPlace(): Promise<string | undefined> {
    const hint = await super.otherPlace();
    return await isServed(this.check.address)
      ? "it listens on that port over TCP; this assignment is over UDP (SOCK_DGRAM)"
      : hint;
  }

  protected override close(): void {
    for (const [port, client] of this.#clients) {
      if (this.#fixed.get(port) === undefined) client.close();
    }
    this.#clients.clear();
  }
}

/** How long a retry may take, in milliseconds; it only explains a silence. */
const SECOND_TRY = 400;

/** How soon an answer follows a duplicate before it, in milliseconds. */
const BEHIND = 30;

const NO_ADDRESS_LENGTH =
  "only the first message after the start gets no answer: the length of the address has to be set before recvfrom (socklen_t length = sizeof address)";

/** One of the check's clients: asks, and compares the answer with ours. */
export class DatagramProbe {
  readonly address: Address;
  readonly #run: DatagramServerRun;
  readonly #mailbox: Mailbox;
  /** How many messages got no answer in time; late answers are theirs. */
  #unanswered = 0;

  constructor(run: DatagramServerRun, mailbox: Mailbox) {
    this.#run = run;
    this.#mailbox = mailbox;
    this.address = mailbox.address;
  }

  /**
   * Sends a message; the answer must match our own server's.
   *
   * @param hints what a wrong answer probably means
   * @throws {Finding} if it is another, or none
   */
  async asks(message: string, ...hints: Hint[]): Promise<void> {
    const expected = await this.tells(message);
    await this.hears(expected, ...hints);
  }

  /** Sends a message. @returns our own server's answer */
  async tells(message: string): Promise<string> {
    const { model, asked } = this.#run;
    asked.push({ message, from: this.address });
    const peer = peerAt(this.address);
    await this.sendBytes(encoder.encode(message));
    return model.message(peer, message).sentTo(peer)[0] ?? "";
  }

  /**
   * Sends arbitrary bytes, for which there is no right answer.
   *
   * @throws {Finding} if more has come than the answers to earlier messages
   */
  async sendBytes(bytes: Uint8Array): Promise<void> {
    this.gotOneAnswer();
    this.#run.did(`${addressOf(this.address)} sends ${quoteBytes(bytes)}`);
    await this.#mailbox.send(bytes, this.#run.check.address);
  }

  /**
   * Checks that nothing is waiting here but answers that came late.
   *
   * @param hint what a second answer probably means
   * @throws {Finding} if there is one
   */
  gotOneAnswer(hint?: (came: string) => string | undefined): void {
    const { port } = this.#run.check.address;
    for (let next; (next = this.#mailbox.take());) {
      if (next.port !== port) continue; // from another server, or for another client
      if (this.#unanswered > 0) {
        this.#unanswered--;
        continue;
      }
      throw this.#secondAnswer(next.bytes, hint?.(textOf(next.bytes)));
    }
  }

  #secondAnswer(bytes: Uint8Array, hint?: string): Finding {
    const came = `a second one: ${quoteBytes(bytes)}`;
    return new Finding("one answer to one message", came, hint);
  }

  /** Whether the answer follows a duplicate of an earlier message's answer. */
  async #comesAfter(expected: string): Promise<boolean> {
    const { datagrams } = this.#mailbox;
    await this.#run.waits(() => datagrams.length > 0, BEHIND);
    const [next] = datagrams;
    return next !== undefined && textOf(next.bytes).startsWith(expected);
  }

  /**
   * Waits for the answer.
   *
   * @throws {Finding} if it is not the expected one
   */
  async hears(expected: string, ...hints: Hint[]): Promise<void> {
    const run = this.#run;
    const came = await this.next();
    if (came === undefined) {
      throw new Finding(
        quote(expected),
        run.nothing(),
        await this.#isFirstLost()
          ? NO_ADDRESS_LENGTH
          : hintFor("", expected, hints, run.hasDied),
      );
    }
    const text = textOf(came);
    if (withoutPadding(run, text, "answer") === expected) return;
    if (await this.#comesAfter(expected)) {
      throw this.#secondAnswer(came);
    }
    const hint = hintFor(text, expected, hints, run.hasDied);
    const [wanted, got] = quoteBoth(expected, text);
    const bytes = quoteBytes(came);
    const isText = !text.includes("\ufffd");
    throw new Finding(wanted, isText ? got : bytes, hint);
  }

  /** Whether a server answers everything but its first message. */
  async #isFirstLost(): Promise<boolean> {
    const run = this.#run;
    const [first, ...others] = run.asked;
    if (first === undefined || others.length > 0 || run.hasDied) return false;
    const { datagrams } = this.#mailbox;
    await this.#mailbox.send(encoder.encode(first.message), run.check.address);
    const came = await run.waits(() => datagrams.length > 0, SECOND_TRY);
    this.#unanswered++;
    return came;
  }

  /** The server's next datagram; undefined if none comes in time. */
  async next(): Promise<Uint8Array | undefined> {
    const run = this.#run;
    const { port } = run.check.address;
    const mailbox = this.#mailbox;
    if (!await run.waits(() => mailbox.datagrams.length > 0)) {
      this.#unanswered++;
      return undefined;
    }
    const datagram = mailbox.take()!;
    const me = addressOf(this.address);
    run.did(`${me} gets ${quoteBytes(datagram.bytes)}`);
    if (datagram.port === port) return datagram.bytes;
    run.remark(`something came from port ${datagram.port}, not ${port}`);
    return await this.next();
  }

  close(): void {
    this.#mailbox.close();
  }
}
