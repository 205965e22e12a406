/**
 * The end of a chat as its client sees it: a Bye from either end, the end of
 * the input, a server that closes, a partner that never comes.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { chat } from "../../lib/rules/chat.ts";
import { CLOSE_AFTER } from "../../lib/rules/chat_client.ts";
import { Failure } from "../../lib/rules/contract.ts";
import { within } from "../support/harness.ts";
import {
  ACKNOWLEDGMENT,
  arrives,
  BEGINNING,
  BEGUN,
  breaks,
  endsInput,
  endsStream,
  type Happening,
  passes,
  play,
  playRows,
  type Row,
  TIMEOUT,
  types,
} from "./chat_client.ts";
import { converse } from "./fake_dialogue.ts";

const permissions = "none";

/** What the client does when the server has not closed in time. */
const TOO_SLOW = [
  "warning [client]: The server has not closed the connection after the Bye",
  "close",
];

const ENDINGS: Row[] = [
  {
    name: "closes by itself after its own Bye",
    steps: [
      arrives(ACKNOWLEDGMENT),
      types("BYE"),
      passes(CLOSE_AFTER - 1),
      arrives("still here"),
      passes(1),
    ],
    events: [
      ...BEGUN,
      "send BYE",
      "echo X: BYE",
      "print Y: still here",
      ...TOO_SLOW,
    ],
  },
  {
    name: "closes by itself after the partner's Bye",
    steps: [arrives(ACKNOWLEDGMENT), arrives("Bye"), passes(CLOSE_AFTER)],
    events: [...BEGUN, "print Y: Bye", ...TOO_SLOW],
  },
  {
    name: "sends nothing more after the partner's Bye",
    steps: [
      arrives(ACKNOWLEDGMENT),
      arrives("Bye"),
      types("too late"),
      passes(CLOSE_AFTER),
    ],
    events: [...BEGUN, "print Y: Bye", ...TOO_SLOW],
  },
  {
    name: "a connection that breaks after its own Bye has ended the chat",
    steps: [arrives(ACKNOWLEDGMENT), types("Bye"), breaks],
    events: [...BEGUN, "send Bye", "echo X: Bye"],
  },
  {
    name: "a connection that breaks after the partner's Bye, too",
    steps: [arrives(ACKNOWLEDGMENT), arrives("Bye"), breaks],
    events: [...BEGUN, "print Y: Bye"],
  },
  {
    name: "hears what comes between its Bye and the partner's",
    steps: [
      arrives(ACKNOWLEDGMENT),
      types("Bye"),
      arrives("wait"),
      arrives("Bye"),
      endsStream,
    ],
    events: [
      ...BEGUN,
      "send Bye",
      "echo X: Bye",
      "print Y: wait",
      "print Y: Bye",
    ],
  },
  {
    name: "does not take a longer word for a Bye",
    steps: [
      arrives(ACKNOWLEDGMENT),
      arrives("Bye Bye"),
      types("Bye!"),
      passes(CLOSE_AFTER),
      endsInput,
      endsStream,
    ],
    events: [
      ...BEGUN,
      "print Y: Bye Bye",
      "send Bye!",
      "echo X: Bye!",
      "ask X: ",
      "send Bye",
      "print X: Bye",
    ],
  },
  {
    name: "says so where the chat was closed without a Bye",
    steps: [arrives(ACKNOWLEDGMENT), arrives("hi"), endsStream],
    events: [
      ...BEGUN,
      "print Y: hi",
      "warning [client]: The chat was closed without a Bye",
    ],
  },
  {
    name: "has begun with whatever the server says first",
    steps: [arrives("Welcome"), endsStream],
    events: [
      ...BEGINNING,
      "print Welcome",
      "warning [client]: The chat was closed without a Bye",
    ],
  },
  {
    name: "on a terminal a Bye before the partner has come is sent at once",
    interactive: true,
    steps: [endsInput, passes(CLOSE_AFTER)],
    events: [...BEGINNING, "send Bye", "print X: Bye", ...TOO_SLOW],
  },
  {
    name: "on a pipe a Bye need not wait once the server has said anything",
    interactive: false,
    steps: [
      types("hello"),
      arrives("Welcome"),
      endsInput,
      passes(CLOSE_AFTER),
    ],
    events: [
      ...BEGINNING,
      "send hello",
      "echo X: hello",
      "ask X: ",
      "print Welcome",
      "send Bye",
      "print X: Bye",
      ...TOO_SLOW,
    ],
  },
  {
    name: "on a pipe a Bye that is typed waits as well",
    interactive: false,
    steps: [
      types("Bye"),
      passes(TIMEOUT - 1),
      arrives("Welcome"),
      passes(CLOSE_AFTER),
    ],
    events: [
      ...BEGINNING,
      "print Welcome",
      "send Bye",
      "echo X: Bye",
      ...TOO_SLOW,
    ],
  },
  {
    name: "on a pipe it waits for the partner",
    interactive: false,
    steps: [
      types("hello"),
      endsInput,
      passes(TIMEOUT - 1),
      arrives(ACKNOWLEDGMENT),
      passes(CLOSE_AFTER),
    ],
    events: [
      ...BEGINNING,
      "send hello",
      "echo X: hello",
      "ask X: ",
      `print ${ACKNOWLEDGMENT}`,
      "send Bye",
      "print X: Bye",
      ...TOO_SLOW,
    ],
  },
];

