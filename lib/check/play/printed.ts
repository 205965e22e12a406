/**
 * Judging what a program printed. A program may print more than the assignment
 * says, in any order and wording.
 */
import { Finding, NotPrinted, Skip } from "./case.ts";
import { hintFor } from "./hints.ts";
import { quote } from "../reports/quote.ts";
import type { Run } from "./run.ts";

/** How much of what was printed a report shows, in characters. */
const TAIL = 150;

/**
 * Checks that the program printed a text.
 *
 * @param what what the text is: "the message"
 * @throws {Finding} if it is not there; a difference in case is only a remark
 */
export function contains(
  run: Run,
  printed: string,
  text: string,
  what: string,
): void {
  if (printed.includes(text)) return;
  if (plain(printed).includes(plain(text))) {
    const how = "with other spaces or letter case";
    return run.remark(`it prints ${what} ${how}: ${quote(text)}`);
  }
  throw missing(printed, text, what);
}

/**
 * Checks that the program printed a word or number, not as part of another.
 *
 * @throws {Finding} if it is not there
 */
export function mentions(
  _run: Run,
  printed: string,
  word: string,
  what: string,
): void {
  if (hasWord(printed, word)) return;
  throw missing(printed, word, what);
}

/**
 * Checks that the program printed some texts in this order.
 *
 * @param what what they are: "the server's answers"
 * @throws {Finding} if one is missing or out of order
 */
export function printsInOrder(
  printed: string,
  texts: readonly string[],
  what: string,
  hint?: string,
): void {
  if (texts.length === 0) throw new Skip(`there were none of ${what}`);
  let at = 0;
  for (const text of texts) {
    const found = printed.indexOf(text, at);
    if (found < 0) {
      const all = texts.map(quote).join(", ");
      const { came } = missing(printed.slice(at), text, what);
      throw new NotPrinted(
        `${what}, printed in this order: ${all}`,
        `${quote(text)}: ${came}`,
        hint,
      );
    }
    at = found + text.length;
  }
}

/** Whether a text has a word or number, not as part of a longer one. */
export function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const around = (text[at - 1] ?? " ") + (text[at + word.length] ?? " ");
    if (!/[\p{L}\p{N}]/u.test(around)) return true;
  }
  return false;
}

/** The finding for a program that did not print a text. */
export function missing(printed: string, text: string, what: string): Finding {
  const end = withoutTracebacks(printed).trimEnd();
  const came = end === ""
    ? "it printed nothing"
    : `it is not in what it printed, which ends with ${
      quote(end.slice(-TAIL))
    }`;
  const hint = hintFor(end.slice(-TAIL), text);
  return new NotPrinted(`${what}, printed: ${quote(text)}`, came, hint);
}

/**
 * What was printed without Python's tracebacks. They quote texts that the
 * program did not print, and our Ctrl-C may cause the last.
 */
export function withoutTracebacks(printed: string): string {
  return printed.replace(
    /Traceback \(most recent call last\):\n(?:[ \t].*\n)*.*\n?/g,
    "",
  );
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, "");
}
