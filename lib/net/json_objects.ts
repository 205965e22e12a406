/**
 * Finds where JSON objects end in a stream, byte by byte.
 */

const LINE_FEED = 0x0a;

/**
 * An object ends at the brace that closes its first one, so it needs no line
 * feed after it and may have some inside. Anything else, which is not JSON or
 * not an object, ends with its line.
 */
export class ObjectScanner {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isBlank = true;

  /** Whether the message that has begun holds nothing but blanks so far. */
  get isBlank(): boolean {
    return this.#isBlank;
  }

  /** Begins anew, with the next message. */
  reset(): void {
    this.#depth = 0;
    this.#isInString = false;
    this.#isEscaped = false;
    this.#isBlank = true;
  }

  /**
   * Goes through bytes, and tells of each message that ends in them.
   *
   * @param found gets the place where it starts, or 0 where that was in earlier
   * bytes, and the place after its end
   * @returns the place after the last line or message that has ended
   */
  scan(
    bytes: Uint8Array,
    found: (start: number, end: number) => void,
  ): number {
    let start = 0;
    for (let i = 0; i < bytes.length; i++) {
      // Quickly over blank lines, of which a peer may send as many as it likes.
      if (this.#isBlank && bytes[i]! <= 0x20) {
        if (bytes[i] === LINE_FEED) start = i + 1;
        continue;
      }
      if (!this.#endsWith(bytes[i]!)) continue;
      found(start, i + 1);
      this.#isBlank = true;
      start = i + 1;
    }
    return start;
  }

  /** Takes in the next byte, and tells whether a line or message ends with it. */
  #endsWith(byte: number): boolean {
    this.#isBlank = false;
    if (this.#isEscaped) {
      this.#isEscaped = false;
    } else if (this.#isInString) {
      this.#isEscaped = byte === 0x5c; // backslash
      this.#isInString = byte !== 0x22; // quotation mark
    } else if (byte === 0x7b) { // opening brace
      this.#depth++;
    } else if (this.#depth === 0) {
      return byte === LINE_FEED;
    } else if (byte === 0x22) {
      this.#isInString = true;
    } else if (byte === 0x7d) { // closing brace
      return --this.#depth === 0;
    }
    return false;
  }
}
