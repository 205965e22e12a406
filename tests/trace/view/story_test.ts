/** From events to rows: which arrow is which message, and what belongs together. */
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "../../support/fast_check.ts";
import type { MessageEnd } from "../../../lib/net/wire.ts";
import type { Row } from "../../../lib/trace/view/rows.js";
import { Story } from "../../../lib/trace/view/story.js";
import { textOf } from "../../../lib/trace/view/text.js";
import { captionOf, labelOf } from "../../../lib/trace/view/words.js";
import { at, chat, eventsOf, SERVER, START, Wire } from "./made_up.ts";

const client = at(50_001);

/** The story of a wire, told all at once. */
function tell(play: (wire: Wire) => void): Story {
  const story = new Story();
  story.begin(START);
  story.add(eventsOf((watch) => play(new Wire(watch))));
  return story;
}

/** A row in a line: `> hello\n` for a message that came in, `-` for a piece. */
function line(row: Row): string {
  const arrow = row.event?.direction === "out" ? "<" : ">";
  const dash = row.kind === "piece" ? "-" : "";
  return `${dash}${arrow} ${textOf(labelOf(row))}`;
}

function lines(story: Story): string[] {
  return story.rows.map(line);
}

/** The groups, in the order of the diagram: a caption, and the rows. */
function groups(story: Story): [string, string[]][] {
  const all = new Set(story.rows.flatMap(({ group }) => group ?? []));
  return [...all].map((each) => [
    captionOf(each).replaceAll("\u00a0", " "),
    each.rows.map(line),
  ]);
}

const STORIES: Record<
  string,
  [play: (wire: Wire) => void, rows: string[], groups?: [string, string[]][]]
