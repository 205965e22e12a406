/**
 * Requests of sum at their limits: integers that cannot be held exactly, how
 * they are shown, and the longest messages.
 */
import { assert, assertEquals } from "@std/assert";
import { readObject, readRequest, shown } from "../../lib/rules/sum_format.ts";
import { entryIn } from "./sum_entries.ts";

const permissions = "none";

/** Integers beyond 2^53, which are read as NaN and shown as they were written. */
const LARGE = ["9007199254740992", "-9007199254740993", "9".repeat(400)];

Deno.test("integers that are too large", { permissions }, async (t) => {
  const requests: ((number: string) => string)[] = [
    (number) => `{"client_name":"A","client_number":${number}}`,
    (number) => `{"a":"A","n":${number}}`,
    (number) => `A,${number}`,
    (number) => `A ${number}`,
  ];
  for (const written of LARGE) {
    for (const request of requests) {
      await t.step(request(written).slice(0, 60), () => {
        const expected = { name: "A", number: NaN, written };
        assertEquals(entryIn(readRequest(request(written))), expected);
      });
    }
  }
});

Deno.test("values are shown as they were written", { permissions }, () => {
  const values: [json: string, shown: string][] = [
    ["25", "25"],
    ["2.5", "2.5"],
    ["1e20", "1e20"],
    ["1E400", "1E400"],
    ["-9007199254740993", "-9007199254740993"],
    ['"25"', '"25"'],
    ['"a\\"b"', '"a\\"b"'],
    ["null", "null"],
    ["[1, 2]", "[1,2]"],
    [`"${"x".repeat(101)}"`, `"${"x".repeat(100)}"... (101 characters)`],
    ["9".repeat(100), "9".repeat(100)],
    ["9".repeat(101), `"${"9".repeat(100)}"... (101 characters)`],
  ];
  for (const [json, expected] of values) {
    const fields = readObject(`{"value":${json}}`);
    assert(fields !== undefined && "object" in fields);
    const { object } = fields as { object: { value: unknown } };
    assertEquals(shown(object.value), expected);
  }
});

/** How long a text takes to be read, in milliseconds: the best of three. */
function timeFor(text: string): number {
  let best = Infinity;
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    readRequest(text);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

Deno.test(
  "the longest messages are read at once",
  { permissions },
  async (t) => {
    const length = 65_536;
    const long: Record<string, string> = {
      "digits": "9".repeat(length),
      "a name and digits": `A,${"9".repeat(length - 2)}`,
      "digits, and then none": `${"9".repeat(length - 1)}x`,
      "blanks": " ".repeat(length),
      "blanks before a number": `A${" ".repeat(length - 2)}1`,
      "separators": ",".repeat(length),
      "separators before a number": `A${",".repeat(length - 2)}1`,
      "separators and blanks": `A${", ".repeat(length / 2 - 1)}1`,
      "signs": `A,${"-".repeat(length - 3)}1`,
      "a name of digits": `${"9".repeat(length - 2)},1`,
      "brackets": "[".repeat(length),
      "nested lists": `${"[".repeat(length / 2)}${"]".repeat(length / 2)}`,
      "nested lists in a request": `{"client_name":${"[".repeat(32_000)}${
        "]".repeat(32_000)
      },"client_number":1}`,
      "digits in an object": `{"a":"A","n":${"9".repeat(length - 20)}}`,
    };
    for (const [what, text] of Object.entries(long)) {
      await t.step(what, () => {
        // What is not linear takes seconds here.
        const time = timeFor(text);
        assert(time < 1_000, `${time} ms`);
      });
    }
  },
);
