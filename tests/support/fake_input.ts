/**
 * A standard input of the tests' own: what is typed into it is read, piece by
 * piece.
 */
import type { Input } from "../../lib/cli/input.ts";

const encoder = new TextEncoder();

/** Each piece is one read, unless the reader's buffer is too small for it. */
export type Piece = string | Uint8Array | Error;

/** An input that waits for what is typed. */
export class FakeInput implements Input {
  /** Whether keys are passed on as they are pressed. */
  isRaw = false;
  /** Whether Ctrl-C and Ctrl-Z are signals all the same. */
  hasSignals: boolean | undefined;
  /** How many bytes have been read. */
  count = 0;
  readonly #isTerminal: boolean;
  readonly #pieces: (Uint8Array | Error | null)[] = [];
  #more = Promise.withResolvers<void>();

  constructor(isTerminal = true) {
    this.#isTerminal = isTerminal;
  }

  /** Types each piece; an error is what reading it ends with. */
  type(...pieces: Piece[]): void {
    for (const piece of pieces) {
      const isText = typeof piece === "string";
      this.#pieces.push(isText ? encoder.encode(piece) : piece);
    }
    this.#more.resolve();
  }

  /** Ends the input. */
  end(): void {
    this.#pieces.push(null);
    this.#more.resolve();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#pieces.length === 0) {
      this.#more = Promise.withResolvers();
      await this.#more.promise;
    }
    const piece = this.#pieces.shift()!;
    if (piece === null) return null;
    if (piece instanceof Error) throw piece;
    const part = piece.subarray(0, buffer.length);
    if (part.length < piece.length) {
      this.#pieces.unshift(piece.subarray(part.length));
    }
    buffer.set(part);
    this.count += part.length;
    return part.length;
  }

  isTerminal(): boolean {
    return this.#isTerminal;
  }

  setRaw(mode: boolean, { cbreak }: Deno.SetRawOptions = { cbreak: false }) {
    this.isRaw = mode;
    this.hasSignals = cbreak;
  }
}
