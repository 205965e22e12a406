/**
 * Listening: what a server says is compared with what ours would have said, and
 * what the assignment leaves open is not.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type ModeName, MODES } from "../../lib/rules.ts";
import type { Peer } from "../../lib/rules/contract.ts";
import {
  Listener,
  MAX_EXPECTED,
  MAX_SAID,
  OVERDUE,
} from "../../lib/rules/listening/listener.ts";
import { defaultsOf } from "../../lib/rules/options.ts";

const permissions = "none";

const peers = new Map<number, Peer>();

/** The same for one port. */
function peer(port: number): Peer {
  const known = peers.get(port) ??
    { hostname: "127.0.0.1", port, id: String(port) };
  peers.set(port, known);
  return known;
}

/** `1234 says` something, or the server says something to it; or time passes. */
type Step =
  | readonly [port: number, "says" | "hears", text: string]
  | readonly [port: number, "comes" | "leaves" | "is left"]
  | readonly [milliseconds: number, "pass"];

/** What is remarked when all of that has happened. */
async function remarks(
  modeName: ModeName,
  steps: readonly Step[],
  options: Record<string, unknown> = {},
): Promise<string[]> {
  const mode = MODES[modeName];
  const all = { ...defaultsOf(mode.serverOptions), ...options };
  const rules = mode.server(all, () => 0.5);
  const listener = new Listener(rules, await mode.hearing());
  peers.clear();
  const found: string[] = [];
  let [time, arrival] = [1_000, 0];
  const note = (some: readonly { by: string; text: string }[] = []) => {
    for (const { by, text } of some) found.push(`${by}: ${text}`);
  };
  for (const [subject, what, text = ""] of steps) {
    const client = peer(subject);
    time += 10;
    if (what === "says") note(listener.said(client, text, ++arrival, time));
    if (what === "hears") note(listener.heard(client, text, time));
    if (what === "comes") note(listener.opened(client, time));
    if (what === "leaves") listener.ended(client, "client", time);
    if (what === "is left") listener.ended(client, "server", time);
    if (what !== "pass") continue;
    for (const end = time + subject; time < end; time += 100) {
      note(listener.sweep(time));
    }
  }
  note(listener.finish(time));
  return found;
}

const PAIR: Step[] = [
  [1, "comes"],
  [2, "comes"],
  [1, "says", "Client X: Alice"],
  [200, "pass"],
  [2, "says", "Client Y: Bob"],
];
const ACKNOWLEDGED = "X: Alice received before Y: Bob";
const CHATTING: Step[] = [...PAIR, [400, "pass"]];
const LATE: Step = [OVERDUE + 500, "pass"];

