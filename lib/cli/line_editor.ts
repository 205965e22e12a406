/**
 * A line edited on a terminal: keys go in, text for the screen comes out.
 *
 * `node:readline` does the editing, but neither reads the keyboard nor writes
 * to the screen. It is fed the keys, and what it draws is returned, because
 * only the printer writes to the screen.
 */
import { createInterface, type Interface } from "node:readline";
import { Readable, Writable } from "node:stream";
import type { TypedLine } from "./terminal.ts";

/**
 * The longest line that can be typed or pasted, in UTF-16 code units: about the
 * system's own limit on a terminal. Readline goes through the whole line at
 * each key, and a line taller than the screen is hard to edit.
 */
export const MAX_TYPED = 4096;

/**
 * A text of at least this many characters at once was pasted, and readline gets
 * it whole: character by character, its time would grow with the square of the
 * length. A shorter text may be the second half of a key.
 */
const PASTE = 16;

// deno-lint-ignore no-control-regex
const CONTROL_KEY = /^[\x00-\x1f\x7f]/;

/** Keys unknown to readline, such as the marks around a pasted text. */
// deno-lint-ignore no-control-regex
const UNKNOWN_KEY = /^\x1b\[(?:[?<]|\d{3})/;

// They cannot be shown, and readline takes some of them for line endings.
const NO_CHARACTERS = /[\x80-\x9f\u2028\u2029]/g;

const encoder = new TextEncoder();

export interface LineEditorOptions {
  /** The width of the screen; 0 if unknown. */
  columns(): number;
  /** The line has ended. */
  onLine(line: string): void;
  /** The end of the input was typed (Ctrl-D). */
  onEnd(): void;
  /** More was typed than fits in the line; the rest was dropped. */
  onFull(): void;
  /** Such a line has ended: it was discarded, and a new one has begun. */
  onTooLong(): void;
}

/** Edits one line after the other. */
export class LineEditor implements TypedLine {
  readonly #options: LineEditorOptions;
  readonly #keys = new Readable({ read() {} });
  readonly #drawing: Drawing;
  readonly #readline: Interface & { prevRows?: number };
  #isOverfull = false;
  /** Where the last drawing left the cursor. */
  #drawn = { columns: 0, column: 0 };

  constructor(options: LineEditorOptions) {
    this.#options = options;
    this.#drawing = new Drawing(options.columns);
    this.#readline = createInterface({
      input: this.#keys,
      output: this.#drawing,
      terminal: true,
      tabSize: 1,
    });
    this.#readline.on("line", (line) => this.#end(line));
    this.#readline.on("close", () => options.onEnd());
    this.#readline.on("SIGINT", () => {}); // otherwise Ctrl-C would close it
    // Suspending the program would take permission to send signals.
    this.#readline.on("SIGTSTP", () => {});
  }

  /** What is shown before the line. */
  set prompt(prompt: string) {
    this.#readline.setPrompt(prompt);
  }

  erase(): string {
    const rows = this.#rowsAbove();
    return (rows > 0 ? `\x1b[${rows}A` : "") + "\r\x1b[J";
  }

  redraw(): string {
    this.#readline.prevRows = 0; // the line begins wherever the cursor is
    this.#drawing.emit("resize"); // makes readline redraw it
    return this.#take();
  }

  /**
   * Handles one key, or a text without such keys.
   *
   * @returns what that changes on the screen
   */
  press(key: string): string {
    if (UNKNOWN_KEY.test(key)) return "";
    // How many rows readline has to go up before it draws. Its own record is
    // wrong after a paste of several rows and after a resize: it would erase
    // messages above the line.
    this.#readline.prevRows = this.#rowsAbove();
    if (CONTROL_KEY.test(key)) this.#keys.emit("data", encoder.encode(key));
    else this.#insert(key.replace(NO_CHARACTERS, " "));
    if (this.#readline.line === "") this.#isOverfull = false;
    return this.#take();
  }

  close(): void {
    this.#readline.close();
  }

  /**
   * Which row of the line the cursor is in. After a resize this assumes that
   * the terminal has rewrapped the line, as most do.
   */
  #rowsAbove(): number {
    const { rows, cols } = this.#readline.getCursorPos();
    const isAtEnd = this.#readline.cursor === this.#readline.line.length;
    // At the end of a line that exactly fills its rows, the cursor is still in
    // the last of them, unless readline has drawn a space to begin the next.
    const isBehind = isAtEnd && cols === 0 && rows > 0;
    const { columns, column } = this.#drawn;
    const hasBlank = columns === this.#options.columns() || column === 0;
    return isBehind && !hasBlank ? rows - 1 : rows;
  }

  #take(): string {
    const text = this.#drawing.take();
    if (text === "") return "";
    const { cols } = this.#readline.getCursorPos();
    this.#drawn = { columns: this.#options.columns(), column: cols };
    return text;
  }

  #insert(text: string): void {
    const taken = cut(text, MAX_TYPED - this.#readline.line.length);
    if (taken.length < text.length && !this.#isOverfull) {
      this.#isOverfull = true;
      this.#options.onFull();
    }
    if (taken.length >= PASTE) this.#readline.write(taken);
    else if (taken !== "") this.#keys.emit("data", encoder.encode(taken));
  }

  #end(line: string): void {
    if (!this.#isOverfull) return this.#options.onLine(line);
    this.#options.onTooLong();
    this.#drawing.emit("resize");
  }
}

/** What readline draws, and how wide it may draw it. */
class Drawing extends Writable {
  readonly #columns: () => number;
  #text = "";

  constructor(columns: () => number) {
    super({ decodeStrings: false });
    this.#columns = columns;
  }

  get columns(): number {
    return this.#columns();
  }

  override _write(text: string, _encoding: string, done: () => void): void {
    this.#text += text;
    done();
  }

  /** What was drawn since the last call. A tab counts as one column. */
  take(): string {
    const text = this.#text.replaceAll("\t", " ");
    this.#text = "";
    return text;
  }
}

/** The beginning of a text, without cutting a character in two. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}