> = {
  "a line": [
    (wire) => wire.read(client, SERVER, "hello\n"),
    ["> hello\\n"],
  ],
  "bare text": [
    (wire) => wire.read(client, SERVER, "hello"),
    ["> hello"],
  ],
  "a carriage return is seen": [
    (wire) => wire.read(client, SERVER, "hello\r\n"),
    ["> hello\\r\\n"],
  ],
  "padding is seen": [
    (wire) =>
      wire.data(client, SERVER, "hello\0\0")
        .message(client, SERVER, "hello", "end of read"),
    ["> hello\\x00\\x00"],
  ],
  "three lines in one read": [
    (wire) => wire.read(client, SERVER, "a\n", "b\n", "c\n"),
    ["> a\\n", "> b\\n", "> c\\n"],
    [["one read: 3 messages, each ended by a line feed", [
      "> a\\n",
      "> b\\n",
      "> c\\n",
    ]]],
  ],
  "empty lines": [
    (wire) => wire.read(client, SERVER, "\n", "\n"),
    ["> \\n", "> \\n"],
    [["one read: 2 messages, each ended by a line feed", ["> \\n", "> \\n"]]],
  ],
  "a line and bare text in one read": [
    (wire) => wire.read(client, SERVER, "a\n", "b"),
    ["> a\\n", "> b"],
    [["one read: 2 messages", ["> a\\n", "> b"]]],
  ],
  "a line in two reads": [
    (wire) =>
      wire.data(client, SERVER, "hel").data(client, SERVER, "lo\n")
        .message(client, SERVER, "hello", "line feed", { reads: 2 }),
    ["-> hel", "> hello\\n"],
    [["2 reads: one message", ["-> hel", "> hello\\n"]]],
  ],
  "a line ending in two reads": [
    (wire) =>
      wire.data(client, SERVER, "hello\r").data(client, SERVER, "\n")
        .message(client, SERVER, "hello", "line feed", { reads: 2 }),
    ["-> hello\\r", "> hello\\r\\n"],
    [["2 reads: one message", ["-> hello\\r", "> hello\\r\\n"]]],
  ],
  "a line that begins in the read of another": [
    (wire) =>
      wire.data(client, SERVER, "a\nbc")
        .message(client, SERVER, "a", "line feed")
        .data(client, SERVER, "d\n")
        .message(client, SERVER, "bcd", "line feed", { reads: 2 }),
    ["> a\\n", "> bcd\\n"],
  ],
  "two reads, three lines": [
    (wire) =>
      wire.data(client, SERVER, "a").data(client, SERVER, "b\nc\nd\n")
        .message(client, SERVER, "ab", "line feed", { reads: 2, count: 3 })
        .message(client, SERVER, "c", "line feed", { index: 2, count: 3 })
        .message(client, SERVER, "d", "line feed", { index: 3, count: 3 }),
    ["-> a", "> ab\\n", "> c\\n", "> d\\n"],
    [["2 reads: 3 messages, each ended by a line feed", [
      "-> a",
      "> ab\\n",
      "> c\\n",
      "> d\\n",
    ]]],
  ],
  "no end yet": [
    (wire) => wire.data(client, SERVER, "hel"),
    ["-> hel"],
  ],
  "silence: the message is where its bytes came": [
    (wire) =>
      wire.data(client, SERVER, "first").read(at(2), SERVER, "second\n")
        .wait(100).message(client, SERVER, "first", "silence"),
    ["> first", "> second\\n"],
  ],
  "two objects in one read": [
    (wire) =>
      wire.data(client, SERVER, "{}\n{}\n")
        .message(client, SERVER, "{}", "closing brace", { count: 2 })
        .message(client, SERVER, "{}", "closing brace", { index: 2, count: 2 }),
    ["> {}\\n", "> {}\\n"],
    [["one read: 2 messages, each ended by a line feed", [
      "> {}\\n",
      "> {}\\n",
    ]]],
  ],
  "too long: its bytes are not there to compare": [
    (wire) =>
      wire.data(client, SERVER, "abcdef").data(client, SERVER, "ghi")
        .message(client, SERVER, "", "too long", { reads: 2 }),
    ["-> abcdef", "> (empty)"],
    [["2 reads: one message", ["-> abcdef", "> (empty)"]]],
  ],
  "written, and then told": [
    (wire) =>
      wire.data(SERVER, client, "hello\n").message(
        SERVER,
        client,
        "hello",
        "sent",
      ),
    ["< hello\\n"],
  ],
  "told, and then written": [
    (wire) => wire.write(SERVER, client, "hello\n"),
    ["< hello\\n"],
  ],
  "two messages in one write": [
    (wire) => wire.write(SERVER, client, "a\n", "b\n"),
    ["< a\\n", "< b\\n"],
    [["one write: 2 messages, each ended by a line feed", [
      "< a\\n",
      "< b\\n",
    ]]],
  ],
  "one message in slices": [
    (wire) =>
      wire.message(SERVER, client, "hello", "sent")
        .data(SERVER, client, "he").data(SERVER, client, "ll")
        .data(SERVER, client, "o\n"),
    ["-< he", "-< ll", "< hello\\n"],
    [["3 writes: one message", ["-< he", "-< ll", "< hello\\n"]]],
  ],
  "a line feed in a slice of its own": [
    (wire) =>
      wire.message(SERVER, client, "Bye", "sent")
        .data(SERVER, client, "Bye").data(SERVER, client, "\n"),
    ["< Bye\\n", "-< \\n"],
    [["2 writes: one message", ["< Bye\\n", "-< \\n"]]],
  ],
  "told, and never written": [
    (wire) => wire.message(SERVER, client, "hello", "sent"),
    ["< hello"],
  ],
  "told, and something else written": [
    (wire) =>
      wire.message(SERVER, client, "hello", "sent")
        .data(SERVER, client, "no").write(SERVER, client, "yes\n"),
    ["< hello", "-< no", "< yes\\n"],
  ],
  "one message in slices, told of last": [
    (wire) =>
      wire.data(SERVER, client, "he").data(SERVER, client, "llo\n")
        .message(SERVER, client, "hello", "sent"),
    ["-< he", "< hello\\n"],
    [["2 writes: one message", ["-< he", "< hello\\n"]]],
  ],
  "a story that begins in the middle": [
    (wire) =>
      wire.message(client, SERVER, "lost its read", "line feed")
        .read(client, SERVER, "whole\n")
        .message(SERVER, client, "lost its write", "sent")
        .write(SERVER, client, "whole\n"),
    ["> lost its read", "> whole\\n", "< lost its write", "< whole\\n"],
  ],
  "datagrams": [
    (wire) =>
      wire.datagram(client, SERVER, "a").datagram(SERVER, client, "A")
        .datagram(client, SERVER, ""),
    ["> a", "< A", "> (empty)"],
  ],
  "the marks of a connection": [
    (wire) =>
      wire.open(client).mark("end", client, SERVER).mark(
        "reset",
        client,
        SERVER,
      )
        .mark("close", SERVER, client),
    ["> connects", "> ends (FIN)", "> breaks off (RST)", "< closed"],
  ],
};

