/**
 * Bytes to text: every message is UTF-8, or not text at all.
 */

// A byte order mark is a character like any other: relayed, not swallowed.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lossy = new TextDecoder("utf-8", { ignoreBOM: true });
/** What `lossy` puts in place of bytes that are not a character: EF BF BD. */
const MARK = "\ufffd";

/** Up to this many bytes of ASCII, a loop is faster than the decoder. */
const SHORT = 48;

/** @returns the text, or undefined if the bytes are not UTF-8 */
export function decode(bytes: Uint8Array): string | undefined {
  if (bytes.length <= SHORT && isAscii(bytes)) {
    return String.fromCharCode.apply(null, bytes as unknown as number[]);
  }
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const NUL = 0x00;

/**
 * The bytes of a text without the NULs at its end: C programs send the zero
 * after a string, or the whole array that holds it.
 */
export function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === NUL) end--;
  return end === bytes.length ? bytes : bytes.subarray(0, end);
}

/** What the log says about a text with such an end. */
export function aboutPadding(count: number): string {
  const many = count === 1 ? "a NUL" : `${count} NULs`;
  return `sent ${many} at the end of a message: no part of it`;
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! > 0x7f) return false;
  }
  return true;
}

/**
 * The same for bytes that are probably not text, without throwing. Broken ones
 * become U+FFFD; it is text if all of those were in the bytes already.
 */
export function decodeDoubtful(bytes: Uint8Array): string | undefined {
  const text = lossy.decode(bytes);
  const marks = text.split(MARK).length - 1;
  return marks === 0 || marks === countMarks(bytes) ? text : undefined;
}

function countMarks(bytes: Uint8Array): number {
  let count = 0;
  for (let at = -1; (at = bytes.indexOf(0xef, at + 1)) >= 0;) {
    if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) count++;
  }
  return count;
}

/** How many bytes a character has, by its first; 0 if none begins with it. */
export function lengthByFirstByte(byte: number): number {
  if (byte < 0xc2 || byte > 0xf4) return 0;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

/** Whether the last character is incomplete: a read may end anywhere. */
export function endsInsideCharacter(bytes: Uint8Array): boolean {
  for (const back of [1, 2, 3]) {
    const byte = bytes.at(-back) ?? 0;
    if (byte >= 0xc0) return back < lengthByFirstByte(byte);
    if (byte < 0x80) return false;
  }
  return false;
}

/** The first few bytes, if they are marked as UTF-16 or as telnet's commands. */
export function headOf(bytes: Uint8Array): { head?: Uint8Array } {
  const [first = 0, second = 0] = bytes;
  const hasMark = bytes.length > 2 && first >= 0xfe && second >= 0xfa &&
    first !== second;
  return hasMark ? { head: bytes.slice(0, 4) } : {};
}
