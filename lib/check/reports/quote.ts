/**
 * Makes what programs sent and printed safe to show: quoted, with every byte
 * visible that a screen would hide or obey, and cut if long.
 */
import { decode } from "../../net/text.ts";
import { escapeOne, quote as quoteUpTo } from "../../rules/escape.js";

/** How much of one text a report shows, in characters. */
export const MAX_SHOWN = 200;

/** How much to show before the place where two texts differ, in characters. */
const BEFORE_DIFFERENCE = 60;

/** A text in quotation marks, byte by byte if need be. */
export function quote(text: string): string {
  return quoteUpTo(text, MAX_SHOWN);
}

/** Bytes as text if they are UTF-8, or else each made visible. */
export function quoteBytes(bytes: Uint8Array): string {
  const text = decode(bytes);
  if (text !== undefined) return quote(text);
  // Each byte becomes the character of the same number: quoted, it is \xff.
  const latin = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return quote(latin).replace(/[\xa1-\xff]/g, escapeOne)
    .replace(/ characters\)$/, " bytes)");
}

/** Two texts that should be equal, cut around where they differ. */
export function quoteBoth(one: string, other: string): [string, string] {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  const isNear = same < MAX_SHOWN - BEFORE_DIFFERENCE;
  const from = isNear ? 0 : same - BEFORE_DIFFERENCE;
  const cut = (text: string) =>
    (from > 0 ? "..." : "") + quote(text.slice(from));
  return [cut(one), cut(other)];
}

/** Bytes as text; bytes that are not UTF-8 become U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** A line that a program printed, made safe to show on one line. */
export function oneLine(line: string): string {
  return quote(line).replace(/^"|"(?=$|\.\.\. \(\d+ characters\)$)/g, "")
    .replaceAll('\\"', '"').replaceAll("\\\\", "\\");
}
