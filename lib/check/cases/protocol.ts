/**
 * Recognizes private protocols. If the assignment leaves the form of a message
 * open, a binary one may be right, but no case can judge it.
 */
import { Unjudged } from "../play/case.ts";
import { hasLength, isUtf16 } from "../play/hints.ts";
import { quote } from "../reports/quote.ts";

/** Bytes that are not text, except for a C program's padding. */
const BINARY = /[^\P{Cc}\t\r\n]|\ufffd/u;

/** The first match says what a text looks like. */
const PROTOCOLS: readonly [isThis: (text: string) => boolean, name: string][] =
  [
    [(text) => /^\ufffd\p{Cc}/u.test(text), "an object of Python's pickle"],
    [(text) => text.startsWith("\ufffd\ufffd\0\x05"), "an object of Java's"],
    [isUtf16, "UTF-16"],
    [hasLength, "the length in binary, and then the text"],
    [hasDecimalLength, "a header with the length, and then the text"],
    [(text) => BINARY.test(text), "bytes that are no text (struct)"],
  ];

/** What a message looks like; undefined for text. */
export function privateProtocol(message: string): string | undefined {
  const text = message.replace(/\0+$/, "");
  return PROTOCOLS.find(([isThis]) => isThis(text))?.[1];
}

/** Whether a text begins with the length of the rest, padded to a width. */
function hasDecimalLength(text: string): boolean {
  const [header = "", digits] = /^ *0*(\d+) */.exec(text) ?? [];
  const rest = text.length - header.length;
  return digits !== undefined && header.length >= 4 &&
    (rest === Number(digits) || (rest === 0 && header.endsWith("    ")));
}

/** @throws {Unjudged} if a message belongs to a private protocol */
export function mustBeText(message: string): void {
  const protocol = privateProtocol(message);
  if (protocol === undefined) return;
  throw new Unjudged(`its message looks like ${protocol}: ${quote(message)}`);
}
