/**
 * What a person sees: the transcript on standard output, the log on standard
 * error.
 *
 * Nothing that a peer sent can do anything to the screen; what is printed stays
 * in order, and is written in few writes; a line that is being typed survives.
 */
import { cyan, dim, red, setColorEnabled, yellow } from "@std/fmt/colors";
import type { Level } from "../rules/contract.ts";
import { escape } from "../rules/escape.ts";

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

/** What `escape` replaces, in many lines, between which a line feed has to be. */
const UNSAFE_LINES =
  // deno-lint-ignore no-control-regex
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Lines as one text, each made safe. Mostly all are: one look tells. */
function escapeLines(lines: readonly string[]): string {
  const text = lines.join("\n") + "\n";
  const isSafe = !UNSAFE_LINES.test(text) && countLines(text) === lines.length;
  return isSafe ? text : lines.map((line) => escape(line) + "\n").join("");
}

function countLines(text: string): number {
  let count = 0;
  for (let at = 0; (at = text.indexOf("\n", at) + 1) > 0;) count++;
  return count;
}

/** Lines that wait to be written to one output. */
interface Piece {
  readonly to: Output;
  readonly lines: string[];
}

/** Prints the transcript and the log, in the order in which they come. */
export class Printer {
  readonly #options: Required<PrinterOptions>;
  readonly #encoder = new TextEncoder();
  readonly #logOnScreen: boolean;
  /** The place in `LOG_LEVELS` from which on the log is shown. */
  readonly #least: number;
  readonly #labels: Record<Level, string>;
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
    this.#least = LOG_LEVELS.indexOf(this.#options.level);
    setColorEnabled(!Deno.noColor && this.#logOnScreen);
    this.#labels = {
      debug: dim("[DEBUG]"),
      info: cyan("[INFO]"),
      warning: yellow("[WARNING]"),
      error: red("[ERROR]"),
    };
  }

  /** Prints a line of the transcript. */
  print(line: string): void {
    this.#add(this.#options.stdout, line);
  }

  /** Prints a line of the log, as `[LEVEL] [source]: text`. */
  log(level: Level, source: string, text: string): void {
    if (LOG_LEVELS.indexOf(level) < this.#least) return;
    const line = `${this.#labels[level]} [${source}]: ${escape(text)}`;
    this.#add(this.#options.stderr, line);
  }

  #add(to: Output, line: string): void {
    const last = this.#pending[this.#pending.length - 1];
    if (last?.to === to) last.lines.push(line);
    else this.#pending.push({ to, lines: [line] });
    this.#size += line.length + 1;
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
    for (const piece of isTooMany ? this.#joined(pieces) : pieces) {
      this.#writeLines(piece);
    }
  }

  /** One piece for each output: see `MAX_TURNS`. */
  #joined(pieces: Piece[]): Piece[] {
    const { stdout, stderr } = this.#options;
    return [stdout, stderr].map((to) => {
      const own = pieces.filter((piece) => piece.to === to);
      return { to, lines: own.flatMap(({ lines }) => lines) };
    });
  }

  #writeLines({ to, lines }: Piece): void {
    const isTranscript = to === this.#options.stdout;
    // The log is safe already, and may have colours, which are escapes.
    const text = isTranscript ? escapeLines(lines) : lines.join("\n") + "\n";
    const typing = isTranscript || this.#logOnScreen ? this.typing : undefined;
    this.#write(to, (typing?.hide() ?? "") + text);
    typing?.show();
  }

  /** Writing waits for its reader, so there is always room. */
  readonly isFull = false;

  room(): Promise<void> {
    return Promise.resolve();
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
