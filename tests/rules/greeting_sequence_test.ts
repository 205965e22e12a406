/**
 * Sequence in the later edition, after the greeting: whose message came first,
 * what is refused, and what becomes of a pair when one of the two leaves.
 */
import { MAX_NAME } from "../../lib/rules/pairing.ts";
import { sequenceServer } from "../../lib/rules/sequence.ts";
import {
  A_WAITS,
  B_COMES,
  connects,
  greets,
  isTurnedAway,
  left,
} from "./guests.ts";
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
const DEFAULTS = { sessions: 1, greeting: true };

/** The second of two messages; both are acknowledged, and closed. */
function completes(who: string, text: string, acknowledgment: string): Step {
  const [, first] = /^([XY]): /.exec(acknowledgment)!;
  const order = first === "X" ? ["a", "b"] : ["b", "a"];
  return [
    says(who, text),
    `print: ${text}`,
    ...order.map((each) => `send ${each}: ${acknowledgment}`),
    `print: ${acknowledgment}`,
    "print: Sent acknowledgment to both X and Y",
    `close ${who}`,
    `close ${who === "a" ? "b" : "a"}`,
  ];
}

/** A message that is refused, while the connection stays. */
function refused(
  who: string,
  came: [text: string | undefined, shown: string],
  expected: string,
  answer: string,
): Step {
  const [text, shown] = came;
  return [
    says(who, text),
    `print: ${text ?? "(not UTF-8)"}`,
    `warning [server]: ${who}:1 sent ${shown}; expected ${expected}; answered ${answer}`,
    `send ${who}: ${answer}`,
  ];
}

/** Somebody leaves who has sent its message. */
function keeps(who: string, whom: string): Step {
  const text =
    `${whom} (${who}:1) has left, or ended its half: its message counts`;
  return [leaves(who), `info [server]: ${text}`, `hold ${who}`];
}

const X_FIRST = "X: Alice received before Y: Bob";
const Y_FIRST = "Y: Bob received before X: Alice";
const ALICE: Step = [says("a", "Alice"), "print: Alice"];
const BOB: Step = [says("b", "Bob"), "print: Bob"];
const LONGEST = "李".repeat(Math.floor(MAX_NAME / 3));

Deno.test("sequence after the greeting", { permissions }, async (t) => {
  await playAll(t, sequenceServer, DEFAULTS, [
    {
      name: "X speaks first",
      steps: [
        A_WAITS,
        B_COMES,
        ALICE,
        [...completes("b", "Bob", X_FIRST), ...ends()],
        [isClosed("a"), "debug [server]: a:1 closed"],
        [isClosed("b"), "debug [server]: b:1 closed"],
      ],
    },
    {
      name: "Y speaks first",
      steps: [
        A_WAITS,
        B_COMES,
        BOB,
        [...completes("a", "Alice", Y_FIRST), ...ends()],
      ],
    },
    {
      name: "the bytes tell who was first, though the end was found out later",
      steps: [
        A_WAITS,
        B_COMES,
        [says("b", "Bob", 7), "print: Bob"],
        [
          says("a", "Alice", 6),
          ...completes("a", "Alice", X_FIRST).slice(1) as string[],
          ...ends(),
        ],
      ],
    },
    {
      name: "what is said before the greeting counts",
      steps: [
        A_WAITS,
        ALICE,
        B_COMES,
        [...completes("b", "Bob", X_FIRST), ...ends()],
      ],
    },
    {
      name: "the form of the hand-out stands for the name in it",
      steps: [
        A_WAITS,
        B_COMES,
        [says("a", "Client X: Alice"), "print: Client X: Alice"],
        [
          ...completes("b", "Client Y:Bob", X_FIRST),
          ...ends(),
        ],
      ],
    },
    {
      name: "any text is a message",
      steps: [
        A_WAITS,
        B_COMES,
        [says("a", "Client Y: Eve"), "print: Client Y: Eve"],
        [
          ...completes("b", "", "X: Client Y: Eve received before Y: "),
          ...ends(),
        ],
      ],
    },
    {
      name: "one who has spoken has said all that it may",
      steps: [
        A_WAITS,
        B_COMES,
        ALICE,
        refused(
          "a",
          ["again", '"again"'],
          "nothing more before the partner has come",
          "Invalid Message",
        ),
        [...completes("b", "Bob", X_FIRST), ...ends()],
      ],
    },
    {
      name: "what is not UTF-8 or too long may be followed by what is right",
      steps: [
        A_WAITS,
        B_COMES,
        refused(
          "a",
          [undefined, "1 byte that is not UTF-8"],
          "text in UTF-8",
          "Invalid Message",
        ),
        refused(
          "a",
          [`${LONGEST}xxx`, `"${LONGEST.slice(0, 100)}"... (10904 characters)`],
          `${MAX_NAME} bytes at most`,
          "Message too long",
        ),
        [says("a", LONGEST), `print: ${LONGEST}`],
        [
          ...completes("b", "Bob", `X: ${LONGEST} received before Y: Bob`),
          ...ends(),
        ],
      ],
    },
  ]);
});

