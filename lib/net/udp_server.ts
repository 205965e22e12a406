/**
 * Datagrams: carries out a server's rules over UDP.
 */
import {
  type Action,
  type Address,
  addressOf,
  type Peer,
  type ServerRules,
  TOO_LONG,
} from "../rules/contract.ts";
import { LOOPBACK } from "./address.ts";
import { DRAIN, type Endable, runUntilAborted } from "./ending.ts";
import { DIRECT, MAX_DATAGRAM, type Network, RECEIVE_BUFFER } from "./wire.ts";
import type { Journal } from "./journal.ts";
import { aboutPadding, decode, headOf, withoutPadding } from "./text.ts";
import { Deadlines, GRACE, MAX_ENDING, untilQuiet } from "./time.ts";

/**
 * How many answers may be on their way into the socket at once. Waiting for
 * each would make the next datagram wait, too; not waiting at all would let
 * them pile up when the socket takes none for a while.
 */
export const MAX_SENDING = 64;

/**
 * How often in a row a peer may send its last answer back. Two servers would
 * answer each other for ever; a client that does so for another reason loses
 * one datagram, as UDP may lose any.
 */
export const MAX_ECHOES = 1_000;

/** How many peers are remembered so as not to log the same about them again. */
const MAX_REMEMBERED = 1_000;

const encoder = new TextEncoder();

/**
 * Serves datagrams until the rules or the signal end that: what has arrived by
 * then is answered first. Closes the socket.
 *
 * @throws what the rules throw, which is a bug in them
 */
export async function serveDatagrams(
  socket: Deno.DatagramConn,
  rules: ServerRules,
  journal: Journal,
  signal: AbortSignal,
  network: Network = DIRECT,
): Promise<void> {
  const server = new DatagramServer(socket, rules, journal, network);
  await runUntilAborted(server, signal);
}

class DatagramServer implements Endable {
  readonly #socket: Deno.DatagramConn;
  readonly #rules: ServerRules;
  readonly #journal: Journal;
  readonly #network: Network;
  readonly #answers = new Answers();
  readonly #echoes = new Echoes();
  /** Those that the log already says send NULs. */
  readonly #padded = new Set<string>();
  readonly #own: Address;
  #hasHadOwn = false;
  #received = 0;
  #isClosed = false;
  /** Whether nothing is taken any more: the socket is about to be closed. */
  #isOver = false;
  readonly #late = Promise.withResolvers<void>();
  readonly #deadline = new Deadlines<this>(() => this.#late.resolve());
  /** Settled once the socket is closed; undefined while the server goes on. */
  #ended: Promise<void> | undefined;

