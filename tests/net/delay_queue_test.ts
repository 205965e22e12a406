/**
 * What is on its way: nothing comes early, nothing is lost but what has no room.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { DelayQueue, ITEM_OVERHEAD, MAX_HELD } from "../../lib/net/delayed.ts";

const permissions = "none";

/** A queue with these items; of each, its name and when it is due. */
function queueOf(...items: [name: string, due: number][]): DelayQueue<string> {
  const queue = new DelayQueue<string>();
  for (const [name, due] of items) assert(queue.add(name, 1, due));
  return queue;
}

Deno.test("items come out at their time", { permissions }, async (t) => {
  await t.step("an empty queue", () => {
    const queue = new DelayQueue<string>();
    assertEquals([queue.length, queue.next], [0, undefined]);
    assertEquals(queue.deliver(Infinity), []);
  });
  await t.step("not before it, and once", () => {
    const queue = queueOf(["a", 10]);
    assertEquals(queue.deliver(9.999), []);
    assertEquals([queue.length, queue.next], [1, 10]);
    assertEquals(queue.deliver(10), ["a"]);
    assertEquals([queue.length, queue.next], [0, undefined]);
    assertEquals(queue.deliver(10), []);
  });
  await t.step("the earliest first", () => {
    const queue = queueOf(["c", 30], ["a", 10], ["b", 20]);
    assertEquals(queue.next, 10);
    assertEquals(queue.deliver(20), ["a", "b"]);
    assertEquals(queue.next, 30);
  });
  await t.step("of those due at once, the first that came", () => {
    const queue = queueOf(["a", 5], ["x", 1], ["b", 5], ["y", 9], ["c", 5]);
    assertEquals(queue.deliver(5), ["x", "a", "b", "c"]);
  });
});

Deno.test("a queue holds so much", { permissions }, async (t) => {
  await t.step("to the last byte, and no more", () => {
    const queue = new DelayQueue<string>(2 * ITEM_OVERHEAD + 10);
    assertEquals(queue.add("a", 4, 1), true);
    assertEquals(queue.add("b", 7, 1), false);
    assertEquals(queue.add("c", 6, 1), true);
    assertEquals(queue.add("d", 0, 1), false);
    assertEquals(queue.deliver(1), ["a", "c"]);
  });
  await t.step("what comes out leaves room", () => {
    const queue = new DelayQueue<number>(ITEM_OVERHEAD + 1);
    for (let i = 0; i < 1000; i++) {
      assertEquals(queue.add(i, 1, i), true);
      assertEquals(queue.add(-1, 1, i), false);
      assertEquals(queue.deliver(i), [i]);
    }
  });
  await t.step("the usual limit", () => {
    const queue = new DelayQueue<number>();
    const size = 65_507;
    const fitting = Math.floor(MAX_HELD / (size + ITEM_OVERHEAD));
    for (let i = 0; i < fitting; i++) assert(queue.add(i, size, i));
    assertEquals(queue.add(-1, size, 0), false);
    assertEquals(queue.length, fitting);
  });
});

Deno.test("any order of items and times", { permissions }, () => {
  const steps = fc.array(fc.oneof(
    fc.record({ due: fc.nat(30) }),
    fc.record({ now: fc.nat(30) }),
  ));
  fc.assert(fc.property(steps, (steps) => {
    const queue = new DelayQueue<{ due: number }>();
    let held: { due: number }[] = [];
    for (const step of steps) {
      if ("due" in step) {
        assert(queue.add(step, 0, step.due));
        held.push(step);
      } else {
        const due = held.filter(({ due }) => due <= step.now);
        held = held.filter(({ due }) => due > step.now);
        assertEquals(
          queue.deliver(step.now),
          due.toSorted((a, b) => a.due - b.due),
        );
      }
      assertEquals(queue.length, held.length);
    }
  }));
});