const RIGHT: [
  name: string,
  mode: ModeName,
  steps: Step[],
  options?: Record<string, unknown>,
][] = [
  ["each answer of permission", "permission", [
    [1234, "says", "permission7"],
    [1234, "hears", "Permission Accepted"],
    [1234, "says", "PERMISSION7"],
    [1234, "hears", "Already Permitted\n"],
    [3333, "says", "request7"],
    [3333, "hears", "Request Accepted"],
    [3333, "says", "request8"],
    [3333, "hears", "Request Rejected"],
  ]],
  ["007 as another number, and blanks", "permission", [
    [1234, "says", "permission007"],
    [1234, "hears", "Permission Accepted"],
    [3333, "says", "request7"],
    [3333, "hears", "Request Rejected"],
    [1234, "says", "permission 9"],
    [1234, "hears", "Invalid Message"],
  ]],
  ["the fourth client without an answer", "permission", [
    ...[1234, 3333].flatMap((port): Step[] => [
      [port, "says", port === 1234 ? "permission1" : "request1"],
      [
        port,
        "hears",
        port === 1234 ? "Permission Accepted" : "Request Accepted",
      ],
    ]),
    [1234, "says", "permission1"],
    [1234, "hears", "Already Permitted"],
  ]],
  ["letters beyond ASCII as they are", "uppercase", [
    [5, "says", "straße"],
    [5, "hears", "STRAßE"],
  ]],
  ["nothing to an empty message", "uppercase", [
    [5, "says", ""],
    [500, "pass"],
    [5, "says", "hello"],
    [5, "hears", "HELLO"],
    LATE,
  ]],
  ["an acknowledgment in other words", "sequence", [
    ...PAIR,
    [1, "hears", "From server: X: Alice recieved before Y: Bob\n"],
    [2, "hears", "Client X: Alice before Client Y: Bob"],
    LATE,
  ]],
  ["an acknowledgment in two pieces", "sequence", [
    ...PAIR,
    [1, "hears", "X: Alice received before "],
    [1, "hears", "Y: Bob"],
    [2, "hears", ACKNOWLEDGED],
    LATE,
  ]],
  ["either order of what came together", "sequence", [
    [1, "says", "Client X: Alice"],
    [2, "says", "Client Y: Bob"],
    [1, "hears", "Y: Bob received before X: Alice"],
    [2, "hears", "Y: Bob received before X: Alice"],
    LATE,
  ]],
  ["an answer before its question is understood", "sequence", [
    [1, "says", "Client X: Alice"],
    [200, "pass"],
    [1, "hears", ACKNOWLEDGED],
    [2, "hears", ACKNOWLEDGED],
    [1, "is left"],
    [2, "is left"],
    [2, "says", "Client Y: Bob"],
    LATE,
  ]],
  ["a chat with labels, echoes and news", "chat", [
    ...CHATTING,
    [1, "says", "hello"],
    [1, "hears", "You: hello"],
    [2, "hears", "X: hello"],
    [400, "pass"],
    [2, "hears", "1 other is here"],
    [2, "says", "hello"],
    [1, "hears", "Y: hello"],
    [1, "says", "Bye"],
    [2, "hears", "Bye"],
    [1, "is left"],
    [2, "is left"],
    LATE,
  ]],
  ["one who leaves without Bye", "chat", [
    ...CHATTING,
    [1, "leaves"],
    [2, "is left"],
    LATE,
  ]],
  ["a reply in the form of the request", "sum", [
    [1, "says", "Alice,25"],
    [1, "hears", "Server,10,35"],
    [400, "pass"],
    [2, "says", '{"client_name": "Bob", "client_number": 1}'],
    [2, "hears", '{"server_name": "S", "server_number": 10}'],
    LATE,
  ]],
  ["a number out of range, and the end", "sum", [
    [1, "says", "Alice,101"],
    [1, "is left"],
    LATE,
  ]],
  ["the end of a server after a client that says nothing", "sum", [
    [1, "comes"],
    [1, "leaves"],
    [2, "says", "Bob,1"],
    [2, "is left"],
    LATE,
  ]],
  ["a message that comes with the greeting", "chat", [
    [1, "comes"],
    [2, "comes"],
    [1, "hears", "Client X connected"],
    [1, "says", "hi"],
    [2, "hears", "Client Y connectedhi"],
    LATE,
  ], { greeting: true }],
];

Deno.test("what is right, or left open, is not remarked", {
  permissions,
}, async (t) => {
  for (const [name, mode, steps, options] of RIGHT) {
    await t.step(`${mode}: ${name}`, async () => {
      assertEquals(await remarks(mode, steps, options), []);
    });
  }
});

