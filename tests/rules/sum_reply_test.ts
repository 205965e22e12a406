/**
 * Reading the replies of sum servers, in whatever form they come.
 */
import { assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { isWhole, readReply } from "../../lib/rules/sum_reply.ts";

const ASKED = { name: "Tomi", number: 25 };

interface Row {
  readonly text: string;
  readonly separator?: string;
  readonly name: string | undefined;
  readonly number: number | undefined;
  readonly sum?: number;
}

const JSON_ROWS: Row[] = [
  {
    text: '{"server_name": "Eve", "server_number": 10, "sum": 35}',
    name: "Eve",
    number: 10,
    sum: 35,
  },
  {
    text: '{"server_name": "Eve", "server_number": 10}\n',
    name: "Eve",
    number: 10,
  },
  { text: '{"name": "Eve", "number": 10}', name: "Eve", number: 10 },
  {
    text: '{"sum": 35, "number": 10, "name": "Eve"}',
    name: "Eve",
    number: 10,
    sum: 35,
  },
  {
    text:
      '{"client_name": "Tomi", "client_number": 25, "server_name": "Eve", "server_number": 10, "total": 35}',
    name: "Eve",
    number: 10,
    sum: 35,
  },
  {
    text: '{"server_name": "Eve", "server_number": "10", "sum": "35"}',
    name: "Eve",
    number: 10,
    sum: 35,
  },
  {
    text: '{"server_name": "Eve", "sum": 35}',
    name: "Eve",
    number: undefined,
    sum: 35,
  },
  { text: '{"server_number": 10}', name: undefined, number: 10 },
  {
    text: '{"server_name": "Eve", "server_number": 10.5}',
    name: "Eve",
    number: undefined,
  },
  { text: '{"name": "Tomi", "number": 10}', name: "Tomi", number: 10 },
  { text: '["Eve", 10, 35]', name: "Eve", number: 10 },
  { text: "{}", name: undefined, number: undefined },
];

const TEXT_ROWS: Row[] = [
  { text: "Eve,10", name: "Eve", number: 10 },
  { text: "Eve, 10\r\n", name: "Eve", number: 10 },
  { text: "Eve,10,35", name: "Eve", number: 10, sum: 35 },
  { text: "Eve,35,10", name: "Eve", number: 10, sum: 35 },
  { text: "Eve,25,10,35", name: "Eve", number: 10, sum: 35 },
  { text: "Eve,25,10,36", name: "Eve", number: 10, sum: 36 },
  { text: "Eve,10,36", name: "Eve", number: 10, sum: 36 },
  { text: "Tomi,Eve,10", name: "Eve", number: 10 },
  { text: "10", name: undefined, number: 10 },
  { text: "Eve", name: "Eve", number: undefined },
  { text: "", name: undefined, number: undefined },
  { text: "Server 2,10", name: "Server 2", number: 10 },
  { text: "Eve's server 50", separator: " ", name: "Eve's server", number: 50 },
  { text: "Eve:10", separator: ":", name: "Eve", number: 10 },
  { text: "Eve | 10", separator: "|", name: "Eve", number: 10 },
  { text: "Eve\n10\n35", separator: "\n", name: "Eve", number: 10, sum: 35 },
  {
    text: "Server Name: Eve, Server Number: 10, Sum: 35",
    name: "Eve",
    number: 10,
    sum: 35,
  },
];

Deno.test("a reply says a name, a number, and perhaps a sum", async (t) => {
  for (const row of [...JSON_ROWS, ...TEXT_ROWS]) {
    await t.step(JSON.stringify(row.text), () => {
      const { text, name, number, sum, separator = "," } = row;
      const reply = readReply(text, ASKED, separator);
      assertEquals(reply, { text, name, number, sum });
    });
  }
});

Deno.test("a reply of JSON is whole at its last brace", () => {
  const text = '{"server_name": "Eve", "server_number": 10}';
  for (let at = 0; at < text.length; at++) {
    assertEquals(isWhole(text.slice(0, at)), false);
  }
  assertEquals(isWhole(text), true);
});

Deno.test("a text may be whole as soon as anything has come", () => {
  assertEquals(isWhole(""), false);
  assertEquals(isWhole("E"), true);
});

Deno.test("no reply is too odd to be read", () => {
  fc.assert(fc.property(
    fc.string({ unit: "binary" }),
    fc.constantFrom(",", " ", "\n", "|", ""),
    (text, separator) => {
      assertEquals(readReply(text, ASKED, separator).text, text);
    },
  ));
});

Deno.test("any name and number come back from a list", () => {
  const name = fc.stringMatching(/^[A-Z][a-z]{2,8}( [A-Z][a-z]{2,8})?$/)
    .filter((each) => !each.includes(ASKED.name));
  fc.assert(fc.property(
    name,
    fc.integer({ min: 1, max: 100 }),
    fc.constantFrom(",", ";", "|", ":", " ", "\n"),
    fc.boolean(),
    (name, number, separator, hasSum) => {
      const sum = number + ASKED.number;
      const fields = [name, number, ...hasSum ? [sum] : []];
      const reply = readReply(fields.join(separator), ASKED, separator);
      assertEquals([reply.name, reply.number], [name, number]);
      assertEquals(reply.sum, hasSum ? sum : undefined);
    },
  ));
});
