/**
 * The lines of an input that this program does not edit: a pipe, a file, or a
 * terminal that edits its lines itself.
 */
import { GRACE, within } from "../net/time.ts";
import { Failure } from "../rules/contract.ts";
import type { InputReader } from "./input.ts";

/**
 * The longest line that is read, in bytes: an input without any line ending
 * (`< /dev/zero`) would fill the memory. No message is so long.
 */
export const MAX_LINE = 1024 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Reads one line after the other, each when it is asked for. */
export class PipedLines {
  readonly #reader: InputReader;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** What has been read and not been returned. */
  #bytes = new Uint8Array();
  #ended = false;

  constructor(reader: InputReader) {
    this.#reader = reader;
  }

  /**
   * The next line, without its ending; the last need not have one.
   *
   * @returns undefined at the end of the input
   * @throws {Failure} where the line is longer than `MAX_LINE`
   */
  async next(): Promise<string | undefined> {
    let searched = 0;
    for (;;) {
      const end = this.#bytes.indexOf(LINE_FEED, searched);
      searched = end < 0 ? this.#bytes.length : end;
      if (searched > MAX_LINE) throw lineTooLong(MAX_LINE);
      if (end >= 0) return this.#take(end, 1);
      if (this.#ended) {
        return searched > 0 ? this.#take(searched, 0) : undefined;
      }
      await this.#readMore();
    }
  }

  /**
   * How many lines are left, as far as they are there by now: of what is still
   * to come nobody knows.
   */
  async countLeft(): Promise<number> {
    while (!this.#ended && this.#bytes.length <= MAX_LINE) {
      const isThere = await within(this.#readMore().then(() => true), GRACE);
      if (!isThere) break;
    }
    const isUnended = this.#bytes.length > 0 &&
      this.#bytes.at(-1) !== LINE_FEED;
    let count = isUnended ? 1 : 0;
    for (const byte of this.#bytes) if (byte === LINE_FEED) count++;
    return count;
  }

  async #readMore(): Promise<void> {
    const more = await this.#reader.read();
    this.#ended = more === undefined;
    if (more === undefined) return;
    const joined = new Uint8Array(this.#bytes.length + more.length);
    joined.set(this.#bytes);
    joined.set(more, this.#bytes.length);
    this.#bytes = joined;
  }

  #take(length: number, ending: number): string {
    const hasReturn = ending > 0 && this.#bytes[length - 1] === CARRIAGE_RETURN;
    const line = this.#bytes.subarray(0, hasReturn ? length - 1 : length);
    this.#bytes = this.#bytes.subarray(length + ending);
    return this.#decoder.decode(line);
  }
}

/** The input has a line that no message could be made of. */
function lineTooLong(limit: number): Failure {
  return new Failure(
    `The input has a line of more than ${limit} bytes. Give it in lines, each of them a message.`,
  );
}
