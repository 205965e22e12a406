/**
 * What the tests share: the scripts as processes, raw sockets to talk to them
 * with, and a deadline on every wait.
 *
 * Whatever a test starts it gets with `await using`, so that it is killed or
 * closed however the test ends.
 */
import { assert } from "@std/assert";

/** How long anything may take before a test fails, in milliseconds. */
export const DEADLINE = 20_000;

const PROJECT = new URL("../../", import.meta.url);
const encoder = new TextEncoder();

/** Waits for a promise, but not for ever. */
export async function within<T>(
  promise: Promise<T>,
  what: string,
  milliseconds = DEADLINE,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`Not within ${milliseconds} ms: ${what}`);
    timer = setTimeout(() => reject(error), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer!);
  }
}

/** Waits until a condition holds, looking again and again. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  milliseconds = DEADLINE,
): Promise<void> {
  const latest = Date.now() + milliseconds;
  while (!await condition()) {
    if (Date.now() > latest) {
      throw new Error(`Not within ${milliseconds} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What a program prints, as it comes. */
class Output {
  text = "";
  readonly finished: Promise<void>;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.finished = this.#collect(stream);
  }

  async #collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      this.text += decoder.decode(bytes, { stream: true });
    }
  }

  get lines(): string[] {
    return this.text.split("\n").slice(0, -1);
  }
}

export interface ScriptOptions {
  /** What Deno is given before the script's name. */
  flags?: string[];
  /** What is typed, all at once, and then the end of the input. */
  input?: string;
  env?: Record<string, string>;
}

/** A running program, ours or another. */
export class Script implements AsyncDisposable {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly #process: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;

