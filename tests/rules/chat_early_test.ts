/**
 * Chat's server and what is said too early: how much one client may say before
 * its partner has come, how much all together, and that nothing stays behind.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { ChatServer, MAX_ALL_EARLY, MAX_EARLY } from "../../lib/rules/chat.ts";
import { costOf } from "../../lib/rules/contract.ts";
import { isClosed, leaves, says, Stage } from "./stage.ts";

const permissions = "none";

function stage(): Stage {
  return new Stage(
    new ChatServer({
      sessions: 0,
      greeting: false,
      introduction: undefined,
    }),
  );
}

/** A message that costs as much, in bytes. */
function costing(bytes: number): string {
  return "a".repeat((bytes - costOf("")) / 2);
}

/** Whether the server makes this client wait, now that it has said this. */
function isHeld(server: Stage, who: string, text: string): boolean {
  const actions = server.play(says(who, text));
  assertEquals(actions.filter((line) => line !== `hold ${who}`), []);
  return actions.length > 0;
}

Deno.test("what one client may say early", { permissions }, async (t) => {
  const rows: [name: string, texts: string[]][] = [
    ["one message", [costing(MAX_EARLY)]],
    ["one that is longer", [costing(2 * MAX_EARLY)]],
    ["two messages", [costing(MAX_EARLY / 2), costing(MAX_EARLY / 2)]],
    ["empty ones", Array(MAX_EARLY / costOf("")).fill("")],
    ["one, and then an empty one", [costing(MAX_EARLY - costOf("")), ""]],
  ];
  for (const [name, texts] of rows) {
    await t.step(`${name}: the last one is one too many`, () => {
      const server = stage();
      server.play(says("a", "Client X: Alice"));
      const held = texts.map((text) => isHeld(server, "a", text));
      const isLast = texts.map((_, i) => i === texts.length - 1);
      assertEquals(held, isLast);
    });
  }
  await t.step("a character less, and it need not wait", () => {
    const server = stage();
    server.play(says("a", "Client X: Alice"));
    assertEquals(isHeld(server, "a", costing(MAX_EARLY - 2)), false);
  });
  await t.step("many bytes count like one: what is held is characters", () => {
    const server = stage();
    server.play(says("a", "Client X: Alice"));
    const text = "李".repeat(costing(MAX_EARLY).length - 1);
    assertEquals(isHeld(server, "a", text), false);
    assertEquals(isHeld(server, "a", ""), true);
  });
});

/** Lets somebody who waits for a partner come and say this much. */
function crowd(server: Stage, from: number, to: number, bytes: number): void {
  for (let i = from; i < to; i++) {
    server.play(says(`x${i}`, `Client X: ${i}`));
    assertEquals(isHeld(server, `x${i}`, costing(bytes)), false, `x${i}`);
  }
}

/** What each says of so many that together they say half of what all may. */
const SHARE = MAX_EARLY / 2;
const MANY = MAX_ALL_EARLY / SHARE;

/**
 * Checks that just so much is left of what all may say: a newcomer that says a
 * character less need not wait, and one that then says nothing at all has to.
 */
function assertRoom(server: Stage, bytes: number): void {
  server.play(says("last", "Client X: Last"));
  assertEquals(isHeld(server, "last", costing(bytes - costOf(""))), false);
  assertEquals(isHeld(server, "last", ""), true);
  server.play(leaves("last"));
}

Deno.test("what all may say early", { permissions }, async (t) => {
  await t.step("up to MAX_ALL_EARLY", () => {
    const server = stage();
    crowd(server, 0, MANY - 1, SHARE);
    assertRoom(server, SHARE);
  });
  await t.step("who leaves takes along what it said", () => {
    const server = stage();
    crowd(server, 0, MANY - 1, SHARE);
    for (let i = 0; i < MANY / 2; i++) {
      server.play(i % 2 === 0 ? leaves(`x${i}`) : isClosed(`x${i}`));
    }
    crowd(server, 0, MANY / 2, SHARE);
    assertRoom(server, SHARE);
  });
  await t.step("what is delivered counts no longer", () => {
    const server = stage();
    crowd(server, 0, MANY - 1, SHARE);
    const sent = server.play(says("y", "Client Y: Bob"));
    assert(sent.includes(`send y: ${costing(SHARE)}`));
    crowd(server, MANY, MANY + 1, SHARE);
    assertRoom(server, SHARE);
    // Neither does what the two say to each other.
    assertEquals(server.play(says("x0", costing(MAX_EARLY))).length, 2);
    assertRoom(server, SHARE);
  });
  await t.step("an early Bye, and what came after it, too", () => {
    const server = stage();
    crowd(server, 0, MANY - 2, SHARE);
    server.play(says("e", "Client X: Eve"));
    for (const text of ["Bye", costing(SHARE)]) isHeld(server, "e", text);
    // Eve came last: all the others find their partners before her.
    for (let i = 0; i <= MANY - 2; i++) {
      server.play(says(`y${i}`, `Client Y: ${i}`));
      const closed = i === MANY - 2 ? ["e", `y${i}`] : [];
      for (const who of closed) server.play(isClosed(who));
    }
    crowd(server, MANY, 2 * MANY - 1, SHARE);
    assertRoom(server, SHARE);
  });
});

/** Somebody speaks, or goes, of a few who wait and a few who come to them. */
const anyEvent = fc.record({
  who: fc.constantFrom("a", "b", "c", "d"),
  does: fc.constantFrom("introduces", "speaks", "speaks", "leaves"),
  side: fc.constantFrom("X", "Y"),
  text: fc.oneof(
    fc.constantFrom("Bye", "", costing(1_024), costing(MAX_EARLY / 2)),
  ),
});

Deno.test("nothing stays behind, whatever happens", { permissions }, () => {
  const order = fc.array(anyEvent, { maxLength: 60, size: "max" });
  fc.assert(
    fc.property(order, (events) => {
      const server = stage();
      const present = new Set<string>();
      for (const { who, does, side, text } of events) {
        const isLeaving = does === "leaves";
        if (isLeaving && !present.has(who)) continue;
        const said = does === "speaks" ? text : `Client ${side}: ${who}`;
        const actions = server.play(
          isLeaving ? leaves(who) : says(who, said),
        );
        present.add(who);
        if (isLeaving) present.delete(who);
        for (const line of actions) {
          const [, closed] = /^close (\w+)$/.exec(line) ?? [];
          if (closed === undefined || !present.delete(closed)) continue;
          server.play(isClosed(closed));
        }
      }
      for (const who of present) server.play(leaves(who));
      assertWholeBudget(server);
    }),
    { numRuns: 30 },
  );
});

/** Nobody is there, so all of the budget is. */
function assertWholeBudget(server: Stage): void {
  crowd(server, 0, MANY - 1, SHARE);
  assertRoom(server, SHARE);
}
