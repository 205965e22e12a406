// @ts-check
/**
 * Makes text from a peer safe to show: one set of unsafe characters and one
 * notation, Python's (`\n`, `\x1b`, `\ufeff`), everywhere.
 *
 * A message can be any text. It may move a cursor, clear a screen or forge a
 * line, or hold what nobody sees but programs compare. This is JavaScript
 * because the page in the browser runs it as it is.
 */

/** What may not be shown as it is. */
export const UNSAFE = new RegExp(
  // Control and format characters, line separators, every kind of space, what
  // no screen shows (and Braille without dots), halves of characters.
  String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{DI}\p{NChar}\u2800]` +
    // But not the ordinary space, nor what joins two emoji, or colours one.
    // ZWNJ and ZWJ between letters are escaped, though some scripts spell with
    // them: they make one name look like another.
    String.raw`(?<! )(?<!\p{ExtPict}\ufe0f)` +
    String.raw`(?<![\p{ExtPict}\p{EMod}\ufe0f]\u200d(?=\p{ExtPict}))` +
    // A third accent on one letter: they pile up over the lines above.
    String.raw`|\p{M}(?<=\p{M}{3})`,
  "gu",
);

/** @type {Readonly<Record<string, string>>} */
const NAMES = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Makes a text safe to print on one line. Escaping it again changes nothing.
 *
 * @param {string} text
 */
export function escape(text) {
  return text.replace(UNSAFE, escapeOne);
}

/**
 * The notation of one character, or of the byte with the same number.
 *
 * @param {string} character
 */
export function escapeOne(character) {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code > 0xffff) return `\\U${hex.padStart(8, "0")}`;
  if (code > 0xff) return `\\u${hex.padStart(4, "0")}`;
  return NAMES[character] ?? `\\x${hex.padStart(2, "0")}`;
}

/** What is quoted as one: a run of more than three, one unsafe, or any other. */
const PARTS = new RegExp(
  String.raw`(${UNSAFE.source})\1{3,}|(["\\]|${UNSAFE.source})|[^]`,
  "gu",
);

/**
 * A text in quotation marks, escaped (`"a\x00 x 1018"`), and cut if it is long.
 *
 * @param {string} text
 * @param {number} limit how much of it is shown, in characters
 */
export function quote(text, limit) {
  let shown = "";
  let [parts, taken] = [0, 0];
  for (const [part, repeated, odd] of text.matchAll(PARTS)) {
    if (parts++ === limit) break;
    taken += part.length;
    if (repeated) shown += `${escapeOne(repeated)} x ${part.length}`;
    else shown += odd ? marked(odd) : part;
  }
  const cut = taken < text.length ? `... (${text.length} characters)` : "";
  return `"${shown}"${cut}`;
}

/** @param {string} character */
function marked(character) {
  return /["\\]/.test(character) ? `\\${character}` : escapeOne(character);
}

/**
 * JSON on one line, with the same characters written as their numbers.
 *
 * @param {unknown} value
 */
export function safeJson(value) {
  return JSON.stringify(value).replace(
    UNSAFE,
    (found) =>
      found.split("").map((unit) =>
        `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
      ).join(""),
  );
}