  constructor(process: Deno.ChildProcess) {
    this.#process = process;
    this.#stdin = process.stdin.getWriter();
    this.stdout = new Output(process.stdout);
    this.stderr = new Output(process.stderr);
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Types a text; line endings are the caller's. */
  async type(text: string): Promise<void> {
    await this.#stdin.write(encoder.encode(text));
  }

  /** Ends the input, as Ctrl-D does. */
  async endInput(): Promise<void> {
    await this.#stdin.close().catch(() => {}); // it may have exited
  }

  kill(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** Waits until standard output (or standard error) holds a text. */
  async prints(text: string, output = this.stdout): Promise<void> {
    try {
      await until(() => output.text.includes(text), `printed: ${text}`);
    } catch (error) {
      throw new Error(`${error}\n${this.stdout.text}\n${this.stderr.text}`);
    }
  }

  /** Waits until it exits by itself, and gives its exit status. */
  async exits(milliseconds = DEADLINE): Promise<number> {
    const what = () => `exit\n${this.stdout.text}\n${this.stderr.text}`;
    try {
      const { code } = await within(
        this.#process.status,
        "exit",
        milliseconds,
      );
      await Promise.all([this.stdout.finished, this.stderr.finished]);
      return code;
    } catch (error) {
      throw new Error(what(), { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.endInput();
    await this.#process.status;
    await Promise.all([this.stdout.finished, this.stderr.finished]);
  }
}

/** Starts a program of any kind. */
export async function start(
  command: string,
  args: string[],
  options: Pick<ScriptOptions, "input" | "env"> = {},
): Promise<Script> {
  const process = new Deno.Command(command, {
    args,
    cwd: PROJECT,
    env: { NO_COLOR: "1", ...options.env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const script = new Script(process);
  if (options.input !== undefined) {
    await script.type(options.input);
    await script.endInput();
  }
  return script;
}

/** Starts one of the two scripts with the permission that a user gives it. */
export function startScript(
  name: "server" | "client",
  args: string[],
  options: ScriptOptions = {},
): Promise<Script> {
  const flags = options.flags ?? ["--allow-net=127.0.0.1", "--no-prompt"];
  const all = ["run", "--quiet", ...flags, `${name}.ts`, ...args];
  return start(Deno.execPath(), all, options);
}

/** A server script that is ready, and the port that it took. */
export async function startServer(
  args: string[],
  options: ScriptOptions = {},
): Promise<{ server: Script; port: number }> {
  const server = await startScript("server", ["--port", "0", ...args], options);
  return { server, port: await listening(server) };
}

/** Waits for a server's ready lines; gives the port that it took. */
export async function listening(server: Script): Promise<number> {
  await server.prints("listening on ", server.stderr);
  const port = /listening on .*:(\d+) \(/.exec(server.stderr.text)?.[1];
  assert(port !== undefined, server.stderr.text);
  return Number(port);
}

/** Starts a client script against a server on this machine. */
export function startClient(
  port: number,
  args: string[],
  options: ScriptOptions = {},
): Promise<Script> {
  return startScript("client", ["--port", String(port), ...args], options);
}

/** A UDP socket of the tests' own, which sends raw bytes and gets raw bytes. */
export class RawDatagrams implements Disposable {
  readonly #socket: Deno.DatagramConn;
  #pending: Promise<[Uint8Array, Deno.Addr]> | undefined;

  constructor(port = 0) {
    this.#socket = Deno.listenDatagram({
      transport: "udp",
      hostname: "127.0.0.1",
      port,
    });
  }

  get port(): number {
    return (this.#socket.addr as Deno.NetAddr).port;
  }

  async send(message: string | Uint8Array, port: number): Promise<void> {
    const bytes = typeof message === "string"
      ? encoder.encode(message)
      : message;
    await this.#socket.send(bytes, {
      transport: "udp",
      hostname: "127.0.0.1",
      port,
    });
  }

  /** The next datagram as text, and the port that it came from. */
  async receive(): Promise<{ text: string; port: number }> {
    const [bytes, from] = await within(this.#next(), "a datagram");
    this.#pending = undefined;
    const text = new TextDecoder().decode(bytes);
    return { text, port: (from as Deno.NetAddr).port };
  }

  /** Sends a message and gives the text of the answer. */
  async request(message: string | Uint8Array, port: number): Promise<string> {
    await this.send(message, port);
    return (await this.receive()).text;
  }

  /** Whether nothing arrives for a while. */
  async isSilent(milliseconds = 100): Promise<boolean> {
    const silence = Symbol();
    let timer;
    const quiet = new Promise((resolve) => {
      timer = setTimeout(resolve, milliseconds, silence);
    });
    const first = await Promise.race([this.#next(), quiet]);
    clearTimeout(timer);
    return first === silence;
  }

  /** One pending receive, kept: an abandoned one would swallow a datagram. */
  #next(): Promise<[Uint8Array, Deno.Addr]> {
    return this.#pending ??= this.#socket.receive();
  }

  [Symbol.dispose](): void {
    this.#pending?.catch(() => {}); // ends with the socket
    this.#socket.close();
  }
}

/** A TCP connection of the tests' own, which sends and gets raw bytes. */
export class RawStream implements Disposable {
  readonly #conn: Deno.Conn;
  #text = "";
  #ended = false;
  #decoder = new TextDecoder();

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
    this.#collect();
  }

  static async connect(port: number): Promise<RawStream> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay(true);
    return new RawStream(conn);
  }

  /** Everything received so far. */
  get received(): string {
    return this.#text;
  }

  /** Whether the other side has closed, in order or not. */
  get ended(): boolean {
    return this.#ended;
  }

  async send(message: string | Uint8Array): Promise<void> {
    let bytes = typeof message === "string" ? encoder.encode(message) : message;
    while (bytes.length > 0) {
      bytes = bytes.subarray(await this.#conn.write(bytes));
    }
  }

  /** Ends this side's half of the stream, and can still receive. */
  async endSending(): Promise<void> {
    await (this.#conn as Deno.TcpConn).closeWrite();
  }

  /** Waits until what was received holds a text. */
  async receives(text: string): Promise<void> {
    try {
      await until(() => this.#text.includes(text), `received: ${text}`);
    } catch (error) {
      throw new Error(
        `${error}, only ${JSON.stringify(this.#text.slice(-500))}`,
      );
    }
  }

  /** Waits until the other side closes; gives everything received. */
  async ends(): Promise<string> {
    await until(
      () => this.#ended,
      `the end after ${JSON.stringify(this.#text.slice(-500))}`,
    );
    return this.#text;
  }

  async #collect(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const count = await this.#conn.read(buffer);
        if (count === null) break;
        this.#text += this.#decoder.decode(buffer.subarray(0, count), {
          stream: true,
        });
      }
    } catch {
      // Reset, or closed by the test itself: the end all the same.
    }
    this.#ended = true;
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }
}
