/**
 * Floods and what they do to others: a server that prints for nobody, a process
 * that floods it, and how long everybody else waits meanwhile.
 */
import { assert } from "@std/assert";
import { type ModeName, MODES } from "../../lib/rules.ts";
import { DEADLINE, type Script, start, until, within } from "./harness.ts";
import { endless } from "./modes.ts";

/** What a flood sends; `flood.ts` does it. */
export type FloodKind =
  /** One who chats, with a partner who reads. */
  | "short lines"
  | "control characters"
  | "empty lines"
  /** Lines that are not UTF-8. */
  | "no text"
  /** One whose every line is refused. */
  | "no introduction"
  /** Fifty connections that send nothing else. */
  | "empty lines to sum"
  /** Two hundred connections, byte by byte into a long message. */
  | "single bytes"
  /** Over UDP. */
  | "datagrams"
  /** Many who talk before their partners have come. */
  | "early messages"
  /** Many who talk to partners who read nothing. */
  | "unread messages";

/** The floods over TCP, and the mode that each of them is for. */
export const STREAM_FLOODS: Record<
  Exclude<FloodKind, "datagrams" | "early messages" | "unread messages">,
  "chat" | "sum"
> = {
  "short lines": "chat",
  "control characters": "chat",
  "empty lines": "chat",
  "no text": "chat",
  "no introduction": "chat",
  "empty lines to sum": "sum",
  "single bytes": "chat",
};

/**
 * Starts a flood, and waits until it has begun.
 *
 * @param count how many peers take part, where that can be chosen
 */
export async function startFlood(
  port: number,
  kind: FloodKind,
  count = 1,
): Promise<Script> {
  const flags = ["--quiet", "--allow-net=127.0.0.1", "--no-prompt"];
  const file = "tests/support/flood.ts";
  const words = ["run", ...flags, file, String(port), kind, String(count)];
  const flood = await start(Deno.execPath(), words);
  await flood.prints("flooding\n");
  return flood;
}

/** A server of ours whose output nobody reads: a flood's would fill a pipe. */
export class QuietServer implements AsyncDisposable {
  readonly port: number;
  readonly #process: Deno.ChildProcess;

  private constructor(process: Deno.ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  /** Starts one that goes on however many clients it has served. */
  static async start(
    mode: ModeName,
    options: { args?: string[]; shell?: string } = {},
  ): Promise<QuietServer> {
    const { args = [], shell = "" } = options;
    const port = freePort();
    const flags = ["--quiet", "--allow-net=127.0.0.1", "--no-prompt"];
    const words = [Deno.execPath(), "run", ...flags, "server.ts"];
    const own = [...endless(mode), "--port", String(port), ...args];
    const process = new Deno.Command("sh", {
      args: ["-c", `${shell} exec "$@"`, "sh", ...words, ...own],
      cwd: new URL("../../", import.meta.url),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const server = new QuietServer(process, port);
    if (MODES[mode].transport === "tcp") await untilListening(port);
    return server;
  }

  /** Memory in use, in KiB; undefined where there is no `/proc`. */
  async memory(): Promise<number | undefined> {
    // Deno itself reads nothing below /proc without every permission there is.
    const args = [`/proc/${this.#process.pid}/status`];
    const cat = new Deno.Command("cat", { args, stderr: "null" });
    const { stdout } = await cat.output();
    const text = new TextDecoder().decode(stdout);
    const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(text)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes);
  }

  kill(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** Waits until it exits by itself, and gives its exit status. */
  async exits(): Promise<number> {
    return (await within(this.#process.status, "exit")).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.#process.status;
  }
}

/** Waits until a server that was just started accepts connections. */
export async function untilListening(port: number): Promise<void> {
  await until(async () => {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port })
      .catch(() => undefined);
    conn?.close();
    return conn !== undefined;
  }, "a server that listens");
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** One of two who chat, or who ask for a sum, and how long each has to wait. */
export class Probe implements Disposable {
  readonly #port: number;
  readonly #mode: "chat" | "sum";
  readonly #conns: Deno.TcpConn[] = [];
  readonly #buffer = new Uint8Array(4096);
  static #count = 0;

  private constructor(port: number, mode: "chat" | "sum") {
    this.#port = port;
    this.#mode = mode;
  }

  /** Who chats has to meet first. */
  static async open(port: number, mode: "chat" | "sum"): Promise<Probe> {
    const probe = new Probe(port, mode);
    if (mode === "chat") await probe.#meet();
    return probe;
  }

  async #meet(): Promise<void> {
    const name = ++Probe.#count;
    for (const side of ["X", "Y"]) {
      const conn = await this.#connect();
      this.#conns.push(conn);
      await conn.write(bytesOf(`Client ${side}: Probe ${name}\n`));
    }
    for (const conn of this.#conns) await this.#readUntil(conn, "\n");
  }

  /**
   * Asks again and again.
   *
   * @param milliseconds how long
   * @returns the longest wait for an answer, in milliseconds
   */
  async longestWait(milliseconds: number): Promise<number> {
    const end = performance.now() + milliseconds;
    let longest = 0;
    while (performance.now() < end) {
      const began = performance.now();
      await (this.#mode === "chat" ? this.#say() : this.#add());
      longest = Math.max(longest, performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return longest;
  }

  async #say(): Promise<void> {
    const [x, y] = this.#conns;
    await x!.write(bytesOf("a word\n"));
    assert(await this.#readUntil(y!, "\n") === "a word\n");
  }

  async #add(): Promise<void> {
    using conn = await this.#connect();
    await conn.write(bytesOf('{"client_name": "A", "client_number": 5}'));
    assert((await this.#readUntil(conn, "}")).includes('"sum":'));
  }

  async #connect(): Promise<Deno.TcpConn> {
    const conn = await within(
      Deno.connect({ hostname: "127.0.0.1", port: this.#port }),
      "a connection",
    );
    conn.setNoDelay(true);
    return conn;
  }

  async #readUntil(conn: Deno.TcpConn, end: string): Promise<string> {
    let text = "";
    while (!text.endsWith(end)) {
      const count = await within(conn.read(this.#buffer), "bytes", DEADLINE);
      if (count === null) throw new Error(`the end after ${text}`);
      text += new TextDecoder().decode(this.#buffer.subarray(0, count));
    }
    return text;
  }

  [Symbol.dispose](): void {
    for (const conn of this.#conns) conn.close();
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
