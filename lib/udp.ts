/**
 * Datagrams: carries out a server's rules, and a client's requests, over UDP.
 *
 * A datagram is a message: it arrives whole or not at all, perhaps twice, in
 * any order, and nobody is told. Nothing here repeats a lost one, for the
 * assignments do not: a student should see what UDP does.
 */
import {
  brokenAnswer,
  cannotListen,
  cannotSend,
  messageTooLong,
  noAnswer,
  requireDatagrams,
  requirePermission,
} from "./errors.ts";
import { decode } from "./framing.ts";
import {
  type Action,
  addressOf,
  type Peer,
  type ServerRules,
} from "./rules/contract.ts";
import type { Printer } from "./terminal.ts";

/** The most that a datagram carries over IPv4, in bytes. */
export const MAX_DATAGRAM = 65_507;

/** What is answered where the answer itself would not fit a datagram. */
export const TOO_LONG = "Message too long";

/**
 * How many answers may be on their way into the socket at once. Waiting for
 * each would make the next datagram wait, too; not waiting at all would let
 * them pile up where the socket takes none for a while.
 */
export const MAX_SENDING = 64;

/**
 * A server that was told to end has received everything when nothing came for
 * `IDLE` milliseconds; it does not wait for that longer than `MAX_DRAIN`.
 */
export const IDLE = 20;
export const MAX_DRAIN = 1_000;

/**
 * How long a client looks for late answers before it asks again, in
 * milliseconds, and again for as many times as there was one.
 */
export const TURN = 5;
export const MAX_TURNS = 100;

/** Room for whatever arrives: over IPv6 a datagram is a little longer. */
const RECEIVE_BUFFER = 65_535;

const encoder = new TextEncoder();

/**
 * Binds a UDP socket.
 *
 * @throws {Failure} when the address cannot be used
 */
export function bind(
  address: Peer,
  option: "--port" | "--client-port" = "--port",
): Deno.DatagramConn {
  requireDatagrams();
  requirePermission(address);
  const { hostname, port } = address;
  try {
    return Deno.listenDatagram({ transport: "udp", hostname, port });
  } catch (error) {
    throw cannotListen(address, option, error);
  }
}

/**
 * The one place where datagrams come in.
 *
 * @returns undefined once the socket is closed
 */
async function receive(
  socket: Deno.DatagramConn,
  buffer: Uint8Array,
): Promise<[bytes: Uint8Array, from: Peer] | undefined> {
  for (;;) {
    try {
      const [bytes, from] = await socket.receive(buffer);
      return [bytes, from as Deno.NetAddr];
    } catch (error) {
      if (isClosed(error)) return undefined;
      // Windows tells here that an earlier datagram found nobody there: that
      // peer has gone, the others have not.
      if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
    }
  }
}

/** The one place where datagrams go out. */
function transmit(
  socket: Deno.DatagramConn,
  bytes: Uint8Array,
  to: Peer,
): Promise<number> {
  const { hostname, port } = to;
  return socket.send(bytes, { transport: "udp", hostname, port });
}

/** A closed socket fails one way while it is being read, another way after. */
function isClosed(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted;
}

/**
 * Serves datagrams until the rules stop, or the signal does: what has arrived
 * by then is answered first. Closes the socket.
 */
export async function serveDatagrams(
  socket: Deno.DatagramConn,
  rules: ServerRules,
  printer: Printer,
  signal: AbortSignal,
): Promise<void> {
  const server = new DatagramServer(socket, printer);
  const drain = () => server.drain();
  if (signal.aborted) drain();
  signal.addEventListener("abort", drain);
  try {
    await server.run(rules);
  } finally {
    signal.removeEventListener("abort", drain);
    server.close();
  }
}

class DatagramServer {
  readonly #socket: Deno.DatagramConn;
  readonly #printer: Printer;
  #received = 0;
  #sending = 0;
  /** Where answers are encoded: new memory for each would cost more than that. */
  readonly #answers = new Uint8Array(MAX_SENDING * 1024);
  #used = 0;
  #untilSent: (() => void) | undefined;
  #stopped = false;
  #closed = false;

  constructor(socket: Deno.DatagramConn, printer: Printer) {
    this.#socket = socket;
    this.#printer = printer;
  }

