/**
 * Permission's server: every answer, whom it counts, how much it remembers.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { INVALID_MESSAGE, quote } from "../../lib/rules/contract.ts";
import { ENTRY_OVERHEAD, MAX_TABLE_SIZE } from "../../lib/rules/number_set.ts";
import {
  ALREADY_PERMITTED,
  PERMISSION_ACCEPTED,
  permissionServer,
  PORT_NOT_ALLOWED,
  REQUEST_ACCEPTED,
  REQUEST_REJECTED,
} from "../../lib/rules/permission.ts";
import { peerOf, playAll, says } from "./stage.ts";

const permissions = "none";
const PERMITS = "127.0.0.1:1234";
const REQUESTS = "127.0.0.1:3333";

/** A table may keep a long number in parts; these are likely ones. */
const ONES = "1".repeat(8_192);
const TWOS = "2".repeat(8_192);

/** Asks a server as a client of this address would. */
type Ask = (who: string, text: string | undefined) => string;

/** A server that never ends, as a function from messages to answers. */
function answers(): Ask {
  const rules = permissionServer({ maxClients: 0 });
  return (who, text) => {
    const actions = rules.message(peerOf(who), text ?? { byteLength: 1 }, 0);
    const answers = actions.filter((action) => action.type === "send");
    assertEquals(answers.length, 1, `${text} from ${who}`);
    return answers[0]!.text;
  };
}

/** Each row: who says what, and the answer, one after another. */
const ANSWERS: Record<string, [who: string, says: string, answer: string][]> = {
  "the assignment's examples of a permission": [
    [PERMITS, "Permission1111", "Permission Accepted"],
    [PERMITS, "pErMission33", "Permission Accepted"],
    [PERMITS, "permission3", "Permission Accepted"],
    [PERMITS, "PERMISSION3", "Already Permitted"],
  ],
  "the assignment's examples of a request": [
    [REQUESTS, "Request1111", "Request Rejected"],
    [PERMITS, "permission1111", "Permission Accepted"],
    [REQUESTS, "Request1111", "Request Accepted"],
    [REQUESTS, "requEST1111", "Request Accepted"],
    [REQUESTS, "request3", "Request Rejected"],
  ],
  "numbers are numbers, whatever their zeros": [
    [PERMITS, "permission007", "Permission Accepted"],
    [PERMITS, "permission7", "Already Permitted"],
    [REQUESTS, "request7", "Request Accepted"],
    [REQUESTS, "request0000007", "Request Accepted"],
    [REQUESTS, "request70", "Request Rejected"],
    [PERMITS, "permission000", "Permission Accepted"],
    [REQUESTS, "request0", "Request Accepted"],
  ],
  "numbers that a floating point number cannot tell apart": [
    [PERMITS, "permission9007199254740993", "Permission Accepted"],
    [REQUESTS, "request9007199254740992", "Request Rejected"],
    [REQUESTS, "request9007199254740993", "Request Accepted"],
    [PERMITS, `permission${"9".repeat(65_000)}`, "Permission Accepted"],
    [REQUESTS, `request${"9".repeat(65_000)}`, "Request Accepted"],
    [REQUESTS, `request${"9".repeat(64_999)}8`, "Request Rejected"],
  ],
  "long numbers that are made of the same parts": [
    [PERMITS, `permission${ONES}${TWOS}`, "Permission Accepted"],
    [PERMITS, `permission${TWOS}${TWOS}`, "Permission Accepted"],
    [REQUESTS, `request${ONES}${TWOS}`, "Request Accepted"],
    [REQUESTS, `request${TWOS}${ONES}`, "Request Rejected"],
    [REQUESTS, `request${ONES}`, "Request Rejected"],
    [REQUESTS, `request${TWOS}`, "Request Rejected"],
    [REQUESTS, `request${ONES}${TWOS}${TWOS}`, "Request Rejected"],
    [REQUESTS, `request${ONES}${TWOS}1`, "Request Rejected"],
    [REQUESTS, "request0", "Request Rejected"],
    [REQUESTS, "request1", "Request Rejected"],
  ],
  "a line ending at the end is not part of it": [
    [PERMITS, "permission1\n", "Permission Accepted"],
    [PERMITS, "permission1\r\n", "Already Permitted"],
    [REQUESTS, "request1\n", "Request Accepted"],
    [REQUESTS, "request1\r\n", "Request Accepted"],
  ],
  "each message belongs to one port": [
    [PERMITS, "request1", "Invalid Message"],
    [REQUESTS, "permission1", "Invalid Message"],
    [REQUESTS, "request1", "Request Rejected"],
  ],
  "any other port, whatever it says": [
    ["127.0.0.1:1", "permission1", "Port is not allowed to communicate"],
    ["127.0.0.1:1235", "permission1", "Port is not allowed to communicate"],
    ["127.0.0.1:3332", "request1", "Port is not allowed to communicate"],
    ["127.0.0.1:12340", "", "Port is not allowed to communicate"],
    ["127.0.0.1:65535", "hello", "Port is not allowed to communicate"],
    [REQUESTS, "request1", "Request Rejected"],
  ],
};

