/**
 * The server for a client over UDP, played by the check.
 */
import { type Address, addressOf } from "../rules/contract.ts";
import { ClientStage, type Field } from "./client_stage.ts";
import { peerAt } from "./expectation.ts";
import { Finding } from "./case.ts";
import { type Letter, Mailbox } from "./mailbox.ts";
import { PAUSE, SILENCE } from "./patience.ts";
import { quote, quoteBytes, textOf } from "./quote.ts";
import type { Recess } from "./recess.ts";
import type { World } from "./stage.ts";

/** How long to answer somebody who uses a client by hand, in milliseconds. */
const CONVERSATION = 20_000;

const encoder = new TextEncoder();

/** A message of the client, and the port that it came from. */
export interface Received {
  readonly text: string;
  readonly port: number;
}

/** The server's socket, which all lives of a client send to. */
export class DatagramHost {
  readonly mailbox: Mailbox;
  /** Who connects over TCP to a server of UDP. */
  readonly #other: Deno.TcpListener | undefined;
  /** Whether somebody took the wrong transport. */
  connected = false;
  /** Which life a port belongs to: another may pause meanwhile. */
  readonly owners = new Map<number, ClientStage>();

  /** @throws {Deno.errors.AddrInUse} where another program holds the port */
  constructor({ address, bell }: World) {
    const { hostname, port } = address;
    this.mailbox = new Mailbox(hostname, port, bell);
    try {
      this.#other = Deno.listen({ hostname, port: this.mailbox.address.port });
      this.#notice(this.#other, bell);
    } catch {
      // Another program's: it is not needed for anything but a hint.
    }
  }

  async #notice(
    listener: Deno.TcpListener,
    bell: World["bell"],
  ): Promise<void> {
    for await (const connection of listener) {
      this.connected = true;
      bell.ring();
      connection.close();
    }
  }

  close(): void {
    this.mailbox.close();
    this.#other?.close();
  }
}

/** One life of a client over UDP. */
export class DatagramClientStage extends ClientStage {
  /** What the client was answered in this life, in order. */
  readonly replies: string[] = [];
  readonly #host: DatagramHost;

  constructor(world: World, recess: Recess, host: DatagramHost) {
    super(world, recess);
    this.#host = host;
  }

  /** What has come for this life and was not taken. */
  get #letter(): Letter | undefined {
    const { mailbox, owners } = this.#host;
    return mailbox.letters.find(({ port }) =>
      (owners.get(port) ?? this) === this
    );
  }

  protected override get hasCome(): boolean {
    return this.#letter !== undefined;
  }

  /** Answers whatever a client says that somebody uses by hand. */
  async converses(): Promise<void> {
    const latest = this.patience.spent + CONVERSATION;
    do await this.answers(await this.hears()); while (
      this.patience.spent < latest &&
      await this.waits(() => this.#letter !== undefined, PAUSE)
    );
  }

  /**
   * Types until a message comes.
   *
   * @param fields what the program may ask for
   * @throws {Finding} where none comes
   */
  async hears(...fields: Field[]): Promise<Received> {
    const arrived = () => this.#letter !== undefined || this.#host.connected;
    const came = this.canType
      ? await this.enters(fields, arrived)
      : await this.waits(arrived, this.startLimit);
    const letter = came && this.#letter ? this.#take() : undefined;
    if (letter !== undefined) {
      const text = textOf(letter.bytes);
      const { hostname } = this.world.address;
      const from = addressOf({ hostname, port: letter.port });
      this.did(`sends ${quoteBytes(letter.bytes)} from ${from}`);
      return { text, port: letter.port };
    }
    const where = addressOf(this.world.address);
    throw this.silence(
      `a message to the server at ${where}`,
      this.#host.connected
        ? "it connects over TCP; this assignment is over UDP (SOCK_DGRAM)"
        : undefined,
    );
  }

  /** Answers as our own server does. @returns the answer */
  async answers(
    { text, port }: Received,
    as: Address = { ...this.world.address, port },
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
    const { hostname } = this.world.address;
    await this.#host.mailbox.send(encoder.encode(answer), { hostname, port });
  }

  /** Waits for silence. @throws {Finding} where one more message comes */
  async sendsNothing(expected: string): Promise<void> {
    await this.waits(() => this.#letter !== undefined, SILENCE);
    const letter = this.#letter;
    if (letter === undefined) return;
    this.#take();
    throw new Finding(expected, `it sends ${quoteBytes(letter.bytes)}`);
  }

  #take(): Letter {
    const letter = this.#letter!;
    this.hasSpoken = true;
    this.#host.mailbox.remove(letter);
    this.#host.owners.set(letter.port, this);
    return letter;
  }

  protected override close(): void {
    // What comes late belongs to this life, and not to the next.
    while (this.#letter) this.#take();
  }
}
