/**
 * The lines of an input that this program does not edit: a pipe, a file, or a
 * terminal that edits its lines itself.
 */
import { decode } from "../net/text.ts";
import { GRACE, within } from "../net/time.ts";
import { Failure } from "../rules/contract.ts";
import type { InputReader } from "./input.ts";

/**
 * The longest line that is read, in bytes: an input without line endings (`<
 * /dev/zero`) would fill the memory. No message is this long.
 */
export const MAX_LINE = 1024 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Reads lines one by one, each when asked for. A line ends at LF, CR LF or CR,
 * and is UTF-8; a byte order mark before the first is dropped.
 */
export class PipedLines {
  readonly #reader: InputReader;
  /** What has been read but not returned. */
  #bytes = new Uint8Array();
  #ended = false;
  /** How many lines have been returned. */
  #count = 0;
  /** Whether the last ended at CR: an LF after it is part of that ending. */
  #isAfterReturn = false;

  constructor(reader: InputReader) {
    this.#reader = reader;
  }

  /**
   * The next line, without its ending; the last need not have one.
   *
   * @returns undefined at the end of the input
   * @throws {Failure} if the line is longer than `MAX_LINE`, or not UTF-8
   */
  async next(): Promise<string | undefined> {
    let searched = 0;
    for (;;) {
      this.#dropLineFeed();
      const end = this.#findEnd(searched);
      searched = end ?? this.#bytes.length;
      if (searched > MAX_LINE) throw lineTooLong(MAX_LINE);
      if (end !== undefined) return this.#take(end);
      if (this.#ended) return searched > 0 ? this.#take(searched) : undefined;
      await this.#readMore();
    }
  }

  /**
   * How many lines are left, of those that have arrived: nobody knows how many
   * are still to come.
   */
  async countLeft(): Promise<number> {
    while (!this.#ended && this.#bytes.length <= MAX_LINE) {
      const isThere = await within(this.#readMore().then(() => true), GRACE);
      if (!isThere) break;
    }
    this.#dropLineFeed();
    const text = new TextDecoder("latin1").decode(this.#bytes);
    const lines = text.split(/\r\n|\r|\n/);
    return lines.at(-1) === "" ? lines.length - 1 : lines.length;
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

  #dropLineFeed(): void {
    if (!this.#isAfterReturn || this.#bytes.length === 0) return;
    this.#isAfterReturn = false;
    if (this.#bytes[0] === LINE_FEED) this.#bytes = this.#bytes.subarray(1);
  }

  #findEnd(from: number): number | undefined {
    const feed = this.#bytes.indexOf(LINE_FEED, from);
    // The bytes after the line feed are not searched again for each line.
    const line = feed < 0 ? this.#bytes : this.#bytes.subarray(0, feed);
    const end = line.indexOf(CARRIAGE_RETURN, from);
    if (end >= 0) return end;
    return feed < 0 ? undefined : feed;
  }

  #take(length: number): string {
    const bytes = this.#bytes.subarray(0, length);
    this.#isAfterReturn = this.#bytes[length] === CARRIAGE_RETURN;
    this.#bytes = this.#bytes.subarray(length + 1);
    const line = decode(bytes);
    if (line === undefined) throw notUtf8(this.#count + 1, bytes);
    this.#count++;
    return this.#count === 1 ? line.replace(/^\ufeff/, "") : line;
  }
}

/** Does not guess at another encoding, which might send something else. */
function notUtf8(number: number, bytes: Uint8Array): Failure {
  // UTF-8 never starts with such a byte, and hardly has a NUL; UTF-16 does.
  const isUtf16 = bytes[0]! >= 0xfe || bytes.includes(0);
  const guess = isUtf16
    ? "; it looks like UTF-16, as PowerShell writes it"
    : "";
  return new Failure(
    `Cannot read standard input: line ${number} is not UTF-8${guess}. Save it as UTF-8.`,
  );
}

/** The input has a line too long for any message. */
function lineTooLong(limit: number): Failure {
  return new Failure(
    `The input has a line of more than ${limit} bytes. Give it in lines, each of them a message.`,
  );
}
