/**
 * Escaping: what a peer sent cannot do anything to a screen.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { escape, quote, safeJson, UNSAFE } from "../../lib/rules/escape.js";

const permissions = "none";

const ESCAPES: [name: string, text: string, escaped: string][] = [
  ["nothing", "", ""],
  ["words", "hello, world", "hello, world"],
  ["a backslash is not doubled", "\\x1b", "\\x1b"],
  ["letters of all scripts", "éß€李жא", "éß€李жא"],
  ["two accents on one letter", "e\u0301\u0323", "e\u0301\u0323"],
  ["a third", "e\u0301\u0323\u0301", "e\u0301\u0323\\u0301"],
  ["the clearing of a screen", "a\x1b[2Jb", "a\\x1b[2Jb"],
  ["a line that is not the printer's", "a\nb\r\nc\t", "a\\nb\\r\\nc\\t"],
  ["NUL", "a\0", "a\\x00"],
  ["a window title", "\x1b]0;x\x07", "\\x1b]0;x\\x07"],
  ["the turning of the direction", "a\u202eb", "a\\u202eb"],
  ["a byte order mark", "\ufeffa", "\\ufeffa"],
  ["a no-break space", "a\u00a0b", "a\\xa0b"],
  ["an ideographic space", "a\u3000b", "a\\u3000b"],
  ["a soft hyphen", "a\u00adb", "a\\xadb"],
  [
    "zero-width space and joiners",
    "\u200b\u200c\u200d",
    "\\u200b\\u200c\\u200d",
  ],
  ["a joiner between letters", "Ali\u200dce", "Ali\\u200dce"],
  ["a word joiner", "a\u2060b", "a\\u2060b"],
  ["a filler of Hangul", "a\u3164", "a\\u3164"],
  ["Braille without dots", "\u2800", "\\u2800"],
  ["a tag of Unicode", "a\u{e0041}", "a\\U000e0041"],
  ["half a character", "a\ud83d", "a\\ud83d"],
  ["no characters", "\uffff\ufdd0", "\\uffff\\ufdd0"],
  ["an emoji in a colour", "👍🏽 ❤️", "👍🏽 ❤️"],
  ["an emoji of several", "👨‍👩‍👧 🧑🏽‍🚀 ❤️‍🔥", "👨‍👩‍👧 🧑🏽‍🚀 ❤️‍🔥"],
  ["what would colour a letter", "a\ufe0f", "a\\ufe0f"],
];

Deno.test(
  "escape() leaves nothing that acts or hides",
  { permissions },
  async (t) => {
    for (const [name, text, escaped] of ESCAPES) {
      await t.step(name, () => assertEquals(escape(text), escaped));
    }
    await t.step("each character of Latin 1", () => {
      const names: Record<number, string> = { 9: "\\t", 10: "\\n", 13: "\\r" };
      for (let code = 0; code <= 0xff; code++) {
        const character = String.fromCharCode(code);
        const isUnsafe = code < 0x20 || code >= 0x7f && code <= 0xa0 ||
          code === 0xad;
        const hex = `\\x${code.toString(16).padStart(2, "0")}`;
        const expected = isUnsafe ? names[code] ?? hex : character;
        assertEquals(escape(`a${character}b`), `a${expected}b`);
      }
    });
    await t.step("each invisible character and each mark of direction", () => {
      const ranges = [[0x2000, 0x200f], [0x2028, 0x202f], [0x205f, 0x206f]];
      for (const [from, to] of ranges) {
        for (let code = from!; code <= to!; code++) {
          const character = String.fromCharCode(code);
          assertEquals(escape(`a${character}b`), `a\\u${code.toString(16)}b`);
        }
      }
    });
    await t.step("any text, and twice is as good as once", () => {
      fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
        const escaped = escape(text);
        assert(!/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(escaped));
        assertEquals(escape(escaped), escaped);
      }));
    });
  },
);

Deno.test("quote() doubles what would end the quotation, and cuts", {
  permissions,
}, () => {
  assertEquals(quote('say "\\n"\n', 20), '"say \\"\\\\n\\"\\n"');
  assertEquals(quote("\0\0\0\0b", 2), '"\\x00 x 4b"');
  assertEquals(quote("abcdef", 3), '"abc"... (6 characters)');
});

Deno.test("safeJson() is JSON that hides nothing", { permissions }, () => {
  assertEquals(safeJson(["\u00a0\u{e0041}é"]), '["\\u00a0\\udb40\\udc41é"]');
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const json = safeJson({ text });
    assertEquals(JSON.parse(json), { text });
    assertEquals(json.search(UNSAFE), -1);
  }));
});
