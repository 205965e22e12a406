/** The last events: what is kept, in which order, and how much is gone. */
import { assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import fc from "../../support/fast_check.ts";
import {
  BEGINNING,
  type Cursor,
  History,
  KEPT_BYTES,
  KEPT_EVENTS,
} from "../../../lib/trace/view/history.ts";
import type { WireEvent } from "../../../lib/net/wire.ts";
import { at, SERVER, Wire } from "./made_up.ts";

/** How many events of any kind a history of eight has room for. */
const PLACES = 32;
const ALL = { events: Infinity, bytes: Infinity };
const client = at(1234);

/** Adds events to a history, as a wire would. */
function wireInto(history: History): Wire {
  return new Wire((event) => history.add(event));
}

/** The texts of the kept events, and how many are gone. */
function contents(history: History, cursor: Cursor = BEGINNING) {
  const { gone, events } = history.after(cursor, ALL);
  const texts = events.map(({ event }) =>
    "bytes" in event ? new TextDecoder().decode(event.bytes) : event.type
  );
  return { gone, texts };
}

Deno.test("History keeps the last events and counts the others", () => {
  const history = new History({ events: 3, bytes: 1_000 });
  const wire = wireInto(history);
  for (const text of ["a", "b", "c"]) wire.datagram(client, SERVER, text);
  assertEquals(contents(history), { gone: 0, texts: ["a", "b", "c"] });
  for (const text of ["d", "e"]) wire.datagram(client, SERVER, text);
  assertEquals(contents(history), { gone: 2, texts: ["c", "d", "e"] });
});

Deno.test("History counts messages, not the reads that carried them", () => {
  const history = new History({ events: 2, bytes: 1_000 });
  const wire = wireInto(history);
  for (const text of ["a\n", "b\n", "c\n"]) wire.read(client, SERVER, text);
  const { gone, texts } = contents(history);
  assertEquals([gone, texts], [1, ["b\n", "b", "c\n", "c"]]);
});

Deno.test("History keeps no more than its bytes", () => {
  const history = new History({ events: 100, bytes: 10 });
  const wire = wireInto(history);
  for (const text of ["12345", "6789", "abc"]) {
    wire.datagram(client, SERVER, text);
  }
  assertEquals(contents(history), { gone: 1, texts: ["6789", "abc"] });
  wire.datagram(client, SERVER, "0123456789");
  assertEquals(contents(history), { gone: 3, texts: ["0123456789"] });
});

Deno.test("History takes what is longer than all its bytes in part", () => {
  const history = new History({ events: 100, bytes: 10 });
  wireInto(history).datagram(client, SERVER, "0123456789abc");
  assertEquals(contents(history), { gone: 0, texts: ["0123456789"] });
});

Deno.test("History has places for reads, but not without end", () => {
  const history = new History({ events: 5, bytes: 1_000 });
  const wire = wireInto(history);
  for (let i = 0; i < 100; i++) wire.data(client, SERVER, String(i));
  assertEquals(contents(history).texts.length, 20);
  assertEquals(contents(history).texts.at(-1), "99");
});

Deno.test("History copies bytes, for their buffer is used again", () => {
  const history = new History();
  const buffer = new TextEncoder().encode("first");
  wireInto(history).datagram(client, SERVER, buffer);
  buffer.fill(0);
  assertEquals(contents(history).texts, ["first"]);
});

Deno.test("History goes on at a cursor, within the limits of a batch", () => {
  const history = new History({ events: 10, bytes: 100 });
  const wire = wireInto(history);
  for (const text of ["aa", "bb", "cccc", "d"]) {
    wire.datagram(client, SERVER, text);
  }
  const first = history.after(BEGINNING, { events: 2, bytes: 100 });
  assertEquals(first.events.map(({ seq }) => seq), [0, 1]);
  const second = history.after(first.next, { events: 9, bytes: 3 });
  assertEquals(second.events.map(({ seq }) => seq), [2], "one, however long");
  assertEquals(contents(history, second.next), { gone: 0, texts: ["d"] });
  assertEquals(contents(history, history.end), { gone: 0, texts: [] });
});

Deno.test("History holds 10 000 messages, or 16 MiB of them", () => {
  assertEquals([KEPT_EVENTS, KEPT_BYTES], [10_000, 16_777_216]);
  const history = new History();
  const wire = wireInto(history);
  for (let i = 0; i < 10_500; i++) wire.datagram(client, SERVER, "short");
  assertEquals(contents(history).gone, 500);
  const other = new History();
  const long = new Uint8Array(65_536);
  for (let i = 0; i < 300; i++) wireInto(other).datagram(client, SERVER, long);
  const { events, gone } = other.after(BEGINNING, ALL);
  assertEquals([events.length, gone], [256, 44]);
});

/** What a history is, without its care for memory. */
class Model {
  readonly all: WireEvent[] = [];

  /** The numbers of the events that a history of this size still has. */
  kept(size: { events: number; bytes: number }): number[] {
    const kept: number[] = [];
    let [shown, bytes] = [0, 0];
    for (let seq = this.all.length - 1; seq >= 0; seq--) {
      const event = this.all[seq]!;
      shown += event.type === "data" ? 0 : 1;
      bytes += "bytes" in event ? event.bytes.length : 0;
      if (shown > size.events || bytes > size.bytes) break;
      kept.unshift(seq);
    }
    return kept;
  }
}

Deno.test("History gives each page every kept event once, in order", () => {
  const step = fc.record({
    length: fc.nat(12),
    isData: fc.boolean(),
    reads: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    const size = { events: 8, bytes: 40 };
    const history = new History(size);
    const model = new Model();
    const wire = new Wire((event) => {
      history.add(event);
      model.all.push(event);
    });
    let cursor = BEGINNING;
    let [seen, gone] = [0, 0];
    for (const [i, { length, isData, reads }] of steps.entries()) {
      const bytes = new Uint8Array(length).fill(i);
      if (isData) wire.data(client, SERVER, bytes);
      else wire.datagram(client, SERVER, bytes);
      if (!reads) continue;
      const batch = history.after(cursor, { events: 3, bytes: 20 });
      for (const { seq, event } of batch.events) {
        assertEquals(event, model.all[seq]);
        assertGreater(seq + 1, cursor.seq);
        seen += event.type === "data" ? 0 : 1;
      }
      gone += batch.gone;
      cursor = batch.next;
      assertEquals(cursor.shown, seen + gone);
    }
    const { events } = history.after(BEGINNING, ALL);
    const numbers = events.map(({ seq }) => seq);
    const most = model.kept(size);
    assertEquals(numbers, most.slice(most.length - numbers.length));
    // Bytes stay in one piece, so there may be a little waste at the end.
    const least = model.kept({ ...size, bytes: size.bytes - 12 });
    assertGreaterOrEqual(numbers.length, Math.min(least.length, PLACES));
  }));
});
