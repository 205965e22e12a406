/**
 * Sequence's server: who is paired with whom, in which order, and what becomes
 * of those who have no place.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { quote } from "../../lib/rules/contract.ts";
import { sequenceServer } from "../../lib/rules/sequence.ts";
import {
  ends,
  isClosed,
  leaves,
  leftEarly,
  opens,
  playAll,
  says,
  Stage,
  type Step,
} from "./stage.ts";

const permissions = "none";
const DEFAULTS = { sessions: 1, greeting: false };
const SENT = "print: Sent acknowledgment to both X and Y";

/** An introduction that is accepted, and waits. */
function waits(who: string, introduction: string): Step {
  return [says(who, introduction), `print: ${introduction}`];
}

function invalid(
  who: string,
  text: string | undefined,
  expected = "Client X: <name> or Client Y: <name>",
): Step {
  const came = text === undefined ? "1 byte that is not UTF-8" : quote(text);
  return [
    says(who, text),
    `print: ${text ?? "(not UTF-8)"}`,
    `warning [server]: ${who}:1 sent ${came}; expected ${expected}; answered Invalid Message`,
    `send ${who}: Invalid Message`,
  ];
}

/** One who waits has said all that it may. */
function invalidSecond(who: string, text: string | undefined): Step {
  return invalid(who, text, "nothing more before the partner has come");
}

function refused(who: string, introduction: string): Step {
  const side = introduction[7];
  const whom = introduction.slice("Client ".length);
  const refusal = `Client ${side} is already connected`;
  return [
    ...waits(who, introduction),
    `warning [server]: no place for ${whom} (${who}:1); answered ${refusal}`,
    `send ${who}: Client ${side} is already connected`,
    `close ${who}`,
  ];
}

/** An introduction that completes the pair of these two. */
function completes(
  introduction: string,
  acknowledgment: string,
  first: string,
  second: string,
): Step {
  return [
    ...waits(second, introduction),
    `send ${first}: ${acknowledgment}`,
    `send ${second}: ${acknowledgment}`,
    `print: ${acknowledgment}`,
    SENT,
    `close ${first}`,
    `close ${second}`,
  ];
}

function left(who: string, whom: string): Step {
  return [leaves(who), leftEarly(`${whom} (${who}:1)`)];
}

const ALICE_FIRST = "X: Alice received before Y: Bob";
const BOB_FIRST = "Y: Bob received before X: Alice";

Deno.test("sequence with one pair", { permissions }, async (t) => {
  await playAll(t, sequenceServer, DEFAULTS, [
    {
      name: "X speaks first",
      steps: [
        [opens("a"), "debug [server]: a:1 connected"],
        [opens("b"), "debug [server]: b:1 connected"],
        waits("a", "Client X: Alice"),
        [...completes("Client Y: Bob", ALICE_FIRST, "a", "b"), ...ends()],
        [isClosed("a"), "debug [server]: a:1 closed"],
        [isClosed("b"), "debug [server]: b:1 closed"],
      ],
    },
    {
      name: "Y speaks first, though X was connected first",
      steps: [
        [opens("a"), "debug [server]: a:1 connected"],
        [opens("b"), "debug [server]: b:1 connected"],
        waits("b", "Client Y: Bob"),
        [...completes("Client X: Alice", BOB_FIRST, "b", "a"), ...ends()],
      ],
    },
    {
      name: "one who waits has said all that it may",
      steps: [
        waits("a", "Client X: Alice"),
        invalidSecond("a", "Client X: Alice"),
        invalidSecond("a", "Client Y: Alice"),
        invalidSecond("a", undefined),
        [...completes("Client Y: Bob", ALICE_FIRST, "a", "b"), ...ends()],
      ],
    },
    {
      name: "an invalid message may be followed by a valid one",
      steps: [
        invalid("a", "hello"),
        invalid("a", undefined),
        waits("a", "Client X: Alice"),
        [...completes("Client Y: Bob", ALICE_FIRST, "a", "b"), ...ends()],
      ],
    },
    {
      name: "a second X is refused while X waits",
      steps: [
        waits("a", "Client X: Alice"),
        refused("c", "Client X: Carol"),
        [isClosed("c"), "debug [server]: c:1 closed"],
        [...completes("Client Y: Bob", ALICE_FIRST, "a", "b"), ...ends()],
      ],
    },
    {
      name: "a second Y is refused while Y waits",
      steps: [waits("b", "Client Y: Bob"), refused("d", "Client Y: Dan")],
    },
    {
      name: "after the pair nobody has a place",
      steps: [
        waits("a", "Client X: Alice"),
        [...completes("Client Y: Bob", ALICE_FIRST, "a", "b"), ...ends()],
        refused("c", "Client X: Carol"),
        refused("d", "Client Y: Dan"),
      ],
    },
    {
      name: "one who leaves gives its place back",
      steps: [
        waits("c", "Client X: Carol"),
        left("c", "X: Carol"),
        waits("a", "Client X: Alice"),
        [...completes("Client Y: Bob", ALICE_FIRST, "a", "b"), ...ends()],
      ],
    },
    {
      name: "one who leaves without a word had no place",
      steps: [
        waits("a", "Client X: Alice"),
        [opens("c"), "debug [server]: c:1 connected"],
        [leaves("c"), "debug [server]: c:1 left"],
        [...completes("Client Y: Bob", ALICE_FIRST, "a", "b"), ...ends()],
      ],
    },
    {
      name: "two may have the same name",
      steps: [
        waits("a", "Client Y: Sam"),
        [
          ...completes(
            "Client X: Sam",
            "Y: Sam received before X: Sam",
            "a",
            "b",
          ),
          ...ends(),
        ],
      ],
    },
  ]);
});

