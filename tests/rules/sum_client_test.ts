/**
 * Sum's client: its whole conversation, and which replies it accepts.
 */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Failure, type Framing } from "../../lib/rules/contract.ts";
import { sum } from "../../lib/rules/sum.ts";
import { Template } from "../../lib/rules/sum_format.ts";
import { converse, type Script } from "./fake_dialogue.ts";

const permissions = "none";
const ASK = "ask Enter an integer between 1 and 100: ";
const REPLY = '{"server_name": "Eve", "server_number": 10, "sum": 35}';

interface Options {
  readonly name?: string;
  readonly number?: number;
  readonly format?: Template;
  readonly framing?: Framing;
}

function client(script: Script, options: Options): Promise<string[]> {
  return converse(sum, script, options);
}

const COMMA = new Template("NAME,NUMBER");
const KEYS = new Template('{"name": "NAME", "number": NUMBER}');

function sendsText(text: string): string[] {
  return [
    "open raw",
    "debug [send_message]: Connected to server at 127.0.0.1:12000",
    `send ${text}`,
  ];
}

function sends(name: string, number: number): string[] {
  return sendsText(`{"client_name":"${name}","client_number":${number}}`);
}

function prints(name: string, number: number): string[] {
  const result = `Server Number: 10 | Sum: ${number + 10}`;
  return [
    `print [INFO] [send_message]: Client Name: ${name} | Server Name: Eve`,
    `print [INFO] [send_message]: Client Number: ${number} | ${result}`,
  ];
}

const OUT_OF_RANGE =
  "warning [send_message]: The integer input out of range. Terminating the server";

const CONVERSATIONS: Record<
  string,
  Script & { options?: Options; events: string[] }
> = {
  "the assignment's own": {
    typed: ["25"],
    options: { name: "Alice" },
    replies: [REPLY],
    events: [ASK, ...sends("Alice", 25), ...prints("Alice", 25)],
  },
  "asks nothing that it was told": {
    options: { number: 25 },
    replies: [REPLY],
    events: [
      ...sends("Socket Lab Client", 25),
      ...prints("Socket Lab Client", 25),
    ],
  },
  "a reply without the sum, as the programs of the assignment send it": {
    options: { number: 25, name: "A" },
    replies: ['{"server_number":10,"server_name":"Eve"}'],
    events: [...sends("A", 25), ...prints("A", 25)],
  },
  "a number out of range is sent, and no reply is waited for": {
    typed: ["0"],
    options: { name: "A" },
    replies: [],
    events: [ASK, ...sends("A", 0), OUT_OF_RANGE],
  },
  "a number out of range that is answered": {
    options: { name: "A", number: 0 },
    replies: ["{}"],
    events: [
      ...sends("A", 0),
      OUT_OF_RANGE,
      'warning [send_message]: The server answered a number out of range: "{}"',
    ],
  },
  "a server that goes on after a number out of range": {
    options: { name: "A", number: 0 },
    replies: [],
    listens: true,
    events: [
      ...sends("A", 0),
      OUT_OF_RANGE,
      "open raw",
      "warning [send_message]: The server goes on: it still accepts connections",
    ],
  },
  "a server that keeps the connection open": {
    options: { name: "A", number: 0 },
    events: [
      ...sends("A", 0),
      OUT_OF_RANGE,
      "warning [send_message]: The server has not closed the connection",
    ],
  },
  "101 is out of range": {
    options: { name: "A", number: 101 },
    replies: [],
    events: [...sends("A", 101), OUT_OF_RANGE],
  },
  "-5 is out of range": {
    typed: ["-5"],
    options: { name: "A" },
    replies: [],
    events: [ASK, ...sends("A", -5), OUT_OF_RANGE],
  },
  "both ends of the range are in it": {
    options: { name: "A", number: 100 },
    replies: ['{"server_name":"Eve","server_number":10,"sum":110}'],
    events: [...sends("A", 100), ...prints("A", 100)],
  },
  "ends its message as it is told to": {
    options: { number: 25, name: "A", framing: "line" },
    replies: [REPLY],
    events: ["open line", ...sends("A", 25).slice(1), ...prints("A", 25)],
  },
  "speaks and reads plain text": {
    options: { number: 25, name: "A", format: COMMA },
    replies: ["Eve,10"],
    events: [...sendsText("A,25"), ...prints("A", 25)],
  },
  "speaks and reads JSON with other keys": {
    options: { number: 25, name: 'A "B"', format: KEYS },
    replies: ['{"number":10,"name":"Eve"}'],
    events: [
      ...sendsText('{"name": "A \\"B\\"", "number": 25}'),
      ...prints('A "B"', 25),
    ],
  },
  "checks a sum in JSON with other keys": {
    options: { number: 25, name: "A", format: KEYS },
    replies: ['{"name":"Eve","number":10,"sum":35}'],
    events: [...sendsText('{"name": "A", "number": 25}'), ...prints("A", 25)],
  },
  "a sum as a third field": {
    options: { number: 25, name: "A", format: COMMA },
    replies: ["Eve,10,35\0old"],
    events: [...sendsText("A,25"), ...prints("A", 25)],
  },
  "two lines": {
    options: { number: 25, name: "A", format: new Template("NAME\nNUMBER") },
    replies: ["Eve", "10"],
    events: [...sendsText("A\n25"), ...prints("A", 25)],
  },
  "a number that is a text": {
    options: { number: 25, name: "A" },
    replies: ['{"server_name":"Eve","server_number":"10"}'],
    events: [
      ...sends("A", 25),
      'info [send_message]: The server sent its number as a text, "10"',
      ...prints("A", 25),
    ],
  },
  "a number out of range, in another format": {
    options: { number: 0, name: "A", format: COMMA },
    replies: [],
    events: [...sendsText("A,0"), OUT_OF_RANGE],
  },
  "asks again for what is not an integer": {
    typed: ["", "x", "2.5", "0x10", "9".repeat(20), "5 6", " +25 "],
    options: { name: "A" },
    replies: [REPLY],
    events: [
      ...["", "x", "2.5", "0x10", "9".repeat(20), "5 6"].flatMap(
        (text) => [ASK, `error [client]: Not an integer: ${text}`],
      ),
      ASK,
      ...sends("A", 25),
      ...prints("A", 25),
    ],
  },
};

