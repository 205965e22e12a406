/** What the page says: on arrows, under them, above groups, and at length. */
import { assertEquals } from "@std/assert";
import { meaningOf } from "../../../lib/trace/view/meaning.js";
import { recordOf } from "../../../lib/trace/view/record.js";
import type { Row } from "../../../lib/trace/view/rows.js";
import { Story } from "../../../lib/trace/view/story.js";
import { textOf } from "../../../lib/trace/view/text.js";
import {
  labelOf,
  noteOf,
  sentenceOf,
  textOfGap,
} from "../../../lib/trace/view/words.js";
import { toJson } from "../../../lib/trace/view/event_json.ts";
import { recordOf as traceRecordOf } from "../../../lib/trace/json.ts";
import { at, chat, eventsOf, SERVER, shownAs, START, Wire } from "./made_up.ts";

const client = at(50_001);

/** The last row of a wire. */
function rowOf(play: (wire: Wire) => void): Row {
  const story = new Story();
  story.begin(START);
  story.add(eventsOf((watch) => play(new Wire(watch))));
  return story.rows.at(-1)!;
}

function plain(text: string): string {
  return text.replaceAll("\u00a0", " ");
}

const TCP = "TCP carries bytes, not messages.";
const LINE = "A line feed ended it. The line feed is not part of the message.";
const DATAGRAM = "A datagram is a message: it arrives whole, or not at all.";

const ROWS: Record<
  string,
  [play: (wire: Wire) => void, note: string, meaning: string[]]
> = {
  "a datagram": [
    (wire) => wire.datagram(client, SERVER, "a"),
    "",
    [DATAGRAM],
  ],
  "lost": [
    (wire) => wire.datagram(client, SERVER, "a", { lost: true, delay: 20 }),
    "lost",
    [DATAGRAM, "The simulated network lost it: it reached nobody."],
  ],
  "delayed": [
    (wire) => wire.datagram(client, SERVER, "a", { delay: 39.7 }),
    "40 ms",
    [DATAGRAM, "The simulated network held it back for 40 ms."],
  ],
  "a duplicate, delayed": [
    (wire) => wire.datagram(client, SERVER, "a", { duplicate: true, delay: 5 }),
    "duplicate, 5 ms",
    [
      DATAGRAM,
      "The simulated network delivered it a second time.",
      "The simulated network held it back for 5 ms.",
    ],
  ],
  "a line": [(wire) => wire.read(client, SERVER, "a\n"), "", [LINE]],
  "the third line of a read": [
    (wire) => wire.read(client, SERVER, "a\n", "b\n", "c\n"),
    "",
    [LINE, "3 messages ended in one and the same read: this is number 3."],
  ],
  "a line in two reads": [
    (wire) =>
      wire.data(client, SERVER, "a").data(client, SERVER, "b\n")
        .message(client, SERVER, "ab", "line feed", { reads: 2 }),
    "in 2 reads",
    [`Its bytes came in 2 reads: ${TCP}`, LINE],
  ],
  "silence": [
    (wire) =>
      wire.data(client, SERVER, "a").wait(100)
        .message(client, SERVER, "a", "silence"),
    "then 100 ms of silence",
    [
      "No line feed ended it, but nothing followed for 100 ms.",
      "So this peer sends bare text: from here on, whatever one read brings is a message.",
    ],
  ],
  "bare text": [
    (wire) => wire.read(client, SERVER, "a"),
    "",
    [
      "This peer sends bare text with no line feeds, so whatever one read brings is a message.",
    ],
  ],
  "the end of the stream": [
    (wire) =>
      wire.data(client, SERVER, "a")
        .message(client, SERVER, "a", "end of stream"),
    "then the end of the stream",
    ["No line feed ended it, but the stream ended after it."],
  ],
  "JSON": [
    (wire) =>
      wire.data(client, SERVER, "{}")
        .message(client, SERVER, "{}", "closing brace"),
    "",
    ["It is a JSON object: it ended where its braces closed."],
  ],
  "too long": [
    (wire) =>
      wire.data(client, SERVER, "aa").message(client, SERVER, "aa", "too long"),
    "too long",
    ["It is longer than a message may be, and had no end yet."],
  ],
  "a piece": [
    (wire) => wire.data(client, SERVER, "abc"),
    "3 bytes, no end yet",
    ["These bytes have come, but no message has ended in them."],
  ],
  "sent as a line": [
    (wire) => wire.write(SERVER, client, "a\n"),
    "",
    ["This program sent it, with a line feed to end it."],
  ],
  "sent bare": [
    (wire) => wire.write(SERVER, client, "a"),
    "",
    ["This program sent it, bare: nothing marks its end."],
  ],
  "sent, and the write is not known": [
    (wire) => wire.message(SERVER, client, "a", "sent"),
    "",
    ["This program sent it."],
  ],
  "sent together": [
    (wire) => wire.write(SERVER, client, "a\n", "b\n"),
    "",
    [
      "This program sent it, with a line feed to end it.",
      "It shared one write with 1 other message.",
    ],
  ],
  "sent in slices": [
    (wire) =>
      wire.data(SERVER, client, "a").data(SERVER, client, "b\n")
        .message(SERVER, client, "ab", "sent"),
    "in 2 writes",
    [
      "This program sent it, with a line feed to end it.",
      "It took 2 writes.",
    ],
  ],
  "a connection": [
    (wire) => wire.open(client),
    "",
    ["The client has connected to the server."],
  ],
};

