/**
 * Sum's server: its answers, its refusals, its numbers, and its end.
 */
import { assert, assertEquals } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import fc from "../support/fast_check.ts";
import type { Action, Random } from "../../lib/rules/contract.ts";
import {
  MAX_NUMBER,
  MIN_NUMBER,
  SERVER_NAME,
  sumServer,
} from "../../lib/rules/sum.ts";
import {
  isClosed,
  isSilent,
  opens,
  peerOf,
  playAll,
  says,
  type Step,
} from "./stage.ts";

const permissions = "none";

/** What the command line sets for the server. */
interface Options {
  readonly name: string;
  readonly number: number | undefined;
}

const DEFAULTS: Options = { name: SERVER_NAME, number: undefined };

/** Makes 10 of the server's number, whoever asks. */
function server(options: Options) {
  return sumServer(options, () => 0.099);
}

const RECEIVED = "debug [handle_client]: Message recieved from client";
const CLOSED = "debug [handle_client]: Client connection closed";

/** What the server does about a number in range: adds its own, which is 10. */
function answers(request: object, client: string, number: number): Step {
  return [
    says("a", JSON.stringify(request)),
    RECEIVED,
    `print: [INFO] [handle_client]: Client Name: ${client} | Server Name: Socket Lab Server`,
    `print: [INFO] [handle_client]: Client Number: ${number} | Server Number: 10 | Sum: ${
      number + 10
    }`,
    "debug [handle_client]: Sending client response",
    `send a: {"server_name":"Socket Lab Server","server_number":10,"sum":${
      number + 10
    }}`,
    "close a",
  ];
}

function ends(text: string, number: string): Step {
  const warning = `Client int out of range: ${number}. Terminating the server.`;
  return [
    says("a", text),
    RECEIVED,
    `warning [handle_client]: ${warning}`,
    "stop",
  ];
}

function numbered(client_number: number): Step {
  return answers({ client_name: "A", client_number }, "A", client_number);
}

Deno.test("sum adds, and ends", { permissions }, async (t) => {
  await playAll(t, server, DEFAULTS, [
    {
      name: "the assignment's own",
      steps: [
        [
          opens("127.0.0.1:48528"),
          "debug [start_server]: Connection accepted from ('127.0.0.1', 48528)",
        ],
        answers({ client_name: "Alice", client_number: 25 }, "Alice", 25),
        [isClosed("127.0.0.1:48528"), CLOSED],
        ends('{"client_name": "Alice", "client_number": 0}', "0"),
      ],
    },
    {
      name: "both ends of the range",
      steps: [numbered(MIN_NUMBER), numbered(MAX_NUMBER)],
    },
    {
      name: "more in the object than is needed, in any order",
      steps: [
        answers({ client_number: 5, a: [1], client_name: "" }, "", 5),
      ],
    },
    {
      name: "what is out of range ends the server",
      steps: ["0", "101", "-1", "9007199254740993"].map((number) =>
        ends(`{"client_name":"A","client_number":${number}}`, number)
      ),
    },
    {
      name: "a name and a number of its own",
      options: { name: "Eve's", number: 75 },
      steps: [[
        says("a", '{"client_name":"A","client_number":25}'),
        RECEIVED,
        "print: [INFO] [handle_client]: Client Name: A | Server Name: Eve's",
        "print: [INFO] [handle_client]: Client Number: 25 | Server Number: 75 | Sum: 100",
        "debug [handle_client]: Sending client response",
        `send a: {"server_name":"Eve's","server_number":75,"sum":100}`,
        "close a",
      ]],
    },
  ]);
});

const EXPECTED = '{"client_name": "...", "client_number": 25}';