for (const typed of ["25.0", "2.5e1", "2500e-2", "+25", "025"]) {
  CONVERSATIONS[`takes ${typed} for what it is`] = {
    typed: [typed],
    options: { name: "A" },
    replies: [REPLY],
    events: [ASK, ...sends("A", 25), ...prints("A", 25)],
  };
}

Deno.test("sum's client", { permissions }, async (t) => {
  for (const [name, row] of Object.entries(CONVERSATIONS)) {
    const { events, options = {}, ...script } = row;
    await t.step(name, async () => {
      assertEquals(await client(script, options), events);
    });
  }
});

const NOT_JSON =
  "it is not JSON; if the server uses another format, name it with --format";

const BROKEN: [name: string, reply: string, problem: string][] = [
  ["no JSON", "hello", NOT_JSON],
  ["nothing", "", NOT_JSON],
  ["no object", "[35]", '"[35]" is not a JSON object'],
  ["an empty object", "{}", "server_name is missing"],
  [
    "no name",
    '{"server_number":10,"sum":35}',
    "server_name is missing",
  ],
  [
    "a name that is a number",
    '{"server_name":5,"server_number":10}',
    "server_name is 5, not a string",
  ],
  [
    "a number with a fraction",
    '{"server_name":"Eve","server_number":9.5,"sum":34.5}',
    "server_number is 9.5, not an integer",
  ],
  [
    "a number that cannot be held exactly",
    '{"server_name":"Eve","server_number":9007199254740993}',
    'the number "9007199254740993" is too large',
  ],
  [
    "a wrong sum",
    '{"server_name":"Eve","server_number":10,"sum":36}',
    "sum is 36, not 35",
  ],
  [
    "a sum that is a text",
    '{"server_name":"Eve","server_number":10,"sum":"35"}',
    'sum is "35", not 35',
  ],
  [
    "a sum that is null",
    '{"server_name":"Eve","server_number":10,"sum":null}',
    "sum is null, not 35",
  ],
  [
    "a sum that cannot be held exactly",
    '{"server_name":"Eve","server_number":10,"sum":1e400}',
    "sum is 1e400, not 35",
  ],
  ["an error", '{"error":"no"}', 'error: "no"'],
];

/** Replies that are not in the format of the client, or whose sum is wrong. */
const FOREIGN: [
  name: string,
  format: Template,
  reply: string,
  problem: string,
][] = [
  [
    "the assignment's own in place of plain text",
    COMMA,
    REPLY,
    `it is in another format: ${JSON.stringify(REPLY)} is not NAME,NUMBER`,
  ],
  ["a third field", COMMA, "Eve,10,36", "sum is 36, not 35"],
  ["a refusal", COMMA, "error", "the server refused the request"],
  [
    "an error in place of plain text",
    COMMA,
    '{"error":"25 is not enough, 25"}',
    'error: "25 is not enough, 25"',
  ],
  [
    "an error in place of other keys",
    KEYS,
    '{"error":"no","number":10,"name":"Eve"}',
    'error: "no"',
  ],
  [
    "other keys than those",
    KEYS,
    REPLY,
    `name is missing; it is in another format: ${
      JSON.stringify(REPLY)
    } is not {"name": "NAME", "number": NUMBER}`,
  ],
  [
    "a wrong sum beside those keys",
    KEYS,
    '{"name":"Eve","number":10,"sum":36}',
    "sum is 36, not 35",
  ],
  [
    "a number that is too large beside those keys",
    KEYS,
    '{"name":"Eve","number":9007199254740993}',
    'the number "9007199254740993" is too large',
  ],
];

Deno.test("sum's client checks the format", { permissions }, async (t) => {
  for (const [name, format, reply, problem] of FOREIGN) {
    await t.step(name, async () => {
      const asks = () => client({ replies: [reply] }, { number: 25, format });
      const { message } = await assertRejects(asks, Failure);
      const expected = `The server's reply is broken: ${problem}.`;
      assertEquals(message, `${expected} It was: ${JSON.stringify(reply)}`);
    });
  }
});

Deno.test("sum's client checks the reply", { permissions }, async (t) => {
  for (const [name, reply, problem] of BROKEN) {
    await t.step(name, async () => {
      const asks = () => client({ replies: [reply] }, { number: 25 });
      const { message } = await assertRejects(asks, Failure);
      const expected = `The server's reply is broken: ${problem}.`;
      assertEquals(message, `${expected} It was: ${JSON.stringify(reply)}`);
    });
  }
  await t.step("no reply at all", async () => {
    const asks = () => client({ replies: [] }, { number: 25 });
    await assertRejects(asks, Failure, "closed the connection without a reply");
  });
  await t.step("a long reply is not shown in full", async () => {
    const asks = () => client({ replies: ["x".repeat(9_999)] }, { number: 25 });
    const { message } = await assertRejects(asks, Failure);
    assertEquals(message.match(/x{2,}/)[0].length, 100);
    assertStringIncludes(message, '"... (9999 characters)');
  });
  await t.step("no number at all", async () => {
    const asks = () => client({ typed: ["x"] }, {});
    await assertRejects(asks, Failure, "Give it with --number.");
  });
});
