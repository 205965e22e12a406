/**
 * The later edition of sequence and chat, in which the server speaks first: who
 * is greeted, and when; and how a chat goes on from there.
 */
import { assertEquals } from "@std/assert";
import { ChatServer } from "../../lib/rules/chat.ts";
import { sequenceServer } from "../../lib/rules/sequence.ts";
import { A_WAITS, B_COMES, connects, isTurnedAway, left } from "./guests.ts";
import {
  ends,
  isClosed,
  isSilent,
  leaves,
  opens,
  playAll,
  says,
  type Scenario,
  Stage,
  type Step,
} from "./stage.ts";

const permissions = "none";
const DEFAULTS = { sessions: 1, greeting: true, introduction: undefined };
type Options = typeof DEFAULTS;

const chatServer = (options: Options) => new ChatServer(options);

/** What holds of both modes, before anybody has been acknowledged. */
const BOTH: Scenario<Options>[] = [
  {
    name: "both are greeted when the second has come, X first",
    steps: [A_WAITS, B_COMES],
  },
  {
    name: "one who leaves before it was greeted gives its place back",
    steps: [
      A_WAITS,
      left("a", "X"),
      connects("c"),
      connects("b", ["c", "X"], ["b", "Y"]),
    ],
  },
  {
    name: "a third client has no place while two are there",
    steps: [
      A_WAITS,
      B_COMES,
      isTurnedAway("c"),
      [says("c", "too late")],
      [isClosed("c"), "debug [server]: c:1 closed"],
    ],
  },
  {
    name: "with more sessions the third waits for the fourth",
    options: { sessions: 2 },
    steps: [
      A_WAITS,
      B_COMES,
      connects("c"),
      connects("d", ["c", "X"], ["d", "Y"]),
      isTurnedAway("e"),
    ],
  },
  {
    name: "0 sessions is no end",
    options: { sessions: 0 },
    steps: ["1", "2", "3"].flatMap((i) => [
      connects(`a${i}`),
      connects(`b${i}`, [`a${i}`, "X"], [`b${i}`, "Y"]),
    ]),
  },
];

Deno.test("greeting, in both modes", { permissions }, async (t) => {
  await t.step("sequence", (t) => playAll(t, sequenceServer, DEFAULTS, BOTH));
  const relayed = BOTH.map((row) => ({ ...row, steps: row.steps.map(relays) }));
  await t.step("chat", (t) => playAll(t, chatServer, DEFAULTS, relayed));
});

/** In a chat one who waited may go on once the other has come. */
function relays(step: Step): Step {
  const [event, ...actions] = step;
  const [, first] =
    /^send (\w+): Client X connected$/m.exec(actions.join("\n")) ??
      [];
  return first === undefined ? step : [event, ...actions, `release ${first}`];
}

Deno.test("chat after the greeting", { permissions }, async (t) => {
  const release = "release a";
  const closes = ["close a", "close b", ...ends()];
  await playAll(t, chatServer, DEFAULTS, [
    {
      name: "the relay begins with the greetings, without acknowledgment",
      steps: [
        A_WAITS,
        [...B_COMES, release],
        [says("a", "Alice"), "print: X: Alice", "send b: Alice"],
        [says("b", "Bob"), "print: Y: Bob", "send a: Bob"],
        [
          says("b", "Client X: Eve"),
          "print: Y: Client X: Eve",
          "send a: Client X: Eve",
        ],
        [says("a", "bye"), "print: X: bye", "send b: bye", ...closes],
        [isClosed("a"), "debug [server]: a:1 closed"],
        [isClosed("b"), "debug [server]: b:1 closed"],
      ],
    },
    {
      name: "what is said before the greeting is delivered after it",
      steps: [
        A_WAITS,
        [says("a", "one")],
        [says("a", "two")],
        [
          ...B_COMES,
          release,
          "print: X: one",
          "send b: one",
          "print: X: two",
          "send b: two",
        ],
      ],
    },
    {
      name: "an early Bye ends the chat as soon as both have been greeted",
      steps: [
        A_WAITS,
        [says("a", "Bye")],
        [...B_COMES, release, "print: X: Bye", "send b: Bye", ...closes],
      ],
    },
    {
      name: "one who leaves without a Bye is named by its side",
      steps: [
        A_WAITS,
        [...B_COMES, release],
        [leaves("a"), "info [server]: X left without a Bye", ...closes],
      ],
    },
    {
      name: "one whose connection the server closes has not left",
      steps: [
        A_WAITS,
        [...B_COMES, release],
        [isClosed("a"), "debug [server]: a:1 closed", ...closes],
      ],
    },
  ]);
});

Deno.test("who waits for a greeting is told nothing", { permissions }, () => {
  const chat = new Stage(chatServer(DEFAULTS));
  chat.play(opens("a"));
  assertEquals(chat.play(isSilent("a")), []);
  // The transport asks for nothing where the rules have nothing to say.
  assertEquals(sequenceServer(DEFAULTS).silent, undefined);
});
