/**
 * What sequence's server and chat's have in common: the order in which messages
 * arrived, names of any length, and what is told of a client that says nothing.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { ChatServer } from "../../lib/rules/chat.ts";
import { MAX_MESSAGE, type ServerRules } from "../../lib/rules/contract.ts";
import { MAX_NAME } from "../../lib/rules/pairing.ts";
import { sequenceServer } from "../../lib/rules/sequence.ts";
import { isSilent, says, Stage } from "./stage.ts";

const permissions = "none";
const DEFAULTS = { sessions: 1, greeting: false, introduction: undefined };

/** Everything here holds of both. */
const SERVERS: Record<string, () => ServerRules> = {
  sequence: () => sequenceServer(DEFAULTS),
  chat: () => new ChatServer(DEFAULTS),
};

/** Who says what, when it was complete and which read had brought its end. */
type Saying = readonly [who: "Alice" | "Bob", arrival: number];

const SIDES = { Alice: "X", Bob: "Y" } as const;

/** The acknowledgment that both get, where they say who they are in this order. */
function acknowledgment(server: ServerRules, sayings: Saying[]): string {
  const stage = new Stage(server);
  const actions = sayings.flatMap(([who, arrival]) =>
    stage.play(says(who, `Client ${SIDES[who]}: ${who}`, arrival))
  );
  const sent = actions.map((line) => /^send (\w+): (.*)$/.exec(line))
    .filter((match) => match !== null);
  assertEquals(sent.map(([, to]) => to).sort(), ["Alice", "Bob"]);
  assertEquals(sent[0]![2], sent[1]![2]);
  // Who came first also gets it first, and that is what stands on the screen.
  assert(sent[0]![2]!.includes(`: ${sent[0]![1]} received before`));
  assert(actions.includes(`print: ${sent[0]![2]}`));
  return sent[0]![2]!;
}

const X_FIRST = "X: Alice received before Y: Bob";
const Y_FIRST = "Y: Bob received before X: Alice";

const ORDERS: [name: string, sayings: Saying[], expected: string][] = [
  ["two lines", [["Alice", 1], ["Bob", 2]], X_FIRST],
  ["two lines, Y first", [["Bob", 1], ["Alice", 2]], Y_FIRST],
  // Without a line feed a message is complete only after a silence.
  ["X bare, then Y a line", [["Bob", 2], ["Alice", 1]], X_FIRST],
  ["Y bare, then X a line", [["Alice", 2], ["Bob", 1]], Y_FIRST],
  ["both bare", [["Alice", 1], ["Bob", 2]], X_FIRST],
  ["a long time between", [["Bob", 1_000_000], ["Alice", 1]], X_FIRST],
];

Deno.test("the bytes tell who came first", { permissions }, async (t) => {
  for (const [mode, server] of Object.entries(SERVERS)) {
    for (const [name, sayings, expected] of ORDERS) {
      await t.step(`${mode}: ${name}`, () => {
        assertEquals(acknowledgment(server(), sayings), expected);
      });
    }
    await t.step(`${mode}: in any order`, () => {
      const arrivals = fc.uniqueArray(fc.nat(), { minLength: 2, maxLength: 2 });
      fc.assert(fc.property(arrivals, fc.boolean(), ([x, y], isReversed) => {
        const sayings: Saying[] = [["Alice", x!], ["Bob", y!]];
        if (isReversed) sayings.reverse();
        const expected = x! < y! ? X_FIRST : Y_FIRST;
        assertEquals(acknowledgment(server(), sayings), expected);
      }));
    });
  }
});

const encoder = new TextEncoder();

/** Characters of one to four bytes as UTF-8. */
const CHARACTERS = ["a", "é", "李", "😀"];

/** As many as fit into a name, filled up with letters of one byte. */
function longest(character: string): string {
  const bytes = encoder.encode(character).length;
  const name = character.repeat(Math.floor(MAX_NAME / bytes));
  return name + "a".repeat(MAX_NAME % bytes);
}

