/** A program under check, as a process to type to, read and end. */
import type { Condition } from "../play/condition.ts";
import { isWindows } from "../../net/system.ts";
import { mayRunAll } from "./helpers.ts";

/** How long output may come after the end of a program, in milliseconds. */
const LAST_OUTPUT = 100;
/** How long the end of a killed program may take, in milliseconds. */
const KILLED = 2_000;
/** How much of the end to search for the last lines, in characters. */
const TAIL = 8_192;
/** Output this soon before the end comes from a buffer, in milliseconds. */
const AT_END = 100;
/** How much output is kept, in characters; more would flood memory. */
export const MAX_OUTPUT = 1024 * 1024;

const encoder = new TextEncoder();

/** How a program ended. */
interface Exit {
  readonly code: number;
  readonly signal: Deno.Signal | null;
}

/** The sizes of standard output's buffers are multiples of this, in bytes. */
const BLOCK = 1024;

/** A running program. */
export class Program {
  /** Standard output and standard error, as they come. */
  readonly output = { text: "", flooded: false };
  readonly #process: Deno.ChildProcess;
  readonly #condition: Condition;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #readers: ReadableStreamDefaultReader<Uint8Array>[] = [];
  readonly #hasKeys: boolean;
  #open = 2;
  #exit: Exit | undefined;
  /** When it first printed something, and when it ended or was interrupted. */
  #printedAt: number | undefined;
  /** How much has come on standard output, in bytes. */
  #printed = 0;
  #endedAt: number | undefined;
  /** How much it had printed before Ctrl-C, in characters. */
  #interruptedAt: number | undefined;

  /** @param hasKeys whether Ctrl-C is typed as a key, not sent as a signal */
  constructor(
    process: Deno.ChildProcess,
    condition: Condition,
    hasKeys = false,
  ) {
    this.#process = process;
    this.#hasKeys = hasKeys;
    this.#condition = condition;
    this.#stdin = process.stdin.getWriter();
    // At a second Ctrl-C the check exits at once, and must end this program.
    addEventListener("unload", this.#kill);
    this.#collect(process.stdout, true);
    this.#collect(process.stderr, false);
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

  /** How it ended by itself; undefined if it runs or was interrupted. */
  get ownExit(): Exit | undefined {
    return this.#interruptedAt === undefined ? this.#exit : undefined;
  }

  /** Whether it has ended by itself, along with everything it started. */
  get isOver(): boolean {
    return this.ownExit !== undefined && this.#open === 0;
  }

  /** Whether it printed something long before its end. */
  get printsAtOnce(): boolean {
    if (this.#printedAt === undefined) return false;
    return (this.#endedAt ?? performance.now()) - this.#printedAt > AT_END;
  }

  /** The last lines before the check's Ctrl-C that are not empty. */
  lastLines(count: number): string[] {
    const tail = this.output.text.slice(0, this.#interruptedAt).slice(-TAIL);
    const lines = tail.split(/\r?\n/);
    if (tail.length === TAIL) lines.shift(); // may be cut off
    return lines.filter((line) => line.trim() !== "").slice(-count);
  }

  /** Types a line, and Enter. */
  type(line: string): void {
    this.#press(`${line}\n`);
  }

  #press(keys: string): void {
    // Do not wait: the program may have ended, or may never read.
    this.#stdin.write(encoder.encode(keys)).catch(() => {});
  }

  /** Ends its input, as Ctrl-D does. */
  endInput(): void {
    this.#stdin.close().catch(() => {});
  }

  /** Presses Ctrl-C. @returns whether that ended the program in time */
  async interrupt(milliseconds: number): Promise<boolean> {
    const hasEnded = () => this.#exit !== undefined;
    if (hasEnded()) return true;
    this.#interruptedAt = this.output.text.length;
    this.#endedAt = performance.now();
    if (this.#hasKeys) this.#press("\x03");
    this.endInput();
    // Windows would end it without what it has started, or not at all.
    if (!this.#hasKeys && !isWindows()) this.#signal("SIGINT");
    return await this.#condition.until(hasEnded, milliseconds);
  }

  /** @returns whether nothing holds its output any more */
  async kill(): Promise<boolean> {
    if (this.#exit === undefined) {
      this.#kill();
      await this.#condition.until(() => this.#exit !== undefined, KILLED);
    }
    return await this.isReleased(LAST_OUTPUT);
  }

  /** @returns whether nothing holds its output any more */
  async isReleased(milliseconds: number): Promise<boolean> {
    return await this.#condition.until(() => this.#open === 0, milliseconds);
  }

  /** Reads no more, even if something still holds its output. */
  abandon(): void {
    for (const reader of this.#readers) reader.cancel().catch(() => {});
    this.#stdin.abort().catch(() => {});
  }

  readonly #kill = () => this.#signal("SIGKILL");

  #signal(signal: "SIGINT" | "SIGKILL"): void {
    try {
      // To everything it started, too, as a terminal would.
      if (mayRunAll() && !isWindows()) Deno.kill(-this.pid, signal);
      else this.#process.kill(signal);
    } catch {
      // It has ended meanwhile, or the system lacks the signal.
    }
  }

  #show(text: string, isStdout: boolean): void {
    const { output } = this;
    if (text === "") return;
    if (isStdout) this.#printed += encoder.encode(text).length;
    // Whole blocks may be a full buffer's overflow.
    const isAtOnce = isStdout && this.#printed % BLOCK !== 0;
    if (isAtOnce) this.#printedAt ??= performance.now();
    const room = MAX_OUTPUT - output.text.length;
    output.flooded ||= text.length > room;
    output.text += text.slice(0, room);
    this.#condition.notify();
  }

  async #collect(
    stream: ReadableStream<Uint8Array>,
    isStdout: boolean,
  ): Promise<void> {
    const reader = stream.getReader();
    this.#readers.push(reader);
    const decoder = new TextDecoder();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        this.#show(decoder.decode(value, { stream: true }), isStdout);
      }
    } catch {
      // Abandoned.
    }
    this.#open--;
    this.#condition.notify();
  }
}
