/**
 * Bytes from standard input, as they come.
 */
import { reasonOf } from "../net/errors.ts";
import type { Printer } from "./terminal.ts";

/** Where bytes come from, such as `Deno.stdin`. */
export interface Input {
  /** Reads some bytes; null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  isTerminal(): boolean;
  /**
   * Makes the terminal pass on each key as it is pressed, or stop doing so; with
   * `cbreak`, Ctrl-C and Ctrl-Z still send their signals.
   */
  setRaw(mode: boolean, options?: { cbreak: boolean }): void;
}

/** How much is read at once, in bytes. */
const READ_SIZE = 64 * 1024;

/** Reads an input to its end. */
export class InputReader {
  readonly #input: Input;
  readonly #printer: Printer;
  readonly #buffer = new Uint8Array(READ_SIZE);

  constructor(input: Input, printer: Printer) {
    this.#input = input;
    this.#printer = printer;
  }

  /**
   * Reads once. An input that cannot be read counts as ended, and the log says
   * so: `nohup`, for one, opens it for writing only.
   *
   * @returns bytes that are valid until the next call; undefined at the end
   */
  async read(): Promise<Uint8Array | undefined> {
    try {
      const count = await this.#input.read(this.#buffer);
      return count === null ? undefined : this.#buffer.subarray(0, count);
    } catch (error) {
      const text = `Cannot read standard input: ${reasonOf(error)}. ` +
        "It counts as ended: connect it to a terminal, a pipe or a file.";
      this.#printer.log("warning", "client", text);
      return undefined;
    }
  }
}
