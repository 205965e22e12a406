/**
 * Text that a peer sent, made safe to show.
 *
 * A message is any text: it may hold what moves a cursor, clears a screen or
 * forges a line. Whoever shows one, on a screen or in a file, escapes it first.
 */

// Control characters move the cursor, line separators forge lines, and the
// marks that turn the writing direction make a line look like another.
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Makes a text safe to print: one line, with `\x1b` for an escape character. */
export function escape(text: string): string {
  return text.replace(UNSAFE, escapeOne);
}

function escapeOne(character: string): string {
  const hex = character.charCodeAt(0).toString(16);
  return hex.length > 2
    ? `\\u${hex.padStart(4, "0")}`
    : `\\x${hex.padStart(2, "0")}`;
}