Deno.test("the note under an arrow, and what it means at length", async (t) => {
  for (const [name, [play, note, meaning]] of Object.entries(ROWS)) {
    await t.step(name, () => {
      const row = rowOf(play);
      assertEquals(plain(noteOf(row)), note);
      assertEquals(meaningOf(row).map(plain), meaning);
    });
  }
});

Deno.test("labelOf() shows what came early apart from what came last", () => {
  const row = rowOf((wire) =>
    wire.data(client, SERVER, "one \xe9").data(client, SERVER, "two\r\n")
      .message(client, SERVER, "one \xe9two", "line feed", { reads: 2 })
  );
  assertEquals(labelOf(row), [
    { text: "one é", odd: false, early: true },
    { text: "two", odd: false },
    { text: "\\r\\n", odd: true },
  ]);
});

Deno.test("labelOf() does not cut a character in two", () => {
  const bytes = new TextEncoder().encode("aé");
  const row = rowOf((wire) =>
    wire.data(client, SERVER, bytes.subarray(0, 2))
      .data(client, SERVER, bytes.subarray(2))
      .message(client, SERVER, bytes, "end of read", { reads: 2 })
  );
  assertEquals(textOf(labelOf(row)), "aé");
});

Deno.test("labelOf() looks at no more than an arrow can show", () => {
  const row = rowOf((wire) =>
    wire.datagram(client, SERVER, "é".repeat(30_000))
  );
  const label = textOf(labelOf(row));
  assertEquals(label, "é".repeat(label.length));
  assertEquals(label.length, 200);
});

Deno.test("sentenceOf() says a row to a screen reader", async (t) => {
  const rows: [play: (wire: Wire) => void, string][] = [
    [
      (wire) => wire.wait(1_500).datagram(client, SERVER, "hi", { lost: true }),
      "1.500 seconds, 127.0.0.1:50001 to 127.0.0.1:12000: hi (lost)",
    ],
    [
      (wire) => wire.wait(20).open(client),
      "0.020 seconds, 127.0.0.1:50001 to 127.0.0.1:12000: connects",
    ],
  ];
  for (const [play, expected] of rows) {
    await t.step(
      expected,
      () => assertEquals(sentenceOf(rowOf(play)), expected),
    );
  }
});

Deno.test("textOfGap() counts what is gone", () => {
  const gap = (missing: number) => {
    const story = new Story();
    story.begin(START);
    story.add([], missing);
    return textOfGap(story.rows[0]!);
  };
  assertEquals(plain(gap(1)), "1 event is gone: only the last are kept");
  assertEquals(plain(gap(12)), "12 events are gone: only the last are kept");
});

Deno.test("toJson() tells which way an event went", async (t) => {
  const any = { hostname: "0.0.0.0", port: 12_000 };
  const twin = { hostname: "127.0.0.2", port: 12_000 };
  const stranger = at(9);
  const rows: Record<
    string,
    [
      program: "server" | "client",
      server: typeof SERVER,
      from: typeof SERVER,
      to: typeof SERVER,
      expected: "in" | "out",
    ]
  > = {
    "to a server": ["server", SERVER, client, SERVER, "in"],
    "from a server": ["server", SERVER, SERVER, client, "out"],
    "to a client": ["client", SERVER, SERVER, client, "in"],
    "from a client": ["client", SERVER, client, SERVER, "out"],
    "to a server on all addresses": ["server", any, client, SERVER, "in"],
    "from a server on all addresses": ["server", any, SERVER, client, "out"],
    "from a client with the server's port": [
      "server",
      SERVER,
      twin,
      SERVER,
      "in",
    ],
    "to a client with the server's port": [
      "server",
      SERVER,
      SERVER,
      twin,
      "out",
    ],
    "from a stranger to a client": ["client", SERVER, stranger, client, "in"],
  };
  for (const [name, row] of Object.entries(rows)) {
    const [program, server, from, to, expected] = row;
    await t.step(name, () => {
      const shown = { ...shownAs("chat", "tcp", program), server };
      const event = { type: "end" as const, time: START, from, to };
      assertEquals(toJson({ seq: 0, event }, shown).direction, expected);
    });
  }
});

Deno.test("a saved event has the members of --trace json", () => {
  const shown = shownAs("chat", "tcp");
  chat((event) => {
    const { meaning: _, ...expected } = traceRecordOf(event, START);
    const { direction, ...actual } = recordOf(
      toJson({ seq: 7, event }, shown),
      START,
    );
    assertEquals(actual, expected);
    assertEquals(direction, event.from.port === SERVER.port ? "out" : "in");
  });
});

Deno.test("a saved event may have an IPv6 address, and no text", () => {
  const six = { hostname: "::1", port: 80 };
  const event = {
    type: "datagram" as const,
    time: START,
    from: six,
    to: SERVER,
    bytes: Uint8Array.of(0xff),
    lost: true,
    duplicate: false,
    delay: 0,
  };
  const { direction: _, ...record } = recordOf(
    toJson({ seq: 0, event }, shownAs("chat", "tcp")),
    START,
  );
  const { meaning: __, ...expected } = traceRecordOf(event, START);
  assertEquals(record, expected);
});
