/**
 * What the rules share: texts shortened for the log, line endings, sizes, and
 * the words for addresses and refusals.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import {
  addressOf,
  connected,
  costOf,
  disconnected,
  fits,
  MAX_MESSAGE,
  quote,
  refuse,
  splitLineEnding,
} from "../../lib/rules/contract.ts";
import { lineOf, peerOf } from "./stage.ts";

const permissions = "none";

const QUOTES: Record<string, [text: string, quoted: string]> = {
  "nothing": ["", '""'],
  "a word": ["hello", '"hello"'],
  "quotation marks": ['say "hi"', '"say \\"hi\\""'],
  "a line feed": ["a\nb", '"a\\nb"'],
  "an escape sequence": ["\x1b[2J", '"\\x1b[2J"'],
  "half a character": ["\ud83d", '"\\ud83d"'],
  "100 characters": ["x".repeat(100), `"${"x".repeat(100)}"`],
  "101 characters": [
    "x".repeat(101),
    `"${"x".repeat(100)}"... (101 characters)`,
  ],
  "a megabyte": [
    "x".repeat(1_000_000),
    `"${"x".repeat(100)}"... (1000000 characters)`,
  ],
  "a character of two code units at the end": [
    `${"x".repeat(99)}😀`,
    `"${"x".repeat(99)}😀"`,
  ],
  "the rest of a C program's buffer": ["a" + "\0".repeat(63), '"a\\x00 x 63"'],
};

Deno.test("texts in quotation marks", { permissions }, async (t) => {
  for (const [name, [text, quoted]] of Object.entries(QUOTES)) {
    await t.step(name, () => assertEquals(quote(text), quoted));
  }
  await t.step("never more than ten times 100 characters and a few", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      const quoted = quote(text.repeat(50));
      assert(quoted.length < 1040, quoted);
      // deno-lint-ignore no-control-regex -- nothing else moves a cursor
      assert(!/[\x00-\x1f]/.test(quoted), quoted);
    }));
  });
});

const ENDINGS: Record<string, [text: string, line: string, ending: string]> = {
  "none": ["a", "a", ""],
  "nothing at all": ["", "", ""],
  "a line feed": ["a\n", "a", "\n"],
  "a carriage return before it": ["a\r\n", "a", "\r\n"],
  "a line feed alone": ["\n", "", "\n"],
  "both alone": ["\r\n", "", "\r\n"],
  "two line feeds": ["a\n\n", "a\n", "\n"],
  "a carriage return alone": ["a\r", "a\r", ""],
  "the wrong way round": ["a\n\r", "a\n\r", ""],
  "one inside": ["a\nb", "a\nb", ""],
  "two carriage returns": ["a\r\r\n", "a\r", "\r\n"],
};

Deno.test("line endings", { permissions }, async (t) => {
  for (const [name, [text, line, ending]] of Object.entries(ENDINGS)) {
    await t.step(name, () => {
      assertEquals(splitLineEnding(text), [line, ending]);
    });
  }
  await t.step("nothing is lost", () => {
    const anyText = fc.string({ unit: fc.constantFrom("a", "\r", "\n") });
    fc.assert(fc.property(anyText, (text) => {
      assertEquals(splitLineEnding(text).join(""), text);
    }));
  });
});

/** A character, and its bytes as UTF-8. */
const CHARACTERS: [character: string, bytes: number][] = [
  ["a", 1],
  ["é", 2],
  ["李", 3],
  ["😀", 4],
  ["\ud83d", 3],
];

Deno.test("what fits", { permissions }, async (t) => {
  for (const [character, bytes] of CHARACTERS) {
    await t.step(`${JSON.stringify(character)} has ${bytes} bytes`, () => {
      for (const count of [1, 2, 100, Math.floor(MAX_MESSAGE / bytes)]) {
        const text = character.repeat(count);
        assertEquals(fits(text, count * bytes), true);
        assertEquals(fits(text, count * bytes - 1), false);
      }
    });
  }
  await t.step("nothing fits everywhere", () => {
    assertEquals(fits("", 0), true);
  });
});

Deno.test("what a message that waits costs", { permissions }, () => {
  // In V8 a character takes up to two bytes, and a string some dozens besides.
  assert(costOf("") >= 20);
  assertEquals(costOf("a".repeat(1_000)) - costOf(""), 2_000);
  assertEquals(costOf("😀") - costOf(""), 4);
});

Deno.test("addresses", { permissions }, () => {
  const rows: [hostname: string, port: number, text: string][] = [
    ["127.0.0.1", 12000, "127.0.0.1:12000"],
    ["::1", 80, "[::1]:80"],
    ["localhost", 0, "localhost:0"],
  ];
  for (const [hostname, port, text] of rows) {
    assertEquals(addressOf({ hostname, port }), text);
  }
});

Deno.test("words for the log", { permissions }, async (t) => {
  const peer = peerOf("127.0.0.1:5000");
  await t.step("a connection's beginning and end", () => {
    const lines = [
      connected(peer),
      disconnected(peer, "peer"),
      disconnected(peer, "server"),
    ].map(lineOf);
    assertEquals(lines, [
      "debug [server]: 127.0.0.1:5000 connected",
      "debug [server]: 127.0.0.1:5000 left",
      "debug [server]: 127.0.0.1:5000 closed",
    ]);
  });
  await t.step("a refusal: what came, what was expected, the answer", () => {
    assertEquals(refuse(peer, "hello\n", "a number", "No").map(lineOf), [
      'warning [server]: 127.0.0.1:5000 sent "hello\\n"; expected a number; answered No',
      "send 127.0.0.1:5000: No",
    ]);
  });
  await t.step("a refusal of bytes", () => {
    assertEquals(refuse(peer, { byteLength: 1 }, "text", "No").map(lineOf), [
      "warning [server]: 127.0.0.1:5000 sent 1 byte that is not UTF-8; expected text; answered No",
      "send 127.0.0.1:5000: No",
    ]);
  });
});
