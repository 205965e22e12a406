/**
 * A checked program as a process: started without a shell, typed to, read, and
 * ended with everything that it started itself.
 */
import type { Condition } from "../play/condition.ts";
import { Output } from "./output.ts";
import { mayRunAll } from "./helpers.ts";

/** How long output may come after the end of a program, in milliseconds. */
const LAST_OUTPUT = 100;
/** How long the end of a killed program may take, in milliseconds. */
const KILLED = 2_000;

/** Where the last lines are looked for, in characters from the end. */
const TAIL = 8_192;

/** What a program prints so soon before its end is its buffer, in milliseconds. */
const AT_END = 100;

const encoder = new TextEncoder();

/** How a program ended. */
export interface Exit {
  readonly code: number;
  readonly signal: Deno.Signal | null;
}

/** A running program. */
export class Program {
  readonly stdout: Output;
  /** Standard output and standard error, as they came. */
  readonly output: Output;
  /** The same with what was typed, as a terminal shows it. */
  readonly screen: Output;
  readonly #process: Deno.ChildProcess;
  readonly #condition: Condition;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #readers: ReadableStreamDefaultReader<Uint8Array>[] = [];
  readonly #hasKeys: boolean;
  #open = 2;
  #exit: Exit | undefined;
  /** When it printed something, and when it ended or was interrupted. */
  #printedAt: number | undefined;
  #endedAt: number | undefined;
  /** How much was printed before Ctrl-C, in characters. */
  #interruptedAt: number | undefined;

  /** @param hasKeys whether Ctrl-C is a key that is typed, and not a signal */
  constructor(
    process: Deno.ChildProcess,
    condition: Condition,
    hasKeys = false,
  ) {
    this.#process = process;
    this.#hasKeys = hasKeys;
    this.#condition = condition;
    this.stdout = new Output(condition);
    this.output = new Output(condition);
    this.screen = new Output(condition);
    this.#stdin = process.stdin.getWriter();
    // At a second Ctrl-C the check exits at once; what it started ends with it.
    addEventListener("unload", this.#kill);
    this.#collect(process.stdout, this.stdout);
    this.#collect(process.stderr, undefined);
    process.status.then(({ code, signal }) => {
      this.#exit = { code, signal };
      this.#endedAt ??= performance.now();
      removeEventListener("unload", this.#kill);
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
    return this.#interruptedAt === undefined ? this.#exit : undefined;
  }

  /** Whether it has ended by itself, and so has everything that it started. */
  get isOver(): boolean {
    return this.ownExit !== undefined && this.#open === 0;
  }

  /** The last lines before the check's Ctrl-C that are not blank. */
  lastLines(count: number): string[] {
    const tail = this.output.text.slice(0, this.#interruptedAt).slice(-TAIL);
    const lines = tail.split(/\r?\n/);
    if (tail.length === TAIL) lines.shift(); // it may have lost its beginning
    return lines.filter((line) => line.trim() !== "").slice(-count);
  }

  /** Whether it has printed something long before its end. */
  get printsAtOnce(): boolean {
    if (this.#printedAt === undefined) return false;
    return (this.#endedAt ?? performance.now()) - this.#printedAt > AT_END;
  }

  /** Types a line, with the key Enter. */
  type(line: string): void {
    this.screen.add(`${line}\n`);
    this.#press(`${line}\n`);
  }

  #press(keys: string): void {
    // A program that has ended, or does not read, is not ours to wait for.
    this.#stdin.write(encoder.encode(keys)).catch(() => {});
  }

  /** Ends the input, as Ctrl-D does. */
  endInput(): void {
    this.#stdin.close().catch(() => {});
  }

  /** Presses Ctrl-C. @returns whether the program ended of it in time */
  async interrupt(milliseconds: number): Promise<boolean> {
    if (this.#exit) return true;
    this.#interruptedAt = this.output.text.length;
    this.#endedAt = performance.now();
    if (this.#hasKeys) this.#press("\x03");
    this.endInput();
    if (!this.#hasKeys) this.#signal("SIGINT");
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
    return await this.isReleased(LAST_OUTPUT);
  }

  /** @returns whether nobody holds its output any more, in milliseconds */
  async isReleased(milliseconds: number): Promise<boolean> {
    return await this.#condition.until(() => this.#open === 0, milliseconds);
  }

  /** Reads no more, whoever may still hold its output. */
  abandon(): void {
    for (const reader of this.#readers) reader.cancel().catch(() => {});
    this.#stdin.abort().catch(() => {});
  }

  readonly #kill = () => this.#signal("SIGKILL");

  #signal(signal: "SIGINT" | "SIGKILL"): void {
    try {
      // To all that it has started, as the keys of a terminal do.
      if (mayRunAll() && Deno.build.os !== "windows") {
        Deno.kill(-this.pid, signal);
      } else this.#process.kill(signal);
    } catch {
      // It has ended meanwhile, or this system does not have the signal.
    }
  }

  #show(text: string, stdout: Output | undefined): void {
    if (text === "") return;
    if (stdout) this.#printedAt ??= performance.now();
    stdout?.add(text);
    this.output.add(text);
    this.screen.add(text);
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
        this.#show(text, output);
      }
    } catch {
      // Abandoned: what still comes is not wanted.
    }
    this.#open--;
    this.#condition.notify();
  }
}
