/**
 * What a person types: questions and their answers, one line at a time.
 *
 * Waiting for a line never blocks the program: sockets are read meanwhile. On a
 * terminal, the line is edited (`typed_lines.ts`) and survives what is printed
 * meanwhile; a pipe or a file is read line by line (`piped_lines.ts`).
 */
import { isDumb } from "./dumb.ts";
import { type Input, InputReader } from "./input.ts";
import { PipedLines } from "./piped_lines.ts";
import type { Printer } from "./terminal.ts";
import type { TypedLines } from "./typed_lines.ts";

/** Asks the user, one line at a time. */
export class Keyboard {
  /** Whether a person types, who can be asked again. */
  readonly interactive: boolean;
  readonly #printer: Printer;
  readonly #onInterrupt: () => void;
  readonly #input: Input;
  readonly #reader: InputReader;
  readonly #piped: PipedLines;
  /** Whether lines are edited here; undefined until the first question. */
  #isEdited: boolean | undefined;
  #typed: TypedLines | undefined;
  #question: PromiseWithResolvers<string | undefined> | undefined;
  #closed = false;

  /**
   * @param onInterrupt called on each Ctrl-C that is a key, not a signal, as it
   * is from the first edited line on
   */
  constructor(
    printer: Printer,
    onInterrupt: () => void,
    input: Input = Deno.stdin,
  ) {
    this.#printer = printer;
    this.#onInterrupt = onInterrupt;
    this.#input = input;
    this.#reader = new InputReader(input, printer);
    this.#piped = new PipedLines(this.#reader);
    this.interactive = input.isTerminal();
  }

  /** Whether typed text appears on the same screen as the transcript. */
  get #isEchoed(): boolean {
    return this.interactive && this.#printer.isOnScreen;
  }

  /**
   * Asks for a line. Only one question can be open at a time.
   *
   * @returns undefined at the end of the input
   * @throws {Failure} if a line of a pipe is longer than `MAX_LINE`
   */
  async ask(prompt: string): Promise<string | undefined> {
    this.#isEdited ??= this.#isEchoed && !await isDumb();
    if (this.#isEdited) this.#typed ??= await this.#edit();
    if (this.#closed) return undefined;
    return await (this.#typed?.ask(prompt) ?? this.#askPlainly(prompt));
  }

  /** Prints a typed line with its prompt, unless it is already shown. */
  echo(prompt: string, line: string): void {
    if (!this.#isEchoed) this.#printer.print(prompt + line);
  }

  /** How many lines of a pipe have not been asked for; 0 for a terminal. */
  async countLeft(): Promise<number> {
    return this.interactive ? 0 : await this.#piped.countLeft();
  }

  /** Stops reading; an open question is answered with the end of the input. */
  close(): void {
    this.#closed = true;
    this.#typed?.close();
    this.#question?.resolve(undefined);
  }

  async #edit(): Promise<TypedLines | undefined> {
    // Loads readline, which takes some 20 ms: a pipe does not need it.
    const { TypedLines } = await import("./typed_lines.ts");
    // The system switches to single keys only after showing all output, and the
    // whole program would wait for that.
    await this.#printer.flush();
    if (this.#closed) return undefined;
    return new TypedLines({
      input: this.#input,
      reader: this.#reader,
      printer: this.#printer,
      onInterrupt: this.#onInterrupt,
    });
  }

  async #askPlainly(prompt: string): Promise<string | undefined> {
    const question = this.#question = Promise.withResolvers();
    this.#piped.next().then(question.resolve, question.reject);
    if (!this.interactive) return await question.promise;
    // Only the terminal knows what has been typed so far. What is printed
    // meanwhile begins a new line, and the prompt is shown again after it.
    this.#printer.beginTyping({ erase: () => "\n", redraw: () => prompt });
    const line = await question.promise;
    this.#printer.endTyping(line === undefined);
    return line;
  }
}
