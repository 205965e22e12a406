/**
 * Framing of JSON objects: an object is a message as soon as its last brace is
 * there, with a line feed or without, in any pieces; so is a line of garbage.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { Deframer, type Message } from "../../lib/net/framing.ts";
import { MAX_MESSAGE } from "../../lib/rules/contract.ts";
import {
  bytesOf,
  checkEveryWay,
  cut,
  drain,
  type Row,
} from "../support/pieces.ts";

const permissions = "none";
const JSON_OBJECTS = { json: true };

/** Objects are given as they came: white space between them may be kept. */
const OBJECTS: Row[] = [
  ["an object", '{"a":1}', ['{"a":1}']],
  ["an empty object", "{}", ["{}"]],
  ["objects inside", '{"a":{"b":{}},"c":{}}', ['{"a":{"b":{}},"c":{}}']],
  ["a list of objects inside", '{"a":[{},{}]}', ['{"a":[{},{}]}']],
  ["braces in a text", '{"a":"}{}{"}', ['{"a":"}{}{"}']],
  ["a quotation mark in a text", '{"a":"\\"}"}', ['{"a":"\\"}"}']],
  ["a backslash at the end of a text", '{"a":"\\\\"}', ['{"a":"\\\\"}']],
  [
    "a backslash and a quotation mark",
    '{"a":"\\\\\\"}"}',
    ['{"a":"\\\\\\"}"}'],
  ],
  ["a name with a brace", '{"}":1}', ['{"}":1}']],
  ["characters of all lengths", '{"é€":"👍"}', ['{"é€":"👍"}']],
  [
    "many lines",
    '{\n  "a": {\n    "b": 1\n  }\n}',
    ['{\n  "a": {\n    "b": 1\n  }\n}'],
  ],
  ["many lines of Windows", '{\r\n"a":1\r\n}', ['{\r\n"a":1\r\n}']],
  ["white space before it", ' \t{"a":1}', [' \t{"a":1}']],
  ["two objects", '{"a":1}{"b":2}', ['{"a":1}', '{"b":2}']],
  ["a line feed after it", '{"a":1}\n', ['{"a":1}']],
  ["the line ending of Windows after it", '{"a":1}\r\n', ['{"a":1}']],
  ["empty lines are no messages", '\n\r\n{"a":1}\n\n \n', ['{"a":1}']],
  [
    "lines of objects",
    '{"a":1}\n{"b":2}\r\n{"c":3}\n',
    ['{"a":1}', '{"b":2}', '{"c":3}'],
  ],
  ["not UTF-8", [0x7b, 0x22, 0xff, 0x22, 0x7d], [
    { problem: "not UTF-8", byteLength: 5 },
  ]],
];

Deno.test("objects, in any pieces", { permissions }, async (t) => {
  for (const row of OBJECTS) {
    await t.step(row[0], () => checkEveryWay(row, JSON_OBJECTS));
  }
  await t.step("all of them in one piece", () => {
    const bytes = OBJECTS.flatMap(([, bytes]) => [...bytesOf(bytes)]);
    const messages = OBJECTS.flatMap(([, , messages]) => messages);
    const trim = (message: Message) =>
      typeof message === "string" ? message.trim() : message;
    assertEquals(
      drain(new Deframer(JSON_OBJECTS), cut(bytes, [])).map(trim),
      messages.map(trim),
    );
  });
});

Deno.test("an object needs no silence", { permissions }, async (t) => {
  for (const [name, bytes, messages] of OBJECTS) {
    await t.step(name, () => {
      const deframer = new Deframer(JSON_OBJECTS);
      assertEquals([...deframer.push(bytesOf(bytes))], messages);
      assertEquals(deframer.pending, false);
    });
  }
  await t.step("though the read filled its buffer", () => {
    const deframer = new Deframer(JSON_OBJECTS);
    assertEquals([...deframer.push(bytesOf("{}"), true)], ["{}"]);
  });
});

/** What is no object ends with its line; the line ending may stay with it. */
const GARBAGE: Row[] = [
  ["a word", "hello\n", ["hello"]],
  ["a number", "25\r\n", ["25"]],
  ["a list", "[1, 2]\n", ["[1, 2]"]],
  ["closing braces", "}}\n", ["}}"]],
  ["a text", '"hello"\n', ['"hello"']],
  ["a word before an object", 'x {"a":1}', ['x {"a":1}']],
  ["a word after an object", '{"a":1} x\n', ['{"a":1}', "x"]],
  ["an object after a line", 'x\n{"a":1}', ["x", '{"a":1}']],
];

Deno.test("garbage among objects", { permissions }, async (t) => {
  for (const [name, content, messages] of GARBAGE) {
    await t.step(name, () => {
      const bytes = [...bytesOf(content)];
      for (const places of [[], bytes.map((_, i) => i)]) {
        const found = drain(new Deframer(JSON_OBJECTS), cut(bytes, places));
        assertEquals(found.map((message) => String(message).trim()), messages);
      }
    });
  }
});

