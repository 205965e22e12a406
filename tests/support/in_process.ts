/**
 * Servers inside the test's own process: the real sockets and the real rules,
 * with a printer that keeps what it prints, and peers that put them to use.
 */
import { assertEquals } from "@std/assert";
import { LINGER } from "../../lib/net/stream.ts";
import type { Framing } from "../../lib/rules/contract.ts";
import type { Mode } from "../../lib/rules/mode.ts";
import { type ModeName, MODES } from "../../lib/rules.ts";
import { defaultsOf } from "../../lib/rules/options.ts";
import { bind, listen } from "../../lib/net/address.ts";
import { serveStreams } from "../../lib/net/tcp_server.ts";
import { StreamClient } from "../../lib/net/tcp_client.ts";
import type { Output } from "../../lib/cli/output.ts";
import { Printer } from "../../lib/cli/terminal.ts";
import { serveDatagrams } from "../../lib/net/udp_server.ts";
import { RawStream, until, within } from "./harness.ts";
import type { Options } from "./mode_tests.ts";
import type { StreamModeName } from "./modes.ts";

/** Any free port of this machine. */
export const ANY = { hostname: "127.0.0.1", port: 0 };

/** Keeps what is printed. */
export class Collected implements Output {
  text = "";
  readonly #decoder = new TextDecoder();

  write(bytes: Uint8Array): number {
    this.text += this.#decoder.decode(bytes, { stream: true });
    return bytes.length;
  }

  isTerminal(): boolean {
    return false;
  }

  get lines(): string[] {
    return this.text.split("\n").slice(0, -1);
  }
}

/** A printer and what it has printed. */
export function collectingPrinter() {
  const stdout = new Collected();
  const stderr = new Collected();
  return { printer: new Printer({ stdout, stderr }), stdout, stderr };
}

/** A server that runs until its rules stop it, or until the test ends. */
export class LiveServer implements AsyncDisposable {
  readonly port: number;
  readonly ended: Promise<void>;
  readonly #output = collectingPrinter();
  readonly #ending = new AbortController();
  #over = false;

  /** Serves a mode on a socket that is bound already. */
  constructor(
    name: ModeName,
    socket: Deno.DatagramConn | Deno.TcpListener,
    options: Options = {},
  ) {
    this.port = (socket.addr as Deno.NetAddr).port;
    this.ended = this.#serve(MODES[name], socket, options);
  }

  /** Serves a mode on a port of its own. */
  static start(name: ModeName, options: Options = {}): LiveServer {
    const isDatagram = MODES[name].transport === "udp";
    const socket = isDatagram ? bind(ANY) : listen(ANY);
    return new LiveServer(name, socket, options);
  }

  #serve(
    mode: Mode,
    socket: Deno.DatagramConn | Deno.TcpListener,
    options: Options,
  ): Promise<void> {
    const defaults = defaultsOf(mode.serverOptions);
    const unknown = Object.keys(options).filter((key) => !(key in defaults));
    if (unknown.length > 0) throw new Error(`No such options: ${unknown}`);
    const all = { ...defaults, ...options };
    const rules = mode.server(all, () => 0.5);
    const { printer: journal } = this.#output;
    const { signal } = this.#ending;
    if ("receive" in socket) {
      return serveDatagrams(socket, rules, journal, signal);
    }
    const json = mode.transport === "tcp" && mode.json;
    return serveStreams(socket, { rules, json, journal, signal });
  }

  /** The transcript so far. */
  get transcript(): string[] {
    this.#output.printer.flush();
    return this.#output.stdout.lines;
  }

  /** The log so far. */
  get log(): string {
    this.#output.printer.flush();
    return this.#output.stderr.text;
  }

  async prints(line: string): Promise<void> {
    await until(() => this.transcript.includes(line), `printed: ${line}`);
  }

  /** Sends a line, and waits until it is printed once more than before. */
  async hears(
    peer: { send(text: string): Promise<void> },
    line: string,
  ): Promise<void> {
    const count = () => this.transcript.filter((each) => each === line).length;
    const before = count();
    await peer.send(line + "\n");
    await until(() => count() > before, `printed: ${line}`);
  }

  async logs(text: string): Promise<void> {
    try {
      await until(() => this.log.includes(text), `logged: ${text}`);
    } catch (error) {
      throw new Error(`${error}\n${this.log}`);
    }
  }

  /** Ends it as Ctrl-C does. */
  abort(): void {
    this.#ending.abort();
  }

  async ends(): Promise<void> {
    await within(this.ended, "the end of the server");
    this.#over = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) {
      this.abort();
      await this.ends();
    }
    this.#output.printer.flush();
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Two clients of `sequence` or `chat`, X first; whoever has them ends them. */
export class Pair implements Disposable {
  private constructor(readonly x: RawStream, readonly y: RawStream) {}

  /** Introduces an X and a Y, and waits until both are acknowledged. */
  static async meet(
    server: LiveServer,
    names: [string, string] = ["Alice", "Bob"],
  ): Promise<Pair> {
    const [first, second] = names;
    const pair = new Pair(
      await RawStream.connect(server.port),
      await RawStream.connect(server.port),
    );
    await server.hears(pair.x, `Client X: ${first}`);
    await pair.y.send(`Client Y: ${second}\n`);
    const text = `X: ${first} received before Y: ${second}\n`;
    await Promise.all([pair.x.receives(text), pair.y.receives(text)]);
    return pair;
  }

  [Symbol.dispose](): void {
    this.x[Symbol.dispose]();
    this.y[Symbol.dispose]();
  }
}

/** Connects so many peers, who have to be closed by `closeAll`. */
export async function connectAll(
  server: LiveServer,
  count: number,
): Promise<RawStream[]> {
  const streams: RawStream[] = [];
  while (streams.length < count) {
    streams.push(await RawStream.connect(server.port));
  }
  return streams;
}

export function closeAll(streams: Iterable<Disposable>): void {
  for (const stream of streams) stream[Symbol.dispose]();
}

/** A client of ours, for as long as it is needed. */
export async function withClient(
  port: number,
  framing: Framing,
  talk: (client: StreamClient) => Promise<void>,
): Promise<void> {
  const address = { hostname: "127.0.0.1", port };
  const options = { framing, json: false, timeout: 5_000 };
  const client = await StreamClient.connect(address, options);
  try {
    await talk(client);
  } finally {
    client.close();
    // It is read for a moment longer; a later timer is due after that one.
    await pause(LINGER);
  }
}

let served = 0;

/**
 * Makes sure that newcomers are served, whatever happens to others: a pair with
 * names of its own, in `chat` with a message in each direction; a sum.
 */
export async function newcomersAreServed(
  mode: StreamModeName,
  server: LiveServer,
): Promise<void> {
  served++;
  if (mode === "sum") return await sumIsServed(server);
  using pair = await Pair.meet(server, [`Ann ${served}`, `Ben ${served}`]);
  const { x, y } = pair;
  if (mode === "chat") {
    await x.send("hello\n");
    await y.receives("hello\n");
    await y.send("Bye\n");
    await x.receives("Bye\n");
  }
  await Promise.all([x.ends(), y.ends()]);
}

async function sumIsServed(server: LiveServer): Promise<void> {
  using peer = await RawStream.connect(server.port);
  const client_number = served % 100 + 1;
  await peer.send(JSON.stringify({ client_name: "Ann", client_number }));
  const { server_number, sum } = JSON.parse(await peer.ends());
  assertEquals(sum, client_number + server_number);
}
