/**
 * `--trace mermaid`: each kind of event as a line, character by character, and
 * diagrams that do not grow over what Mermaid draws. Whether Mermaid accepts
 * them is the matter of `mermaid_parser_test.ts`.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "../support/fast_check.ts";
import type { WireEvent } from "../../lib/net/wire.ts";
import { MAX_DIAGRAM, MAX_LABEL } from "../../lib/trace/mermaid.ts";
import { tracer } from "../../lib/trace/trace.ts";
import {
  anyEvents,
  CLIENT,
  data,
  datagram,
  happens,
  message,
  SERVER,
  START,
  traceOf,
} from "./events.ts";

const permissions = "none";

const HEAD = "sequenceDiagram\n" +
  "    participant p1 as 127.0.0.1#58;50001\n" +
  "    participant p2 as 127.0.0.1#58;12000\n";

const BACK = { from: SERVER, to: CLIENT };

const LINES: [name: string, event: WireEvent, line: string][] = [
  [
    "a datagram",
    datagram("Permission7", { at: 1234.567 }),
    "p1->>p2: Permission7<br/>1.234567 s, 11 bytes",
  ],
  [
    "a lost one",
    datagram("a", { lost: true }),
    "p1-xp2: a<br/>0.000000 s, 1 byte, lost",
  ],
  [
    "a second copy that is late",
    datagram("a", { duplicate: true, delay: 2.5 }),
    "p1->>p2: a<br/>0.000000 s, 1 byte, duplicate, delayed by 2.5 ms",
  ],
  ["an empty one", datagram(""), "p1->>p2: <br/>0.000000 s, 0 bytes"],
  [
    "a read or write",
    data("a\n"),
    "p1->>p2: a#92;n<br/>0.000000 s, 2 bytes",
  ],
  [
    "a message",
    message("hello", "line feed", { index: 2, count: 3 }),
    "Note over p2: hello<br/>0.000000 s, 5 bytes, " +
    "message complete#58; line feed, 2 of 3 messages of this read",
  ],
  ["a beginning", happens("open"), "Note over p1,p2: opened<br/>0.000000 s"],
  ["an end", happens("end"), "p1-->>p2: end of stream<br/>0.000000 s"],
  ["a reset", happens("reset"), "p1-->>p2: reset<br/>0.000000 s"],
  ["a close", happens("close"), "Note over p1,p2: closed<br/>0.000000 s"],
  [
    "marks of the language",
    datagram("a;b#c:d\"e<br/>%%{f}'`$"),
    "p1->>p2: a#59;b#35;c#58;d#34;e#60;br/#62;#37;#37;#123;f#125;#39;#96;#36;" +
    "<br/>0.000000 s, 22 bytes",
  ],
  [
    "letters of all scripts, and what is none",
    datagram("é李א👍"),
    "p1->>p2: é李א#128077;<br/>0.000000 s, 11 bytes",
  ],
  [
    "bytes that are no text",
    datagram([0xff]),
    "p1->>p2: #92;xff<br/>0.000000 s, 1 byte",
  ],
  [
    "a long text",
    datagram("x".repeat(MAX_LABEL + 1)),
    `p1->>p2: ${"x".repeat(MAX_LABEL - 3)}...<br/>0.000000 s, 61 bytes`,
  ],
];

Deno.test("a line for each event", { permissions }, async (t) => {
  for (const [name, event, line] of LINES) {
    await t.step(name, () => {
      assertEquals(traceOf("mermaid", [event]), `${HEAD}    ${line}\n`);
    });
  }
  await t.step(
    "a participant is introduced once, before its first arrow",
    () => {
      const third = { hostname: "::1", port: 9 };
      const events = [
        datagram("a"),
        datagram("b", BACK),
        datagram("c", { from: third }),
      ];
      const lines = [
        "    p1->>p2: a<br/>0.000000 s, 1 byte",
        "    p2->>p1: b<br/>0.000000 s, 1 byte",
        "    participant p3 as #91;#58;#58;1#93;#58;9",
        "    p3->>p2: c<br/>0.000000 s, 1 byte",
      ];
      assertEquals(traceOf("mermaid", events), `${HEAD}${lines.join("\n")}\n`);
    },
  );
  await t.step("a message that was sent has its arrow already", () => {
    assertEquals(
      traceOf("mermaid", [message("a", "sent")]),
      "sequenceDiagram\n",
    );
  });
  await t.step("nothing happened", () => {
    assertEquals(traceOf("mermaid", []), "sequenceDiagram\n");
  });
});

Deno.test("a diagram has room for so much", { permissions }, async (t) => {
  const line = "    p1->>p2: x<br/>0.000000 s, 1 byte\n";
  const fitting = Math.floor((MAX_DIAGRAM - 200 - HEAD.length) / line.length);
  const trace = (count: number) =>
    traceOf("mermaid", Array(count).fill(datagram("x")));

  await t.step("all that fits is there", () => {
    assertEquals(trace(fitting), HEAD + line.repeat(fitting));
  });
  await t.step("one more is counted", () => {
    const note =
      "    Note over p1: 1 more event, for which Mermaid has no room\n";
    assertEquals(trace(fitting + 1), HEAD + line.repeat(fitting) + note);
  });
  await t.step("many more are counted", () => {
    const text = trace(fitting + 100_000);
    assert(text.length <= MAX_DIAGRAM);
    assertMatch(text, /\n {4}Note over p1: 100000 more events, [^\n]+\n$/);
  });
  await t.step("after a gap nothing follows, though it would fit", () => {
    const { begin, event, end } = tracer("mermaid", { start: START });
    let text = `${begin()}`;
    for (let i = 0; i < fitting - 1; i++) text += event(datagram("x"));
    const wide = datagram(";".repeat(MAX_LABEL));
    assertEquals([event(wide), event(datagram("x"))], ["", ""]);
    assertMatch(`${end()}`, /^ {4}Note over p1: 2 more events,/);
  });
});

/** All that a line may be; Mermaid's parser was asked about each. */
const GRAMMAR =
  /^ {4}(participant p\d+ as [\w.#;]+|(p\d+(->>|-x|-->>)p\d+|Note over p\d+(,p\d+)?): [^:"<>%{};#\\]*((#\d+;|<br\/>)[^:"<>%{};#\\]*)*)$/;

Deno.test("any events are lines of the language", { permissions }, () => {
  fc.assert(fc.property(anyEvents, (events) => {
    const [first, ...lines] = traceOf("mermaid", events).split("\n");
    assertEquals([first, lines.pop()], ["sequenceDiagram", ""]);
    for (const line of lines) assertMatch(line, GRAMMAR);
  }));
});
