/**
 * Faults as they are written on a command line, and what is said of the rest.
 */
import { assertEquals, assertThrows } from "@std/assert";
import {
  parseMilliseconds,
  parseProbability,
} from "../../lib/cli/lab_options.ts";

const permissions = "none";

type Row = [text: string, value: number];

/** Checks what one function reads, and what it refuses with which words. */
async function checkParser(
  t: Deno.TestContext,
  parse: (text: string) => number,
  read: Row[],
  refused: string[],
  problem: string,
): Promise<void> {
  for (const [text, value] of read) {
    await t.step(text, () => assertEquals(parse(text), value));
  }
  for (const text of refused) {
    await t.step(`not ${JSON.stringify(text)}`, () => {
      const error = assertThrows(() => parse(text), RangeError);
      assertEquals(error.message, problem);
    });
  }
}

const NO_NUMBERS = [
  "",
  "abc",
  "-1",
  "+1",
  " 1",
  "1 ",
  "1e2",
  "0x1",
  ".",
  "1,5",
  "NaN",
  "Infinity",
];

Deno.test("probabilities", { permissions }, async (t) => {
  const read: Row[] = [
    ["30%", 0.3],
    ["0.3", 0.3],
    [".3", 0.3],
    ["0", 0],
    ["0%", 0],
    ["1", 1],
    ["1.", 1],
    ["100%", 1],
    ["12.5%", 0.125],
  ];
  const problem = "not a number from 0 to 1 or a percentage up to 100%";
  const refused = [...NO_NUMBERS, "%", "-1%", "101%", "100.1", "30%%", "30 %"];
  await checkParser(t, parseProbability, read, refused, problem);
  for (const text of ["1.1", "30", "100"]) {
    const hint = `${problem} (as in ${text}%)`;
    await checkParser(t, parseProbability, [], [text], hint);
  }
});

Deno.test("milliseconds", { permissions }, async (t) => {
  const read: Row[] = [
    ["50", 50],
    ["50ms", 50],
    ["2.5", 2.5],
    [".5", 0.5],
    ["0", 0],
    ["60000", 60_000],
  ];
  const refused = [...NO_NUMBERS, "60000.1", "1s", "ms", "1msms"];
  const problem = "not a number of milliseconds from 0 to 60000";
  await checkParser(t, parseMilliseconds, read, refused, problem);
});
