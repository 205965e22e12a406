/**
 * Bytes to text: every message is UTF-8, or no text at all.
 */

// A byte order mark is a character like any other: relayed, not swallowed.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Up to this many bytes of ASCII, a loop is faster than the decoder. */
const SHORT = 48;

/** @returns the text, or undefined where the bytes are not UTF-8 */
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
 * The bytes of a text without the NULs at its end: programs in C send the zero
 * after their string, or all of the array that it is in.
 */
export function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === NUL) end--;
  return bytes.subarray(0, end);
}

/** What the log says of a text that had such an end. */
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

/** The same, for bytes that are likely to be no text: nothing is thrown. */
export function decodeDoubtful(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? decoder.decode(bytes) : undefined;
}

/** Whether bytes are UTF-8, by the table of the Unicode standard (3-7). */
function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const length = lengthOfCharacter(bytes, at);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

/** @returns 0 where no character begins at that place, or it is not whole */
export function lengthOfCharacter(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = lengthByFirstByte(first);
  // The second byte keeps out surrogates and what is too long or too large.
  const [least, most] = rangeOfSecond(first);
  const second = bytes[at + 1] ?? 0;
  if (length === 0 || second < least || second > most) return 0;
  for (let i = 2; i < length; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** How many bytes a character has by its first; 0 where none begins with it. */
function lengthByFirstByte(byte: number): number {
  if (byte < 0xc2 || byte > 0xf4) return 0;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

function rangeOfSecond(first: number): readonly [least: number, most: number] {
  switch (first) {
    case 0xe0:
      return [0xa0, 0xbf];
    case 0xed:
      return [0x80, 0x9f];
    case 0xf0:
      return [0x90, 0xbf];
    case 0xf4:
      return [0x80, 0x8f];
    default:
      return [0x80, 0xbf];
  }
}

/** Whether the last character has begun and not ended: reads cut anywhere. */
export function endsInsideCharacter(bytes: Uint8Array): boolean {
  for (const back of [1, 2, 3]) {
    const byte = bytes.at(-back) ?? 0;
    if (byte >= 0xc0) return back < lengthByFirstByte(byte);
    if (byte < 0x80) return false;
  }
  return false;
}
