/** What waits while the diagram is paused: bounded, and nothing uncounted. */
import { assertEquals, assertLessOrEqual } from "@std/assert";
import {
  type Batch,
  MAX_WAITING,
  MAX_WAITING_SIZE,
  Waiting,
} from "../../../lib/trace/view/waiting.js";
import { at, eventsOf, SERVER, Wire } from "./made_up.ts";

/** A batch of so many datagrams of a size. */
function batch(count: number, content = "x"): Batch {
  const events = eventsOf((watch) => {
    const wire = new Wire(watch);
    for (let i = 0; i < count; i++) wire.datagram(at(1), SERVER, content);
  });
  return { gone: 0, events };
}

function counted(batches: Batch[]) {
  const gone = batches.reduce((sum, batch) => sum + batch.gone, 0);
  const events = batches.flatMap((batch) => batch.events);
  return { gone, events: events.length };
}

Deno.test("Waiting gives back what came, in order", () => {
  const waiting = new Waiting();
  const batches = [batch(2), { gone: 3, events: [] }, batch(1)];
  for (const each of batches) waiting.add(each);
  assertEquals(waiting.messages, 3);
  assertEquals(waiting.takeAll(), batches);
  assertEquals(waiting.messages, 0);
});

Deno.test("Waiting counts messages, not their reads", () => {
  const waiting = new Waiting();
  const events = eventsOf((watch) => {
    new Wire(watch).read(at(1), SERVER, "a\n", "b\n");
  });
  waiting.add({ gone: 0, events });
  assertEquals([events.length, waiting.messages], [3, 2]);
});

Deno.test("Waiting keeps so many events, and counts the others", () => {
  const waiting = new Waiting();
  for (let i = 0; i < 15; i++) waiting.add(batch(1_000));
  const { gone, events } = counted(waiting.takeAll());
  assertEquals([gone, events], [5_000, MAX_WAITING]);
});

Deno.test("Waiting keeps so many bytes", () => {
  const waiting = new Waiting();
  const long = "x".repeat(60_000);
  for (let i = 0; i < 50; i++) waiting.add(batch(20, long));
  const batches = waiting.takeAll();
  const { gone, events } = counted(batches);
  assertEquals(gone + events, 1_000);
  const size = batches.flatMap((each) => each.events)
    .reduce((sum, { bytes = "" }) => sum + bytes.length, 0);
  assertLessOrEqual(size, MAX_WAITING_SIZE);
});

Deno.test("Waiting keeps the beginning of a run", () => {
  const waiting = new Waiting();
  waiting.add({ gone: 0, events: [], started: 5 });
  for (let i = 0; i < 15; i++) waiting.add(batch(1_000));
  assertEquals(waiting.takeAll()[0]?.started, 5);
});
