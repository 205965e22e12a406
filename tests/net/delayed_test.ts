/**
 * What is on its way comes out at its time, in order; whoever waits for all of
 * it waits as long as that takes, each time anew; what is forgotten never comes.
 */
import { assert, assertEquals } from "@std/assert";
import { Delayed, MAX_HELD } from "../../lib/net/delayed.ts";
import { within } from "../support/harness.ts";

/** In milliseconds; more than what two lines of a test take. */
const DELAY = 60;

function collecting() {
  const items: string[] = [];
  const delayed = new Delayed<string>((item) => items.push(item));
  return { items, delayed };
}

Deno.test("the order is that of the times at which items are due", async () => {
  const { items, delayed } = collecting();
  delayed.add("third", 1, 3 * DELAY);
  delayed.add("first", 1, 0);
  delayed.add("second", 1, DELAY);
  assertEquals(items, []); // never before whoever adds it goes on
  await within(delayed.settle(), "all items");
  assertEquals(items, ["first", "second", "third"]);
});

Deno.test("nothing comes before its time", async () => {
  const { items, delayed } = collecting();
  const start = performance.now();
  delayed.add("late", 1, DELAY);
  await within(delayed.settle(), "the item");
  assert(performance.now() - start >= DELAY - 1);
  assertEquals(items, ["late"]);
});

Deno.test("settling again waits again", async () => {
  const { items, delayed } = collecting();
  await delayed.settle(); // nothing is on its way
  for (const item of ["one", "two"]) {
    delayed.add(item, 1, DELAY);
    await within(delayed.settle(), item);
    assertEquals(items.at(-1), item);
  }
});

Deno.test("what is forgotten never comes, and keeps nobody waiting", async () => {
  const { items, delayed } = collecting();
  delayed.add("never", 1, 60_000);
  const settled = delayed.settle();
  delayed.clear();
  await within(settled, "the end of the wait");
  assertEquals(items, []);
});

Deno.test("what has no room is refused", () => {
  const { delayed } = collecting();
  assertEquals(delayed.add("too much", MAX_HELD, 60_000), false);
  assertEquals(delayed.add("fits", 1, 60_000), true);
  delayed.clear();
});
