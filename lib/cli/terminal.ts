/**
 * What a person sees: the transcript on standard output, the log on standard
 * error.
 *
 * Nothing a peer sent can act on the screen; output stays in order and takes
 * few writes; a line being typed survives.
 */
import { cyan, dim, red, yellow } from "@std/fmt/colors";
import type { Level } from "../rules/contract.ts";
import { escape } from "../rules/escape.js";
import { Gathering, type Kind } from "./gathering.ts";
import { MAX_WAITING, type Output, OutputQueue } from "./output.ts";

/** The log levels, most talkative first; each also shows those after it. */
export const LOG_LEVELS = [
  "debug",
  "info",
  "warning",
  "error",
  "silent",
] as const;
export type LogLevel = typeof LOG_LEVELS[number];

/** How much printed text is gathered for one write, in characters. */
export const WRITE_SIZE = 64 * 1024;
/** How long printed text may wait for more to share its write, in milliseconds. */
export const WRITE_DELAY = 10;

/** The outputs, by their names. */
export type OutputName = "stdout" | "stderr" | "file";

export interface PrinterOptions {
  /** @default {"debug"} */
  level?: LogLevel;
  /** @default {Deno.stdout} */
  stdout?: Output;
  /** @default {Deno.stderr} */
  stderr?: Output;
  /** What `--output` names. @default {Deno.stdout} */
  file?: Output;
  /** Where the transcript goes; the log goes to standard error. @default {"stdout"} */
  transcript?: OutputName;
  /** Whether the log's labels are coloured. @default {false} */
  isColored?: boolean;
  /**
   * Called when standard output, or the transcript, can no longer be written
   * (`| head -1`).
   */
  onLost?: () => void;
}

/** A line being typed at the bottom of the screen. */
export interface TypedLine {
  /** The text that takes it off the screen. */
  erase(): string;
  /** The text that puts it back. */
  redraw(): string;
}

/** The labels of the log, in the colours that most logs use. */
function labels(isColored: boolean): Record<Level, string> {
  const paint = (color: (text: string) => string, text: string) =>
    isColored ? color(text) : text;
  return {
    debug: paint(dim, "[DEBUG]"),
    info: paint(cyan, "[INFO]"),
    warning: paint(yellow, "[WARNING]"),
    error: paint(red, "[ERROR]"),
  };
}

/**
 * Prints the transcript and the log, in the order they come in.
 *
 * `print` and `log` never wait. Code that peers can make print should check
 * `isFull` from time to time, and wait for `room`.
 */
export class Printer {
  readonly #options: Required<PrinterOptions>;
  readonly #labels: Record<Level, string>;
  readonly #transcript: Output;
  readonly #queue: OutputQueue;
  readonly #gathering = new Gathering();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #typed: TypedLine | undefined;
  #failed = false;
  #stalled = false;