Deno.test("what is no whole object waits", { permissions }, async (t) => {
  for (
    const text of ["hello", "25", '{"a":1', '{"a":"}', '{"a":"\\"}', "{{}"]
  ) {
    await t.step(`${text}, for silence`, () => {
      const deframer = new Deframer(JSON_OBJECTS);
      assertEquals([...deframer.push(bytesOf(text))], []);
      assertEquals(deframer.pending, true);
      assertEquals([...deframer.quiet()], [text]);
      assertEquals([...deframer.push(bytesOf('{"a":1}'))], ['{"a":1}']);
    });
    await t.step(`${text}, for the end`, () => {
      const deframer = new Deframer(JSON_OBJECTS);
      assertEquals([...deframer.push(bytesOf(text))], []);
      assertEquals([...deframer.end()], [text]);
      assertEquals([...deframer.end()], []);
    });
  }
  await t.step("of a raw peer, too, for it may go on", () => {
    const deframer = new Deframer(JSON_OBJECTS);
    assertEquals([...deframer.push(bytesOf("x"))], []);
    assertEquals([...deframer.quiet()], ["x"]);
    assertEquals([...deframer.push(bytesOf('{"a"'))], []);
    assertEquals([...deframer.push(bytesOf(":1}"))], ['{"a":1}']);
  });
});

Deno.test(
  "an object is answered as it was sent",
  { permissions },
  async (t) => {
    const rows: [name: string, bytes: string, ending: string][] = [
      ["bare", '{"a":1}', ""],
      ["with a line feed", '{"a":1}\n', "\n"],
      ["in lines", '{"a":1}\n{"b":2}\n', "\n"],
    ];
    for (const [name, bytes, ending] of rows) {
      await t.step(name, () => {
        const deframer = new Deframer(JSON_OBJECTS);
        assert([...deframer.push(bytesOf(bytes))].length > 0);
        assertEquals(deframer.delimiter, ending);
      });
    }
  },
);

Deno.test("objects up to MAX_MESSAGE", { permissions }, async (t) => {
  const object = (length: number) => `{"a":"${"x".repeat(length - 8)}"}`;
  const over = { problem: "too long", byteLength: MAX_MESSAGE + 1 } as const;
  const rows: [name: string, text: string, messages: Message[]][] = [
    ["as much as may be", object(MAX_MESSAGE), [object(MAX_MESSAGE)]],
    ["one more", object(MAX_MESSAGE + 1), [over]],
    ["braces without an end", "{".repeat(MAX_MESSAGE + 1), [over]],
    ["garbage without an end", "x".repeat(MAX_MESSAGE + 1), [over]],
    ["as much without an end", "{".repeat(MAX_MESSAGE), []],
  ];
  for (const [name, text, messages] of rows) {
    await t.step(name, () => {
      assertEquals(
        [...new Deframer(JSON_OBJECTS).push(bytesOf(text))],
        messages,
      );
    });
  }
  await t.step("an object after one that was too long", () => {
    const deframer = new Deframer(JSON_OBJECTS);
    const long = bytesOf("{".repeat(MAX_MESSAGE + 1));
    assertEquals([...deframer.push(long)], [over]);
    assertEquals([...deframer.push(bytesOf("{}"))], ["{}"]);
  });
});

const anyObject = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue());
const anyCuts = fc.array(fc.nat(100));

Deno.test("any objects in any pieces", { permissions }, () => {
  const spaces = fc.constantFrom(undefined, 2, "\t");
  const between = fc.constantFrom("", "\n", "\r\n", "\n\n");
  const texts = fc.array(
    fc.tuple(anyObject, spaces, between)
      .map(([value, indent, after]) => [
        JSON.stringify(value, null, indent),
        after,
      ]),
    { minLength: 1 },
  );
  fc.assert(fc.property(texts, anyCuts, (texts, cuts) => {
    const bytes = [...bytesOf(texts.flat().join(""))];
    const messages = drain(new Deframer(JSON_OBJECTS), cut(bytes, cuts));
    const found = messages.map((message) => JSON.parse(message as string));
    assertEquals(found, texts.map(([text]) => JSON.parse(text!)));
  }));
});

Deno.test(
  "any bytes in any pieces are the same objects",
  { permissions },
  () => {
    const anyByte = fc.oneof(
      fc.nat(255),
      fc.constantFrom(...bytesOf('{}"\\\n\r a')),
    );
    fc.assert(
      fc.property(
        fc.array(anyByte, { size: "medium" }),
        anyCuts,
        (bytes, cuts) => {
          const whole = drain(new Deframer(JSON_OBJECTS), cut(bytes, []));
          assertEquals(
            drain(new Deframer(JSON_OBJECTS), cut(bytes, cuts)),
            whole,
          );
        },
      ),
    );
  },
);

const TWO_LINES = {
  json: true,
  isUnfinished: (text: string) => /^[^0-9{}]*\n$|^\{[^}]*$/.test(text),
};

Deno.test("a message that must go on", async (t) => {
  const take = (...pieces: string[]) => {
    const deframer = new Deframer(TWO_LINES);
    return [
      ...pieces.flatMap((piece) => [...deframer.push(bytesOf(piece))]),
      deframer.isUnfinished(),
      ...deframer.quiet(),
      deframer.delimiter,
    ];
  };
  const rows: Record<string, [pieces: string[], taken: unknown[]]> = {
    "two lines": [["Alice\n25\n"], ["Alice\n25\n", false, ""]],
    "line by line": [["Alice\n", "25\n"], ["Alice\n25\n", false, ""]],
    "no second line ending": [["Alice\n", "25"], [false, "Alice\n25", ""]],
    "no second line": [["Alice\n"], [true, "Alice\n", "\n"]],
    "a blank line between": [["Alice\n", "\n25\n"], ["Alice\n25\n", false, ""]],
    "half an object": [['{"a":'], [true, '{"a":', ""]],
    "an object": [['{"a":', "1}"], ['{"a":1}', false, ""]],
    "a name without its line ending": [["Alice"], [false, "Alice", ""]],
  };
  for (const [name, [pieces, taken]] of Object.entries(rows)) {
    await t.step(name, () => assertEquals(take(...pieces), taken));
  }
});