  constructor(
    socket: Deno.DatagramConn,
    rules: ServerRules,
    journal: Journal,
    network: Network,
  ) {
    this.#socket = socket;
    const { hostname, port } = socket.addr as Deno.NetAddr;
    this.#own = {
      hostname: hostname === "0.0.0.0" ? LOOPBACK : hostname,
      port,
    };
    this.#network = network;
    this.#rules = rules;
    this.#journal = journal;
  }

  async run(): Promise<void> {
    const buffer = new Uint8Array(RECEIVE_BUFFER);
    while (!this.#isOver) {
      const datagram = await this.#network.receive(this.#socket, buffer);
      if (datagram === undefined || this.#isOver) break;
      this.#take(...datagram);
      if (this.#answers.areMany) await this.#answers.sent();
      if (this.#journal.isFull) await this.#journal.room();
    }
    await this.#answers.sent();
    await this.#ended;
  }

  /**
   * Answers what has arrived by now, and then closes the socket.
   *
   * @param drain how long to wait for answers that a simulated network delays,
   * in milliseconds
   */
  end(drain: number): void {
    this.#deadline.shorten(this, drain);
    this.#ended ??= this.#end();
  }

  async #end(): Promise<void> {
    await untilQuiet(() => this.#received, GRACE, MAX_ENDING);
    // No answer may lose its socket, even if a peer never stops.
    this.#isOver = true;
    await this.#answers.sent();
    await Promise.race([this.#network.settle(), this.#late.promise]);
    this.close();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#deadline.clear();
    this.#socket.close();
  }

  #take(datagram: Uint8Array, from: Address): void {
    this.#received++;
    if (isSame(from, this.#own)) return this.#dropOwn(from);
    const bytes = withoutPadding(datagram);
    this.#tellPadding(from, datagram.length - bytes.length);
    const text = decode(bytes);
    if (this.#echoes.areTooMany(from, text)) return this.#dropEcho(from);
    const peer = new DatagramPeer(from.hostname, from.port);
    const actions = this.#rules.message(
      peer,
      text ?? { byteLength: bytes.length, ...headOf(bytes) },
      this.#received,
    );
    for (const action of actions) this.#perform(action);
  }

  #perform(action: Action): void {
    switch (action.type) {
      case "print":
        return this.#journal.print(action.text);
      case "log":
        return this.#journal.log(action.level, action.source, action.text);
      case "send":
        return this.#send(action.to, action.text);
      case "stop":
        this.end(DRAIN);
    }
  }

  /** Its sender is forged: this server would answer itself for ever. */
  #dropOwn(from: Address): void {
    if (!this.#hasHadOwn) this.#warn(from, "a datagram: that is this server");
    this.#hasHadOwn = true;
  }

  #dropEcho(from: Address): void {
    const what = `its last answer back, ${MAX_ECHOES} times in a row`;
    this.#warn(from, `${what}: not answered, in case it is a server, too`);
  }

  #tellPadding(from: Address, count: number): void {
    if (count === 0 || this.#padded.has(addressOf(from))) return;
    if (this.#padded.size >= MAX_REMEMBERED) this.#padded.clear();
    this.#padded.add(addressOf(from));
    const text = `${addressOf(from)} ${aboutPadding(count)}`;
    this.#journal.log("info", "server", text);
  }

  /** Does not wait for the answer to be on its way: see `MAX_SENDING`. */
  #send(to: Peer, text: string): void {
    let bytes = this.#answers.encode(text);
    if (bytes.length > MAX_DATAGRAM) {
      this.#warn(to, `a message whose answer would have ${bytes.length} bytes`);
      bytes = encoder.encode(TOO_LONG);
    }
    this.#echoes.answered(to, text);
    const sending = this.#network.transmit(this.#socket, bytes, to);
    this.#answers.add(sending, (error) => {
      this.#warn(to, `a message that cannot be answered: ${error.message}`);
    });
  }

  #warn(peer: Address, what: string): void {
    this.#journal.log("warning", "server", `${addressOf(peer)} sent ${what}`);
  }
}

/** The address that a datagram came from: many servers never look at its id. */
class DatagramPeer implements Peer {
  constructor(readonly hostname: string, readonly port: number) {}

  get id(): string {
    return addressOf(this);
  }
}

/** Counts how often the last peer has sent its answer back. */
class Echoes {
  #to: Address | undefined;
  #answer = "";
  #count = 0;

  answered(to: Address, answer: string): void {
    this.#to = to;
    this.#answer = answer;
  }

  areTooMany(from: Address, text: string | undefined): boolean {
    const isEcho = this.#to !== undefined && text === this.#answer &&
      isSame(from, this.#to);
    this.#count = isEcho ? this.#count + 1 : 0;
    if (this.#count < MAX_ECHOES) return false;
    this.#count = 0;
    return true;
  }
}

function isSame(one: Address, other: Address): boolean {
  return one.port === other.port && one.hostname === other.hostname;
}

/** The answers that are on their way into the socket. */
class Answers {
  /**
   * Where they are encoded: new memory for each would cost more than encoding.
   */
  readonly #memory = new Uint8Array(MAX_SENDING * 1024);
  #used = 0;
  #count = 0;
  #untilSent: PromiseWithResolvers<void> | undefined;

  /** Whether the next datagram has to wait for them. */
  get areMany(): boolean {
    return this.#count >= MAX_SENDING;
  }

  /** Uses the memory that earlier answers have left, if it is enough. */
  encode(text: string): Uint8Array {
    if (this.#count === 0) this.#used = 0;
    const room = this.#memory.subarray(this.#used);
    const { read, written } = encoder.encodeInto(text, room);
    if (read < text.length) return encoder.encode(text);
    this.#used += written;
    return room.subarray(0, written);
  }

  add(sending: Promise<unknown>, onFailure: (error: Error) => void): void {
    this.#count++;
    sending.then(this.#sent, (error) => {
      onFailure(error);
      this.#sent();
    });
  }

  /** Waits until all of them are on their way. */
  async sent(): Promise<void> {
    if (this.#count === 0) return;
    this.#untilSent ??= Promise.withResolvers<void>();
    await this.#untilSent.promise;
  }

  readonly #sent = () => {
    this.#count--;
    if (this.#count > 0) return;
    this.#untilSent?.resolve();
    this.#untilSent = undefined;
  };
}
