/**
 * Waiting for what may happen.
 */
import { assert, assertEquals } from "@std/assert";
import { Bell } from "../../lib/check/bell.ts";

/** Longer than any test, in milliseconds. */
const LONG = 60_000;

Deno.test("what is the case already is not waited for", async () => {
  assertEquals(await new Bell().until(() => true, 0), true);
});

Deno.test("a ring makes all who wait look again", async () => {
  const bell = new Bell();
  let count = 0;
  const one = bell.until(() => count >= 1, LONG);
  const two = bell.until(() => count >= 2, LONG);
  count = 1;
  bell.ring();
  assertEquals(await one, true);
  count = 2;
  bell.ring();
  assertEquals(await two, true);
});

Deno.test("what does not happen is waited for so long and no longer", async () => {
  const bell = new Bell();
  const started = performance.now();
  assertEquals(await bell.until(() => false, 40), false);
  assert(performance.now() - started >= 38);
});

Deno.test("what has happened by the end of the wait counts, rung for or not", async () => {
  let happened = false;
  const waiting = new Bell().until(() => happened, 20);
  happened = true;
  assertEquals(await waiting, true);
});

Deno.test("a bell that is stopped lets everybody go on", async () => {
  const bell = new Bell();
  const waiting = bell.until(() => false, LONG);
  bell.stop();
  assertEquals(await waiting, false);
  assertEquals(await bell.until(() => false, LONG), false);
  assertEquals(await bell.until(() => true, LONG), true);
  await bell.quiet(LONG, LONG);
});

Deno.test("quiet is when nothing has rung for a while", async () => {
  const bell = new Bell();
  const started = performance.now();
  let rings = 0;
  const timer = setInterval(() => {
    bell.ring();
    if (++rings === 5) clearInterval(timer);
  }, 10);
  await bell.quiet(40, LONG);
  assertEquals(rings, 5);
  assert(performance.now() - started >= 80);
});

Deno.test("a bell that never rests is not waited for to do so", async () => {
  const bell = new Bell();
  const timer = setInterval(() => bell.ring(), 5);
  await bell.quiet(40, 100);
  clearInterval(timer);
});
