/**
 * The programs that the bench measures: our server, and its peer as a textbook
 * writes it. Both print into a file, so that both pay for what they print.
 */
import type { ModeName } from "../../lib/rules.ts";
import { within } from "../support/harness.ts";

const PROJECT = new URL("../../", import.meta.url);
/** From the project's folder, where every program is started. */
const PEERS = "tests/bench/peers";
/** What a student gives the server, and nothing more. */
const DENO_RUN = ["run", "--quiet", "--allow-net=127.0.0.1", "--no-prompt"];

/** What Linux counts time in, in microseconds. */
const TICK = 10_000;

export type Language = "Python" | "Deno";

/** A server process that has been started; it may not be listening yet. */
export class Program implements AsyncDisposable {
  readonly port: number;
  readonly #process: Deno.ChildProcess;

  constructor(process: Deno.ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  /** The memory that the process uses, in KiB; undefined without `/proc`. */
  async memory(): Promise<number | undefined> {
    // Deno itself reads nothing below /proc without every permission there is.
    const status = await output("cat", `/proc/${this.#process.pid}/status`);
    const kibibytes = status?.match(/^VmRSS:\s*(\d+) kB$/m)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes);
  }

  /** The time that it has computed, in microseconds; undefined without `/proc`. */
  async cpu(): Promise<number | undefined> {
    const stat = await output("cat", `/proc/${this.#process.pid}/stat`);
    // After the name, which may have spaces: user and system time are 14 and 15.
    const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields && (Number(fields[11]) + Number(fields[12])) * TICK;
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

/** Starts programs, ends them, and keeps the folder that they print into. */
export class Launcher implements AsyncDisposable {
  readonly peerLanguage: Language;
  /** Undefined where there is no `sh`: then what is printed is thrown away. */
  readonly #folder: string | undefined;
  readonly #started: Program[] = [];

  readonly #denoFlags: string[];

  private constructor(
    peerLanguage: Language,
    folder: string | undefined,
    denoFlags: string[],
  ) {
    this.peerLanguage = peerLanguage;
    this.#folder = folder;
    this.#denoFlags = denoFlags;
  }

  /**
   * @param language what the peers should be written in; by default Python
   * @param denoFlags what Deno gets besides, where it runs our server
   */
  static async open(
    language?: string,
    denoFlags: string[] = [],
  ): Promise<Launcher> {
    const hasPython = language !== "deno" &&
      await output("python3", "--version") !== undefined;
    const folder = await output("sh", "-c", "mktemp -d");
    const peers = hasPython ? "Python" : "Deno";
    return new Launcher(peers, folder?.trim(), denoFlags);
  }

  /**
   * Starts our server.
   *
   * @param file what it prints into: two that run at once need two
   */
  ours(mode: ModeName, args: string[] = [], file = "ours"): Program {
    const server = ["server.ts", "--mode", mode, ...args, "--port"];
    const flags = [...DENO_RUN, ...this.#denoFlags];
    return this.#start(file, [Deno.execPath(), ...flags, ...server]);
  }

  /** Starts the textbook's server. */
  peer(mode: ModeName): Program {
    const command = this.peerLanguage === "Python"
      ? ["python3", `${PEERS}/${mode}.py`]
      : [Deno.execPath(), ...DENO_RUN, `${PEERS}/peers.ts`, mode];
    return this.#start("peer", command);
  }

  /** Starts `socat` as a relay before a port. */
  socat(upstream: number): Program {
    const relay = 'exec socat "TCP-LISTEN:$1,bind=127.0.0.1,reuseaddr,fork" ' +
      '"TCP:127.0.0.1:$0"';
    return this.#start("peer", ["sh", "-c", relay, String(upstream)]);
  }

  /** Starts an echo server in Deno. */
  echo(): Program {
    const command = [Deno.execPath(), ...DENO_RUN, `${PEERS}/echo.ts`];
    return this.#start("peer", command);
  }

  /** How long Deno takes to run one line, from the command on, in milliseconds. */
  async timeOfLine(): Promise<number> {
    const begun = performance.now();
    await output(Deno.execPath(), "run", "--quiet", `${PEERS}/line.ts`);
    return performance.now() - begun;
  }

  /**
   * A new program takes over the file of the one before, so that the disk does
   * not fill; the port number goes last on its command line.
   */
  #start(fileName: string, command: string[]): Program {
    const port = freePort();
    const words = [...command, String(port)];
    const [first = "", ...rest] = this.#folder === undefined
      ? words
      : printingInto(`${this.#folder}/${fileName}`, words);
    const process = new Deno.Command(first, {
      args: rest,
      cwd: PROJECT,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const program = new Program(process, port);
    this.#started.push(program);
    return program;
  }

  /** Ends what still runs: whoever started it may have been interrupted. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#started) await program[Symbol.asyncDispose]();
    if (this.#folder) await output("rm", "-r", this.#folder);
  }
}

/** A command line that puts what it prints, transcript and log, into a file. */
function printingInto(file: string, command: string[]): string[] {
  return ["sh", "-c", 'exec "$@" >"$0" 2>&1', file, ...command];
}

/**
 * A port that nobody has at the moment. Another program could take it before
 * ours does, but textbook servers cannot say which free port they were given.
 */
function freePort(): number {
  const address = { hostname: "127.0.0.1", port: 0 };
  using listener = Deno.listen(address);
  return listener.addr.port;
}

/** What a command prints; undefined where it does not exist or fails. */
async function output(
  command: string,
  ...args: string[]
): Promise<string | undefined> {
  try {
    const running = new Deno.Command(command, { args, stderr: "null" });
    const { success, stdout } = await within(running.output(), command);
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
