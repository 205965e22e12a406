/**
 * `--trace json`: each kind of event as a line, character by character, and any
 * event read back.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import type { WireEvent } from "../../lib/net/wire.ts";
import type { TraceRecord } from "../../lib/trace/json.ts";
import {
  anyEvents,
  data,
  datagram,
  happens,
  message,
  START,
  traceOf,
} from "./events.ts";

const permissions = "none";

/** What every line begins with; `type` stands between the two. */
const before = (seconds = "0", time = String(START)) =>
  `{"time":${time},"seconds":${seconds},"type":`;
const BETWEEN =
  '"from":{"hostname":"127.0.0.1","port":50001},"to":{"hostname":"127.0.0.1","port":12000},';

const LINES: [name: string, event: WireEvent, line: string][] = [
  [
    "a datagram",
    datagram("hello"),
    `${before()}"datagram",${BETWEEN}"size":5,"bytes":"aGVsbG8=","text":"hello",` +
    '"lost":false,"duplicate":false,"delay":0,"meaning":""}',
  ],
  [
    "with all faults",
    datagram("", { lost: true, duplicate: true, delay: 1.5, at: 250.5 }),
    `${before("0.2505", `${START + 250}.5`)}"datagram",${BETWEEN}"size":0,` +
    '"bytes":"","text":"","lost":true,"duplicate":true,"delay":1.5,' +
    '"meaning":"lost, duplicate, delayed by 1.5 ms"}',
  ],
  [
    "bytes that are no text",
    data([0xff, 0x00]),
    `${before()}"data",${BETWEEN}"size":2,"bytes":"/wA=","text":null,"meaning":""}`,
  ],
  [
    "text that acts on a screen",
    data("\n\x1b\x7f\u009b\u2028\u202e"),
    `${before()}"data",${BETWEEN}"size":11,"bytes":"Cht/wpvigKjigK4=",` +
    '"text":"\\n\\u001b\\u007f\\u009b\\u2028\\u202e","meaning":""}',
  ],
  [
    "a message",
    message("hi", "line feed", { reads: 2, index: 1, count: 3 }),
    `${before()}"message",${BETWEEN}"size":2,"bytes":"aGk=","text":"hi",` +
    '"end":"line feed","reads":2,"index":1,"count":3,' +
    '"meaning":"message complete: line feed, from 2 reads, 1 of 3 messages of this read"}',
  ],
  ...(["open", "end", "reset", "close"] as const).map((
    type,
  ): [string, WireEvent, string] => [
    type,
    happens(type),
    `${before()}"${type}",${BETWEEN}"meaning":"${
      {
        open: "opened",
        end: "end of stream",
        reset: "reset",
        close: "closed",
      }[type]
    }"}`,
  ]),
];

Deno.test("an object for each event", { permissions }, async (t) => {
  for (const [name, event, line] of LINES) {
    await t.step(
      name,
      () => assertEquals(traceOf("json", [event]), `${line}\n`),
    );
  }
});

/** The bytes of a record. */
function bytesIn(record: TraceRecord): number[] | undefined {
  if (record.bytes === undefined) return undefined;
  return [...atob(record.bytes)].map((character) => character.charCodeAt(0));
}

Deno.test("any event can be read back", { permissions }, () => {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const textOf = (bytes: Uint8Array) => {
    try {
      return decoder.decode(bytes);
    } catch {
      return null;
    }
  };
  fc.assert(fc.property(anyEvents, (events) => {
    const lines = traceOf("json", events).split("\n").slice(0, -1);
    assertEquals(lines.length, events.length);
    for (const [i, event] of events.entries()) {
      assert(!/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(lines[i]!));
      const record: TraceRecord = JSON.parse(lines[i]!);
      const { seconds, size, bytes: _, text, meaning, ...rest } = record;
      const bytes = "bytes" in event ? event.bytes : undefined;
      assertEquals(bytesIn(record), bytes && [...bytes]);
      assertEquals(size, bytes?.length);
      assertEquals(text, bytes && textOf(bytes));
      assert(Math.abs(seconds - (event.time - START) / 1000) < 1e-6);
      assertEquals(typeof meaning, "string");
      const { bytes: __, ...plain } = event as { bytes?: Uint8Array };
      assertEquals<unknown>(rest, plain);
    }
  }));
});

Deno.test("the longest read goes through base64", { permissions }, () => {
  const bytes = Array.from({ length: 65_536 }, (_, i) => i % 251);
  const record: TraceRecord = JSON.parse(traceOf("json", [data(bytes)]));
  assertEquals(bytesIn(record), bytes);
});
