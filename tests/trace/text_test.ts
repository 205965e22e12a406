/**
 * `--trace text` and `--trace hex`: each kind of event as a line, character by
 * character; and whatever peers send stays on its line and is all there.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "../support/fast_check.ts";
import type { WireEvent } from "../../lib/net/wire.ts";
import { hexDump, MAX_MESSAGE_SHOWN } from "../../lib/trace/text.ts";
import { escape } from "../../lib/rules/escape.js";
import { preview, readable, shortened } from "../../lib/trace/words.ts";
import {
  anyEvents,
  bytesOf,
  CLIENT,
  data,
  datagram,
  happens,
  message,
  SERVER,
  traceOf,
} from "./events.ts";

const permissions = "none";

const THERE = "0.000000  127.0.0.1:50001 -> 127.0.0.1:12000  ";
const BACK = { from: SERVER, to: CLIENT };
const COMPLETE = `${THERE}message complete: `;

const LINES: [name: string, event: WireEvent, line: string][] = [
  ["a datagram", datagram("Permission7"), `${THERE}11 bytes  "Permission7"`],
  ["an empty datagram", datagram(""), `${THERE}0 bytes  ""`],
  ["one byte", datagram("a"), `${THERE}1 byte  "a"`],
  ["a lost one", datagram("ab", { lost: true }), `${THERE}2 bytes  "ab"  lost`],
  [
    "a late one",
    datagram("ab", { delay: 50 }),
    `${THERE}2 bytes  "ab"  delayed by 50 ms`,
  ],
  [
    "a second copy, late by a fraction",
    datagram("ab", { duplicate: true, delay: 12.3456789 }),
    `${THERE}2 bytes  "ab"  duplicate, delayed by 12.346 ms`,
  ],
  [
    "the other direction, later",
    datagram("x", { ...BACK, at: 1234.5678 }),
    '1.234568  127.0.0.1:12000 -> 127.0.0.1:50001  1 byte  "x"',
  ],
  [
    "IPv6",
    datagram("x", {
      from: { hostname: "::1", port: 1 },
      to: { hostname: "fe80::2", port: 2 },
    }),
    '0.000000  [::1]:1 -> [fe80::2]:2  1 byte  "x"',
  ],
  ["a read or write", data("a\nb\n"), `${THERE}4 bytes  "a\\nb\\n"`],
  ["what acts on a screen", data("\x1b[2J"), `${THERE}4 bytes  "\\x1b[2J"`],
  [
    "half a character",
    data([0x61, 0xe2, 0x82]),
    `${THERE}3 bytes  "a\\xe2\\x82"`,
  ],
  ["a beginning", happens("open"), `${THERE}opened`],
  ["an end", happens("end"), `${THERE}end of stream`],
  ["a reset", happens("reset"), `${THERE}reset`],
  ["a close", happens("close"), `${THERE}closed`],
  ["a line", message("hello", "line feed"), `${COMPLETE}line feed: "hello"`],
  [
    "a bare message",
    message("hello", "silence"),
    `${COMPLETE}100 ms of silence: "hello"`,
  ],
  [
    "a message at the end",
    message("x", "end of stream"),
    `${COMPLETE}end of stream: "x"`,
  ],
  [
    "an object",
    message('{"a":1}', "closing brace"),
    `${COMPLETE}closing brace: "{"a":1}"`,
  ],
  [
    "a message of a raw peer",
    message("x", "end of read"),
    `${COMPLETE}end of read: "x"`,
  ],
  [
    "one of three messages",
    message("x", "line feed", { index: 2, count: 3 }),
    `${COMPLETE}line feed, 2 of 3 messages of this read: "x"`,
  ],
  [
    "a message in pieces",
    message("x", "line feed", { reads: 4 }),
    `${COMPLETE}line feed, from 4 reads: "x"`,
  ],
  [
    "a message in pieces and one more",
    message("x", "line feed", { reads: 4, index: 1, count: 2 }),
    `${COMPLETE}line feed, from 4 reads, 1 of 2 messages of this read: "x"`,
  ],
  [
    "no end",
    message("x".repeat(70_000), "too long"),
    `${THERE}message too long: "${"x".repeat(MAX_MESSAGE_SHOWN - 3)}..."`,
  ],
  ["a message sent", message("x", "sent"), `${THERE}message sent: "x"`],
  [
    "one of two in a write",
    message("x", "sent", { index: 1, count: 2 }),
    `${THERE}message sent, 1 of 2 messages of this write: "x"`,
  ],
];

Deno.test("a line for each event", { permissions }, async (t) => {
  for (const [name, event, line] of LINES) {
    await t.step(
      name,
      () => assertEquals(traceOf("text", [event]), `${line}\n`),
    );
  }
  await t.step("one after the other", () => {
    const lines = LINES.map(([, , line]) => `${line}\n`).join("");
    assertEquals(traceOf("text", LINES.map(([, event]) => event)), lines);
  });
});

Deno.test("a dump below each line with bytes", { permissions }, async (t) => {
  await t.step("a datagram", () => {
    const dump =
      "    00000000  50 65 72 6d 69 73 73 69  6f 6e 37                 |Permission7|\n";
    const line = `${THERE}11 bytes  "Permission7"\n`;
    assertEquals(traceOf("hex", [datagram("Permission7")]), line + dump);
  });
  await t.step("two lines, and what is no character of ASCII's", () => {
    const bytes = [...bytesOf("0123456789abcde~"), 0x7f, 0x00, 0xff, 0x20];
    const dump =
      "    00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 7e  |0123456789abcde~|\n" +
      "    00000010  7f 00 ff 20                                       |... |\n";
    assertEquals(hexDump(Uint8Array.from(bytes)), dump);
  });
  const withoutBytes = [datagram(""), happens("open"), message("x", "silence")];
  for (const event of withoutBytes) {
    await t.step(`none: ${event.type}`, () => {
      assertEquals(traceOf("hex", [event]), traceOf("text", [event]));
    });
  }
});

const READABLE: [name: string, bytes: string | number[], text: string][] = [
  ["nothing", "", ""],
  ["text", "aé€👍", "aé€👍"],
  ["a byte order mark", "\ufeffa", "\\ufeffa"],
  ["a control character", "\0", "\\x00"],
  ["the second half of a character", [0x82, 0xac, 0x61], "\\x82\\xaca"],
  ["one and a half characters", [0xd0, 0xbf, 0xd1], "п\\xd1"],
  ["a broken byte amid text", [0x61, 0xff, 0x62], "a\\xffb"],
  ["a control character beside it", [0x1b, 0xff], "\\x1b\\xff"],
  ["a character longer than need be", [0xc0, 0x80], "\\xc0\\x80"],
  ["the same of three bytes", [0xe0, 0x9f, 0xbf], "\\xe0\\x9f\\xbf"],
  ["the same of four", [0xf0, 0x8f, 0x80, 0x80], "\\xf0\\x8f\\x80\\x80"],
  ["half a surrogate pair", [0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"],
  ["beyond Unicode", [0xf4, 0x90, 0x80, 0x80], "\\xf4\\x90\\x80\\x80"],
  ["a first byte that is none", [0xf5, 0x80], "\\xf5\\x80"],
  ["a broken character, then a whole one", [0xe2, 0xc3, 0xa9], "\\xe2é"],
];

Deno.test("bytes as text", { permissions }, async (t) => {
  for (const [name, bytes, text] of READABLE) {
    await t.step(name, () => assertEquals(readable(bytesOf(bytes)), text));
  }
  await t.step("what is valid is where a decoder has it", () => {
    const lossy = new TextDecoder("utf-8", { ignoreBOM: true });
    const marked = (text: string) =>
      text.replaceAll(/(\ufffd|\\x[89a-f][0-9a-f])+/g, "\ufffd");
    // Text that is cut anywhere, with any bytes after it.
    const anyBytes = fc.tuple(fc.string({ unit: "binary" }), fc.uint8Array())
      .chain(([text, rest]) => {
        const bytes = [...bytesOf(text), ...rest];
        return fc.nat(bytes.length).map((start) => bytesOf(bytes.slice(start)));
      });
    fc.assert(fc.property(anyBytes, (bytes) => {
      const expected = marked(escape(lossy.decode(bytes)));
      assertEquals(marked(readable(bytes)), expected);
    }));
  });
  await t.step("64 KiB that are no text take no time", () => {
    const start = performance.now();
    assertEquals(
      readable(new Uint8Array(65_536).fill(0xff)).length,
      4 * 65_536,
    );
    assert(performance.now() - start < 2_000);
  });
});

Deno.test("long texts are shortened", { permissions }, () => {
  fc.assert(fc.property(fc.uint8Array(), fc.nat(20), (bytes, more) => {
    const limit = 3 + more;
    assertEquals(preview(bytes, limit), shortened(readable(bytes), limit));
  }));
  assertEquals(shortened("12345", 5), "12345");
  assertEquals(shortened("123456", 5), "12...");
  assertEquals(shortened("👍👍👍👍👍", 5), "👍👍👍👍👍");
  assertEquals(shortened("👍👍👍👍👍👍", 5), "👍👍...");
});

Deno.test("any events, each on its line", { permissions }, () => {
  fc.assert(fc.property(anyEvents, (events) => {
    const text = traceOf("text", events);
    const lines = text.split("\n").slice(0, -1);
    assertEquals(lines.length, events.length);
    assert(!/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(lines.join("")));
    for (const line of lines) {
      assertMatch(line, /^\d+\.\d{6} {2}\S+ -> \S+ {2}./);
    }
  }));
});

Deno.test("every byte is in the dump", { permissions }, () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    const lines = hexDump(bytes).split("\n").slice(0, -1);
    const digits = lines.map((line) => line.slice(14, 64)).join(" ");
    const read = digits.split(" ").filter((pair) => pair !== "");
    assertEquals(read.map((pair) => parseInt(pair, 16)), [...bytes]);
  }));
});