const BROKEN: [name: string, text: string | undefined, problem: string][] = [
  ["not UTF-8", undefined, "1 byte that is not UTF-8"],
  ["nothing", "", '"" is neither JSON nor a name and a number'],
  ["not JSON", "hello", '"hello" is neither JSON nor a name and a number'],
  [
    "half of an object",
    '{"client_name":"A"',
    '"{\\"client_name\\":\\"A\\"" is neither JSON nor a name and a number',
  ],
  ["a number alone", "25", '"25" is not a JSON object'],
  ["a text alone", '"25"', '"\\"25\\"" is not a JSON object'],
  ["null", "null", '"null" is not a JSON object'],
  ["a list", '["A", 25]', '"[\\"A\\", 25]" is not a JSON object'],
  ["an empty object", "{}", '"{}" is not one name and one integer'],
  ["no name", '{"client_number":25}', "client_name is missing"],
  ["no number", '{"client_name":"A"}', "client_number is missing"],
  ...["1", "null", "true", '["A"]', "1e20"].map((name) =>
    [
      `the name ${name}`,
      `{"client_name":${name},"client_number":25}`,
      `client_name is ${name}, not a string`,
    ] as [string, string, string]
  ),
  ...["2.5", '"2.5"', "null", "true", "[25]", "1e20", "1e400", "{}"].map(
    (number) =>
      [
        `the number ${number}`,
        `{"client_name":"A","client_number":${number}}`,
        `client_number is ${number}, not an integer`,
      ] as [string, string, string],
  ),
];

/** What is added for a name alone, and for half an object. */
function cutShort(text = "0"): string {
  const isCut = /^[^0-9{}]+$|^\{[^}]*$/.test(text);
  return isCut ? " (it is not whole, and no more of it came in time)" : "";
}

/** Whether the sender of this reads JSON: others could take it for anything. */
const isJson = (text: string | undefined) => text?.startsWith("{");

Deno.test(
  "sum refuses what is broken, and goes on",
  { permissions },
  async (t) => {
    await playAll(
      t,
      server,
      DEFAULTS,
      BROKEN.map(([name, text, problem]) => {
        const error = `${problem}; expected ${EXPECTED}`;
        return {
          name,
          steps: [
            [
              says("a", text),
              `warning [handle_client]: a:1: ${error}${cutShort(text)}`,
              `send a: ${isJson(text) ? JSON.stringify({ error }) : "error"}`,
              "close a",
            ],
            numbered(25),
          ],
        };
      }),
    );
  },
);

/** What the server does about Alice's number, 25, in another format. */
function answersInKind(request: string, reply: string): Step {
  const [, ...actions] = answers({}, "Alice", 25);
  const isReply = (line: string) => line.startsWith("send a: ");
  return [
    says("a", request),
    ...actions.map((line) => isReply(line) ? `send a: ${reply}` : line),
  ];
}

Deno.test("sum answers in the format of the request", {
  permissions,
}, async (t) => {
  await playAll(t, server, DEFAULTS, [
    {
      name: "plain text, with each separator",
      steps: [",", ";", "|", ":", " ", ", "].map((separator) =>
        answersInKind(
          `Alice${separator}25`,
          `Socket Lab Server${separator}10`,
        )
      ),
    },
    {
      name: "JSON with other keys, without a sum",
      steps: [
        answersInKind(
          '{"name": "Alice", "number": 25}',
          '{"name":"Socket Lab Server","number":10}',
        ),
        answersInKind(
          '{"NUMBER":25,"NAME":"Alice","sum":null}',
          '{"NUMBER":10,"NAME":"Socket Lab Server"}',
        ),
      ],
    },
    {
      name: "out of range in any format, and without an answer",
      steps: [
        ends("Alice,0", "0"),
        ends("Alice 101", "101"),
        ends('{"name":"Alice","number":-7}', "-7"),
        ends("Alice;-007", "-007"),
      ],
    },
    {
      name: "an integer that is too large, as it was written",
      steps: [
        ends("Alice,9007199254740993", "9007199254740993"),
        ends(`Alice,${"9".repeat(40)}`, "9".repeat(40)),
        ends(`Alice,${"9".repeat(41)}`, `"${"9".repeat(41)}"`),
        ends(
          `{"n":${"9".repeat(60_000)},"a":"Alice"}`,
          `"${"9".repeat(100)}"... (60000 characters)`,
        ),
      ],
    },
    {
      name: "one who connects and says nothing is told what to say",
      steps: [[
        isSilent("127.0.0.1:5000"),
        `info [server]: 127.0.0.1:5000 has connected and said nothing: in this mode the client speaks first, with ${EXPECTED}`,
      ]],
    },
  ]);
});