Deno.test(
  "permission answers by port and number",
  { permissions },
  async (t) => {
    for (const [name, rows] of Object.entries(ANSWERS)) {
      await t.step(name, () => {
        const ask = answers();
        for (const [who, text, answer] of rows) {
          assertEquals(ask(who, text), answer, text.slice(0, 50));
        }
      });
    }
  },
);

/** What follows the word, and is not forgiven. */
const UNFORGIVEN: Record<string, string> = {
  "no number": "",
  "a blank before the number": " 1",
  "a blank after it": "1 ",
  "a tab after it": "1\t",
  "two line endings": "1\n\n",
  "a lone carriage return": "1\r",
  "a sign": "-1",
  "a plus sign": "+1",
  "a decimal point": "1.0",
  "an exponent": "1e3",
  "hexadecimal": "0x1",
  "a group separator": "1_000",
  "letters after it": "1a",
  "a second line": "1\nrequest1",
  "Arabic digits": "١٢",
  "full-width digits": "１２",
  "a superscript": "²",
  "a NUL": "1\0",
};

Deno.test("permission forgives nothing else", { permissions }, async (t) => {
  for (const [name, rest] of Object.entries(UNFORGIVEN)) {
    await t.step(name, () => {
      const ask = answers();
      assertEquals(ask(PERMITS, `permission${rest}`), "Invalid Message");
      assertEquals(ask(REQUESTS, `request${rest}`), "Invalid Message");
    });
  }
  const wholes = ["", "\n", " permission1", "xpermission1", "permissions1"];
  for (const text of [...wholes, "\ufeffpermission1", "permiſſion1"]) {
    await t.step(`whole: ${JSON.stringify(text)}`, () => {
      assertEquals(answers()(PERMITS, text), "Invalid Message");
    });
  }
  await t.step("not UTF-8", () => {
    assertEquals(answers()(PERMITS, undefined), "Invalid Message");
    assertEquals(answers()(REQUESTS, undefined), "Invalid Message");
    assertEquals(answers()("127.0.0.1:9", undefined), PORT_NOT_ALLOWED);
  });
});

function exchange(who: string, text: string, answer: string): string[] {
  return [`print: ${text} from ${who}`, `send ${who}: ${answer}`];
}

/** What is told to the owner of a client whose message is refused. */
function warned(who: string, came: string, expected: string, answer: string) {
  return `warning [server]: ${who} sent ${came}; expected ${expected}; answered ${answer}`;
}

/** A message from a port that may not communicate. */
function refused(who: string, text = "x"): string[] {
  const [printed, sent] = exchange(who, text, PORT_NOT_ALLOWED);
  const expected = "client port 1234 or 3333";
  return [
    printed!,
    warned(who, quote(text), expected, PORT_NOT_ALLOWED),
    sent!,
  ];
}

/** A message that one of the two ports may not send. */
function invalid(who: string, printed: string, came: string): string[] {
  const expected = who === PERMITS
    ? "Permission and a number from port 1234"
    : "Request and a number from port 3333";
  return [
    `print: ${printed} from ${who}`,
    warned(who, came, expected, INVALID_MESSAGE),
    `send ${who}: Invalid Message`,
  ];
}

function end(clients: number): string[] {
  const text = `${clients} clients have sent a message: the end`;
  return [`info [server]: ${text}`, "stop"];
}

Deno.test("permission prints, answers, counts", { permissions }, async (t) => {
  await playAll(t, permissionServer, { maxClients: 4 }, [
    {
      name: "the fourth client is answered, and then it ends",
      steps: [
        [
          says(PERMITS, "permission1"),
          ...exchange(PERMITS, "permission1", "Permission Accepted"),
        ],
        [
          says(REQUESTS, "request1"),
          ...exchange(REQUESTS, "request1", "Request Accepted"),
        ],
        [says("127.0.0.1:5000", "x"), ...refused("127.0.0.1:5000")],
        [
          says("10.0.0.1:1234", "permission1"),
          ...exchange("10.0.0.1:1234", "permission1", "Already Permitted"),
          ...end(4),
        ],
      ],
    },
    {
      name: "a client counts once, however often it speaks",
      options: { maxClients: 2 },
      steps: [
        [says("a:5", "x"), ...refused("a:5")],
        [says("a:5", "x"), ...refused("a:5")],
        [says("a:5", "x"), ...refused("a:5")],
        [says("b:5", "x"), ...refused("b:5"), ...end(2)],
      ],
    },
    {
      name: "another port is another client, and so is another IP address",
      options: { maxClients: 3 },
      steps: [
        [says("a:5", "x"), ...refused("a:5")],
        [says("a:6", "x"), ...refused("a:6")],
        [says("b:5", "x"), ...refused("b:5"), ...end(3)],
      ],
    },
    {
      name: "one client is the least that can end it",
      options: { maxClients: 1 },
      steps: [[says("a:5", "x"), ...refused("a:5"), ...end(1)]],
    },
    {
      name: "0 is no limit",
      options: { maxClients: 0 },
      steps: [5, 6, 7, 8, 9, 10].map((port) => [
        says(`a:${port}`, "x"),
        ...refused(`a:${port}`),
      ]),
    },
    {
      name: "what is not UTF-8 counts as well",
      options: { maxClients: 1 },
      steps: [[
        says(PERMITS, undefined),
        ...invalid(PERMITS, "(not UTF-8)", "1 byte that is not UTF-8"),
        ...end(1),
      ]],
    },
    {
      name: "the line ending is not printed",
      steps: [[
        says(PERMITS, "permission1\r\n"),
        ...exchange(PERMITS, "permission1", "Permission Accepted"),
      ]],
    },
  ]);
});