Deno.test("Story: which arrows there are, and what is grouped", async (t) => {
  for (const [name, [play, rows, grouped = []]] of Object.entries(STORIES)) {
    await t.step(name, () => {
      const story = tell(play);
      assertEquals(lines(story), rows);
      assertEquals(groups(story), grouped);
    });
  }
});

Deno.test("Story: a chat in which three messages share a read", () => {
  const story = new Story();
  story.begin(START);
  story.add(eventsOf(chat));
  assertEquals(groups(story).map(([caption]) => caption), [
    "one read: 3 messages, each ended by a line feed",
    "2 reads: one message",
  ]);
});

Deno.test("Story is the same however its events are batched", () => {
  const events = eventsOf(chat);
  const whole = new Story();
  whole.begin(START);
  whole.add(events);
  const single = new Story();
  single.begin(START);
  for (const event of events) single.add([event]);
  assertEquals(lines(single), lines(whole));
  assertEquals(groups(single), groups(whole));
});

Deno.test("Story: messages and reads, cut anywhere, belong together", () => {
  const message = fc.string({
    unit: fc.constantFrom("a", "b", "é"),
    maxLength: 6,
  });
  const cuts = fc.array(fc.nat(40), { maxLength: 12 });
  fc.assert(fc.property(fc.array(message), cuts, (messages, places) => {
    const { story, reads } = tellCut(messages, places);
    const rows = story.rows.filter(({ kind }) => kind === "message");
    const decoder = new TextDecoder();
    assertEquals(rows.map(({ bytes }) => decoder.decode(bytes)), messages);
    for (const row of rows) {
      const own = row.parts.flatMap(({ carrier, start, end }) => [
        ...carrier.bytes.subarray(start, end),
      ]);
      assertEquals(Uint8Array.from(own), row.bytes);
    }
    const covered = rows.flatMap(({ parts }) => parts)
      .reduce((sum, { start, stop }) => sum + stop - start, 0);
    assertEquals(covered, reads.reduce((sum, read) => sum + read.length, 0));
    const withEnd = reads.filter((read) => read.includes(0x0a)).length;
    assertEquals(story.rows.length, messages.length + reads.length - withEnd);
  }));
});

/** Lines that were cut into reads at these places. */
function tellCut(messages: string[], places: number[]) {
  const encoder = new TextEncoder();
  const bytes = encoder.encode(messages.map((each) => `${each}\n`).join(""));
  const ends = [...new Set(places.map((each) => each % (bytes.length + 1)))]
    .concat(bytes.length).sort((a, b) => a - b);
  const reads = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end))
    .filter(({ length }) => length > 0);
  const left = messages.slice();
  const story = tell((wire) => {
    for (const read of reads) {
      wire.data(client, SERVER, read);
      for (const byte of read) {
        if (byte !== 0x0a) continue;
        wire.message(client, SERVER, left.shift()!, "line feed");
      }
    }
  });
  return { story, reads };
}

