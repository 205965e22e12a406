/**
 * What a person types: questions and their answers, one line at a time.
 *
 * Asked with `node:readline`, on a terminal and on a pipe. The keyboard never
 * stops the program: sockets are read while it waits for a line.
 */
import process from "node:process";
import { createInterface, type Interface } from "node:readline";
import { lineTooLong } from "../net/errors.ts";
import type { Printer } from "./terminal.ts";

/** How many lines of a pipe are read ahead of the questions. */
export const READ_AHEAD = 1_000;

/**
 * The longest line that is read from a pipe, in bytes: an input without any
 * line ending (`< /dev/zero`) would fill the memory. No message is so long.
 */
export const MAX_LINE = 1024 * 1024;

const LINE_FEED = 0x0a;

/** Asks the user, one line at a time. */
export class Keyboard {
  /** Whether a person types, who can be asked again. */
  readonly interactive = Deno.stdin.isTerminal();
  readonly #printer: Printer;
  readonly #onInterrupt: () => void;
  readonly #lines: string[] = [];
  #readline: Interface | undefined;
  #ended = false;
  #question: PromiseWithResolvers<string | undefined> | undefined;
  /** How long the line is that has begun and not ended, in bytes. */
  #unended = 0;

  /** @param onInterrupt called on Ctrl-C, which is no signal while a line is edited */
  constructor(printer: Printer, onInterrupt: () => void) {
    this.#printer = printer;
    this.#onInterrupt = onInterrupt;
  }

  /** Whether the screen shows what is typed right where the transcript is. */
  get #editing(): boolean {
    return this.interactive && Deno.stdout.isTerminal();
  }

  /**
   * Asks for a line. Only one question can be open at a time.
   *
   * @returns undefined at the end of the input
   * @throws {Failure} where a line is longer than `MAX_LINE`
   */
  async ask(prompt: string): Promise<string | undefined> {
    this.#printer.flush();
    this.#readline ??= this.#open();
    const line = this.#lines.shift();
    if (line !== undefined) return line;
    if (this.#unended > MAX_LINE) throw lineTooLong(MAX_LINE);
    if (this.#ended) return undefined;
    this.#readline.resume();
    if (this.interactive) {
      this.#readline.setPrompt(prompt);
      this.#readline.prompt(true);
    }
    this.#question = Promise.withResolvers();
    return await this.#question.promise;
  }

  /** Prints a typed line with its prompt, where the screen does not show it yet. */
  echo(prompt: string, line: string): void {
    if (!this.#editing) this.#printer.print(prompt + line);
  }

  /** Ends the reading; an open question gets the end of the input for answer. */
  close(): void {
    this.#readline?.close();
  }

  #open(): Interface {
    avoidEnvironment();
    const readline = createInterface({
      input: process.stdin,
      // A transcript that goes to a file has no questions in it.
      output: this.#editing
        ? process.stdout
        : this.interactive
        ? process.stderr
        : undefined,
      terminal: this.#editing,
    });
    readline.on("line", (line) => this.#take(line));
    readline.on("close", () => this.#end());
    readline.on("SIGINT", this.#onInterrupt);
    // Suspending takes the right to send signals, which a student's run lacks.
    readline.on("SIGTSTP", () => {});
    if (this.#editing) this.#printer.typing = aroundTyping(readline);
    else process.stdin.on("data", (bytes) => this.#measure(bytes));
    return readline;
  }

  /** Readline itself would gather a line of any length. */
  #measure(bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(LINE_FEED);
    this.#unended = end < 0
      ? this.#unended + bytes.length
      : bytes.length - end - 1;
    if (this.#unended <= MAX_LINE) return;
    this.#question?.reject(lineTooLong(MAX_LINE));
    this.#readline?.close();
  }

  #take(line: string): void {
    this.#readline?.setPrompt("");
    const question = this.#question;
    this.#question = undefined;
    if (question) return question.resolve(line);
    this.#lines.push(line);
    if (this.#lines.length >= READ_AHEAD) this.#readline?.pause();
  }

  #end(): void {
    this.#ended = true;
    this.#printer.stopTyping();
    this.#question?.resolve(undefined);
    this.#question = undefined;
  }
}

/**
 * Deno 2.5's readline looks up TERM, which takes a permission that nobody has
 * to give us. All that it wants to know is whether the terminal is a dumb one.
 */
function avoidEnvironment(): void {
  const term = { name: "env", variable: "TERM" } as const;
  if (Deno.permissions.querySync(term).state === "granted") return;
  Object.defineProperty(process, "env", { value: {}, configurable: true });
}

/** Takes the line that is being typed off the screen, and puts it back. */
function aroundTyping(readline: Interface & { prevRows?: number }) {
  return {
    hide() {
      const { rows } = readline.getCursorPos();
      readline.prevRows = 0; // the line will begin anew, wherever that is
      return (rows > 0 ? `\x1b[${rows}A` : "") + "\r\x1b[J";
    },
    show: () => readline.prompt(true),
  };
}
