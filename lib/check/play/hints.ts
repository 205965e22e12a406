/**
 * What a wrong answer or message probably means. A hint is given only if the
 * symptoms point to that one mistake.
 */

/** A known mistake: its symptom, and what it probably is. */
export interface Hint {
  /**
   * Whether this mistake explains what came instead of what was expected.
   *
   * @param came "" for no answer
   * @param ended whether the program had ended
   */
  readonly shows: (came: string, expected: string, ended: boolean) => boolean;
  readonly means: string;
}

/** A mistake whose answers begin with one of these. */
export function answering(answers: readonly string[], means: string): Hint {
  const shows: Hint["shows"] = (came) =>
    answers.some((each) => came.startsWith(each));
  return { shows, means };
}

/** The symptom: no answer from a program that still runs. */
export function silent(came: string, _: string, hasEnded: boolean): boolean {
  return came === "" && !hasEnded;
}

/** The symptom: the program has ended. */
export function ended(_: string, __: string, hasEnded: boolean): boolean {
  return hasEnded;
}

export const STALE =
  "the end of a longer message may still be in the buffer: use only as many bytes as were received";

export const ONE_RECV =
  "one recv is not one message: TCP may deliver it in pieces, or two of them together";

/** For a program that was given everything and sends nothing. */
export const NOT_FLUSHED =
  "what it writes may stay in its buffer: flush() after it (in Java: new PrintWriter(stream, true), and println)";

/** Mistakes common to all assignments and both ends. */
const COMMON: readonly Hint[] = [
  {
    shows: (came) => /b(['"]).*\1/is.test(came) && /^\W*b['"]/i.test(came),
    means:
      "bytes were made a text with str(), which gives b'...': use decode()",
  },
  {
    shows: (came) =>
      /<Buffer |\[object |\[B@[0-9a-f]+|bytearray\(b/i.test(came),
    means:
      "this is how the language prints an object, and not its text: decode the bytes first (toString() of a Buffer, new String of a byte[])",
  },
  {
    shows: (came) => isUtf16(came),
    means:
      "it looks like UTF-16, two bytes for each letter (writeChars, Encoding.Unicode): send UTF-8",
  },
  {
    shows: (came) => hasLength(came),
    means:
      "its first bytes look like the length of the text (writeUTF, struct.pack): send the text alone",
  },
  {
    shows: (came, expected) =>
      expected !== "" && came.trim() === expected.trim() &&
      !/\s/.test(expected.slice(-1)),
    means:
      "a space belongs to a text: a program that compares the whole of it does not find what it looks for",
  },
  {
    shows: (came, expected) =>
      expected !== "" && came.length > expected.length &&
      came.startsWith(expected),
    means: STALE,
  },
  {
    shows: (came, expected) => came !== "" && expected.startsWith(`${came} `),
    means:
      "only the first word is read (split(), cin >>, scanf %s, next()): read the whole line",
  },
  {
    shows: (came, expected) =>
      came.length >= 8 && came.length < expected.length &&
      expected.startsWith(came.trimEnd()),
    means: "the buffer may be too small: recv(2048) takes more",
  },
];

/** Whether every other character of a text is NUL. */
export function isUtf16(text: string): boolean {
  const nuls = text.split("\0").length - 1;
  return text.length >= 4 && /[^\0]\0[^\0]\0|\0[^\0]\0[^\0]/.test(text) &&
    nuls * 3 > text.length;
}

/** Whether a text begins with its own length in binary, in 1, 2, 4 or 8 bytes. */
export function hasLength(text: string): boolean {
  const bytes = new TextEncoder().encode(text);
  return [1, 2, 4, 8].some((size) => {
    const head = [...bytes.subarray(0, size)];
    const rest = bytes.length - size;
    if (rest < 1 || !head.some((each) => each < 0x20) || /^\s/.test(text)) {
      return false;
    }
    return [head, head.toReversed()].some((digits) =>
      digits.reduce((sum, digit) => sum * 256 + digit, 0) === rest
    );
  });
}

/** The first hint that fits: the case's own first, then common ones. */
export function hintFor(
  came: string,
  expected: string,
  hints: readonly Hint[] = [],
  hasEnded = false,
): string | undefined {
  return [...hints, ...COMMON]
    .find((hint) => hint.shows(came, expected, hasEnded))?.means;
}
