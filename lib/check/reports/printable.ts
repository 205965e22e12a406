/**
 * Makes text safe for every form of a report. What a program printed may hold
 * characters that move a screen's cursor, that XML forbids, or that end a line.
 */

// Control characters, line and paragraph separators, what turns the direction
// of writing around, halves of characters, and what is no character at all.
const UNSAFE =
  /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]/gu;

const NAMES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** @returns the text on one line, with each unsafe character as its escape */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    const isByte = code < 0x100;
    const hex = code.toString(16).padStart(isByte ? 2 : 4, "0");
    return NAMES[character] ?? (isByte ? `\\x${hex}` : `\\u${hex}`);
  });
}
