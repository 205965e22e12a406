/**
 * `--format` of sum: which templates there are, what they write and read.
 */
import { assertEquals, assertThrows } from "@std/assert";
import fc from "../support/fast_check.ts";
import { Template } from "../../lib/rules/sum_format.ts";
import { entryIn, problemIn } from "./sum_entries.ts";

const permissions = "none";

/** A template, a message of that format, and the name and number in it. */
const READABLE: [
  template: string,
  text: string,
  name: string,
  number: number,
][] = [
  ["NAME,NUMBER", "Eve,10", "Eve", 10],
  ["NAME,NUMBER", "Eve, 10", "Eve", 10],
  ["NAME,NUMBER", " Eve,10\n", "Eve", 10],
  ["NAME,NUMBER", "Eve, the server,10", "Eve, the server", 10],
  ["NAME,NUMBER", "Eve,-10", "Eve", -10],
  ["NAME,NUMBER", "Server 7,10", "Server 7", 10],
  ["NAME,NUMBER", "7,10", "7", 10],
  ["NAME NUMBER", "Socket Lab Server 10", "Socket Lab Server", 10],
  ["NAME -> NUMBER", "Eve -> 10", "Eve", 10],
  ["NAME,NUMBER\n", "Eve,10", "Eve", 10],
  ["<NAME|NUMBER>", "<Eve|10>", "Eve", 10],
  ["NUMBER,NAME", "10,Eve", "Eve", 10],
  ["NUMBER,NAME", "10,Eve, the server", "Eve, the server", 10],
  ["sum of NAME: NUMBER.", "sum of Eve: 10.", "Eve", 10],
  [
    '{"name": "NAME", "number": NUMBER}',
    '{"number":10,"name":"Eve"}',
    "Eve",
    10,
  ],
  ['{"n":NUMBER,"c":"NAME"}', '{"c":"Eve","n":10,"sum":35}', "Eve", 10],
  ['{"a":"b","n":NUMBER,"c":"NAME"}', '{"c":"E","n":1}', "E", 1],
];

Deno.test("templates read messages", { permissions }, async (t) => {
  for (const [template, text, name, number] of READABLE) {
    await t.step(`${template} reads ${text}`, () => {
      const expected = { name, number, written: String(number) };
      assertEquals(entryIn(new Template(template).read(text)), expected);
    });
  }
});

/** A third integer is the sum. */
const WITH_SUM: [template: string, text: string][] = [
  ["NAME,NUMBER", "Eve,10,35"],
  ["NAME,NUMBER", "Eve, 10, 35"],
  ["NAME,NUMBER", "10,Eve,35"],
  ["NAME NUMBER", "Eve 10 35"],
  ["NUMBER,NAME", "10,Eve,35"],
  ["NUMBER,NAME", "10,35,Eve"],
  ["NAME\nNUMBER", "Eve\n10\n35\n"],
  ["(NAME|NUMBER)", "(Eve|10|35)"],
  ['{"n":NUMBER,"c":"NAME"}', '{"c":"Eve","n":10,"sum":35}'],
  ['{"n":NUMBER,"c":"NAME"}', '{"c":"Eve","n":10,"the_SUM":35}'],
];

Deno.test("templates read a sum", { permissions }, async (t) => {
  for (const [template, text] of WITH_SUM) {
    await t.step(`${template} reads ${text}`, () => {
      const entry = new Template(template).read(text);
      const expected = { name: "Eve", number: 10, written: "10", sum: "35" };
      assertEquals(entry, expected);
    });
  }
  await t.step("a number that is too large is none", () => {
    const entry = entryIn(
      new Template("NAME,NUMBER").read("Eve,9007199254740992"),
    );
    assertEquals(entry.number, NaN);
  });
});

const COMMA = "NAME,NUMBER";
const JSON_TEMPLATE = '{"name": "NAME", "number": NUMBER}';

