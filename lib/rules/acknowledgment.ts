/**
 * Reading acknowledgments, which tell X and Y whose message came first. The
 * assignment says what one should contain, and gives an example; correct
 * servers vary the words, spaces and line endings around it.
 */
import { quote } from "./contract.ts";

/** `X: Alice` */
interface Introduced {
  readonly side: string;
  readonly text: string;
}

const FORM = /^(X|Y): (.*) received before (X|Y): (.*)$/s;

/** What our own server sends, parsed. */
export class Acknowledgment {
  readonly #first: Introduced;
  readonly #second: Introduced;

  /** @param expected as our own server sends it */
  constructor(readonly expected: string) {
    const [, side = "", text = "", otherSide = "", otherText = ""] =
      FORM.exec(expected) ?? [];
    this.#first = { side, text };
    this.#second = { side: otherSide, text: otherText };
  }

  /** Whether a text contains it, whatever the spaces and the word in between. */
  isIn(text: string): boolean {
    return pattern(this.#first, this.#second).test(text);
  }

  /** Whether a text contains the other order. */
  isReversedIn(text: string): boolean {
    return pattern(this.#second, this.#first).test(text);
  }

  /** The lines of a text that do not contain it. */
  without(text: string): string {
    return text.split("\n").filter((line) => !this.isIn(line)).join("\n");
  }

  /** What is worth saying about a text that contains it. */
  remarkOn(text: string): string | undefined {
    const [, behind = "", ...more] = text.split(
      pattern(this.#first, this.#second),
    );
    const told = quote(text.trim());
    if (more.length > 0) return `the acknowledgment comes twice: ${told}`;
    if (/[\p{L}\p{N}]/u.test(behind)) {
      return `other text follows the acknowledgment: ${quote(behind)}`;
    }
    if (plain(text).includes(plain(this.expected))) return undefined;
    const expected = quote(this.expected);
    return `the acknowledgment is ${told}, not word by word ${expected}`;
  }
}

/** Whether a text looks like an acknowledgment at all. */
export function looksAcknowledged(text: string): boolean {
  return /\bbefore\b/i.test(text);
}

function pattern(first: Introduced, second: Introduced): RegExp {
  // No word boundary before it: a greeting may run into the acknowledgment.
  const half = ({ side, text }: Introduced) =>
    `${side}\\s*:\\s*${escape(text)}`;
  const end = "(?![\\p{L}\\p{N}])";
  // Up to 40 characters for "received", and for "Client" if it was kept.
  const between = `${end}.{0,40}\\bbefore\\b.{0,40}?`;
  return new RegExp(half(first) + between + half(second) + end, "isu");
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replace(/\s+/g, "\\s+");
}

function plain(text: string): string {
  return text.replace(/\s+/g, " ");
}
