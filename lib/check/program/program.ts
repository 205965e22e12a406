/**
 * A checked program as a process: started without a shell, typed to, read, and
 * ended with everything that it started itself.
 */
import { Failure } from "../../rules/contract.ts";
import type { Condition } from "../play/condition.ts";
import { Finding } from "../play/case.ts";
import { Output } from "./output.ts";
import { MARK, mayRun, reap } from "./reaper.ts";

/**
 * How long a program may take to end after SIGINT, in milliseconds. Python
 * prints what it has buffered then; after SIGKILL it would be lost.
 */
const INTERRUPT = 500;
/** The same for a program that has not ended after SIGINT before. */
const HOPELESS_INTERRUPT = 50;
/** How long output may come after the end of a program, in milliseconds. */
const LAST_OUTPUT = 100;
/** How long the end of a killed program may take, in milliseconds. */
const KILLED = 2_000;

const encoder = new TextEncoder();

/** How a program ended. */
export interface Exit {
  readonly code: number;
  readonly signal: Deno.Signal | null;
}

/** Starts the program under check, as often as it is needed. */
export class Launcher {
  readonly #mark = crypto.randomUUID();
  /** The programs whose output somebody still held after their end. */
  readonly #survived: number[] = [];
  #interrupt = INTERRUPT;

  /**
   * @param command the program and its arguments
   * @throws {Failure} where Deno does not allow it
   */
  constructor(readonly command: readonly [string, ...string[]]) {
    const [program] = command;
    if (mayRun(program)) return;
    throw new Failure(
      Deno.build.standalone
        ? `A compiled program cannot start ${program}. Run the script with deno, or start ${program} by hand.`
        : `Deno does not allow this program to start ${program}. Add --allow-run=${program}.`,
    );
  }

  /**
   * Starts it once more.
   *
   * @throws {Finding} where there is no such program
   */
  start(condition: Condition): Program {
    const [program, ...args] = this.command;
    try {
      const process = new Deno.Command(program, {
        args,
        // A session of its own, so that all of it can be ended.
        detached: true,
        env: {
          [MARK]: this.#mark,
          // What Python prints is there at once, as on a terminal, and is
          // UTF-8 whatever the system's language is.
          PYTHONUNBUFFERED: "1",
          PYTHONIOENCODING: "utf-8:backslashreplace",
        },
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      return new Program(process, condition);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Finding("a program that starts", `${program}: ${reason}`);
    }
  }

  /** Ends a program, and what it has started. */
  async end(program: Program): Promise<void> {
    const obeyed = await program.interrupt(this.#interrupt);
    if (!obeyed) this.#interrupt = HOPELESS_INTERRUPT;
    if (!await program.kill()) {
      this.#survived.push(program.pid);
      await this.reap();
    }
    program.abandon();
  }

  /** Ends whatever is left of all the programs that were started. */
  reap(): Promise<boolean> {
    return reap(this.command[0], this.#mark, this.#survived);
  }
}

/** A running program. */
export class Program {
  readonly stdout: Output;
  /** Standard output and standard error, as they came. */
  readonly output: Output;
  readonly #process: Deno.ChildProcess;
  readonly #condition: Condition;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #readers: ReadableStreamDefaultReader<Uint8Array>[] = [];
  #open = 2;
  #exit: Exit | undefined;
  #interrupted = false;

  constructor(process: Deno.ChildProcess, condition: Condition) {
    this.#process = process;
    this.#condition = condition;
    this.stdout = new Output(condition);
    this.output = new Output(condition);
    this.#stdin = process.stdin.getWriter();
    this.#collect(process.stdout, this.stdout);
    this.#collect(process.stderr, undefined);
    process.status.then(({ code, signal }) => {
      this.#exit = { code, signal };
      condition.notify();
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** How it ended; undefined while it runs. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  /** How it ended by itself; undefined where it runs or was interrupted. */
  get ownExit(): Exit | undefined {
    return this.#interrupted ? undefined : this.#exit;
  }

  /** Types a line, with the key Enter. */
  type(line: string): void {
    // A program that has ended, or does not read, is not ours to wait for.
    this.#stdin.write(encoder.encode(line + "\n")).catch(() => {});
  }

  /** Ends the input, as Ctrl-D does. */
  endInput(): void {
    this.#stdin.close().catch(() => {});
  }

  /** Presses Ctrl-C. @returns whether the program ended of it in time */
  async interrupt(milliseconds: number): Promise<boolean> {
    if (this.#exit) return true;
    this.#interrupted = true;
    this.endInput();
    this.#signal("SIGINT");
    return await this.#condition.until(
      () => this.#exit !== undefined,
      milliseconds,
    );
  }

  /** @returns whether nobody holds its output any more */
  async kill(): Promise<boolean> {
    if (this.#exit === undefined) {
      this.#signal("SIGKILL");
      await this.#condition.until(() => this.#exit !== undefined, KILLED);
    }
    return await this.#condition.until(() => this.#open === 0, LAST_OUTPUT);
  }

  /** Reads no more, whoever may still hold its output. */
  abandon(): void {
    for (const reader of this.#readers) reader.cancel().catch(() => {});
    this.#stdin.abort().catch(() => {});
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#process.kill(signal);
    } catch {
      // It has ended meanwhile, or this system does not have the signal.
    }
  }

  async #collect(
    stream: ReadableStream<Uint8Array>,
    output: Output | undefined,
  ): Promise<void> {
    const reader = stream.getReader();
    this.#readers.push(reader);
    const decoder = new TextDecoder();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const text = decoder.decode(value, { stream: true });
        output?.add(text);
        this.output.add(text);
      }
    } catch {
      // Abandoned: what still comes is not wanted.
    }
    this.#open--;
    this.#condition.notify();
  }
}
