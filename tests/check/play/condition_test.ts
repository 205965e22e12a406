/**
 * Waiting for what may happen.
 */
import { assert, assertEquals } from "@std/assert";
import { Condition } from "../../../lib/check/play/condition.ts";

/** Longer than any test, in milliseconds. */
const LONG = 60_000;

Deno.test("what is the case already is not waited for", async () => {
  assertEquals(await new Condition().until(() => true, 0), true);
});

Deno.test("a notification makes all who wait look again", async () => {
  const condition = new Condition();
  let count = 0;
  const one = condition.until(() => count >= 1, LONG);
  const two = condition.until(() => count >= 2, LONG);
  count = 1;
  condition.notify();
  assertEquals(await one, true);
  count = 2;
  condition.notify();
  assertEquals(await two, true);
});

Deno.test("what does not happen is waited for so long and no longer", async () => {
  const condition = new Condition();
  const started = performance.now();
  assertEquals(await condition.until(() => false, 40), false);
  assert(performance.now() - started >= 38);
});

Deno.test("what has happened by the end of the wait counts, notified or not", async () => {
  let happened = false;
  const waiting = new Condition().until(() => happened, 20);
  happened = true;
  assertEquals(await waiting, true);
});

Deno.test("a stopped condition lets everybody go on", async () => {
  const condition = new Condition();
  const waiting = condition.until(() => false, LONG);
  condition.stop();
  assertEquals(await waiting, false);
  assertEquals(await condition.until(() => false, LONG), false);
  assertEquals(await condition.until(() => true, LONG), true);
  await condition.quiet(LONG, LONG);
});

Deno.test("quiet is when nothing has happened for a while", async () => {
  const condition = new Condition();
  const started = performance.now();
  let count = 0;
  const timer = setInterval(() => {
    condition.notify();
    if (++count === 5) clearInterval(timer);
  }, 10);
  await condition.quiet(40, LONG);
  assertEquals(count, 5);
  assert(performance.now() - started >= 80);
});

Deno.test("a condition that never rests is not waited for to do so", async () => {
  const condition = new Condition();
  const timer = setInterval(() => condition.notify(), 5);
  await condition.quiet(40, 100);
  clearInterval(timer);
});