Deno.test("sequence when a greeted one leaves", { permissions }, async (t) => {
  await playAll(t, sequenceServer, DEFAULTS, [
    {
      name: "the newcomer alone is greeted, and takes the free side",
      steps: [
        A_WAITS,
        connects("c", ["a", "X"], ["c", "Y"]),
        left("c", "Y"),
        connects("b", ["b", "Y"]),
        ALICE,
        [...completes("b", "Bob", X_FIRST), ...ends()],
      ],
    },
    {
      name: "X leaves, and the newcomer is X",
      steps: [
        connects("c"),
        connects("b", ["c", "X"], ["b", "Y"]),
        left("c", "X"),
        connects("a", ["a", "X"]),
        BOB,
        [...completes("a", "Alice", Y_FIRST), ...ends()],
      ],
    },
    {
      name: "what the other had said still counts, and came first",
      steps: [
        A_WAITS,
        connects("c", ["a", "X"], ["c", "Y"]),
        ALICE,
        left("c", "Y"),
        connects("b", ["b", "Y"]),
        [...completes("b", "Bob", X_FIRST), ...ends()],
      ],
    },
    {
      name: "who has spoken keeps its place when it leaves",
      steps: [
        A_WAITS,
        B_COMES,
        BOB,
        keeps("b", "Y: Bob"),
        [...completes("a", "Alice", Y_FIRST), ...ends()],
      ],
    },
    {
      name: "even if it leaves before its partner has come",
      steps: [
        A_WAITS,
        ALICE,
        keeps("a", "X: Alice"),
        B_COMES,
        [...completes("b", "Bob", X_FIRST), ...ends()],
      ],
    },
    {
      name: "and waits for another partner, if the first one leaves as well",
      steps: [
        A_WAITS,
        connects("c", ["a", "X"], ["c", "Y"]),
        ALICE,
        keeps("a", "X: Alice"),
        left("c", "Y"),
        connects("b", ["b", "Y"]),
        [...completes("b", "Bob", X_FIRST), ...ends()],
      ],
    },
    {
      name: "both leave, one after the other",
      steps: [
        connects("c"),
        connects("d", ["c", "X"], ["d", "Y"]),
        left("c", "X"),
        left("d", "Y"),
        A_WAITS,
        B_COMES,
      ],
    },
    {
      name: "one whose connection the server closes has not left",
      steps: [
        A_WAITS,
        connects("c", ["a", "X"], ["c", "Y"]),
        [isClosed("c"), "debug [server]: c:1 closed"],
        connects("b", ["b", "Y"]),
      ],
    },
    {
      name: "pairs do not hold each other up",
      options: { sessions: 2 },
      steps: [
        connects("c"),
        connects("d", ["c", "X"], ["d", "Y"]),
        A_WAITS,
        B_COMES,
        ALICE,
        completes("b", "Bob", X_FIRST),
        [says("d", "Dan"), "print: Dan"],
        [
          says("c", "Carol"),
          "print: Carol",
          "send d: Y: Dan received before X: Carol",
          "send c: Y: Dan received before X: Carol",
          "print: Y: Dan received before X: Carol",
          "print: Sent acknowledgment to both X and Y",
          "close c",
          "close d",
          ...ends(2),
        ],
      ],
    },
    {
      name: "with more sessions who is left goes to who waits",
      options: { sessions: 2 },
      steps: [
        A_WAITS,
        connects("c", ["a", "X"], ["c", "Y"]),
        connects("d"),
        [
          leaves("a"),
          leftEarly("X (a:1)"),
          ...greets("d", "X"),
        ],
        connects("e"),
        connects("f", ["e", "X"], ["f", "Y"]),
        isTurnedAway("g"),
      ],
    },
  ]);
});
