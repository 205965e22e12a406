/**
 * The clients of sequence and chat in the later edition: they wait for the
 * server's greeting, and then say their name.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { chat } from "../../lib/rules/chat.ts";
import { CLOSE_AFTER } from "../../lib/rules/chat_client.ts";
import { Failure } from "../../lib/rules/contract.ts";
import { sequence } from "../../lib/rules/sequence.ts";
import { within } from "../support/harness.ts";
import { converse, FakeStreamDialogue, type Script } from "./fake_dialogue.ts";

const permissions = "none";
const X_FIRST = "X: Alice received before Y: Bob";

interface Options {
  readonly client?: "X" | "Y";
  readonly name?: string;
}

/** What a client does until it knows who it is; without a name it asks. */
function beginning(
  framing: string,
  greeting: string,
  name: string,
  isAsked = false,
): string[] {
  return [
    `open ${framing}`,
    "debug [client]: connected to 127.0.0.1:12000",
    "debug [client]: waiting for the server's greeting",
    `print ${greeting}`,
    ...isAsked ? ["ask Your name: "] : [],
    `send ${name}`,
    `debug [client]: sent ${JSON.stringify(name)}, waiting for the partner`,
  ];
}

type Row = Script & { options?: Options; events: string[] };

const PAIRS: Record<string, Row> = {
  "asks for its name once it has been greeted": {
    typed: [" ", "Alice"],
    replies: ["Client X connected", X_FIRST],
    events: [
      ...beginning("raw", "Client X connected", "", true).slice(0, 5),
      "error [client]: A name has at least one letter",
      ...beginning("raw", "Client X connected", "Alice", true).slice(4),
      "print Alice",
      `print ${X_FIRST}`,
    ],
  },
  "asks nothing that it was told": {
    options: { name: "Bob" },
    replies: ["Client Y connected", X_FIRST],
    events: [
      ...beginning("raw", "Client Y connected", "Bob"),
      "print Bob",
      `print ${X_FIRST}`,
    ],
  },
  "takes any greeting": {
    options: { name: "Bob" },
    replies: ["Welcome!", "Wait for the other", X_FIRST],
    events: [
      ...beginning("raw", "Welcome!", "Bob"),
      "print Bob",
      "print Wait for the other",
      `print ${X_FIRST}`,
    ],
  },
};

Deno.test("sequence's client is greeted", { permissions }, async (t) => {
  for (const [name, { events, options, ...script }] of Object.entries(PAIRS)) {
    await t.step(name, async () => {
      const all = { ...options, greeting: true };
      assertEquals(await converse(sequence, script, all), events);
    });
  }
  await t.step("it waits as long as for its partner", async () => {
    const replies = ["Client X connected", X_FIRST];
    const io = new FakeStreamDialogue({ replies });
    const options = { name: "Alice", framing: "raw", greeting: true };
    await sequence.client(io, { client: undefined, ...options });
    assertEquals(io.waits, ["partner", "partner"]);
  });
});

/** What the greeting makes of the labels, in this order: mine, the partner's. */
const LABELS: Record<string, [
  greeting: string,
  client: "X" | "Y" | undefined,
  mine: string,
  theirs: string,
]> = {
  "X": ["Client X connected", undefined, "X: ", "Y: "],
  "Y": ["Client Y connected", undefined, "Y: ", "X: "],
  "in other words": ["Hello! You are client x.", undefined, "X: ", "Y: "],
  "with the server's name before it": [
    "From Server: Client Y connected",
    undefined,
    "Y: ",
    "X: ",
  ],
  "another side than --client": ["Client X connected", "Y", "X: ", "Y: "],
  "no side, but --client": ["Welcome", "Y", "Y: ", "X: "],
  "no side at all": ["Welcome", undefined, "", ""],
  "a longer word": ["clients x-ray", undefined, "", ""],
  "the partner's side": ["Connected to client Y", undefined, "", ""],
  "both sides": ["You are client X, talk to client Y", undefined, "X: ", "Y: "],
};

Deno.test("chat's client is greeted", { permissions }, async (t) => {
  for (const [name, row] of Object.entries(LABELS)) {
    const [greeting, client, mine, theirs] = row;
    await t.step(`who it is: ${name}`, async () => {
      const events = await converse(chat, {
        typed: ["hello"],
        replies: [greeting, "hi", "Bye"],
      }, { client, name: "Alice", greeting: true });
      const printed = events.filter((line) => line.startsWith("print "));
      assertEquals(printed.slice(0, 2), [`print ${greeting}`, "print Alice"]);
      assert(events.includes(`ask ${mine}`));
      assert(events.includes(`echo ${mine}hello`));
      assert(events.includes(`print ${theirs}hi`));
    });
  }
  await t.step("it has begun, so a piped Bye need not wait", async () => {
    const io = new FakeStreamDialogue({ typed: [] });
    const defaults = {
      client: undefined,
      framing: "auto",
      greeting: true,
      introduction: undefined,
    };
    const over = chat.client(io, { ...defaults, name: "Alice" });
    io.arrive("Client X connected");
    await io.pass(0);
    await io.pass(CLOSE_AFTER);
    await within(over, "the end of the chat");
    assertEquals(io.events, [
      ...beginning("auto", "Client X connected", "Alice"),
      "print Alice",
      "ask X: ",
      "send Bye",
      "print X: Bye",
      "warning [client]: The server has not closed the connection after the Bye",
      "close",
    ]);
    assertEquals(io.waits, ["partner", "line"]);
  });
  await t.step("a server that closes then has closed a chat", async () => {
    const io = new FakeStreamDialogue({ replies: ["Client X connected"] });
    const defaults = {
      client: undefined,
      framing: "auto",
      greeting: true,
      introduction: undefined,
    };
    await within(
      chat.client(io, { ...defaults, name: "Alice" }),
      "the end of the chat",
    );
    const warning = "warning [client]: The chat was closed without a Bye";
    assertEquals(io.events.at(-1), warning);
  });
});

const FAILURES: Record<string, [
  script: Script,
  options: Options,
  message: string,
]> = {
  "closed before the greeting": [
    { replies: [] },
    { name: "Alice" },
    "The server closed the connection before it greeted. Look at what it printed.",
  ],
  "no place": [
    { replies: ["Client X is already connected"] },
    { name: "Alice" },
    "The server refused: Client X is already connected. Try the other client, or wait and try again.",
  ],
  "the input ends before a name": [
    { typed: [], replies: ["Client X connected"] },
    {},
    "The input ended before a name was given. Give it with --name.",
  ],
  "no greeting in time": [
    { replies: [new Failure("No answer")] },
    { name: "Alice" },
    "No answer",
  ],
};

Deno.test("clients that are not greeted fail", { permissions }, async (t) => {
  for (const [name, mode] of Object.entries({ sequence, chat })) {
    for (const [why, [script, options, message]] of Object.entries(FAILURES)) {
      await t.step(`${name}: ${why}`, async () => {
        const all = { ...options, greeting: true };
        const failure = await assertRejects(
          () => converse(mode, script, all),
          Failure,
        );
        assertEquals(failure.message, message);
      });
    }
  }
});
