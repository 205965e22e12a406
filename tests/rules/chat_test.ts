/**
 * Chat's server: what is relayed, kept, held back, and how a chat ends. How a
 * pair comes about is tested with `sequence`, and any order of events in
 * `chat_property_test.ts`.
 */
import { ChatServer, MAX_EARLY } from "../../lib/rules/chat.ts";
import { costOf } from "../../lib/rules/contract.ts";
import {
  ends,
  isClosed,
  leaves,
  leftEarly,
  playAll,
  says,
  type Step,
} from "./stage.ts";

const permissions = "none";
const DEFAULTS = { sessions: 1, greeting: false, introduction: undefined };
const ACKNOWLEDGMENT = "X: Alice received before Y: Bob";

function server(options: typeof DEFAULTS) {
  return new ChatServer(options);
}

const ALICE_WAITS: Step = [
  says("alice", "Client X: Alice"),
  "print: Client X: Alice",
];

/** What Bob's coming brings about, before anything is relayed. */
const BOB_COMES: Step = [
  says("bob", "Client Y: Bob"),
  "print: Client Y: Bob",
  `send alice: ${ACKNOWLEDGMENT}`,
  `send bob: ${ACKNOWLEDGMENT}`,
  `print: ${ACKNOWLEDGMENT}`,
  "print: Sent acknowledgment to both X and Y",
  "release alice",
];

/** Alice, who is X, says something to Bob, who is Y. */
function toBob(text: string): Step {
  return [says("alice", text), `print: X: ${text}`, `send bob: ${text}`];
}

function toAlice(text: string): Step {
  return [says("bob", text), `print: Y: ${text}`, `send alice: ${text}`];
}

/** Who speaks last is closed first. */
const ALICE_ENDS = ["close alice", "close bob"];
const BOB_ENDS = ["close bob", "close alice"];

Deno.test("chat relays, and ends", { permissions }, async (t) => {
  await playAll(t, server, DEFAULTS, [
    {
      name: "messages both ways, unchanged and in order, until X says Bye",
      steps: [
        ALICE_WAITS,
        BOB_COMES,
        toBob("hello"),
        toAlice("hi"),
        toBob(" two  blanks "),
        toBob(""),
        toAlice("Y: hi"),
        toAlice("Client X: Alice"),
        toAlice("\x1b[2J"),
        [...toBob("Bye"), ...ALICE_ENDS, ...ends()],
        [isClosed("alice"), "debug [server]: alice:1 closed"],
        [isClosed("bob"), "debug [server]: bob:1 closed"],
      ],
    },
    {
      name: "Bye in any letter case, from Y as well",
      steps: [
        ALICE_WAITS,
        BOB_COMES,
        [...toAlice("bYE"), ...BOB_ENDS, ...ends()],
      ],
    },
    {
      name: "Bye is the whole message or none",
      steps: [
        ALICE_WAITS,
        BOB_COMES,
        toBob("Bye Bye"),
        toBob("Bye "),
        toBob(" Bye"),
        toBob("Bye!"),
        toBob("Goodbye"),
      ],
    },
    {
      name: "what is not UTF-8 is answered, not relayed",
      steps: [
        ALICE_WAITS,
        BOB_COMES,
        [
          says("alice", undefined),
          "warning [server]: alice:1 sent 1 byte that is not UTF-8; expected text in UTF-8; answered Invalid Message",
          "send alice: Invalid Message",
        ],
        toBob("hello"),
      ],
    },
    {
      name: "one who leaves without a Bye",
      steps: [
        ALICE_WAITS,
        BOB_COMES,
        toBob("hello"),
        [
          leaves("alice"),
          "info [server]: X: Alice left without a Bye",
          ...ALICE_ENDS,
          ...ends(),
        ],
        [isClosed("bob"), "debug [server]: bob:1 closed"],
      ],
    },
    {
      name: "a third client has no place while two chat",
      steps: [
        ALICE_WAITS,
        BOB_COMES,
        [
          says("carol", "Client X: Carol"),
          "print: Client X: Carol",
          "warning [server]: no place for X: Carol (carol:1); answered Client X is already connected",
          "send carol: Client X is already connected",
          "close carol",
        ],
        [isClosed("carol"), "debug [server]: carol:1 closed"],
        toBob("hello"),
      ],
    },
  ]);
});