const WRONG: [name: string, mode: ModeName, steps: Step[], said: string][] = [
  [
    "another word",
    "permission",
    [[1234, "says", "permission7"], [1234, "hears", "Permission accepted"]],
    'server: to 127.0.0.1:1234 the server says "Permission accepted"; expected "Permission Accepted", after "permission7" from 127.0.0.1:1234',
  ],
  [
    "two answers",
    "permission",
    [
      [1234, "says", "permission7"],
      [1234, "hears", "Permission Accepted"],
      [1234, "hears", "Invalid Message"],
      [400, "pass"],
    ],
    "nothing has asked for it",
  ],
  [
    "no answer",
    "uppercase",
    [[5, "says", "hello"], LATE],
    'has not answered; expected "HELLO"',
  ],
  [
    "no answer, and one to what came later",
    "uppercase",
    [
      [5, "says", "quit"],
      [5, "says", "hello"],
      [5, "hears", "HELLO"],
      [600, "pass"],
    ],
    'expected "QUIT", after "quit"',
  ],
  [
    "going on after the fourth client",
    "permission",
    [
      ...[1, 2, 3, 4].flatMap((port): Step[] => [
        [port, "says", "hello"],
        [port, "hears", "Port is not allowed to communicate"],
      ]),
      [500, "pass"],
      [1, "says", "hello"],
      [1, "hears", "Port is not allowed to communicate"],
    ],
    "though the server has to end after",
  ],
  [
    "the wrong order",
    "sequence",
    [...PAIR, [1, "hears", "Y: Bob received before X: Alice"]],
    `expected "${ACKNOWLEDGED}"`,
  ],
  [
    "an acknowledgment for one",
    "sequence",
    [...PAIR, [1, "hears", ACKNOWLEDGED], LATE],
    "to 127.0.0.1:2 the server has not answered",
  ],
  [
    "no acknowledgment until the client leaves",
    "sequence",
    [...PAIR, [2_500, "pass"], [1, "leaves"], [100, "pass"]],
    `has not answered; expected "${ACKNOWLEDGED}"`,
  ],
  [
    "an acknowledgment too early",
    "sequence",
    [
      [1, "says", "Client X: Alice"],
      [1, "hears", "X: Alice received before Y: Bob"],
      [400, "pass"],
    ],
    "the messages of X and Y have not both come",
  ],
  [
    "the end before the acknowledgment",
    "sequence",
    [...PAIR, [1, "is left"], [2, "is left"], LATE],
    "has closed the connection; expected",
  ],
  [
    "a Bye that is not relayed",
    "chat",
    [...CHATTING, [1, "says", "Bye"], [1, "is left"], [2, "is left"], LATE],
    'to 127.0.0.1:2 the server has closed the connection; expected "Bye"',
  ],
  [
    "a Bye that closes nothing",
    "chat",
    [...CHATTING, [1, "says", "Bye"], [2, "hears", "Bye"], LATE],
    'keeps the connection open after "Bye"',
  ],
  [
    "a message twice",
    "chat",
    [
      ...CHATTING,
      [1, "says", "hello"],
      [2, "hears", "hello"],
      [2, "hears", "hello"],
      [400, "pass"],
    ],
    "it has been relayed before",
  ],
  [
    "an end without Bye",
    "chat",
    [...CHATTING, [1, "is left"], LATE],
    "nobody has said Bye",
  ],
  [
    "a wrong sum",
    "sum",
    [
      [1, "says", '{"client_name": "Bob", "client_number": 1}'],
      [1, "hears", '{"server_name": "S", "server_number": 10, "sum": 12}'],
    ],
    "whose sum is not 11",
  ],
  [
    "going on after a number out of range",
    "sum",
    [
      [1, "says", "Alice,101"],
      [1, "is left"],
      [1_000, "pass"],
      [2, "says", '{"client_name": "Bob", "client_number": 1}'],
      [2, "hears", '{"server_name": "S", "server_number": 10}'],
    ],
    "though the server has to end",
  ],
  [
    "a client's message of another form",
    "permission",
    [[1234, "says", "permision7"], [1234, "hears", "Invalid Message"]],
    'client: 127.0.0.1:1234 sent "permision7"; expected Permission and a number',
  ],
  [
    "words without end",
    "sum",
    [[1, "hears", "x".repeat(MAX_SAID + 1)]],
    "says more and more",
  ],
];

Deno.test("what is wrong is remarked, at once or in time", {
  permissions,
}, async (t) => {
  for (const [name, mode, steps, said] of WRONG) {
    await t.step(`${mode}: ${name}`, async () => {
      assertStringIncludes((await remarks(mode, steps)).join("\n"), said);
    });
  }
});

Deno.test("in a chat, a message of another form ends the judging", {
  permissions,
}, async () => {
  const steps: Step[] = [[1, "says", "hi"], [1, "is left"], LATE];
  const [only, ...more] = await remarks("chat", steps);
  assertStringIncludes(only!, "expected Client X: <name>");
  assertEquals(more, []);
});

Deno.test("with --greeting, both have to be greeted", {
  permissions,
}, async () => {
  const options = { greeting: true };
  const both: Step[] = [[1, "comes"], [2, "comes"]];
  const right: Step[] = [
    ...both,
    [1, "hears", "Client X connected"],
    [2, "hears", "Welcome, client Y, you are connected\n"],
    LATE,
  ];
  assertEquals(await remarks("chat", right, options), []);
  const wrong: Step[] = [...both, [1, "hears", "Client Y connected"]];
  const [remark] = await remarks("chat", wrong, options);
  assertStringIncludes(remark!, 'expected "Client X connected"');
});

Deno.test("what is expected is bounded", { permissions }, async () => {
  const { server, hearing } = MODES.uppercase;
  const listener = new Listener(
    server({ sessions: 0 }, Math.random),
    await hearing(),
  );
  for (let n = 0; n < MAX_EXPECTED; n++) listener.said(peer(1), "a", n, 0);
  assertEquals(listener.isLost, false);
  listener.said(peer(1), "a", MAX_EXPECTED, 0);
  assertEquals(listener.isLost, true);
  assertEquals(listener.heard(peer(1), "b", 0), []);
});
