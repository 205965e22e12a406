/**
 * What programs sent and printed, made safe to show: quoted, with every byte
 * visible that a screen would hide or obey, and cut when it is long.
 */
import { decode } from "../../net/text.ts";

/** How much of one text a report shows, in characters. */
export const MAX_SHOWN = 200;

/** How much before the place where two texts differ is shown, in characters. */
const BEFORE_DIFFERENCE = 60;

// Control characters of ASCII and Latin 1, what turns the direction of writing
// around, what no screen shows, halves of characters, and what XML forbids.
const UNSAFE =
  /[\p{Cc}\u00a0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]/u;
const UNSAFE_OR_MARK = new RegExp(`["\\\\]|${UNSAFE.source}`, "u");

/** What is shown as one: a character, or more than three of the same. */
const PARTS = new RegExp(`(${UNSAFE.source})\\1{3,}|[^]`, "gu");

/** A text on one line, with each unsafe character as its escape. */
export function printable(text: string): string {
  return text.replace(new RegExp(UNSAFE, "gu"), escapeOne);
}

const NAMES: Record<string, string> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** A text in quotation marks, byte for byte where it matters. */
export function quote(text: string): string {
  return show(text, (each) => UNSAFE_OR_MARK.test(each), "characters");
}

/** Bytes as text if they are UTF-8, and each of them visible if not. */
export function quoteBytes(bytes: Uint8Array): string {
  const text = decode(bytes);
  if (text !== undefined) return quote(text);
  // Each byte stands for the character of the same number: quoted, it is \xff.
  const latin = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return show(
    latin,
    (each) => each > "\x7e" || UNSAFE_OR_MARK.test(each),
    "bytes",
  );
}

/** Two texts that should be one, each cut around the place where they differ. */
export function quoteBoth(one: string, other: string): [string, string] {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  const isNear = same < MAX_SHOWN - BEFORE_DIFFERENCE;
  const from = isNear ? 0 : same - BEFORE_DIFFERENCE;
  const cut = (text: string) =>
    (from > 0 ? "..." : "") + quote(text.slice(from));
  return [cut(one), cut(other)];
}

/** Bytes as text; a byte that is not UTF-8 stands as U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** A line that a program printed, safe to be shown on a line of its own. */
export function oneLine(line: string): string {
  return quote(line).replace(/^"|"(?=$|\.\.\. \(\d+ characters\)$)/g, "")
    .replaceAll('\\"', '"').replaceAll("\\\\", "\\");
}

function show(
  text: string,
  isEscaped: (character: string) => boolean,
  unit: string,
): string {
  let shown = "";
  let [parts, taken] = [0, 0];
  for (const [part, repeated] of text.matchAll(PARTS)) {
    if (parts++ === MAX_SHOWN) break;
    taken += part.length;
    if (repeated) shown += `${escapeOne(repeated)} x ${part.length}`;
    else shown += isEscaped(part) ? escapeOne(part) : part;
  }
  const cut = taken < text.length ? `... (${text.length} ${unit})` : "";
  return `"${shown}"${cut}`;
}

function escapeOne(character: string): string {
  const code = character.charCodeAt(0);
  const [mark, width] = code < 0x100 ? ["x", 2] : ["u", 4];
  return NAMES[character] ??
    `\\${mark}${code.toString(16).padStart(width, "0")}`;
}