Deno.test("permission remembers up to MAX_TABLE_SIZE", { permissions }, () => {
  const ask = answers();
  const digits = 16_000;
  const count = Math.floor(MAX_TABLE_SIZE / (digits + ENTRY_OVERHEAD));
  const number = (i: number) => String(100_000 + i).padEnd(digits, "7");
  for (let i = 0; i < count; i++) {
    assertEquals(ask(PERMITS, `permission${number(i)}`), PERMISSION_ACCEPTED);
  }
  const left = MAX_TABLE_SIZE - count * (digits + ENTRY_OVERHEAD);
  const fits = left - ENTRY_OVERHEAD;
  assert(fits > 0);
  const over = `permission${"8".repeat(fits + 1)}`;
  assertEquals(ask(PERMITS, over), INVALID_MESSAGE);
  const exact = `permission${"8".repeat(fits)}`;
  assertEquals(ask(PERMITS, exact), PERMISSION_ACCEPTED);
  assertEquals(ask(PERMITS, "permission1"), INVALID_MESSAGE);
  assertEquals(ask(PERMITS, exact), ALREADY_PERMITTED);
  assertEquals(ask(REQUESTS, `request${number(0)}`), REQUEST_ACCEPTED);
  assertEquals(ask(REQUESTS, "request1"), REQUEST_REJECTED);
});

/** How long it takes to permit all of these and to request them, in ms. */
function duration(numbers: string[]): number {
  const ask = answers();
  const start = performance.now();
  for (const number of numbers) ask(PERMITS, `permission${number}`);
  for (const number of numbers) {
    assertEquals(ask(REQUESTS, `request${number}`), REQUEST_ACCEPTED);
  }
  return performance.now() - start;
}

Deno.test(
  "permission answers as fast with numbers that are chosen to collide",
  { permissions },
  () => {
    // In a plain set all of these have the same place, and the chosen ones take
    // some thirty times as long. The quickest of some rounds is compared:
    // whatever else the machine does only adds.
    const multiples = (factor: number) =>
      Array.from({ length: 16_384 }, (_, i) => String((i + 1) * factor));
    let [chosen, ordinary] = [Infinity, Infinity];
    for (let round = 0; round < 3; round++) {
      chosen = Math.min(chosen, duration(multiples(131_072)));
      ordinary = Math.min(ordinary, duration(multiples(131_071)));
    }
    assert(chosen < 6 * ordinary, `${chosen} ms against ${ordinary} ms`);
  },
);

/** Anything, and what nearly is a message of the assignment. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.tuple(
    fc.constantFrom("permission", "Request", "REQUEST", "pErMiSsIoN", ""),
    fc.oneof(fc.nat().map(String), fc.string()),
    fc.constantFrom("", "\n", "\r\n"),
  ).map((parts) => parts.join("")),
  fc.constant(undefined),
);

Deno.test(
  "permission gives one of six answers to anything",
  { permissions },
  () => {
    const six = [
      PERMISSION_ACCEPTED,
      ALREADY_PERMITTED,
      REQUEST_ACCEPTED,
      REQUEST_REJECTED,
      INVALID_MESSAGE,
      PORT_NOT_ALLOWED,
    ];
    const ports = fc.constantFrom(1234, 3333, 5000);
    const message = fc.tuple(ports, anyText);
    fc.assert(fc.property(fc.array(message), (messages) => {
      const ask = answers();
      for (const [port, text] of messages) {
        assert(six.includes(ask(`127.0.0.1:${port}`, text)));
      }
    }));
  },
);

Deno.test(
  "permission keeps the numbers that it was told",
  { permissions },
  () => {
    const number = fc.bigInt({ min: 0n, max: 20n });
    const message = fc.tuple(fc.boolean(), number, fc.nat(3));
    fc.assert(fc.property(fc.array(message), (messages) => {
      const ask = answers();
      const permitted = new Set<bigint>();
      for (const [permits, number, zeros] of messages) {
        const digits = "0".repeat(zeros) + number;
        const known = permitted.has(number);
        if (permits) {
          const answer = known ? ALREADY_PERMITTED : PERMISSION_ACCEPTED;
          assertEquals(ask(PERMITS, `permission${digits}`), answer);
          permitted.add(number);
        } else {
          const answer = known ? REQUEST_ACCEPTED : REQUEST_REJECTED;
          assertEquals(ask(REQUESTS, `request${digits}`), answer);
        }
      }
    }));
  },
);