Deno.test("chat's client ends", { permissions }, async (t) => {
  await playRows(t, ENDINGS);
});

const FAILURES: [name: string, steps: Happening[], message: string][] = [
  [
    "no partner comes to a pipe that has ended",
    [types("hello"), endsInput, passes(TIMEOUT), passes(CLOSE_AFTER)],
    "No partner came within 5 s. Start the other client, or wait longer with --timeout.",
  ],
  [
    "the server closes without a word",
    [endsStream],
    "The server closed the connection before it acknowledged the message. Look at what it printed.",
  ],
  [
    "the connection breaks",
    [arrives(ACKNOWLEDGMENT), breaks],
    "Lost the connection",
  ],
  [
    "the connection breaks before anything has come",
    [breaks],
    "Lost the connection",
  ],
  [
    "the introduction is refused",
    [arrives("Invalid Message")],
    "The server refused: Invalid Message. Try the other client, or wait and try again.",
  ],
  [
    "the name is too long",
    [arrives("Message too long")],
    "The server refused: Message too long. Try the other client, or wait and try again.",
  ],
  [
    "the place is taken",
    [arrives("Client X is already connected")],
    "The server refused: Client X is already connected. Try the other client, or wait and try again.",
  ],
];

Deno.test("chat's client fails", { permissions }, async (t) => {
  for (const [name, steps, message] of FAILURES) {
    await t.step(name, async () => {
      const { over } = await play(false, steps);
      const ending = within(over, "the end of the chat");
      const failure = await assertRejects(() => ending, Failure);
      assertEquals(failure.message, message);
    });
  }
  await t.step("nobody says who it is", async () => {
    const asks = () => converse(chat, { typed: ["y"] });
    await assertRejects(asks, Failure, "Give it with --name.");
  });
});

Deno.test("chat's client takes its time", { permissions }, async (t) => {
  await t.step("it waits for its partner, and for each word", async () => {
    const steps = [passes(1e9), arrives(ACKNOWLEDGMENT), passes(1e9)];
    const { dialogue, ended } = await play(true, steps);
    assertEquals(dialogue.waits, ["partner", "line"]);
    assertEquals(ended, false);
  });
  await t.step(
    "a partner that never comes gets a Bye all the same",
    async () => {
      const steps = [types("hello"), endsInput, passes(TIMEOUT)];
      const { dialogue, over } = await play(false, steps);
      await assertRejects(() => over, Failure);
      assertEquals(dialogue.events.slice(-2), ["send Bye", "print X: Bye"]);
    },
  );
  await t.step("it leaves within a second of a Bye", () => {
    assert(CLOSE_AFTER < 1_000);
  });
  await t.step("it does not leave before CLOSE_AFTER", async () => {
    const bye = [arrives(ACKNOWLEDGMENT), arrives("Bye")];
    const before = await play(true, [...bye, passes(CLOSE_AFTER - 1)]);
    assertEquals(before.ended, false);
    const after = await play(true, [...bye, passes(CLOSE_AFTER)]);
    assertEquals(after.ended, true);
  });
});