  async run(rules: ServerRules): Promise<void> {
    const buffer = new Uint8Array(RECEIVE_BUFFER);
    while (!this.#stopped) {
      const datagram = await receive(this.#socket, buffer);
      if (datagram === undefined) break;
      this.#received++;
      const [bytes, from] = datagram;
      const text = decode(bytes);
      if (text === undefined) {
        this.#warn(from, `${bytes.length} bytes that are not UTF-8`);
      }
      for (const action of rules.message(from, text)) this.#perform(action);
      if (this.#sending >= MAX_SENDING) await this.#allSent();
    }
    await this.#allSent();
  }

  /** Closes the socket as soon as nothing more arrives. */
  async drain(): Promise<void> {
    const latest = Date.now() + MAX_DRAIN;
    let before;
    do {
      before = this.#received;
      await delay(IDLE);
    } while (this.#received > before && Date.now() < latest);
    this.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  #perform(action: Action): void {
    switch (action.type) {
      case "print":
        return this.#printer.print(action.text);
      case "log":
        return this.#printer.log(action.level, action.source, action.text);
      case "send":
        return this.#send(action.to, action.text);
      case "stop":
        this.#stopped = true;
    }
  }

  /** Does not wait for the answer to be on its way: see `MAX_SENDING`. */
  #send(to: Peer, text: string): void {
    let bytes = this.#encode(text);
    if (bytes.length > MAX_DATAGRAM) {
      this.#warn(to, `a message whose answer would have ${bytes.length} bytes`);
      bytes = encoder.encode(TOO_LONG);
    }
    this.#sending++;
    transmit(this.#socket, bytes, to).then(this.#sent, (error) => {
      this.#warn(to, `a message that cannot be answered: ${error.message}`);
      this.#sent();
    });
  }

  /** Into memory that the last answers have left, where there is enough. */
  #encode(text: string): Uint8Array {
    if (this.#sending === 0) this.#used = 0;
    const room = this.#answers.subarray(this.#used);
    const { read, written } = encoder.encodeInto(text, room);
    if (read < text.length) return encoder.encode(text);
    this.#used += written;
    return room.subarray(0, written);
  }

  readonly #sent = () => {
    this.#sending--;
    if (this.#sending === 0) this.#untilSent?.();
  };

  async #allSent(): Promise<void> {
    if (this.#sending === 0) return;
    await new Promise<void>((resolve) => this.#untilSent = resolve);
  }

  #warn(peer: Peer, what: string): void {
    this.#printer.log("warning", "server", `${addressOf(peer)} sent ${what}`);
  }
}

/** A client's end: one socket that asks one server, one question at a time. */
export class DatagramClient {
  readonly #socket: Deno.DatagramConn;
  readonly #server: Peer;
  readonly #timeout: number;
  readonly #printer: Printer;
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
    server: Peer,
    localPort: number,
    timeout: number,
    printer: Printer,
  ) {
    const local = ownAddress(server, localPort);
    requirePermission(server, local);
    this.#socket = bind(local, "--client-port");
    this.#server = server;
    this.#timeout = timeout;
    this.#printer = printer;
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
    const { promise, resolve, reject } = Promise.withResolvers<
      string | undefined
    >();
    this.#answer = (bytes) => resolve(decode(bytes));
    const timer = setTimeout(
      () => reject(noAnswer(this.#server, this.#timeout)),
      this.#timeout,
    );
    try {
      const [answer] = await Promise.all([promise, this.#transmit(bytes)]);
      if (answer !== undefined) return answer;
      throw brokenAnswer(this.#server, "it is not UTF-8");
    } finally {
      clearTimeout(timer);
      this.#answer = undefined;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  async #transmit(bytes: Uint8Array): Promise<void> {
    try {
      await transmit(this.#socket, bytes, this.#server);
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
    let turns = 0;
    do {
      before = this.#received;
      await delay(TURN);
    } while (this.#received > before && ++turns < MAX_TURNS);
  }

  /** Always has one receive pending: an abandoned one would swallow an answer. */
  async #listen(): Promise<void> {
    const buffer = new Uint8Array(RECEIVE_BUFFER);
    for (;;) {
      const datagram = await receive(this.#socket, buffer);
      if (datagram === undefined) return;
      this.#received++;
      const [bytes, from] = datagram;
      if (!this.#isServer(from)) this.#ignore(from, bytes, "a stranger");
      else if (this.#answer === undefined) {
        this.#ignore(from, bytes, "too late");
      } else this.#answer(bytes);
      if (this.#isServer(from)) this.#answer = undefined;
    }
  }

  /** A host given by name can only be told by its port. */
  #isServer(from: Peer): boolean {
    const { hostname, port } = this.#server;
    const isName = !/^[0-9.]+$|:/.test(hostname);
    return from.port === port && (isName || from.hostname === hostname);
  }

  #ignore(from: Peer, bytes: Uint8Array, why: string): void {
    const text = `ignored ${bytes.length} bytes from ${
      addressOf(from)
    }: ${why}`;
    this.#printer.log("debug", "client", text);
  }
}

/** The address of this machine that a server can answer to. */
export function ownAddress(server: Peer, port: number): Peer {
  const name = server.hostname;
  const isHere = name.startsWith("127.") || name === "localhost";
  if (isHere) return { hostname: "127.0.0.1", port };
  if (name === "::1") return { hostname: "::1", port };
  return { hostname: name.includes(":") ? "::" : "0.0.0.0", port };
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