/** Messages of another format. */
const UNREADABLE: Record<string, [template: string, text: string]> = {
  "nothing": [COMMA, ""],
  "another separator": [COMMA, "Eve;10"],
  "no number": [COMMA, "Eve,"],
  "a number that is none": [COMMA, "Eve,ten"],
  "a fraction": [COMMA, "Eve,9.5"],
  "a number alone": [COMMA, "10"],
  "a third field with a fraction": [COMMA, "Eve,10.0,35"],
  "the seed's JSON": [COMMA, '{"server_name":"Eve","server_number":10}'],
  "an error": [COMMA, '{"error":"no, 25"}'],
  "nothing around it": ["<NAME|NUMBER>", "Eve|10"],
  "only half of what is around it": ["aNAME,NUMBERa", "a,1"],
  "text where JSON was expected": [JSON_TEMPLATE, "Eve,10"],
  "a list where an object was expected": [JSON_TEMPLATE, '["Eve",10]'],
};

Deno.test("templates refuse other formats", { permissions }, async (t) => {
  for (const [what, [template, text]] of Object.entries(UNREADABLE)) {
    await t.step(what, () => {
      const problem = problemIn(new Template(template).read(text));
      const came = JSON.stringify(text);
      const expected = `it is in another format: ${came} is not ${template}`;
      assertEquals(problem, expected);
    });
  }
  await t.step("an object with other keys: which one is missing", () => {
    const problem = problemIn(new Template(JSON_TEMPLATE).read('{"a":"Eve"}'));
    assertEquals(
      problem,
      `name is missing; it is in another format: "{\\"a\\":\\"Eve\\"}" is not ${JSON_TEMPLATE}`,
    );
  });
});

const NO_TEMPLATES: Record<string, string> = {
  "nothing": "",
  "a name alone": "NAME",
  "a number alone": "NUMBER",
  "small letters": "name,number",
  "two names": "NAME,NAME,NUMBER",
  "two numbers": "NAME,NUMBER,NUMBER",
};

Deno.test("what is no template", { permissions }, async (t) => {
  const errorOf = (text: string) =>
    assertThrows(() => new Template(text), RangeError).message;
  for (const [what, text] of Object.entries(NO_TEMPLATES)) {
    await t.step(what, () => {
      const expected = "no template: it needs NAME once and NUMBER once";
      assertEquals(errorOf(text), expected);
    });
  }
  for (const text of ["NAMENUMBER", "NUMBERNAME", "<NAMENUMBER>"]) {
    await t.step(`nothing between the two: ${text}`, () => {
      const expected = "no template: nothing parts NAME from NUMBER";
      assertEquals(errorOf(text), expected);
    });
  }
});

/** A name that a plain text can carry: no separator of ours, no blanks around. */
const plainName = fc.string({ unit: "grapheme", minLength: 1 })
  .map((name) => name.replace(/[\s,;|:0-9]/g, "") || "Eve");
const anyInteger = fc.oneof(fc.integer(), fc.maxSafeInteger());

const TEXT_TEMPLATES = [
  "NAME,NUMBER",
  "NAME;NUMBER",
  "NAME | NUMBER",
  "NAME:NUMBER",
  "NAME NUMBER",
  "NUMBER,NAME",
  " NAME,NUMBER\r\n",
  "HELLO NAME: NUMBER!",
];

Deno.test("what a template writes, it reads", { permissions }, async (t) => {
  for (const form of TEXT_TEMPLATES) {
    await t.step(form, () => {
      const template = new Template(form);
      fc.assert(fc.property(plainName, anyInteger, (name, number) => {
        const entry = entryIn(template.read(template.fill(name, number)));
        assertEquals(entry, { name, number, written: String(number) });
      }));
    });
  }
  await t.step("JSON carries any name", () => {
    const template = new Template(JSON_TEMPLATE);
    const anyName = fc.string({ unit: "binary" });
    fc.assert(fc.property(anyName, anyInteger, (name, number) => {
      const text = template.fill(name, number);
      assertEquals(JSON.parse(text), { name, number });
      const entry = entryIn(template.read(text));
      assertEquals(entry, { name, number, written: String(number) });
    }));
  });
});
