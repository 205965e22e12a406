/**
 * The later edition among people who come, speak and go in any order: each is
 * greeted once, and the server ends with the last pair that is wanted.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { ChatServer } from "../../lib/rules/chat.ts";
import type { ServerRules } from "../../lib/rules/contract.ts";
import { sequenceServer } from "../../lib/rules/sequence.ts";
import { isClosed, leaves, opens, says, Stage } from "./stage.ts";

const permissions = "none";

interface Options {
  readonly sessions: number;
  readonly greeting: boolean;
}

/** Who does what: each of six comes, speaks once or more, and goes. */
const anyEvent = fc.record({
  who: fc.constantFrom("a", "b", "c", "d", "e", "f"),
  text: fc.string({ unit: "binary" }),
  leaves: fc.nat(4).map((number) => number === 0),
});

Deno.test("greeting bears any order of events", { permissions }, async (t) => {
  const order = fc.array(anyEvent, { maxLength: 80, size: "max" });
  const servers = {
    sequence: sequenceServer,
    chat: (options: Options) =>
      new ChatServer({ ...options, introduction: undefined }),
  };
  for (const [mode, server] of Object.entries(servers)) {
    await t.step(mode, () => {
      fc.assert(
        fc.property(order, fc.nat(3), (events, sessions) => {
          const hall = new Hall(
            server({ sessions, greeting: true }),
            sessions,
          );
          for (const { who, text, leaves: goes } of events) {
            if (hall.isOver) break;
            hall.enter(who);
            if (goes) hall.leave(who);
            else hall.say(who, text);
          }
        }),
        { numRuns: 300 },
      );
    });
  }
});

const REFUSAL = / already connected$|^Invalid Message$|^Message too long$/;

/** A server's rules, and a check of everything that its clients get to hear. */
class Hall {
  readonly #stage: Stage;
  readonly #sessions: number;
  readonly #present = new Set<string>();
  readonly #sides = new Map<string, string>();
  /** Those who have left, and whose place is kept. */
  readonly #kept = new Set<string>();
  /** How many chats or pairs have ended. */
  #ended = 0;
  isOver = false;

  constructor(rules: ServerRules, sessions: number) {
    this.#stage = new Stage(rules);
    this.#sessions = sessions;
  }

  enter(who: string): void {
    if (this.#present.has(who)) return;
    this.#present.add(who);
    this.#sides.delete(who);
    this.#check(this.#stage.play(opens(who)));
  }

  say(who: string, text: string): void {
    if (!this.#present.has(who) || this.#kept.has(who)) return;
    this.#check(this.#stage.play(says(who, text)));
  }

  leave(who: string, event = leaves(who)): void {
    if (!this.#present.has(who)) return;
    const isGone = this.#kept.has(who);
    const actions = isGone ? [] : this.#stage.play(event);
    if (actions.includes(`hold ${who}`)) this.#kept.add(who);
    else if (!isGone || event.type === "isClosed") {
      this.#present.delete(who);
      this.#kept.delete(who);
    }
    this.#check(actions);
  }

  #check(actions: string[]): void {
    for (const action of actions) {
      const [, to, text] = /^send (\w+): (.*)$/s.exec(action) ?? [];
      if (to !== undefined) this.#hear(to, text!);
    }
    this.#countEnds(actions);
    for (const action of actions) {
      const [, who] = /^close (\w+)$/.exec(action) ?? [];
      if (who !== undefined) this.leave(who, isClosed(who));
    }
  }

  /** Whoever hears something is there; a greeting comes once, and first. */
  #hear(to: string, text: string): void {
    assert(this.#present.has(to), `${to} has gone`);
    const [, side] = /^Client ([XY]) connected$/.exec(text) ?? [];
    assertEquals(side !== undefined && this.#sides.has(to), false, to);
    if (side !== undefined) this.#sides.set(to, side);
    else assert(REFUSAL.test(text) || this.#sides.has(to), text);
  }

  /** The server stops with the last pair that is wanted, and not before. */
  #countEnds(actions: string[]): void {
    const closed = actions.filter((line) => line.startsWith("close "));
    if (closed.length === 2) {
      const sides = closed.map((line) => this.#sides.get(line.slice(6)));
      assertEquals(sides.sort(), ["X", "Y"]);
      this.#ended++;
    }
    const isLast = closed.length === 2 && this.#ended === this.#sessions;
    assertEquals(actions.includes("stop"), isLast);
    this.isOver ||= isLast;
  }
}
