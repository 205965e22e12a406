/**
 * The lines a person types on a terminal, each read when asked for.
 *
 * The terminal passes on each key as it is pressed. What is typed while no
 * question is open waits for the next one. Only Ctrl-C, a key on Windows and a
 * signal elsewhere, is noticed at once, whatever was typed before it.
 */
import { isWindows, onSignal } from "../net/system.ts";
import { delay } from "../net/time.ts";
import type { Input, InputReader } from "./input.ts";
import { cut, LineEditor, MAX_TYPED } from "./line_editor.ts";
import type { Printer } from "./terminal.ts";

/**
 * How much can be typed or pasted ahead of the questions, in UTF-16 code units.
 * More is still read, because Ctrl-C may follow, but is lost.
 */
export const MAX_AHEAD = 1024 * 1024;

/** How long keys are handled before other work gets a turn, in milliseconds. */
const MAX_WORK = 10;

const CTRL_C = "\x03";

/** A key that is not a character, or the characters up to the next such key. */
const TOKEN =
  // deno-lint-ignore no-control-regex
  /\x1b(?:\[[0-9;?<]*[^0-9;?<]|O?.)|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/sy;

const FULL = `The line is full: it holds ${MAX_TYPED} characters. ` +
  "Begin again with Ctrl-U, and send a shorter one.";
const TOO_LONG = `The line had more than ${MAX_TYPED} characters and was not ` +
  "sent. Send it in parts, or from a file instead of the keyboard.";
const TOO_FAR_AHEAD =
  `More than ${MAX_AHEAD} characters were typed ahead: the rest is lost.`;

export interface TypedLinesOptions {
  /** The terminal. */
  input: Input;
  reader: InputReader;
  printer: Printer;
  /** Called on each Ctrl-C; no line comes after the first. */
  onInterrupt: () => void;
  /** The width of the screen. @default {the terminal's} */
  columns?: () => number;
}

/** Asks for lines on a terminal. */
export class TypedLines {
  readonly #options: TypedLinesOptions;
  readonly #editor: LineEditor;
  /** Each stops listening to a signal. */
  readonly #unlisten: readonly (() => void)[];
  #question: PromiseWithResolvers<string | undefined> | undefined;
  /** What was typed and not handled yet. */
  #ahead = "";
  /** Whether the end of what was typed is being lost: see `MAX_AHEAD`. */
  #isLosing = false;
  #isHandling = false;
  #closed = false;

  constructor(options: TypedLinesOptions) {
    this.#options = options;
    this.#editor = new LineEditor({
      columns: options.columns ?? screenColumns,
      onLine: (line) => this.#answer(line),
      onEnd: () => this.close(),
      onFull: () => this.#warn(FULL),
      onTooLong: () => this.#warn(TOO_LONG),
    });
    this.#setRaw();
    this.#unlisten = [
      // Without it, on Windows, a new size counts from the next key on.
      onSignal("SIGWINCH", () => this.#redraw()),
      onSignal("SIGCONT", () => this.#continue()),
    ];
    this.#listen();
  }

  /**
   * Asks for a line. Only one question can be open at a time.
   *
   * @returns undefined at the end of the input
   */
  ask(prompt: string): Promise<string | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const question = this.#question = Promise.withResolvers();
    this.#editor.prompt = prompt;
    this.#options.printer.beginTyping(this.#editor);
    this.#handleKeys();
    return question.promise;
  }

  /**
   * Stops reading; an open question is answered with the end of the input.
   *
   * The terminal is left as it is: to change it back, the system would first
   * wait until all output has been shown, which never happens on a stalled
   * terminal. When Deno exits, it changes it back without waiting.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const unlisten of this.#unlisten) unlisten();
    if (this.#question) this.#options.printer.endTyping(true);
    this.#question?.resolve(undefined);
    this.#editor.close();
  }

  #answer(line: string): void {
    this.#options.printer.endTyping();
    this.#question?.resolve(line);
    this.#question = undefined;
  }

  async #listen(): Promise<void> {
    const decoder = new TextDecoder();
    for (let bytes; (bytes = await this.#options.reader.read());) {
      const text = decoder.decode(bytes, { stream: true });
      if (text.includes(CTRL_C)) this.#interrupt();
      else if (!this.#closed) this.#receive(text);
    }
    this.close();
  }

  #interrupt(): void {
    this.close();
    this.#options.onInterrupt();
  }

  #receive(text: string): void {
    const room = MAX_AHEAD - this.#ahead.length;
    const isLosing = text.length > room;
    if (isLosing && !this.#isLosing) this.#warn(TOO_FAR_AHEAD);
    this.#isLosing = isLosing;
    // Some terminals end a pasted line with both.
    this.#ahead += cut(text, room).replaceAll("\r\n", "\r");
    this.#handleKeys();
  }

  /** Handles keys while a question is open; the end of the line closes it. */
  async #handleKeys(): Promise<void> {
    if (this.#isHandling) return;
    this.#isHandling = true;
    let began = performance.now();
    while (this.#question && !this.#closed && this.#ahead !== "") {
      this.#options.printer.draw(this.#editor.press(this.#nextKey()));
      if (performance.now() - began < MAX_WORK) continue;
      await delay(0);
      began = performance.now();
    }
    this.#isHandling = false;
  }

  #nextKey(): string {
    TOKEN.lastIndex = 0;
    const [key] = TOKEN.exec(this.#ahead)!;
    this.#ahead = this.#ahead.slice(key.length);
    return key;
  }

  /** Ctrl-Z stays a signal: this program may not send itself one. */
  #setRaw(): void {
    this.#options.input.setRaw(true, { cbreak: !isWindows() });
  }

  /** After Ctrl-Z and `fg`: the shell used the terminal meanwhile. */
  #continue(): void {
    this.#setRaw();
    this.#redraw();
  }

  #redraw(): void {
    if (this.#question === undefined) return;
    this.#options.printer.draw(this.#editor.erase() + this.#editor.redraw());
  }

  #warn(text: string): void {
    this.#options.printer.log("warning", "client", text);
  }
}

/** The width of the screen; 0 if the terminal has gone. */
function screenColumns(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 0;
  }
}
