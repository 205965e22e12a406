/**
 * Sequence's client: its whole conversation, with a scripted user and server.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { Failure, type Framing } from "../../lib/rules/contract.ts";
import { sequence } from "../../lib/rules/sequence.ts";
import { converse, FakeStreamDialogue, type Script } from "./fake_dialogue.ts";

const permissions = "none";
const ACKNOWLEDGMENT = "X: Alice received before Y: Bob";
const ALICE = { client: "X", name: "Alice" } as const;

interface Options {
  readonly client?: "X" | "Y";
  readonly name?: string;
  readonly greeting?: boolean;
  readonly framing?: Framing;
}

/** What a client does to say who it is, once it knows. */
function introduces(message: string): string[] {
  const sent = `sent ${JSON.stringify(message)}, waiting for the partner`;
  return [
    "open raw",
    "debug [client]: connected to 127.0.0.1:12000",
    `send ${message}`,
    `debug [client]: ${sent}`,
  ];
}

const CONVERSATIONS: Record<
  string,
  Script & { options?: Options; events: string[] }
> = {
  "asks who it is; prints what it sent, then the reply": {
    typed: ["X", "Alice"],
    replies: [ACKNOWLEDGMENT],
    events: [
      "ask Client (X or Y): ",
      "ask Your name: ",
      ...introduces("Client X: Alice"),
      "print Client X: Alice",
      `print ${ACKNOWLEDGMENT}`,
    ],
  },
  "asks nothing that it was told": {
    options: { client: "Y", name: "Bob" },
    replies: [ACKNOWLEDGMENT],
    events: [
      ...introduces("Client Y: Bob"),
      "print Client Y: Bob",
      `print ${ACKNOWLEDGMENT}`,
    ],
  },
  "forgives small letters and blanks, asks again for the rest": {
    typed: ["Z", "", "XY", " y ", "", "  ", " Bob B. "],
    replies: [ACKNOWLEDGMENT],
    events: [
      "ask Client (X or Y): ",
      "error [client]: Not X or Y: Z",
      "ask Client (X or Y): ",
      "error [client]: Not X or Y: ",
      "ask Client (X or Y): ",
      "error [client]: Not X or Y: XY",
      "ask Client (X or Y): ",
      "ask Your name: ",
      "error [client]: A name has at least one letter",
      "ask Your name: ",
      "error [client]: A name has at least one letter",
      "ask Your name: ",
      ...introduces("Client Y: Bob B."),
      "print Client Y: Bob B.",
      `print ${ACKNOWLEDGMENT}`,
    ],
  },
  "shows a greeting, and does not read on after the acknowledgment": {
    options: ALICE,
    replies: ["Welcome", "Wait for Y", ACKNOWLEDGMENT, "never read"],
    events: [
      ...introduces("Client X: Alice"),
      "print Client X: Alice",
      "print Welcome",
      "print Wait for Y",
      `print ${ACKNOWLEDGMENT}`,
    ],
  },
  "takes an acknowledgment that is misspelt": {
    options: ALICE,
    replies: ["X: Alice recieved before Y: Bob", "never read"],
    events: [
      ...introduces("Client X: Alice"),
      "print Client X: Alice",
      "print X: Alice recieved before Y: Bob",
    ],
  },
  "takes one without the word": {
    options: ALICE,
    replies: ["X before Y", "never read"],
    events: [
      ...introduces("Client X: Alice"),
      "print Client X: Alice",
      "print X before Y",
    ],
  },
  "takes an acknowledgment with something around it": {
    options: ALICE,
    replies: [`From server: ${ACKNOWLEDGMENT}!`, "never read"],
    events: [
      ...introduces("Client X: Alice"),
      "print Client X: Alice",
      `print From server: ${ACKNOWLEDGMENT}!`,
    ],
  },
};

Deno.test("sequence's client", { permissions }, async (t) => {
  for (const [name, row] of Object.entries(CONVERSATIONS)) {
    const { events, options, ...script } = row;
    await t.step(name, async () => {
      assertEquals(await converse(sequence, script, options), events);
    });
  }
  await t.step("waits for its partner as long as that takes", async () => {
    const dialogue = new FakeStreamDialogue({
      replies: ["Hello", ACKNOWLEDGMENT],
    });
    const defaults = { greeting: false, framing: "raw" };
    await sequence.client(dialogue, { ...defaults, ...ALICE });
    assertEquals(dialogue.waits, ["partner", "partner"]);
  });
});

const FAILURES: [
  name: string,
  script: Script,
  options: Options,
  says: string,
][] = [
  [
    "no side",
    { typed: ["Z"] },
    {},
    "The input ended before X or Y was given. Give it with --client.",
  ],
  [
    "no name",
    { typed: ["X", " "] },
    {},
    "The input ended before a name was given. Give it with --name.",
  ],
  ...["Client X connected", "Client X connectedX: Alice received before Y: B"]
    .map((reply): [string, Script, Options, string] => [
      `greeted: ${reply}`,
      { replies: [reply] },
      ALICE,
      `The server greets its clients (${JSON.stringify(reply)}), as in the ` +
      "later edition of the assignment: start this client with --greeting.",
    ]),
  [
    "closed without a word",
    { replies: [] },
    ALICE,
    "The server closed the connection before it acknowledged the message. Look at what it printed.",
  ],
  [
    "closed after a greeting",
    { replies: ["Welcome", "X came first", ""] },
    ALICE,
    "The server closed the connection before it acknowledged the message. Look at what it printed.",
  ],
  [
    "nothing but words that look like it",
    { replies: ["beforehand", "You came before", "before you"] },
    ALICE,
    "The server closed the connection before it acknowledged the message. Look at what it printed.",
  ],
  [
    "the name is too long",
    { replies: ["Message too long"] },
    ALICE,
    "The server refused: Message too long. Try the other client, or wait and try again.",
  ],
  [
    "the place is taken",
    { replies: ["Client X is already connected"] },
    ALICE,
    "The server refused: Client X is already connected. Try the other client, or wait and try again.",
  ],
  [
    "the message is invalid",
    { replies: ["Hello", "Invalid Message"] },
    ALICE,
    "The server refused: Invalid Message. Try the other client, or wait and try again.",
  ],
];

Deno.test("sequence's client ends its message", { permissions }, async (t) => {
  for (const framing of ["auto", "line", "raw"] as const) {
    await t.step(`as it is told to: ${framing}`, async () => {
      const script = { replies: [ACKNOWLEDGMENT] };
      const events = await converse(sequence, script, { ...ALICE, framing });
      assertEquals(events[0], `open ${framing}`);
    });
  }
});

Deno.test("sequence's client fails", { permissions }, async (t) => {
  for (const [name, script, options, message] of FAILURES) {
    await t.step(name, async () => {
      const failure = await assertRejects(
        () => converse(sequence, script, options),
        Failure,
      );
      assertEquals(failure.message, message);
    });
  }
});
