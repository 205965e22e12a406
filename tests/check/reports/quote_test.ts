/**
 * What programs sent, made safe to show.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../../support/fast_check.ts";
import {
  MAX_SHOWN,
  oneLine,
  quote,
  quoteBoth,
  quoteBytes,
} from "../../../lib/check/reports/quote.ts";

Deno.test("a text is shown byte for byte where it matters", async (t) => {
  const rows: [name: string, text: string, shown: string][] = [
    ["nothing", "", '""'],
    ["a blank and a line feed", "Accepted \n", '"Accepted \\n"'],
    ["carriage return, tab, NUL", "a\r\t\0", '"a\\r\\t\\x00"'],
    ["an escape sequence", "\x1b[2J", '"\\x1b[2J"'],
    ["a control character of Latin 1", "\x9b2J", '"\\x9b2J"'],
    ["quotation mark and backslash", '"\\', '"\\"\\\\"'],
    ["letters of any script", "straße 漢字 🎉", '"straße 漢字 🎉"'],
    ["writing turned around", "a\u202eb", '"a\\u202eb"'],
    ["an end of line of Unicode", "a\u2028b", '"a\\u2028b"'],
    ["half a character", "a\ud800b", '"a\\ud800b"'],
    ["a no-break space", "a\u00a0b", '"a\\xa0b"'],
    ["three NULs", "a\0\0\0", '"a\\x00\\x00\\x00"'],
    ["a whole buffer", "a" + "\0".repeat(1018), '"a\\x00 x 1018"'],
    ["NULs before a text", "\0".repeat(4) + "a", '"\\x00 x 4a"'],
    ["letters that are repeated", "aaaaaa", '"aaaaaa"'],
  ];
  for (const [name, text, shown] of rows) {
    await t.step(name, () => assertEquals(quote(text), shown));
  }
});

Deno.test("what is too long is cut, and its length said", () => {
  const longest = "a".repeat(MAX_SHOWN);
  assertEquals(quote(longest), `"${longest}"`);
  assertEquals(
    quote(longest + "b"),
    `"${longest}"... (${MAX_SHOWN + 1} characters)`,
  );
});

Deno.test("bytes are shown as text, or one by one", async (t) => {
  const rows: [name: string, bytes: number[], shown: string][] = [
    ["text", [0x68, 0x69], '"hi"'],
    ["no text", [0x68, 0xff, 0x00, 0x0a], '"h\\xff\\x00\\n"'],
    ["half a character", [0xc3], '"\\xc3"'],
  ];
  for (const [name, bytes, shown] of rows) {
    await t.step(name, () => {
      assertEquals(quoteBytes(new Uint8Array(bytes)), shown);
    });
  }
});

Deno.test("no bytes move a cursor, or make a second line", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    const shown = quoteBytes(bytes);
    assert(!/[\p{Cc}\u2028\u2029]/u.test(shown), shown);
  }));
});

Deno.test("a printed line keeps its quotation marks", () => {
  assertEquals(
    oneLine('  File "a.py", line 1\x1b'),
    '  File "a.py", line 1\\x1b',
  );
  assertEquals(oneLine("C:\\new"), "C:\\new");
});

Deno.test("two texts are cut around the place where they differ", async (t) => {
  const long = "a".repeat(500);
  const some = "a".repeat(60);
  const rows: [name: string, one: string, other: string, shown: string[]][] = [
    ["short ones are whole", "tomi", "tomy", ['"tomi"', '"tomy"']],
    ["one that goes on", "tomi", "tomi ", ['"tomi"', '"tomi "']],
    [
      "a difference far behind",
      long + "b",
      long + "c",
      [`..."${some}b"`, `..."${some}c"`],
    ],
    ["an end that is missing", long, long.slice(0, 300), [
      `..."${"a".repeat(200)}"... (260 characters)`,
      `..."${some}"`,
    ]],
  ];
  for (const [name, one, other, shown] of rows) {
    await t.step(name, () => assertEquals(quoteBoth(one, other), shown));
  }
});