const INTRODUCTIONS: [name: string, text: string, valid: boolean][] = [
  ["X", "Client X: Alice", true],
  ["Y", "Client Y: Alice", true],
  ["a name with blanks, colons and signs", "Client X: a b: <c> 'd'", true],
  ["a name of other scripts", "Client X: Ælfrēd 李", true],
  ["no blank before the name", "Client X:Alice", true],
  ["many blanks before the name", "Client X:  \t  Alice", true],
  ["a line ending before the name", "Client X:\nAlice", true],
  ["a name with blanks after it", "Client X: Alice ", true],
  ["a name with a control character", "Client X: a\x1b[2J", true],
  ["nothing", "", false],
  ["no name", "Client X: ", false],
  ["no name, and no blank", "Client X:", false],
  ["a name of blanks", "Client X:   \t", false],
  ["another side", "Client Z: Alice", false],
  ["a small letter", "Client x: Alice", false],
  ["no side", "Client: Alice", false],
  ["a small client", "client X: Alice", false],
  ["something before it", " Client X: Alice", false],
  ["two blanks", "Client  X: Alice", false],
  ["a chat", "hello", false],
];

Deno.test("sequence reads introductions", { permissions }, async (t) => {
  for (const [name, text, valid] of INTRODUCTIONS) {
    await t.step(name, () => {
      const [event, ...actions] = valid ? waits("a", text) : invalid("a", text);
      assertEquals(new Stage(sequenceServer(DEFAULTS)).play(event), actions);
    });
  }
});

Deno.test("sequence with more pairs", { permissions }, async (t) => {
  await playAll(t, sequenceServer, DEFAULTS, [
    {
      name: "a second X waits for its own Y; the first in line is served first",
      options: { sessions: 2 },
      steps: [
        waits("a", "Client X: Alice"),
        waits("c", "Client X: Carol"),
        completes("Client Y: Bob", ALICE_FIRST, "a", "b"),
        [
          ...completes(
            "Client Y: Dan",
            "X: Carol received before Y: Dan",
            "c",
            "d",
          ),
          ...ends(2),
        ],
        refused("e", "Client X: Eve"),
      ],
    },
    {
      name: "one who leaves the line does not hold it up",
      options: { sessions: 2 },
      steps: [
        waits("c", "Client X: Carol"),
        waits("a", "Client X: Alice"),
        left("c", "X: Carol"),
        completes("Client Y: Bob", ALICE_FIRST, "a", "b"),
      ],
    },
    {
      name: "0 sessions is no end",
      options: { sessions: 0 },
      steps: ["1", "2", "3", "4"].flatMap((i) => [
        waits(`b${i}`, "Client Y: Bob"),
        completes("Client X: Alice", BOB_FIRST, `b${i}`, `a${i}`),
      ]),
    },
  ]);
});

/** Who does what: of five peers, each of which comes and goes. */
const anyEvent = fc.record({
  who: fc.constantFrom("a", "b", "c", "d", "e"),
  text: fc.oneof(
    fc.constantFrom("Client X: ", "Client Y: "),
    fc.string(),
    fc.constant(undefined),
  ),
  leaves: fc.nat(4).map((number) => number === 0),
});

Deno.test("sequence bears any order of events", { permissions }, () => {
  const order = fc.array(anyEvent, { maxLength: 60, size: "max" });
  fc.assert(fc.property(order, fc.nat(3), (events, sessions) => {
    const stage = new Stage(sequenceServer({ ...DEFAULTS, sessions }));
    const present = new Set<string>();
    let pairs = 0;
    for (const { who, text, leaves: goes } of events) {
      const isNew = !present.has(who);
      present.add(who);
      if (isNew) stage.play(opens(who));
      // A name that nobody else has tells whom an acknowledgment is about.
      const named = text?.startsWith("Client ") ? text + who : text;
      const actions = stage.play(goes ? leaves(who) : says(who, named));
      if (goes) present.delete(who);
      for (const [, to] of sendsIn(actions)) assert(present.has(to!));
      const closed = closesIn(actions);
      if (actions.includes(SENT)) {
        pairs++;
        assertPair(actions, who, closed);
        assertEquals(actions.includes("stop"), pairs === sessions);
      }
      // The transport tells the end of each connection that was closed.
      for (const each of closed) {
        stage.play(isClosed(each));
        present.delete(each);
      }
    }
    assert(sessions === 0 || pairs <= sessions);
  }));
});

function sendsIn(actions: string[]): RegExpExecArray[] {
  return actions.map((line) => /^send (\w+): (.*)$/s.exec(line))
    .filter((match) => match !== null);
}

function closesIn(actions: string[]): string[] {
  return actions.filter((line) => line.startsWith("close "))
    .map((line) => line.slice("close ".length));
}

/** Both and nobody else get the acknowledgment, and both are closed. */
function assertPair(actions: string[], second: string, closed: string[]): void {
  const sends = sendsIn(actions);
  assertEquals(sends.map(([, to]) => to), closed);
  for (const [, , text] of sends) {
    const match = /^([XY]): (\w) received before ([XY]): (\w)$/.exec(text!);
    assertEquals([match?.[2], match?.[4]], closed);
    assert(match?.[1] !== match?.[3]);
  }
  assertEquals(closed.length, 2);
  assertEquals(closed[1], second);
}
