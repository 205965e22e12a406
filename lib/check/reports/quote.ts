/**
 * What programs sent and printed, made safe to show: quoted, with every byte
 * visible that a screen would hide or obey, and cut where it is long.
 */

import { decode } from "../../net/text.ts";

/** How much of one text a report shows, in characters. */
export const MAX_SHOWN = 200;

// Control characters of ASCII and Latin 1, what turns the direction of writing
// around, and what no screen shows.
const UNSAFE =
  /["\\\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu;

const NAMES: Record<string, string> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** A text in quotation marks, byte for byte where it matters. */
export function quote(text: string): string {
  const shown = text.slice(0, MAX_SHOWN);
  const rest = text.length - shown.length;
  const cut = rest > 0 ? `... (${text.length} characters)` : "";
  return `"${shown.replace(UNSAFE, escapeOne)}"${cut}`;
}

/** Bytes as text where they are UTF-8, and each of them visible where not. */
export function quoteBytes(bytes: Uint8Array): string {
  const text = decode(bytes);
  if (text !== undefined) return quote(text);
  // Each byte stands for the character of the same number: quoted, it is \xff.
  const latin = Array.from(
    bytes.subarray(0, MAX_SHOWN + 1),
    (byte) =>
      byte < 0x80 ? quote(String.fromCharCode(byte)).slice(1, -1) : hex(byte),
  );
  const shown = latin.slice(0, MAX_SHOWN).join("");
  const cut = latin.length > MAX_SHOWN ? `... (${bytes.length} bytes)` : "";
  return `"${shown}"${cut}`;
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

function escapeOne(character: string): string {
  const name = NAMES[character];
  if (name !== undefined) return name;
  const code = character.charCodeAt(0);
  return code < 0x100 ? hex(code) : `\\u${code.toString(16).padStart(4, "0")}`;
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}
