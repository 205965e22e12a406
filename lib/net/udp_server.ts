/**
 * Datagrams: carries out a server's rules over UDP.
 *
 * A datagram is a message: it arrives whole or not at all, perhaps twice, in
 * any order, and nobody is told. Nothing here repeats a lost one, for the
 * assignments do not: a student should see what UDP does.
 */
import { untilIdle } from "./drain.ts";
import { cannotListen, requireDatagrams, requirePermission } from "./errors.ts";
import { decode } from "./framing.ts";
import {
  type Action,
  addressOf,
  type Peer,
  type ServerRules,
  TOO_LONG,
} from "../rules/contract.ts";
import type { Printer } from "../cli/terminal.ts";

/** The most that a datagram carries over IPv4, in bytes. */
export const MAX_DATAGRAM = 65_507;

/**
 * How many answers may be on their way into the socket at once. Waiting for
 * each would make the next datagram wait, too; not waiting at all would let
 * them pile up where the socket takes none for a while.
 */
export const MAX_SENDING = 64;

/** Room for whatever arrives: over IPv6 a datagram is a little longer. */
export const RECEIVE_BUFFER = 65_535;

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
export async function receive(
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
export function transmit(
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
    await untilIdle(() => this.#received);
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
