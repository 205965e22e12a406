/** Clients for a server over TCP, played by the check. */
import type { Address, Peer } from "../../rules/contract.ts";
import { Finding } from "./case.ts";
import { isBound, isServed } from "./ports.ts";
import { Model, peerAt, type Reaction } from "./expectation.ts";
import { quote } from "../reports/quote.ts";
import { ServerRun } from "./server_run.ts";
import { type Check, withoutNuls } from "./run.ts";
import { Stream } from "./stream.ts";

/** How long a connection must last to count, in milliseconds. */
const STAYS = 150;

/** How long the server's own closing may take, in milliseconds. */
const CLOSING = 30;

/** A connection to the server, and its address at this end. */
interface Connected {
  readonly stream: Stream;
  readonly local: Address;
}

/** How the program reads messages. */
class Reader {
  /** A line feed if the program reads lines; undefined while unknown. */
  ending: "" | "\n" | undefined;
}

/** One run of a server over TCP, and its clients. */
export class StreamServerRun extends ServerRun {
  /** What our own server would do with the same messages. */
  readonly model: Model;
  readonly #probes: StreamProbe[] = [];
  /** The connection that showed that the server listens. */
  #first: Connected | undefined;
  /** Each pair, chat or request is independent of the others. */
  protected override readonly keepsNothing = true;

  constructor(check: Check) {
    super(check);
    this.model = new Model(check);
  }

  /** What ends each message to the program. */
  get ending(): string {
    return this.reader.ending ?? "";
  }

  /** How the program reads messages, shared by all runs. */
  get reader(): Reader {
    return this.check.shared.get(Reader, () => new Reader());
  }

  /**
   * Connects a client.
   *
   * @param name what to call it in the report
   * @throws {Finding} if it is not accepted
   */
  async connects(name: string): Promise<StreamProbe> {
    const connected = this.#first ?? await this.#connect();
    this.#first = undefined;
    this.did(`${name} connects`);
    if (connected === undefined) {
      throw new Finding(
        `a connection for ${name}`,
        this.hasDied ? this.nothing() : "it is refused",
      );
    }
    const probe = new StreamProbe(this, name, connected, this.#probes.length);
    this.#probes.push(probe);
    return probe;
  }

  async #connect(): Promise<Connected | undefined> {
    const { hostname, port } = this.check.address;
    const signal = AbortSignal.any([
      AbortSignal.timeout(Math.max(this.timeouts.answer, 1)),
      this.check.condition.stopped,
    ]);
    try {
      const conn = await Deno.connect({ hostname, port, signal });
      const stream = new Stream(conn, this.check, true);
      return { stream, local: conn.localAddr as Deno.NetAddr };
    } catch {
      return undefined;
    }
  }

  /** Connects, and keeps the connection for the next client. */
  override async listens(): Promise<boolean> {
    this.#first ??= await this.#connect();
    return this.#first !== undefined;
  }

  /** An ending server may only have had the connection in its backlog. */
  protected override async stays(): Promise<boolean> {
    const { stream } = this.#first!;
    const isGone = await this.waits(() => stream.ended, STAYS);
    if (isGone) this.#first = undefined;
    return !isGone;
  }

  protected override isHeldAt(address: Address): Promise<boolean> {
    return isServed(address);
  }

  protected override async otherPlace(): Promise<string | undefined> {
    const hint = await super.otherPlace();
    const { port } = this.check.address;
    const isDatagrams = Deno.listenDatagram !== undefined &&
      isBound({ hostname: this.check.address.hostname, port });
    return isDatagrams
      ? "it has that port over UDP; this assignment is over TCP (SOCK_STREAM)"
      : hint;
  }

  protected override async close(): Promise<void> {
    const probes = this.#probes.map(({ stream }) => stream);
    const streams = this.#first ? [this.#first.stream, ...probes] : probes;
    this.#first = undefined;
    // If the server is about to close, let it close first: see Stream.close.
    const areEnded = () => streams.every(({ ended }) => ended);
    await this.check.condition.until(areEnded, CLOSING);
    for (const stream of streams) await stream.close();
  }
}

/** One of the check's clients, on its connection. */
export class StreamProbe {
  readonly stream: Stream;
  /** The same client, as our own server's rules know it. */
  readonly peer: Peer;
  readonly #run: StreamServerRun;

  /** @param serial tells it apart from the others of this run */
  constructor(
    run: StreamServerRun,
    readonly name: string,
    { stream, local }: Connected,
    serial: number,
  ) {
    this.#run = run;
    this.stream = stream;
    this.peer = peerAt(local, serial);
    run.model.opened(this.peer);
  }

  /** Sends a message, with the ending that the program needs. */
  async says(text: string): Promise<Reaction> {
    await this.sends(text + this.#run.ending);
    return this.#run.model.message(this.peer, text);
  }

  /** Sends bytes as they are. */
  async sends(text: string | Uint8Array): Promise<void> {
    const shown = typeof text === "string" ? text : "bytes that are not UTF-8";
    this.#run.did(`${this.name} sends ${quote(shown)}`);
    await this.stream.send(text);
  }

  /** Takes what has come, and records it. */
  takes(): string {
    const text = this.stream.take();
    if (text !== "") this.#run.did(`${this.name} gets ${quote(text)}`);
    return withoutNuls(this.#run, text, "message");
  }

  /**
   * Waits until what has come matches.
   *
   * @param most the longest wait, in milliseconds; by default that for an
   * answer
   */
  async gets(
    shows: (unread: string) => boolean,
    most?: number,
  ): Promise<boolean> {
    const { stream } = this;
    const over = () => shows(stream.unread) || stream.ended || stream.flooded;
    await this.#run.waits(over, most);
    return shows(stream.unread);
  }

  /** How to describe that something has not come. */
  missing(): string {
    const { stream } = this;
    const text = stream.unread;
    const what = text === "" ? this.#run.nothing() : quote(text);
    if (stream.flooded) return `a flood that begins with ${quote(text)}`;
    if (!stream.ended) return what;
    const how = stream.reset ? "reset" : "closed";
    return `${what}, and the connection was ${how}`;
  }

  /** Waits until the server closes. @throws {Finding} if it does not */
  async isClosed(why: string, most: number, hint?: string): Promise<void> {
    const { timeouts } = this.#run;
    const limit = timeouts.for("close", most);
    if (await this.#run.waits(() => this.stream.ended, limit)) {
      this.takes();
      this.#run.did(`${this.name}'s connection is closed`);
      return;
    }
    timeouts.failed("close");
    const seconds = (limit / 1000).toFixed(1);
    throw new Finding(
      `the server to close ${this.name}'s connection after ${why}`,
      `it is still open ${seconds} s later`,
      hint,
    );
  }

  /** Closes the connection, as a client does. */
  async leaves(): Promise<void> {
    this.#run.did(`${this.name} leaves`);
    this.#run.model.closed(this.peer);
    await this.stream.close();
  }
}
