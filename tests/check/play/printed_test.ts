/**
 * What counts as printed.
 */
import { assertEquals } from "@std/assert";
import { hasWord, withoutTracebacks } from "../../../lib/check/play/printed.ts";

const TRACEBACK = [
  "Traceback (most recent call last):",
  '  File "server.py", line 3, in <module>',
  "    int(text)",
  "    ^^^^^^^^^",
  "ValueError: invalid literal: 'Tomi,25'",
  "",
].join("\n");

Deno.test("a traceback is nothing that the program printed", async (t) => {
  const rows: [string, string, string][] = [
    ["none", "Tomi 25\n", "Tomi 25\n"],
    ["at the end", `Tomi\n${TRACEBACK}`, "Tomi\n"],
    ["at the beginning", `${TRACEBACK}Tomi\n`, "Tomi\n"],
    ["after a prompt", `Number: ${TRACEBACK}`, "Number: "],
    ["twice", TRACEBACK + TRACEBACK, ""],
    ["without its end", TRACEBACK.slice(0, 60), ""],
  ];
  for (const [name, printed, rest] of rows) {
    await t.step(name, () => assertEquals(withoutTracebacks(printed), rest));
  }
});

Deno.test("a number stands for itself, and is no part of another", async (t) => {
  const rows: [string, string, boolean][] = [
    ["Sum: 35", "35", true],
    ["35", "35", true],
    ["25+10=35.", "35", true],
    ["135", "35", false],
    ["350 and 35", "35", true],
    ["x35", "35", false],
    ["", "35", false],
  ];
  for (const [text, word, has] of rows) {
    await t.step(text, () => assertEquals(hasWord(text, word), has));
  }
});
