/**
 * What a person sees and types.
 *
 * The transcript goes to standard output, the log to standard error, and
 * nothing that a peer sent can do anything to the screen. Questions are asked
 * with `node:readline`, on a terminal and on a pipe; a line that is being typed
 * survives what is printed meanwhile.
 */
import { cyan, dim, red, setColorEnabled, yellow } from "@std/fmt/colors";
import process from "node:process";
import { createInterface, type Interface } from "node:readline";
import type { Level } from "./rules/contract.ts";

/** Every log level, from the most talkative on; one shows itself and those after it. */
export const LOG_LEVELS = [
  "debug",
  "info",
  "warning",
  "error",
  "silent",
] as const;
export type LogLevel = typeof LOG_LEVELS[number];

/** How much printed text is gathered into one write, in characters. */
export const WRITE_SIZE = 64 * 1024;
/** How long printed text may wait for more to share its write, in milliseconds. */
export const WRITE_DELAY = 10;
/**
 * How often one write may turn from the transcript to the log and back. Both
 * may be shown in one place, so their order is kept; but where a hundred peers
 * say something in those milliseconds, nobody follows it, and each of the two
 * is written for itself.
 */
export const MAX_TURNS = 32;
/** How many lines of a pipe are read ahead of the questions. */
export const READ_AHEAD = 1_000;

/** Where lines go; `Deno.stdout` and `Deno.stderr` are two. */
export interface Output {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

export interface PrinterOptions {
  /** @default {"debug"} */
  level?: LogLevel;
  /** @default {Deno.stdout} */
  stdout?: Output;
  /** @default {Deno.stderr} */
  stderr?: Output;
  /** Called once, when nobody reads the transcript any more (`| head -1`). */
  onReaderGone?: () => void;
}

const COLORS: Record<Level, (text: string) => string> = {
  debug: dim,
  info: cyan,
  warning: yellow,
  error: red,
};

// Control characters move the cursor, line separators forge lines, and the
// marks that turn the writing direction make a line look like another.
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const ALL_UNSAFE = new RegExp(UNSAFE, "g");

/** Makes a text safe to print: one line, with `\x1b` for an escape character. */
export function escape(text: string): string {
  // Nearly no text needs it, and to look is faster than to replace.
  return UNSAFE.test(text) ? text.replace(ALL_UNSAFE, escapeOne) : text;
}

function escapeOne(character: string): string {
  const hex = character.charCodeAt(0).toString(16);
  return hex.length > 2
    ? `\\u${hex.padStart(4, "0")}`
    : `\\x${hex.padStart(2, "0")}`;
}

/** What waits to be written to one output. */
interface Piece {
  readonly to: Output;
  text: string;
}

/** Prints the transcript and the log, in the order in which they come. */
export class Printer {
  readonly #options: Required<PrinterOptions>;
  readonly #encoder = new TextEncoder();
  readonly #logOnScreen: boolean;
  readonly #gone = new Set<Output>();
  #pending: Piece[] = [];
  #size = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What has to be done around each write while a line is being typed. */
  typing: { hide(): string; show(): void } | undefined;

  constructor(options: PrinterOptions = {}) {
    this.#options = {
      level: "debug",
      stdout: Deno.stdout,
      stderr: Deno.stderr,
      onReaderGone: () => {},
      ...options,
    };
    this.#logOnScreen = this.#options.stderr.isTerminal();
    setColorEnabled(!Deno.noColor && this.#logOnScreen);
  }

  /** Prints a line of the transcript. */
  print(line: string): void {
    this.#add(this.#options.stdout, escape(line) + "\n");
  }

  /** Prints a line of the log, as `[LEVEL] [source]: text`. */
  log(level: Level, source: string, text: string): void {
    const { level: least, stderr } = this.#options;
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(least)) return;
    const label = COLORS[level](`[${level.toUpperCase()}]`);
    this.#add(stderr, `${label} [${source}]: ${escape(text)}\n`);
  }

  #add(to: Output, text: string): void {
    const last = this.#pending.at(-1);
    if (last?.to === to) last.text += text;
    else this.#pending.push({ to, text });
    this.#size += text.length;
    if (this.#size >= WRITE_SIZE) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), WRITE_DELAY);
  }

  /** Writes what is gathered; a program has to call it before it exits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pieces = this.#pending;
    this.#pending = [];
    this.#size = 0;
    const isTooMany = pieces.length > MAX_TURNS;
    for (const { to, text } of isTooMany ? this.#joined(pieces) : pieces) {
      const typing = to === this.#options.stdout || this.#logOnScreen
        ? this.typing
        : undefined;
      this.#write(to, (typing?.hide() ?? "") + text);
      typing?.show();
    }
  }

  /** One piece for each output: see `MAX_TURNS`. */
  #joined(pieces: Piece[]): Piece[] {
    const { stdout, stderr } = this.#options;
    return [stdout, stderr].map((to) => {
      const own = pieces.filter((piece) => piece.to === to);
      return { to, text: own.map((piece) => piece.text).join("") };
    });
  }

  /** Takes an unfinished line off the screen for good. */
  stopTyping(): void {
    if (this.typing === undefined) return;
    this.#write(this.#options.stdout, this.typing.hide());
    this.typing = undefined;
    this.flush();
  }

  /**
   * Waits for a reader that is slow, as `print` does elsewhere: nothing is
   * lost, and what waits to be printed does not fill the memory.
   */
  #write(to: Output, text: string): void {
    if (this.#gone.has(to)) return;
    const bytes = this.#encoder.encode(text);
    for (let at = 0; at < bytes.length;) {
      try {
        at += to.writeSync(bytes.subarray(at));
      } catch (error) {
        if (error instanceof Deno.errors.WouldBlock) pause(WRITE_DELAY);
        else return this.#lose(to);
      }
    }
  }

  /** The reader has gone: there is nobody to tell it to. */
  #lose(output: Output): void {
    this.#gone.add(output);
    if (output === this.#options.stdout) this.#options.onReaderGone();
  }
}

/** Stops the whole program; for a standard output that is full for the moment. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Asks the user, one line at a time. */
export class Keyboard {
  /** Whether a person types, who can be asked again. */
  readonly interactive = Deno.stdin.isTerminal();
  readonly #printer: Printer;
  readonly #onInterrupt: () => void;
  readonly #lines: string[] = [];
  #readline: Interface | undefined;
  #ended = false;
  #answer: ((line: string | undefined) => void) | undefined;

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
   */
  ask(prompt: string): Promise<string | undefined> {
    this.#printer.flush();
    this.#readline ??= this.#open();
    const line = this.#lines.shift();
    if (line !== undefined || this.#ended) return Promise.resolve(line);
    this.#readline.resume();
    if (this.interactive) {
      this.#readline.setPrompt(prompt);
      this.#readline.prompt(true);
    }
    return new Promise((resolve) => this.#answer = resolve);
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
    return readline;
  }

  #take(line: string): void {
    this.#readline?.setPrompt("");
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer) return answer(line);
    this.#lines.push(line);
    if (this.#lines.length >= READ_AHEAD) this.#readline?.pause();
  }

  #end(): void {
    this.#ended = true;
    this.#printer.stopTyping();
    this.#answer?.(undefined);
    this.#answer = undefined;
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
