/**
 * Starts the program under check, as often as needed, and ends it with
 * everything it started.
 */
import { isWindows } from "../../net/system.ts";
import { Failure } from "../../rules/contract.ts";
import { Finding } from "../play/case.ts";
import type { Condition } from "../play/condition.ts";
import { mayRun, succeeds } from "./helpers.ts";
import { Program } from "./program.ts";
import { MARK, reap } from "./reaper.ts";
import {
  ENVIRONMENT,
  findTerminal,
  printsAtOnce,
  type Terminal,
} from "./terminal.ts";

/**
 * How long a program may take to end after SIGINT, in milliseconds. Python then
 * prints what it has buffered, which SIGKILL would lose.
 */
const INTERRUPT = 500;
/** The same, for a program that did not end after SIGINT before. */
const HOPELESS_INTERRUPT = 50;

/** How long the end of what it left may take, in milliseconds. */
const REAPED = 300;

/** Starts and ends one program. */
export class Launcher {
  readonly #mark = crypto.randomUUID();
  /** The programs whose output was still held open after they ended. */
  readonly #survived: number[] = [];
  #interrupt = INTERRUPT;
  /** Looked for once, and only if the program needs it. */
  #terminal: Promise<Terminal | undefined> | undefined;
  /** Whether nothing it prints stays in a buffer. */
  #isUnbuffered: boolean;
  /** Whether any server that was started has listened. */
  hasListened = false;
  /** What it left that holds its port, in words: no more runs are possible. */
  leftover: string | undefined;

  /**
   * @param command the program and its arguments
   * @throws {Failure} if Deno does not allow it
   */
  constructor(readonly command: readonly [string, ...string[]]) {
    const [program] = command;
    this.#isUnbuffered = printsAtOnce(program);
    if (mayRun(program)) return;
    throw new Failure(
      Deno.build.standalone
        ? `A compiled program cannot start ${program}. Run the script with deno, or start ${program} by hand.`
        : `Deno does not allow this program to start ${program}. Add --allow-run=${program}.`,
    );
  }

  /** Starts it again. @throws {Finding} if there is no such program */
  async start(condition: Condition): Promise<Program> {
    const terminal = await this.#findTerminal();
    const [program, ...args] = terminal
      ? [terminal.helper, ...terminal.args(this.command)] as const
      : this.command;
    try {
      const process = new Deno.Command(program, {
        args,
        // In its own session, so that all of it can be ended.
        detached: true,
        env: { [MARK]: this.#mark, ...ENVIRONMENT },
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      return new Program(process, condition, terminal?.hasKeys);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Finding("a program that starts", `${program}: ${reason}`);
    }
  }

  async #findTerminal(): Promise<Terminal | undefined> {
    if (printsAtOnce(this.command[0])) return undefined;
    this.#terminal ??= findTerminal();
    const terminal = await this.#terminal;
    if (terminal) this.#isUnbuffered = true;
    return terminal;
  }

  /**
   * Whether we have seen all that a program printed, with none lost in a
   * buffer.
   */
  hasShownAll({ printsAtOnce, ownExit }: Program): boolean {
    if (printsAtOnce) this.#isUnbuffered = true;
    return this.#isUnbuffered || ownExit?.signal === null;
  }

  /** What to allow so that it gets a terminal, and ends with all it started. */
  get wanted(): string {
    return `--allow-run=${this.command[0]},python3`;
  }

  /** Ends a program, and what it started. */
  async end(program: Program): Promise<void> {
    const obeyed = await program.interrupt(this.#interrupt);
    if (!obeyed) this.#interrupt = HOPELESS_INTERRUPT;
    if (isWindows() && !program.exit) await killTree(program.pid);
    if (!await program.kill()) {
      this.#survived.push(program.pid);
      await this.reap(() => program.isReleased(REAPED));
    }
    program.abandon();
  }

  /**
   * Ends whatever is left of the programs that were started.
   *
   * @param isDone whether nothing is left
   * @returns whether nothing is left
   */
  reap(isDone = () => Promise.resolve(true)): Promise<boolean> {
    return reap(this.command[0], this.#mark, this.#survived, isDone);
  }
}

/** Windows knows what a process started only while that process exists. */
async function killTree(pid: number): Promise<void> {
  if (!mayRun("taskkill")) return;
  await succeeds("taskkill", ["/T", "/F", "/PID", String(pid)]);
}
