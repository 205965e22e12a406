/**
 * `--trace mermaid` before its judge: Mermaid's own parser, on what peers might
 * send to break a diagram. (`@mermaid-js/tiny` is Mermaid without its larger
 * kinds of diagrams, in one file of 3 MB; only this test loads it.)
 */
import { assertEquals, assertRejects } from "@std/assert";
// Not named in deno.json, or it would be a part of each compiled program.
// deno-lint-ignore no-import-prefix
import source from "npm:@mermaid-js/tiny@12.0.0/dist/mermaid.tiny.js" with {
  type: "text",
};
import fc from "../support/fast_check.ts";
import { runInThisContext } from "node:vm";
import type { WireEvent } from "../../lib/net/wire.ts";
import { MAX_LABEL } from "../../lib/trace/mermaid.ts";
import { meaningOf, readable, shortened } from "../../lib/trace/words.ts";
import {
  anyEvents,
  CLIENT,
  data,
  datagram,
  happens,
  message,
  SERVER,
  traceOf,
} from "./events.ts";

const permissions = "none";

/** What this test uses of Mermaid, which declares no types for it. */
interface Mermaid {
  /**
   * @returns the configuration that the text asks for
   * @throws where the text is no diagram
   */
  parse(text: string): Promise<{ diagramType: string; config: unknown }>;
  mermaidAPI: {
    getDiagramFromText(text: string): Promise<{
      /** Arrows and notes, in order. */
      db: { getMessages(): { message: string }[] };
    }>;
  };
}

// The file is a script for browsers: it puts Mermaid into the global object.
runInThisContext(source);
const { mermaid } = globalThis as unknown as { mermaid: Mermaid };

/** Words and marks of Mermaid's, of HTML's, and of its way to write entities. */
const HOSTILE = [
  "",
  " ",
  "end",
  "end note",
  "else",
  "loop x",
  "rect rgb(0,0,0)",
  "box x",
  "autonumber",
  "participant x",
  "create participant x",
  "destroy p1",
  "activate p1",
  "Note over p1: x",
  "p1->>p2: x",
  "links p1: {}",
  "title x",
  "accDescr { x }",
  "graph TD",
  "wrap: x",
  "nowrap: x",
  "style x: #1;#2;",
  "classDef x: #1;#2;",
  "a;b",
  "a#b",
  "#quot;",
  "&lt;",
  "ﬂ°°62¶ß",
  "a\nb\r\nc",
  "a\u2028b\u2029c",
  "%% x",
  "%%{init: {'theme': 'dark'}}%%",
  "---\ntitle: x\n---",
  '@{ "type": "actor" }',
  "<script>alert(1)</script>",
  "</br>",
  "\"x\"'x'`x`",
  "$$x^2$$",
  "\\n",
  "{[(<",
  ">)]}",
  "->>-x--))",
  "\0\x1b[2J",
  "\u202ex",
  "\ufeff",
  "👍🏽",
  "€".repeat(200),
  "constructor",
  "__proto__",
];

/** One of each event that shows a text. */
function eventsWith(text: string): WireEvent[] {
  return [
    happens("open"),
    datagram(text, { lost: true }),
    datagram(text, { from: SERVER, to: CLIENT, delay: 1.5 }),
    data(text),
    message(text, "line feed", { reads: 2, index: 2, count: 3 }),
    happens("end"),
    happens("reset"),
    happens("close"),
  ];
}

/** What an arrow or a note has to show, but for blanks at its beginning. */
function textOf(event: WireEvent): string {
  if (!("bytes" in event)) return meaningOf(event);
  return shortened(readable(event.bytes), MAX_LABEL).replace(/^ +/, "");
}

/** Mermaid notes down `#59;` like this while it reads a diagram. */
function decodeEntities(text: string): string {
  return text.replaceAll(
    /\ufb02°°(\d+)¶ß/g,
    (_, code) => String.fromCodePoint(Number(code)),
  );
}

/** Mermaid reads the diagram, and what peers sent is text in it and nothing else. */
async function checkAccepted(events: readonly WireEvent[]): Promise<void> {
  const diagram = traceOf("mermaid", events);
  const { diagramType, config } = await mermaid.parse(diagram);
  assertEquals([diagramType, config], ["sequence", {}]);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(diagram);
  const shown = db.getMessages().map(({ message }) =>
    decodeEntities(message.split("<br/>")[0]!)
  );
  assertEquals(shown, events.map(textOf));
}

Deno.test("Mermaid accepts whatever peers sent", { permissions }, async (t) => {
  for (const text of HOSTILE) {
    const name = JSON.stringify(text).slice(0, 40);
    await t.step(name, () => checkAccepted(eventsWith(text)));
  }
  await t.step("all of it at once", () => {
    return checkAccepted(HOSTILE.flatMap(eventsWith));
  });
  await t.step("nothing", () => checkAccepted([]));
  await t.step("more than it has room for", async () => {
    await mermaid.parse(traceOf("mermaid", Array(2_000).fill(datagram("x"))));
  });
  await t.step("anything", () => {
    return fc.assert(fc.asyncProperty(anyEvents, checkAccepted), {
      numRuns: 30,
    });
  });
});

Deno.test("Mermaid does refuse diagrams", { permissions }, async (t) => {
  for (const text of ["a;b", "a\nb"]) {
    await t.step(JSON.stringify(text), async () => {
      const diagram = `sequenceDiagram\n    p1->>p2: ${text}\n`;
      await assertRejects(() => mermaid.parse(diagram));
    });
  }
});
