/**
 * Sequence in the later edition, after the greeting: whose message came first,
 * what is refused, and what becomes of a pair when one of the two leaves.
 */
import { MAX_NAME } from "../../lib/rules/pairing.ts";
import { sequenceServer } from "../../lib/rules/sequence.ts";
import { A_WAITS, B_COMES, connects, finds, greets, left } from "./guests.ts";
import { isClosed, leaves, playAll, says, type Step } from "./stage.ts";

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
        [...completes("b", "Bob", X_FIRST), "stop"],
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
        [...completes("a", "Alice", Y_FIRST), "stop"],
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
          "stop",
        ],
      ],
    },
    {
      name: "what is said before the greeting counts",
      steps: [
        A_WAITS,
        ALICE,
        B_COMES,
        [...completes("b", "Bob", X_FIRST), "stop"],
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
          "stop",
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
        [...completes("b", "Bob", X_FIRST), "stop"],
      ],
    },
    {
      name: "what is not UTF-8 or too long may be followed by what is right",
      steps: [
        A_WAITS,
        B_COMES,
        refused(
          "a",
          [undefined, "bytes that are not UTF-8"],
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
          "stop",
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
        [...completes("b", "Bob", X_FIRST), "stop"],
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
        [...completes("a", "Alice", Y_FIRST), "stop"],
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
        [...completes("b", "Bob", X_FIRST), "stop"],
      ],
    },
    {
      name: "what the one who left had said counts no longer",
      steps: [
        A_WAITS,
        connects("c", ["a", "X"], ["c", "Y"]),
        [says("c", "Carol"), "print: Carol"],
        left("c", "Y: Carol"),
        connects("b", ["b", "Y"]),
        ALICE,
        [...completes("b", "Bob", X_FIRST), "stop"],
      ],
    },
    {
      name: "the name of one who leaves is told, once it is known",
      steps: [
        A_WAITS,
        ALICE,
        left("a", "X: Alice"),
        connects("c"),
        connects("d", ["c", "X"], ["d", "Y"]),
        left("c", "X"),
        [says("d", "Dan"), "print: Dan"],
        left("d", "Y: Dan"),
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
          "stop",
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
          "info [server]: X (a:1) left before its pair was complete",
          ...greets("d", "X"),
        ],
        connects("e"),
        connects("f", ["e", "X"], ["f", "Y"]),
        finds("g", "X"),
      ],
    },
  ]);
});
