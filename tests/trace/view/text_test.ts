/** From bytes to what can be shown: nothing invisible, nothing that disturbs. */
import { assert, assertEquals } from "@std/assert";
import fc from "../../support/fast_check.ts";
import {
  count,
  duration,
  fromBase64,
  hexDump,
  seconds,
  spansOf,
  textOf,
} from "../../../lib/trace/view/text.js";
import { HOSTILE } from "./made_up.ts";

const encoder = new TextEncoder();

function shown(text: string | Uint8Array): string {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  return textOf(spansOf(bytes));
}

const TEXTS: Record<string, [content: string | number[], expected: string]> = {
  "plain": ["hello, Bob", "hello, Bob"],
  "empty": ["", ""],
  "a joiner between letters": ["a\u200db", "a\\u200db"],
  "a no-break space": ["a\u00a0b", "a\\xa0b"],
  "accents": ["straße, café", "straße, café"],
  "Hebrew": ["שלום", "שלום"],
  "an emoji of several": ["👨‍👩‍👧", "👨‍👩‍👧"],
  "line endings": ["a\r\nb\n", "a\\r\\nb\\n"],
  "tab and NUL": ["a\tb\0", "a\\tb\\x00"],
  "an escape sequence": ["\x1b[2J", "\\x1b[2J"],
  "delete, and a C1 control": ["\x7f\x9b", "\\x7f\\x9b"],
  "a right-to-left override": ["a\u202eb", "a\\u202eb"],
  "a byte order mark": ["\ufeffa", "\\ufeffa"],
  "a soft hyphen": ["a\u00adb", "a\\xadb"],
  "line separators": ["a\u2028b\u2029", "a\\u2028b\\u2029"],
  "a tag character": ["a\u{e0041}", "a\\U000e0041"],
  "no characters": ["\uffff\ufdd0", "\\uffff\\ufdd0"],
  "two accents": ["e\u0301\u0323", "e\u0301\u0323"],
  "too many accents": ["e\u0301\u0323\u0301", "e\u0301\u0323\\u0301"],
  "what looks like an escape": ["\\x1b", "\\x1b"],
  "not UTF-8": [[0x41, 0xff, 0x42], "A\\xffB"],
  "half a character": [[0x41, 0xc3], "A\\xc3"],
  "a surrogate in UTF-8": [[0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"],
};

Deno.test("spansOf() makes every character visible", async (t) => {
  for (const [name, [content, expected]] of Object.entries(TEXTS)) {
    await t.step(name, () => {
      const bytes = typeof content === "string"
        ? encoder.encode(content)
        : Uint8Array.from(content);
      assertEquals(shown(bytes), expected);
    });
  }
});

Deno.test("spansOf() tells escapes from what was sent like that", () => {
  assertEquals(spansOf(encoder.encode("\\n\n")), [
    { text: "\\n", odd: false },
    { text: "\\n", odd: true },
  ]);
});

/** What must never get into a line of the page. */
const DISTURBING =
  // deno-lint-ignore no-control-regex
  /[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/;

Deno.test("spansOf() leaves nothing that disturbs, whatever was sent", async (t) => {
  for (const [name, text] of Object.entries(HOSTILE)) {
    await t.step(name, () => assert(!DISTURBING.test(shown(text))));
  }
  await t.step("any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      assert(!DISTURBING.test(shown(text)));
    }));
  });
  await t.step("any bytes", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      assert(!DISTURBING.test(shown(bytes)));
    }));
  });
});

Deno.test("spansOf() changes no printable ASCII", () => {
  const printable = fc.string({ unit: "grapheme-ascii" });
  fc.assert(fc.property(printable, (text) => assertEquals(shown(text), text)));
});

Deno.test("fromBase64() gives the bytes back", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    assertEquals(fromBase64(bytes.toBase64()), bytes);
  }));
});

const DUMPS: Record<string, [text: string, expected: string[]]> = {
  "nothing": ["", [""]],
  "a few bytes": ["hi\n", [
    "0000  68 69 0a                                          hi.",
  ]],
  "a whole line": ["0123456789abcdef", [
    "0000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef",
  ]],
  "more than a line": ["0123456789abcdefg", [
    "0000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef",
    "0010  67                                                g",
  ]],
  "not ASCII": ["é<", [
    "0000  c3 a9 3c                                          ..<",
  ]],
};

Deno.test("hexDump() writes offset, bytes and characters", async (t) => {
  for (const [name, [text, expected]] of Object.entries(DUMPS)) {
    await t.step(name, () => {
      assertEquals(hexDump(encoder.encode(text)), expected.join("\n"));
    });
  }
});

Deno.test("numbers are written for people", async (t) => {
  const rows: [actual: string, expected: string][] = [
    [count(0, "byte"), "0\u00a0bytes"],
    [count(1, "byte"), "1\u00a0byte"],
    [count(999, "read"), "999\u00a0reads"],
    [count(65_536, "byte"), "65\u202f536\u00a0bytes"],
    [count(1_234_567, "event"), "1\u202f234\u202f567\u00a0events"],
    [seconds(0), "0.000"],
    [seconds(12_345.6), "12.346"],
    [duration(0.4), "less than 1\u00a0ms"],
    [duration(40.2), "40\u00a0ms"],
    [duration(3_240), "3.2\u00a0s"],
    [duration(59_900), "59.9\u00a0s"],
    [duration(90_000), "2\u00a0min"],
    [duration(5_400_000), "1.5\u00a0h"],
  ];
  for (const [actual, expected] of rows) {
    await t.step(expected, () => assertEquals(actual, expected));
  }
});
