/**
 * Escaping: what a peer sent cannot do anything to a screen.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { escape } from "../../lib/rules/escape.ts";

const permissions = "none";

const ESCAPES: [name: string, text: string, escaped: string][] = [
  ["nothing", "", ""],
  ["words", "hello, world", "hello, world"],
  ["a backslash is not doubled", "\\x1b", "\\x1b"],
  ["letters of all scripts", "éß€李жא👍🏽", "éß€李жא👍🏽"],
  ["a soft blank", "a\u00a0b", "a\u00a0b"],
  ["a byte order mark", "\ufeffa", "\ufeffa"],
  ["the clearing of a screen", "a\x1b[2Jb", "a\\x1b[2Jb"],
  ["a line that is not the printer's", "a\nb\r\nc", "a\\x0ab\\x0d\\x0ac"],
  ["a window title", "\x1b]0;x\x07", "\\x1b]0;x\\x07"],
  ["the turning of the direction", "a\u202eb", "a\\u202eb"],
];

Deno.test("escape() leaves nothing that acts", { permissions }, async (t) => {
  for (const [name, text, escaped] of ESCAPES) {
    await t.step(name, () => assertEquals(escape(text), escaped));
  }
  const hex = (code: number, digits: number) =>
    code.toString(16).padStart(digits, "0");
  await t.step("each control character", () => {
    for (let code = 0; code <= 0x9f; code++) {
      const character = String.fromCharCode(code);
      const isControl = code < 0x20 || code >= 0x7f;
      const expected = isControl ? `\\x${hex(code, 2)}` : character;
      assertEquals(escape(`a${character}b`), `a${expected}b`);
    }
    assertEquals(escape("\u00a0"), "\u00a0");
  });
  await t.step("each mark of direction and each separator of lines", () => {
    const ranges = [[0x200e, 0x200f], [0x2028, 0x202e], [0x2066, 0x2069]];
    const codes = ranges.flatMap(([from, to]) =>
      Array.from({ length: to! - from! + 1 }, (_, i) => from! + i)
    );
    for (const code of [0x061c, ...codes]) {
      const character = String.fromCharCode(code);
      assertEquals(escape(`a${character}b`), `a\\u${hex(code, 4)}b`);
    }
  });
  await t.step("any text, and twice is as good as once", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      const escaped = escape(text);
      assert(!/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(escaped));
      assertEquals(escape(escaped), escaped);
    }));
  });
});
