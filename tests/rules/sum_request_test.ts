/**
 * Requests of sum: how each format is read and answered, and what is no request.
 */
import { assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { quote } from "../../lib/rules/contract.ts";
import { readRequest, type Request } from "../../lib/rules/sum_format.ts";
import { entryIn, problemIn } from "./sum_entries.ts";

const permissions = "none";

/** What a server called Eve, whose number is 10, replies; undefined for the seed's. */
function replyTo(text: string): string | undefined {
  const request = readRequest(text);
  entryIn(request);
  return (request as Request).format?.fill("Eve", 10);
}

/** A request, its name and number, and the reply of Eve, whose number is 10. */
type Row = [text: string, name: string, number: number, reply: string];

const TEXTS: Record<string, Row> = {
  "a comma": ["Alice,25", "Alice", 25, "Eve,10"],
  "a semicolon": ["Alice;25", "Alice", 25, "Eve;10"],
  "a bar": ["Alice|25", "Alice", 25, "Eve|10"],
  "a colon": ["Alice:25", "Alice", 25, "Eve:10"],
  "a blank": ["Alice 25", "Alice", 25, "Eve 10"],
  "a tab": ["Alice\t25", "Alice", 25, "Eve\t10"],
  "many blanks": ["Alice   25", "Alice", 25, "Eve   10"],
  "a blank after a comma": ["Alice, 25", "Alice", 25, "Eve, 10"],
  "blanks around a bar": ["Alice | 25", "Alice", 25, "Eve | 10"],
  "a colon and a tab": ["Alice:\t25", "Alice", 25, "Eve:\t10"],
  "blanks around it all": ["  Alice,25 \t", "Alice", 25, "Eve,10"],
  "a line feed at the end": ["Alice,25\r\n", "Alice", 25, "Eve,10"],
  "a line feed between": ["Alice\n25", "Alice", 25, "Eve\n10"],
  "a name that holds the separator": ["A, B, C,25", "A, B, C", 25, "Eve,10"],
  "a name that ends with it": ["Alice,,25", "Alice,", 25, "Eve,10"],
  "a name that holds another": ["A:B|C;D 25", "A:B|C;D", 25, "Eve 10"],
  "a name with blanks": ["Alice B. Smith 25", "Alice B. Smith", 25, "Eve 10"],
  "a name that is a number": ["7,25", "7", 25, "Eve,10"],
  "a name of other scripts": ["李 Ælfrēd,25", "李 Ælfrēd", 25, "Eve,10"],
  "a name with the words of a template": [
    "NAME NUMBER,25",
    "NAME NUMBER",
    25,
    "Eve,10",
  ],
  "a replacement pattern in the name": ["$&,25", "$&", 25, "Eve,10"],
  "half of an object": ['{"name":"Alice,25', '{"name":"Alice', 25, "Eve,10"],
  "zeros before it": ["Alice,025", "Alice", 25, "Eve,10"],
  "a plus sign": ["Alice,+25", "Alice", 25, "Eve,10"],
  "a minus sign": ["Alice,-25", "Alice", -25, "Eve,10"],
  "a minus sign after a blank": ["Alice -25", "Alice", -25, "Eve 10"],
  "zero": ["Alice,0", "Alice", 0, "Eve,10"],
  "the largest that is held exactly": [
    "Alice,9007199254740991",
    "Alice",
    Number.MAX_SAFE_INTEGER,
    "Eve,10",
  ],
};

Deno.test("requests of plain text", { permissions }, async (t) => {
  for (const [what, [text, name, number, reply]] of Object.entries(TEXTS)) {
    await t.step(what, () => {
      const written = text.trim().slice(text.trim().search(/[+-]?[0-9]+$/));
      assertEquals(entryIn(readRequest(text)), { name, number, written });
      assertEquals(replyTo(text), reply);
    });
  }
});

const NO_TEXTS: Record<string, string> = {
  "nothing": "",
  "blanks": " \t\n",
  "a name alone": "Alice",
  "no name": ",25",
  "blanks for a name": "  ,25",
  "no separator": "Alice25",
  "a hyphen for a separator": "Alice-25",
  "another separator": "Alice/25",
  "the number first": "25,Alice",
  "a fraction": "Alice,2.5",
  "a fraction of zero": "Alice,25.0",
  "an exponent": "Alice,1e5",
  "hexadecimal": "Alice,0x19",
  "two signs": "Alice,+-25",
  "a sign alone": "Alice,-",
  "Arabic digits": "Alice,٢٥",
  "something after it": "Alice,25,",
  "a unit": "Alice,25 points",
  "a length before it": "5         Alice",
  "a length in a header of spaces": "Alice           25",
  "a length and a number": "42 25",
  "a length in binary": "\0\0\0*Alice",
  "half of an object": '{"client_name":"A"',
};

Deno.test("texts that are no request", { permissions }, async (t) => {
  for (const [what, text] of Object.entries(NO_TEXTS)) {
    await t.step(what, () => {
      const problem = problemIn(readRequest(text));
      const came = quote(text);
      assertEquals(problem, `${came} is neither JSON nor a name and a number`);
    });
  }
  await t.step("not UTF-8", () => {
    const problem = problemIn(readRequest({ byteLength: 1 }));
    assertEquals(problem, "1 byte that is not UTF-8");
  });
});

const OBJECTS: Record<string, Row> = {
  "other keys": [
    '{"name": "Alice", "number": 25}',
    "Alice",
    25,
    '{"name":"Eve","number":10}',
  ],
  "the number first": [
    '{"n":25,"c":"Alice"}',
    "Alice",
    25,
    '{"n":10,"c":"Eve"}',
  ],
  "more than the two": [
    '{"type":null,"name":"Alice","ok":true,"n":25,"x":2.5,"l":[1],"o":{}}',
    "Alice",
    25,
    '{"name":"Eve","n":10}',
  ],
  "keys that hold the words of a template": [
    '{"USERNAME":"Alice","NUMBER":25}',
    "Alice",
    25,
    '{"USERNAME":"Eve","NUMBER":10}',
  ],
  "keys that need escapes": [
    '{"a\\"b":"Alice","\\u0000":25}',
    "Alice",
    25,
    '{"a\\"b":"Eve","\\u0000":10}',
  ],
  "keys that objects have by nature": [
    '{"__proto__":"Alice","constructor":25}',
    "Alice",
    25,
    '{"__proto__":"Eve","constructor":10}',
  ],
  "the reply's own keys": [
    '{"server_name":"Alice","server_number":25}',
    "Alice",
    25,
    '{"server_name":"Eve","server_number":10}',
  ],
  "an empty key and an empty name": [
    '{"":"","n":25}',
    "",
    25,
    '{"":"Eve","n":10}',
  ],
  "a name with quotation marks": [
    '{"name":"\\"A\\"","n":25}',
    '"A"',
    25,
    '{"name":"Eve","n":10}',
  ],
  "an integer with a point": [
    '{"a":"A","n":25.0}',
    "A",
    25,
    '{"a":"Eve","n":10}',
  ],
  "an integer with an exponent": [
    '{"a":"A","n":2e1}',
    "A",
    20,
    '{"a":"Eve","n":10}',
  ],
  "one key twice": ['{"a":1,"a":"A","n":25}', "A", 25, '{"a":"Eve","n":10}'],
  "a number as a text": [
    '{"name":"A","n":"25"}',
    "A",
    25,
    '{"name":"Eve","n":10}',
  ],
  "a name of digits": ['{"name":"7","n":25}', "7", 25, '{"name":"Eve","n":10}'],
  "white space": [
    '\n{ "a" : "A" ,\t"n" : 25 }\r\n',
    "A",
    25,
    '{"a":"Eve","n":10}',
  ],
};

Deno.test("requests of JSON with other keys", { permissions }, async (t) => {
  for (const [what, [text, name, number, reply]] of Object.entries(OBJECTS)) {
    await t.step(what, () => {
      const written = String(number);
      assertEquals(entryIn(readRequest(text)), { name, number, written });
      assertEquals(replyTo(text), reply);
    });
  }
  await t.step("the assignment's own keys need no format", () => {
    const text = '{"extra":"x","client_number":25,"client_name":"A","n":7}';
    const expected = { name: "A", number: 25, written: "25" };
    assertEquals(entryIn(readRequest(text)), expected);
    assertEquals(replyTo(text), undefined);
  });
});

const NO_OBJECTS: Record<string, string> = {
  "an empty object": "{}",
  "two names": '{"name":"A","other":"B","n":25}',
  "two numbers": '{"name":"A","n":25,"m":26}',
  "no name": '{"n":25}',
  "no number": '{"name":"A"}',
  "a fraction": '{"name":"A","n":2.5}',
  "a number that is null": '{"name":"A","n":null}',
  "a number that is true": '{"name":"A","n":true}',
  "a large number with an exponent": '{"name":"A","n":1e308}',
  "one beyond all numbers": '{"name":"A","n":1e400}',
  "nested": '{"client":{"name":"A","n":25}}',
};

Deno.test("objects that are no request", { permissions }, async (t) => {
  for (const [what, text] of Object.entries(NO_OBJECTS)) {
    await t.step(what, () => {
      const problem = problemIn(readRequest(text));
      const came = quote(text);
      assertEquals(problem, `${came} is not one name and one integer`);
    });
  }
  for (const text of ["25", '"A"', "null", "true", "[]", '["A",25]', "1e400"]) {
    await t.step(`not an object: ${text}`, () => {
      const problem = problemIn(readRequest(text));
      assertEquals(problem, `${JSON.stringify(text)} is not a JSON object`);
    });
  }
  await t.step("a large integer is not an object either", () => {
    const problem = problemIn(readRequest("9".repeat(20)));
    assertEquals(problem, `"${"9".repeat(20)}" is not a JSON object`);
  });
});

/** A name that a plain text can carry: no separator of ours, no blanks around. */
const plainName = fc.string({ unit: "grapheme", minLength: 1 })
  .map((name) => name.replace(/[\s,;|:0-9]/g, "") || "Eve");
const anyInteger = fc.oneof(fc.integer(), fc.maxSafeInteger());

Deno.test(
  "a reply can be read as a request was",
  { permissions },
  async (t) => {
    const separators = fc.constantFrom(
      ",",
      ";",
      "|",
      ":",
      " ",
      "\t",
      ", ",
      " | ",
    );
    await t.step("plain text", () => {
      fc.assert(fc.property(
        plainName,
        separators,
        anyInteger,
        (name, separator, number) => {
          const text = `${name}${separator}${number}`;
          const entry = { name, number, written: String(number) };
          assertEquals(entryIn(readRequest(text)), entry);
          assertEquals(replyTo(text), `Eve${separator}10`);
        },
      ));
    });
    await t.step("JSON with any two keys", () => {
      const keys = fc.uniqueArray(fc.string({ unit: "binary" }), {
        minLength: 2,
        maxLength: 2,
      });
      fc.assert(fc.property(
        keys,
        fc.string({ unit: "binary" }),
        anyInteger,
        ([a, b], name, number) => {
          fc.pre(!a!.startsWith("client_") && !b!.startsWith("client_"));
          const text = JSON.stringify(
            Object.fromEntries([[a, name], [b, number]]),
          );
          const entry = { name, number, written: String(number) };
          assertEquals(entryIn(readRequest(text)), entry);
          const reply = JSON.parse(replyTo(text)!);
          assertEquals(
            Object.entries(reply),
            Object.entries(
              Object.fromEntries([[a, "Eve"], [b, 10]]),
            ),
          );
        },
      ));
    });
    await t.step("nothing makes it throw", () => {
      const anyText = fc.oneof(
        fc.string({ unit: "binary" }),
        fc.json(),
        fc.tuple(fc.json(), fc.constantFrom(",", " "), fc.integer())
          .map((parts) => parts.join("")),
      );
      fc.assert(fc.property(anyText, (text) => {
        const request = readRequest(text);
        if ("error" in request) return;
        assertEquals(typeof request.format?.fill("Eve", 10), "string");
      }));
    });
  },
);
