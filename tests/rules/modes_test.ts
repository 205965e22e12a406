/**
 * The table of assignments: for each its place on the network, one exchange, how
 * it takes what is wrong, and what ends it where nobody set an option.
 */
import { assert, assertEquals } from "@std/assert";
import { MODE_NAMES, type ModeName, MODES } from "../../lib/rules.ts";
import type { ServerRules } from "../../lib/rules/contract.ts";
import type { Mode } from "../../lib/rules/mode.ts";
import { defaultsOf } from "../../lib/rules/options.ts";
import { opens, says, Stage } from "./stage.ts";

const permissions = "none";

type Saying = readonly [who: string, text: string | undefined];

interface Assignment {
  readonly transport: "udp" | "tcp";
  readonly port: number;
  /** What is said, up to the end of the server, if there is one. */
  readonly sayings: readonly Saying[];
  /** All that the server sends, in order. */
  readonly sends: readonly string[];
  readonly isOver: boolean;
  /** A message without the form of the assignment; undefined where all have it. */
  readonly wrong: Saying | undefined;
  /** What it is answered with. */
  readonly refusal: string;
  /** Whether that costs a peer its connection. */
  readonly isClosed: boolean;
}

const PERMITS = "127.0.0.1:1234";
const X_FIRST = "X: Alice received before Y: Bob";
const EXPECTED = '{"client_name": "...", "client_number": 25}';

/** Bytes that are not UTF-8. */
const BYTES = undefined;

const ASSIGNMENTS: Record<ModeName, Assignment> = {
  permission: {
    transport: "udp",
    port: 12000,
    sayings: [
      [PERMITS, "permission7"],
      ["127.0.0.1:3333", "REQUEST7"],
      ["127.0.0.1:5000", "hello"],
      ["127.0.0.2:5000", BYTES],
    ],
    sends: [
      `send ${PERMITS}: Permission Accepted`,
      "send 127.0.0.1:3333: Request Accepted",
      "send 127.0.0.1:5000: Port is not allowed to communicate",
      "send 127.0.0.2:5000: Port is not allowed to communicate",
    ],
    isOver: true,
    wrong: [PERMITS, "hello"],
    refusal: "Invalid Message",
    isClosed: false,
  },
  uppercase: {
    transport: "udp",
    port: 12000,
    sayings: [["a", "hello"], ["a", "quit"], ["b", "quit"], ["c", "quit"]],
    sends: ["send a: HELLO", "send a: QUIT", "send b: QUIT", "send c: QUIT"],
    isOver: false,
    wrong: undefined,
    refusal: "Invalid Message",
    isClosed: false,
  },
  sequence: {
    transport: "tcp",
    port: 12000,
    sayings: [["a", "Client X: Alice"], ["b", "Client Y: Bob"]],
    sends: [`send a: ${X_FIRST}`, `send b: ${X_FIRST}`],
    isOver: true,
    wrong: ["a", "hello"],
    refusal: "Invalid Message",
    isClosed: false,
  },
  chat: {
    transport: "tcp",
    port: 12000,
    sayings: [
      ["a", "Client X: Alice"],
      ["b", "Client Y: Bob"],
      ["b", "hi"],
      ["a", "Bye"],
    ],
    sends: [
      `send a: ${X_FIRST}`,
      `send b: ${X_FIRST}`,
      "send a: hi",
      "send b: Bye",
    ],
    isOver: true,
    wrong: ["a", "hello"],
    refusal: "Invalid Message",
    isClosed: false,
  },
  sum: {
    transport: "tcp",
    port: 8000,
    sayings: [
      ["a", '{"client_name":"A","client_number":25}'],
      ["b", '{"client_name":"B","client_number":101}'],
    ],
    sends: [
      'send a: {"server_name":"Socket Lab Server","server_number":1,"sum":26}',
    ],
    isOver: true,
    wrong: ["a", "hello"],
    refusal: JSON.stringify({
      error:
        `"hello" is neither JSON nor a name and a number; expected ${EXPECTED}`,
    }),
    isClosed: true,
  },
};

/** A server as it is where nobody set an option. */
function plainServer(name: ModeName): ServerRules {
  const mode: Mode = MODES[name];
  return mode.server(defaultsOf(mode.serverOptions), () => 0);
}

/** Everything that a server does about what is said; over TCP peers connect. */
function play(name: ModeName, sayings: readonly Saying[]): string[] {
  const stage = new Stage(plainServer(name));
  if (MODES[name].transport === "tcp") {
    for (const who of new Set(sayings.map(([who]) => who))) {
      stage.play(opens(who));
    }
  }
  return sayings.flatMap(([who, text]) => stage.play(says(who, text)));
}

Deno.test("every assignment", { permissions }, async (t) => {
  assertEquals(MODE_NAMES, Object.keys(ASSIGNMENTS));
  for (const name of MODE_NAMES) {
    const row = ASSIGNMENTS[name];
    await t.step(`${name}: its place on the network`, () => {
      const { transport, port } = MODES[name];
      assertEquals({ transport, port }, {
        transport: row.transport,
        port: row.port,
      });
    });
    await t.step(`${name}: an exchange from its beginning to its end`, () => {
      const actions = play(name, row.sayings);
      const isSend = (line: string) => line.startsWith("send ");
      assertEquals(actions.filter(isSend), row.sends);
      assertEquals(actions.includes("stop"), row.isOver);
      if (row.isOver) assertEquals(actions.at(-1), "stop");
    });
    const wrong = row.wrong ? [row.wrong] : [];
    const [someone] = row.sayings[0]!;
    for (const [who, text] of [...wrong, [someone, BYTES] as Saying]) {
      await t.step(`${name}: ${text ?? "bytes"}, refused and told`, () => {
        assertRefused(play(name, [[who, text]]), who, text, row);
      });
    }
  }
});

/** The peer is answered, and its owner is told what came and what should have. */
function assertRefused(
  actions: string[],
  who: string,
  text: string | undefined,
  { refusal, isClosed }: Assignment,
): void {
  const [answer, ...others] = actions.filter((line) => /^send /.test(line));
  assertEquals(others, []);
  if (text !== undefined) assertEquals(answer, `send ${who}: ${refusal}`);
  const [warning] = actions.filter((line) => /^warning /.test(line));
  const came = text === undefined ? "not UTF-8" : JSON.stringify(text);
  assert(warning?.includes(came), warning);
  assert(warning?.includes("; expected "), warning);
  assertEquals(actions.includes(`close ${who}`), isClosed);
  assertEquals(actions.includes("stop"), false);
}