Deno.test("Story keeps connections of one address apart", () => {
  const story = tell((wire) =>
    wire.open(client).read(client, SERVER, "one\n").mark(
      "close",
      SERVER,
      client,
    )
      .open(client).read(client, SERVER, "two\n")
  );
  const [first, , , second] = story.rows;
  assert(first?.peer?.isClosed);
  assert(second?.peer && !second.peer.isClosed);
});

Deno.test("Story.begin() says so where a program was started again", () => {
  const story = tell((wire) => wire.datagram(client, SERVER, "a"));
  story.begin(START + 5_000);
  assertEquals(story.rows.map(({ kind }) => kind), ["datagram", "start"]);
  assertEquals(story.rows.map(({ origin }) => origin), [START, START + 5_000]);
});

Deno.test("Story.clear() forgets rows, not connections", () => {
  const story = tell((wire) => wire.open(client).data(client, SERVER, "hel"));
  story.clear();
  assertEquals(story.rows, []);
  story.add(eventsOf((watch) =>
    new Wire(watch).data(client, SERVER, "lo\n")
      .message(client, SERVER, "hello", "line feed", { reads: 2 })
  ));
  assertEquals(lines(story).length, 1, "what began before is not drawn");
});

Deno.test("Story keeps so many rows, and says how many are gone", () => {
  const story = new Story({ rows: 10, bytes: 1_000 });
  story.begin(START);
  const play = (from: number, to: number) =>
    eventsOf((watch) => {
      const wire = new Wire(watch);
      for (let i = from; i < to; i++) wire.datagram(at(i), SERVER, String(i));
    });
  story.add(play(0, 25));
  story.add(play(25, 40), 5);
  assertEquals(story.rows.length, 11);
  assertEquals(story.rows[0]?.kind, "gap");
  const gone = story.rows.reduce((sum, { missing }) => sum + missing, 0);
  assertEquals(
    gone + story.rows.filter(({ kind }) => kind === "datagram").length,
    45,
  );
  assertLessOrEqual([...story.peers()].length, 10);
});

Deno.test("Story keeps so many bytes", () => {
  const story = new Story({ rows: 1_000, bytes: 100 });
  story.begin(START);
  story.add(eventsOf((watch) => {
    const wire = new Wire(watch);
    for (let i = 0; i < 30; i++) wire.datagram(at(i), SERVER, "x".repeat(20));
  }));
  const bytes = story.rows.reduce((sum, row) => sum + row.bytes.length, 0);
  assertEquals(bytes, 100);
  assertEquals(story.rows[0]?.missing, 25);
});

Deno.test("Story survives events that cannot be", () => {
  const ends = fc.constantFrom<MessageEnd>(
    "line feed",
    "silence",
    "sent",
    "end of read",
  );
  const text = fc.constantFrom("", "a", "ab", "\n", "b\n", "\r\n", "abab");
  const step = fc.oneof(
    fc.record({ type: fc.constant("data" as const), text, out: fc.boolean() }),
    fc.record({
      type: fc.constant("message" as const),
      text,
      out: fc.boolean(),
      end: ends,
    }),
    fc.record({ type: fc.constant("close" as const), text, out: fc.boolean() }),
  );
  fc.assert(fc.property(fc.array(step), (steps) => {
    const story = tell((wire) => {
      for (const each of steps) {
        const [from, to] = each.out ? [SERVER, client] : [client, SERVER];
        if (each.type === "data") wire.data(from, to, each.text);
        else if (each.type === "close") wire.mark("close", from, to);
        else wire.message(from, to, each.text, each.end);
      }
    });
    for (const row of story.rows) {
      labelOf(row);
      if (row.group) captionOf(row.group);
    }
    assertLessOrEqual(story.rows.length, steps.length);
  }));
});