Deno.test("names at their limit", { permissions }, async (t) => {
  for (const [mode, server] of Object.entries(SERVERS)) {
    for (const character of CHARACTERS) {
      const name = longest(character);
      await t.step(`${mode}: ${MAX_NAME} bytes of ${character}`, () => {
        assertEquals(encoder.encode(name).length, MAX_NAME);
        const introduction = `Client X: ${name}`;
        const actions = new Stage(server()).play(says("a", introduction));
        assertEquals(actions, [`print: ${introduction}`]);
      });
      await t.step(`${mode}: a byte more, then a name that fits`, () => {
        const introduction = `Client X: ${name}a`;
        const stage = new Stage(server());
        const [printed, warning, ...rest] = stage.play(says("a", introduction));
        assertEquals(printed, `print: ${introduction}`);
        const expected = `expected a name of ${MAX_NAME} bytes at most`;
        assert(warning!.startsWith('warning [server]: a:1 sent "Client X: '));
        assert(warning!.endsWith(`${expected}; answered Message too long`));
        assert(warning!.length < 900, "the name is not repeated whole");
        assertEquals(rest, ["send a: Message too long"]);
        const second = stage.play(says("a", "Client X: Alice"));
        assertEquals(second, ["print: Client X: Alice"]);
      });
    }
    await t.step(`${mode}: two of the longest names make one message`, () => {
      const stage = new Stage(server());
      stage.play(says("a", `Client X: ${longest("李")}`));
      const actions = stage.act(says("b", `Client Y: ${longest("a")}`));
      const sent = actions.filter((action) => action.type === "send");
      assertEquals(sent.length, 2);
      for (const { text } of sent) {
        assert(encoder.encode(text).length <= MAX_MESSAGE);
        assert(text.includes(longest("李")) && text.includes(longest("a")));
      }
    });
    await t.step(`${mode}: blanks before the name are not counted`, () => {
      const introduction = `Client X:${" ".repeat(1_000)}${longest("a")}`;
      const actions = new Stage(server()).play(says("a", introduction));
      assertEquals(actions, [`print: ${introduction}`]);
    });
  }
});

Deno.test("one who says nothing is told what to say", { permissions }, () => {
  for (const server of Object.values(SERVERS)) {
    const stage = new Stage(server());
    assertEquals(stage.play(isSilent("127.0.0.1:5000")), [
      "info [server]: 127.0.0.1:5000 has connected and said nothing: in this " +
      "mode the client speaks first, with Client X: <name> or Client Y: <name>. " +
      "If it waits for the server to greet it, start this server with --greeting.",
    ]);
  }
});

const ACKNOWLEDGED: [introduction: string, name: string][] = [
  ["Client X:Alice", "Alice"],
  ["Client X: Alice", "Alice"],
  ["Client X: \t  Alice", "Alice"],
  ["Client X:\r\nAlice", "Alice"],
  ["Client X: a b: c", "a b: c"],
  ["Client X: Client Y: Bob", "Client Y: Bob"],
  ["Client X: :", ":"],
];

Deno.test("the name begins after the blanks", { permissions }, async (t) => {
  for (const [mode, server] of Object.entries(SERVERS)) {
    for (const [introduction, name] of ACKNOWLEDGED) {
      await t.step(`${mode}: ${JSON.stringify(introduction)}`, () => {
        const stage = new Stage(server());
        stage.play(says("a", introduction));
        const actions = stage.play(says("b", "Client Y:Bob"));
        assertEquals(actions.slice(0, 3), [
          "print: Client Y:Bob",
          `send a: X: ${name} received before Y: Bob`,
          `send b: X: ${name} received before Y: Bob`,
        ]);
      });
    }
    await t.step(`${mode}: many blanks and no name, at once`, () => {
      const start = performance.now();
      const text = `Client X:${" ".repeat(MAX_MESSAGE)}`;
      const [, , answer] = new Stage(server()).play(says("a", text));
      assertEquals(answer, "send a: Invalid Message");
      const time = performance.now() - start;
      assert(time < 1_000, `${time} ms`);
    });
  }
});