/** The longest message after which a client need not wait. */
const LONGEST = "a".repeat((MAX_EARLY - costOf("")) / 2 - 1);

Deno.test("chat keeps what is said early", { permissions }, async (t) => {
  await playAll(t, server, DEFAULTS, [
    {
      name: "it is delivered after the acknowledgment, in order",
      steps: [
        ALICE_WAITS,
        [says("alice", "one")],
        [says("alice", "")],
        [says("alice", "three")],
        [
          ...BOB_COMES,
          "print: X: one",
          "send bob: one",
          "print: X: ",
          "send bob: ",
          "print: X: three",
          "send bob: three",
        ],
        toBob("four"),
      ],
    },
    {
      name: "an early Bye ends the chat as soon as it has begun",
      steps: [
        ALICE_WAITS,
        [says("alice", "one")],
        [says("alice", "bye")],
        [says("alice", "too late")],
        [
          ...BOB_COMES,
          "print: X: one",
          "send bob: one",
          "print: X: bye",
          "send bob: bye",
          ...ALICE_ENDS,
          ...ends(),
        ],
      ],
    },
    {
      name: "one who leaves early takes it along",
      steps: [
        [says("carol", "Client X: Carol"), "print: Client X: Carol"],
        [says("carol", "for nobody")],
        [
          leaves("carol"),
          leftEarly("X: Carol (carol:1)"),
        ],
        ALICE_WAITS,
        BOB_COMES,
      ],
    },
    {
      name: "up to MAX_EARLY, the cost of each message included; then it waits",
      steps: [
        ALICE_WAITS,
        [says("alice", LONGEST)],
        [says("alice", ""), "hold alice"],
        [
          ...BOB_COMES,
          `print: X: ${LONGEST}`,
          `send bob: ${LONGEST}`,
          "print: X: ",
          "send bob: ",
        ],
        toBob("b".repeat(MAX_EARLY)),
        toBob("b".repeat(MAX_EARLY)),
      ],
    },
    {
      name: "one long message is as much as many empty ones",
      steps: [
        ALICE_WAITS,
        [says("alice", `${LONGEST}a`), "hold alice"],
      ],
    },
    {
      name: "one who is held and leaves is forgotten",
      steps: [
        ALICE_WAITS,
        [says("alice", "a".repeat(MAX_EARLY)), "hold alice"],
        [
          leaves("alice"),
          leftEarly("X: Alice (alice:1)"),
        ],
        ALICE_WAITS,
        BOB_COMES,
      ],
    },
  ]);
});

Deno.test("chat with more sessions", { permissions }, async (t) => {
  const [, ...chat] = BOB_COMES;
  await playAll(t, server, DEFAULTS, [
    {
      name: "two chats at once do not hear each other",
      options: { sessions: 2 },
      steps: [
        ALICE_WAITS,
        BOB_COMES,
        [says("carol", "Client Y: Carol"), "print: Client Y: Carol"],
        [
          says("dan", "Client X: Dan"),
          "print: Client X: Dan",
          "send carol: Y: Carol received before X: Dan",
          "send dan: Y: Carol received before X: Dan",
          "print: Y: Carol received before X: Dan",
          "print: Sent acknowledgment to both X and Y",
          "release carol",
        ],
        toBob("hello"),
        [says("dan", "hi"), "print: X: hi", "send carol: hi"],
        [...toAlice("Bye"), ...BOB_ENDS],
        [says("carol", "hi"), "print: Y: hi", "send dan: hi"],
        [
          leaves("dan"),
          "info [server]: X: Dan left without a Bye",
          "close dan",
          "close carol",
          ...ends(2),
        ],
      ],
    },
    {
      name: "0 sessions is no end",
      options: { sessions: 0 },
      steps: [1, 2, 3].flatMap((): Step[] => [
        ALICE_WAITS,
        [says("bob", "Client Y: Bob"), ...chat],
        [...toBob("Bye"), ...ALICE_ENDS],
        [isClosed("alice"), "debug [server]: alice:1 closed"],
        [isClosed("bob"), "debug [server]: bob:1 closed"],
      ]),
    },
  ]);
});
