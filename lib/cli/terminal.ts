/**
 * What a person sees: the transcript on standard output, the log on standard
 * error.
 *
 * Nothing that a peer sent can act on the screen; what is printed stays in
 * order, and is written in few writes; a line that is being typed survives.
 */
import { cyan, dim, red, yellow } from "@std/fmt/colors";
import type { Level } from "../rules/contract.ts";
import { escape } from "../rules/escape.ts";
import { MAX_WAITING, type Output, OutputQueue } from "./output.ts";

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

export interface PrinterOptions {
  /** @default {"debug"} */
  level?: LogLevel;
  /** @default {Deno.stdout} */
  stdout?: Output;
  /** @default {Deno.stderr} */
  stderr?: Output;
  /** Whether the log's labels are coloured. @default {false} */
  isColored?: boolean;
  /** Called once, when the transcript cannot be written any more (`| head -1`). */
  onLost?: () => void;
}

/** A line that is being typed at the bottom of the screen. */
export interface TypedLine {
  /** What takes it off the screen. */
  erase(): string;
  /** What puts it back. */
  redraw(): string;
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

/** Lines that wait to be written to one output. */
interface Piece {
  readonly to: Output;
  readonly lines: string[];
}

/**
 * Prints the transcript and the log, in the order in which they come.
 *
 * `print` and `log` never wait. Whoever prints what peers make it print should
 * look at `isFull` from time to time, and wait for `room`.
 */
export class Printer {
  readonly #options: Required<PrinterOptions>;
  readonly #labels: Record<Level, string>;
  readonly #queue: OutputQueue;
  /** What is gathered for the next write, and its length in characters. */
  #pieces: Piece[] = [];
  #gathered = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #typed: TypedLine | undefined;
  #failed = false;
  #stalled = false;

  constructor(options: PrinterOptions = {}) {
    this.#options = {
      level: "debug",
      stdout: Deno.stdout,
      stderr: Deno.stderr,
      isColored: false,
      onLost: () => {},
      ...options,
    };
    this.#labels = labels(this.#options.isColored);
    this.#queue = new OutputQueue({
      onLost: (output, error) => this.#lose(output, error),
      onStall: (output) => this.#sayStalled(output),
    });
  }

  /** Whether so much waits to be written that whoever adds to it should wait. */
  get isFull(): boolean {
    return this.#queue.size >= MAX_WAITING;
  }

  /** Whether the transcript is shown on a terminal. */
  get isOnScreen(): boolean {
    return this.#options.stdout.isTerminal();
  }

  /** Whether something was lost, and not for a reader that has gone. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Prints a line of the transcript. */
  print(line: string): void {
    this.#gather(this.#options.stdout, line);
  }

  /** Prints a line of the log, as `[LEVEL] [source]: text`. */
  log(level: Level, source: string, text: string): void {
    if (!this.#isShown(level)) return;
    this.#gather(this.#options.stderr, this.#logLine(level, source, text));
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

  /** Shows a line that is being typed; it makes way for what is printed. */
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

  /** Puts a text on the screen as it is: what typing looks like. */
  draw(text: string): void {
    const { stdout, stderr } = this.#options;
    this.#queue.add(this.isOnScreen ? stdout : stderr, text);
  }

  #isShown(level: Level): boolean {
    return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(this.#options.level);
  }

  #logLine(level: Level, source: string, text: string): string {
    return `${this.#labels[level]} [${source}]: ${escape(text)}`;
  }

  #gather(to: Output, line: string): void {
    const last = this.#pieces[this.#pieces.length - 1];
    if (last?.to === to) last.lines.push(line);
    else this.#pieces.push({ to, lines: [line] });
    this.#gathered += line.length + 1;
    if (this.#gathered >= WRITE_SIZE) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), WRITE_DELAY);
  }

  /** Hands over to the queue what is gathered. */
  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#gathered = 0;
    const isTooMany = pieces.length > MAX_TURNS;
    for (const piece of isTooMany ? this.#joined(pieces) : pieces) {
      this.#sendPiece(piece);
    }
  }

  /** One piece for each output: see `MAX_TURNS`. */
  #joined(pieces: Piece[]): Piece[] {
    const { stdout, stderr } = this.#options;
    return [stdout, stderr].map((to) => {
      const own = pieces.filter((piece) => piece.to === to);
      return { to, lines: own.flatMap(({ lines }) => lines) };
    }).filter(({ lines }) => lines.length > 0);
  }

  #sendPiece({ to, lines }: Piece): void {
    const isTranscript = to === this.#options.stdout;
    // The log is safe already, and may have colours, which are escapes.
    const text = isTranscript ? escapeLines(lines) : lines.join("\n") + "\n";
    const typed = this.#typed && to.isTerminal() ? this.#typed : undefined;
    const erased = typed?.erase() ?? "";
    this.#queue.add(to, erased + text + (typed?.redraw() ?? ""));
  }

  /** A reader that has gone is nothing to report; any other error is. */
  #lose(output: Output, error: unknown): void {
    const { stdout, onLost } = this.#options;
    const hasGone = error instanceof Deno.errors.BrokenPipe;
    if (!hasGone) this.#failed = true;
    if (output !== stdout) return;
    if (!hasGone) this.log("error", "output", cannotWrite(error));
    this.#send(); // whoever waits in `flush` waits for this line, too
    onLost();
  }

  /** Says it once, because a pager stops reading at each page. */
  #sayStalled(output: Output): void {
    const { stdout, stderr } = this.#options;
    // The queue is stuck, and only the other output may still be free.
    if (this.#stalled || output !== stdout || !this.#isShown("warning")) return;
    this.#stalled = true;
    const line = this.#logLine("warning", "output", STALLED);
    const writing = async () => {
      await stderr.write(new TextEncoder().encode(`${line}\n`));
    };
    writing().catch(() => {}); // there is no other place to say it
  }
}

const STALLED =
  "Standard output is not being read, and the program waits for it. " +
  "Read on, or press Ctrl-C twice to end at once and lose what is left.";

function cannotWrite(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `Cannot write to standard output: ${reason}. ` +
    "Make room there, or send the output somewhere else.";
}
