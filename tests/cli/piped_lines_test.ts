/**
 * Lines from a pipe or a file: however its bytes come in, each line comes out
 * once and whole; what cannot be read has ended.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "../support/fast_check.ts";
import { InputReader } from "../../lib/cli/input.ts";
import { MAX_LINE, PipedLines } from "../../lib/cli/piped_lines.ts";
import { Failure } from "../../lib/rules/contract.ts";
import { FakeInput, type Piece } from "../support/fake_input.ts";
import { collectingPrinter } from "../support/in_process.ts";

const permissions = "none";

const encoder = new TextEncoder();

function linesOf(...pieces: Piece[]) {
  const input = new FakeInput(false);
  input.type(...pieces);
  input.end();
  const { printer, stderr } = collectingPrinter();
  const lines = new PipedLines(new InputReader(input, printer));
  return { input, lines, printer, stderr };
}

async function readAll(lines: PipedLines): Promise<string[]> {
  const all: string[] = [];
  for (let line; (line = await lines.next()) !== undefined;) all.push(line);
  assertEquals(await lines.next(), undefined);
  return all;
}

/** What comes in, and the lines that come out. */
const ROWS: [name: string, input: string | Uint8Array, lines: string[]][] = [
  ["nothing", "", []],
  ["a line", "one\n", ["one"]],
  ["lines", "one\ntwo\n", ["one", "two"]],
  ["a last line without an end", "one\ntwo", ["one", "two"]],
  ["empty lines", "\n\none\n\n", ["", "", "one", ""]],
  ["lines of Windows", "one\r\ntwo\r\n", ["one", "two"]],
  ["lines of an old Macintosh", "one\rtwo\r", ["one", "two"]],
  ["all three endings", "a\r\rb\r\nc\n\rd", ["a", "", "b", "c", "", "d"]],
  ["blanks stay", "  one \t\n", ["  one \t"]],
  ["all scripts", "é€李жא👍🏽\n", ["é€李жא👍🏽"]],
  ["what other programs take for line ends", "a\u2028b\x85c\n", [
    "a\u2028b\x85c",
  ]],
  ["a byte order mark at the beginning", "\ufeffa\n\ufeffb\n", [
    "a",
    "\ufeffb",
  ]],
  ["zero bytes", "a\0b\n\0", ["a\0b", "\0"]],
];

Deno.test("lines of a pipe", { permissions }, async (t) => {
  for (const [name, input, expected] of ROWS) {
    await t.step(name, async () => {
      const bytes = typeof input === "string" ? encoder.encode(input) : input;
      const { lines } = linesOf(bytes);
      assertEquals(await readAll(lines), expected);
    });
    await t.step(`${name}, byte by byte`, async () => {
      const bytes = typeof input === "string" ? encoder.encode(input) : input;
      const pieces = Array.from(bytes, (byte) => new Uint8Array([byte]));
      assertEquals(await readAll(linesOf(...pieces).lines), expected);
    });
  }
  await t.step("any text, in any pieces", async () => {
    const text = fc.string({ unit: "binary" }).map((each) =>
      each.replaceAll(/[\n\r]/g, " ").toWellFormed()
    );
    await fc.assert(fc.asyncProperty(
      fc.array(text),
      fc.array(fc.integer({ min: 1, max: 20 })),
      async (texts, sizes) => {
        let bytes = encoder.encode(texts.map((each) => `${each}\n`).join(""));
        const pieces: Uint8Array[] = [];
        for (const size of sizes) {
          if (bytes.length > 0) pieces.push(bytes.subarray(0, size));
          bytes = bytes.subarray(size);
        }
        if (bytes.length > 0) pieces.push(bytes);
        assertEquals(await readAll(linesOf(...pieces).lines), texts);
      },
    ));
  });
});

/** What is in `shared/inputs/text`, and what is said of it. */
const FOREIGN: [name: string, bytes: number[], line: number, guess: string][] =
  [
    ["UTF-16", [0xff, 0xfe, 0x68, 0, 0x0a, 0], 1, "; it looks like UTF-16, "],
    ["UTF-16, the other way", [0xfe, 0xff, 0, 0x68, 0, 0x0a], 1, "; it looks"],
    ["Latin 1", [0x61, 0x0a, 0x63, 0x61, 0x66, 0xe9, 0x0a], 2, ". Save"],
  ];

Deno.test("a line that is not UTF-8 is refused", { permissions }, async (t) => {
  for (const [name, bytes, number, guess] of FOREIGN) {
    await t.step(name, async () => {
      const { lines } = linesOf(new Uint8Array(bytes));
      const text = `line ${number} is not UTF-8${guess}`;
      await assertRejects(() => readAll(lines), Failure, text);
    });
  }
});

Deno.test("lines that are left are counted with any ending", {
  permissions,
}, async () => {
  const { lines } = linesOf("one\r", "\ntwo\rthree\r\nfour\n\nsix");
  assertEquals(await lines.next(), "one");
  assertEquals(await lines.countLeft(), 5);
});

Deno.test("the longest line", { permissions }, async (t) => {
  const longest = "x".repeat(MAX_LINE);
  const rows: [name: string, pieces: string[]][] = [
    ["in one piece", [`${longest}\nnext`]],
    ["its end comes later", [longest, "\nnext"]],
  ];
  for (const [name, pieces] of rows) {
    await t.step(name, async () => {
      const { lines } = linesOf(...pieces);
      assertEquals(await readAll(lines), [longest, "next"]);
    });
    await t.step(`${name}, one byte more`, async () => {
      const { lines } = linesOf("x", ...pieces);
      await assertRejects(() => lines.next(), Failure, `${MAX_LINE} bytes`);
    });
  }
  await t.step("one that never ends is not read on", async () => {
    const { input, lines } = linesOf("x".repeat(4 * MAX_LINE));
    await assertRejects(() => lines.next(), Failure, `${MAX_LINE} bytes`);
    assert(input.count <= 2 * MAX_LINE, `${input.count} bytes`);
  });
});

Deno.test("an input that cannot be read", { permissions }, async (t) => {
  const line = "[WARNING] [client]: Cannot read standard input: Bad file " +
    "descriptor (os error 9). It counts as ended: connect it to a terminal, " +
    "a pipe or a file.\n";
  const error = new Error("Bad file descriptor (os error 9)");
  const rows: [name: string, pieces: Piece[], lines: string[]][] = [
    ["has ended", [error, "never"], []],
    ["what was read before counts", ["one\ntwo", error], ["one", "two"]],
  ];
  for (const [name, pieces, expected] of rows) {
    await t.step(name, async () => {
      const { lines, printer, stderr } = linesOf(...pieces);
      assertEquals(await readAll(lines), expected);
      printer.flush();
      assertEquals(stderr.text, line);
    });
  }
});
