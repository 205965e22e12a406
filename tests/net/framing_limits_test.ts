/**
 * Framing's limit, on both sides: the longest message, with and without its
 * line ending, and one byte more.
 */
import { assertEquals } from "@std/assert";
import { Deframer, type Message } from "../../lib/net/framing.ts";
import { fits, MAX_MESSAGE } from "../../lib/rules/contract.ts";
import { bytesOf, cut, drain, type Row } from "../support/pieces.ts";

const permissions = "none";

const tooLong = (byteLength: number): Message => ({
  problem: "too long",
  byteLength,
});

const FULL = "a".repeat(MAX_MESSAGE);

/** In pieces as reads give them. */
const LIMITS: Row[] = [
  ["as much as may be", `${FULL}\n`, [FULL]],
  ["as much as may be, as Windows ends it", `${FULL}\r\n`, [FULL]],
  ["one more", `${FULL}b\n`, [tooLong(MAX_MESSAGE + 1)]],
  ["the bytes count", "é".repeat(MAX_MESSAGE / 2) + "\n", [
    "é".repeat(MAX_MESSAGE / 2),
  ]],
  ["two full ones", `${FULL}\n${FULL}\n`, [FULL, FULL]],
];

Deno.test("lines up to MAX_MESSAGE", { permissions }, async (t) => {
  for (const [name, text, messages] of LIMITS) {
    await t.step(`${name}, in reads of 4096 bytes`, () => {
      const bytes = [...bytesOf(text)];
      const every4096 = bytes.map((_, i) => i).filter((i) => i % 4096 === 0);
      assertEquals(drain(new Deframer(), cut(bytes, every4096)), messages);
    });
  }
  const rows: [name: string, bytes: string, messages: Message[]][] = [
    ["as much as may be", `${FULL}\n`, [FULL]],
    ["as much as may be, as Windows ends it", `${FULL}\r\n`, [FULL]],
    ["one more", `${FULL}b\n`, [tooLong(MAX_MESSAGE + 1)]],
    ["one more, as Windows ends it", `${FULL}b\r\n`, [
      tooLong(MAX_MESSAGE + 1),
    ]],
    ["one more byte", "é".repeat(MAX_MESSAGE / 2) + "a\n", [
      tooLong(MAX_MESSAGE + 1),
    ]],
    ["a long one among short ones", `a\n${FULL}b\nc\n`, [
      "a",
      tooLong(MAX_MESSAGE + 1),
      "c",
    ]],
    ["no end, and as much as may be", FULL, []],
    ["no end, and one more", `${FULL}b`, [tooLong(MAX_MESSAGE + 1)]],
    ["half an end", `${FULL}\r`, []],
    ["a carriage return that is none", `${FULL}\rb`, [
      tooLong(MAX_MESSAGE + 2),
    ]],
  ];
  for (const [name, text, messages] of rows) {
    await t.step(`${name}, in one read`, () => {
      assertEquals([...new Deframer().push(bytesOf(text))], messages);
    });
  }
});

Deno.test("bare messages up to MAX_MESSAGE", { permissions }, async (t) => {
  const over = bytesOf(`${FULL}b`);
  await t.step("silence ends a full one", () => {
    const deframer = new Deframer();
    assertEquals([...deframer.push(bytesOf(FULL))], []);
    assertEquals([...deframer.quiet()], [FULL]);
  });
  await t.step("so does the end of the stream", () => {
    const deframer = new Deframer();
    assertEquals([...deframer.push(bytesOf(FULL))], []);
    assertEquals([...deframer.end()], [FULL]);
  });
  await t.step("a full one of a raw peer", () => {
    const deframer = new Deframer();
    assertEquals([...deframer.quiet()], []);
    assertEquals([...deframer.push(bytesOf(FULL))], [FULL]);
    assertEquals([...deframer.push(over)], [tooLong(MAX_MESSAGE + 1)]);
  });
  await t.step("one more is too long, though the buffer was full", () => {
    const deframer = new Deframer();
    assertEquals([...deframer.quiet()], []);
    assertEquals([...deframer.push(bytesOf(FULL), true)], []);
    const next = [...deframer.push(bytesOf("b"), true)];
    assertEquals(next, [tooLong(MAX_MESSAGE + 1)]);
    assertEquals(deframer.pending, false);
  });
});

Deno.test("a text that fits", { permissions }, async (t) => {
  const rows: [name: string, text: string, fits: boolean][] = [
    ["nothing", "", true],
    ["as much as may be", FULL, true],
    ["one more", `${FULL}b`, false],
    ["as many bytes as may be", "é".repeat(MAX_MESSAGE / 2), true],
    ["one byte more", "é".repeat(MAX_MESSAGE / 2) + "a", false],
    ["a third of characters of three bytes", "€".repeat(21_845) + "a", true],
    ["one byte more than that", "€".repeat(21_845) + "ab", false],
    ["characters of four bytes", "👍".repeat(MAX_MESSAGE / 4), true],
    ["one character more", "👍".repeat(MAX_MESSAGE / 4 + 1), false],
  ];
  for (const [name, text, expected] of rows) {
    await t.step(name, () => assertEquals(fits(text, MAX_MESSAGE), expected));
  }
});
