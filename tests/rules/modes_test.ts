/**
 * The table of assignments: for each its place on the network, one exchange, how
 * it takes what is wrong, and what ends it where nobody set an option.
 */
import { assert, assertEquals } from "@std/assert";
import { MODE_NAMES, type ModeName, MODES } from "../../lib/rules.ts";
import { close, send, type ServerRules } from "../../lib/rules/contract.ts";
import { type Mode, streamMode } from "../../lib/rules/mode.ts";
import { Listener } from "../../lib/rules/listening/listener.ts";
import { defaultsOf } from "../../lib/rules/options.ts";
import { MODE_TESTS } from "../modes.ts";
import type { Exchange, Saying } from "../support/mode_tests.ts";
import { opens, says, Stage } from "./stage.ts";

const permissions = "none";

/** Bytes that are not UTF-8. */
const BYTES = undefined;

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
  assertEquals(MODE_NAMES, Object.keys(MODE_TESTS));
  for (const name of MODE_NAMES) {
    const { exchange: row, ...tests } = MODE_TESTS[name];
    await t.step(`${name}: its place on the network`, () => {
      const { transport, port } = MODES[name];
      assertEquals({ transport, port }, {
        transport: tests.transport,
        port: tests.port,
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
  { refusal, isClosed }: Exchange,
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

Deno.test("a mode that says nothing of listening is not judged", {
  permissions,
}, async () => {
  const mode = streamMode({
    summary: "",
    port: 1,
    serverOptions: [],
    clientOptions: [],
    server: () => ({ message: (peer) => [send(peer, "yes"), close(peer)] }),
    client: () => Promise.resolve(),
  });
  const rules = mode.server({}, () => 0);
  const listener = new Listener(rules, await mode.hearing());
  const client = { hostname: "127.0.0.1", port: 5000, id: "a" };
  assertEquals(listener.opened(client, 0), []);
  assertEquals(listener.said(client, "hello", 1, 10), []);
  assertEquals(listener.heard(client, "no", 20), []);
  listener.ended(client, "client", 30);
  assertEquals(listener.finish(100_000), []);
});