/** The server's number for what `random` gives. */
function serverNumber(random: Random, number?: number): unknown {
  const request = '{"client_name":"A","client_number":25}';
  const rules = sumServer({ name: "Eve", number }, random);
  return replyTo(rules.message(peerOf("a"), request, 0)).server_number;
}

/** The one reply that is sent, read as JSON. */
function replyTo(actions: Action[]): Record<string, unknown> {
  const texts = actions.flatMap((action) =>
    action.type === "send" ? [action.text] : []
  );
  assertEquals(texts.length, 1);
  return JSON.parse(texts[0]!);
}

Deno.test("sum picks its numbers", { permissions }, async (t) => {
  const rows: [random: number, number: number][] = [
    [0, MIN_NUMBER],
    [0.0099, 1],
    [0.01, 2],
    [0.5, 51],
    [1 - Number.EPSILON, MAX_NUMBER],
  ];
  for (const [random, number] of rows) {
    await t.step(`${random} gives ${number}`, () => {
      assertEquals(serverNumber(() => random), number);
    });
  }
  await t.step("a new one for each client", () => {
    const random = spy(() => 0.5);
    const rules = sumServer(DEFAULTS, random);
    const request = '{"client_name":"A","client_number":1}';
    rules.message(peerOf("a"), request, 0);
    rules.message(peerOf("b"), request, 1);
    assertSpyCalls(random, 2);
  });
  await t.step("none where it has one already", () => {
    const random = spy(() => 0.5);
    assertEquals(serverNumber(random, 7), 7);
    assertSpyCalls(random, 0);
  });
});

const anyNumber = fc.oneof(
  fc.integer({ min: -5, max: 105 }),
  fc.jsonValue(),
);

/** Anything, and what nearly is a request, in one format or another. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.json(),
  fc.record({ client_name: fc.jsonValue(), client_number: anyNumber }, {
    requiredKeys: [],
  }).map((request) => JSON.stringify(request)),
  fc.record({ name: fc.string(), n: anyNumber }).map((request) =>
    JSON.stringify(request)
  ),
  fc.tuple(fc.string(), fc.integer({ min: -5, max: 105 })).map(String),
  fc.constant(undefined),
);

const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

Deno.test(
  "sum replies to anything once and closes, or ends",
  { permissions },
  () => {
    fc.assert(fc.property(anyText, anyRandom, (text, random) => {
      const rules = sumServer(DEFAULTS, () => random);
      const actions = rules.message(peerOf("a"), text ?? { byteLength: 1 }, 0);
      const types = actions.map(({ type }) => type);
      const [log, print] = ["log", "print"];
      assert(
        [
          [log, log, "stop"],
          [log, "send", "close"],
          [log, print, print, log, "send", "close"],
          // A number that is a text is told of.
          [log, log, log, "stop"],
          [log, log, print, print, log, "send", "close"],
        ].some((expected) => `${expected}` === `${types}`),
        String(types),
      );
    }));
  },
);

Deno.test("sum adds any two numbers", { permissions }, () => {
  const anyRequest = fc.record({
    client_name: fc.string({ unit: "binary" }),
    client_number: fc.integer({ min: MIN_NUMBER, max: MAX_NUMBER }),
  });
  fc.assert(fc.property(anyRequest, anyRandom, (request, random) => {
    const rules = sumServer(DEFAULTS, () => random);
    const text = JSON.stringify(request);
    const reply = replyTo(rules.message(peerOf("a"), text, 0));
    const { server_name, server_number, sum } = reply;
    assertEquals(server_name, SERVER_NAME);
    const number = server_number as number;
    assert(Number.isInteger(number) && number >= 1 && number <= 100);
    assertEquals(sum, request.client_number + number);
  }));
});