  constructor(options: PrinterOptions = {}) {
    this.#options = {
      level: "debug",
      stdout: Deno.stdout,
      stderr: Deno.stderr,
      file: Deno.stdout,
      transcript: "stdout",
      isColored: false,
      onLost: () => {},
      ...options,
    };
    this.#labels = labels(this.#options.isColored);
    this.#transcript = this.#options[this.#options.transcript];
    this.#queue = new OutputQueue({
      onLost: (output, error) => this.#lose(output, error),
      onStall: (output) => this.#sayStalled(output),
    });
  }

  /** Whether so much is pending that the caller should wait. */
  get isFull(): boolean {
    return this.#queue.size >= MAX_WAITING;
  }

  /** Whether the transcript is shown on a terminal. */
  get isOnScreen(): boolean {
    return this.#transcript.isTerminal();
  }

  /** Whether output was lost, other than to a reader that has gone. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Prints a line of the transcript. */
  print(line: string): void {
    this.#gather(this.#transcript, "lines", line);
  }

  /** Prints a line of the log, as `[LEVEL] [source]: text`. */
  log(level: Level, source: string, text: string): void {
    if (!this.#isShown(level)) return;
    const line = this.#logLine(level, source, text);
    this.#gather(this.#options.stderr, "text", line);
  }

  /**
   * Writes text or bytes as they are, in order with what is printed. The bytes
   * must not change afterwards: they are not written at once.
   */
  write(output: OutputName, what: string | Uint8Array): void {
    const kind = typeof what === "string" ? "text" : "bytes";
    this.#gather(this.#options[output], kind, what);
  }

  /** Waits until `isFull` is over: nothing is lost, and memory does not grow. */
  room(): Promise<void> {
    return this.#queue.shrinksTo(MAX_WAITING - 1);
  }

  /** Writes what is gathered, and waits until everything has been written. */
  flush(): Promise<void> {
    this.#send();
    return this.#queue.shrinksTo(0);
  }

  /** Shows a line being typed; it makes way for printed output. */
  beginTyping(line: TypedLine): void {
    this.#send();
    this.#typed = line;
    this.draw(line.redraw());
  }

  /** Ends the typing: the line stays on the screen as it is, or is erased. */
  endTyping(isErased = false): void {
    if (isErased) this.draw(this.#typed?.erase() ?? "");
    this.#typed = undefined;
  }

  /** Puts text on the screen as it is: what typing looks like. */
  draw(text: string): void {
    const { stderr } = this.#options;
    this.#queue.add(this.isOnScreen ? this.#transcript : stderr, text);
  }

  #isShown(level: Level): boolean {
    return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(this.#options.level);
  }

  #logLine(level: Level, source: string, text: string): string {
    return `${this.#labels[level]} [${source}]: ${escape(text)}\n`;
  }

  #gather(to: Output, kind: Kind, what: string | Uint8Array): void {
    this.#gathering.add(to, kind, what);
    if (this.#gathering.size >= WRITE_SIZE) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), WRITE_DELAY);
  }

  /** Hands the gathered output to the queue. */
  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { to, what } of this.#gathering.take()) {
      const typed = this.#typed && to.isTerminal() ? this.#typed : undefined;
      if (typed) this.#sendAround(typed, to, what);
      else this.#queue.add(to, what);
    }
  }

  #sendAround(typed: TypedLine, to: Output, what: string | Uint8Array): void {
    const erased = typed.erase();
    const redrawn = typed.redraw();
    const isText = typeof what === "string";
    const all = isText ? [erased + what + redrawn] : [erased, what, redrawn];
    for (const each of all) this.#queue.add(to, each);
  }

  /** A reader that has gone is not a failure; any other error is. */
  #lose(output: Output, error: unknown): void {
    const { stdout, file, onLost } = this.#options;
    const hasGone = error instanceof Deno.errors.BrokenPipe;
    if (!hasGone) this.#failed = true;
    const name = output === stdout ? "standard output" : "the file";
    const isTold = output === stdout || output === file;
    if (isTold && hasGone) this.log("info", "output", GONE);
    else if (isTold) this.log("error", "output", cannotWrite(name, error));
    this.#send(); // `flush` waits for this line, too
    if (isTold || output === this.#transcript) onLost();
  }

  /** Said once, because a pager stops reading at each page. */
  #sayStalled(output: Output): void {
    const { stdout, stderr } = this.#options;
    // The queue is stuck; only the other output may still be free.
    if (this.#stalled || output !== stdout || !this.#isShown("warning")) return;
    this.#stalled = true;
    const line = this.#logLine("warning", "output", STALLED);
    const writing = async () => {
      await stderr.write(new TextEncoder().encode(line));
    };
    writing().catch(() => {}); // there is nowhere else to say it
  }
}

const STALLED =
  "Standard output is not being read, and the program waits for it. " +
  "Read on, or press Ctrl-C twice to end at once and lose what is left.";

const GONE = "nobody reads standard output any more: ending";

function cannotWrite(what: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `Cannot write to ${what}: ${reason}. ` +
    "Make room there, or send the output somewhere else.";
}
