/**
 * Framing of text: every case whole, byte by byte, cut in two anywhere and
 * glued to the next; raw connections; and the way back, from messages to bytes.
 * Limits and JSON objects have files of their own.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import {
  Deframer,
  type Delimiter,
  frame,
  type Message,
} from "../../lib/net/framing.ts";
import { decode } from "../../lib/net/text.ts";
import {
  bytesOf,
  checkEveryWay,
  cut,
  drain,
  type Row,
} from "../support/pieces.ts";

const permissions = "none";

const notUtf8 = (byteLength: number): Message => ({
  problem: "not UTF-8",
  byteLength,
});

/** Each has its line feed: no silence is needed to tell where it ends. */
const LINES: Row[] = [
  ["a line", "hello\n", ["hello"]],
  ["a line as Windows ends it", "hello\r\n", ["hello"]],
  ["an empty line", "\n", [""]],
  ["an empty line as Windows ends it", "\r\n", [""]],
  ["two carriage returns, of which one is meant", "a\r\r\n", ["a\r"]],
  ["a carriage return inside", "a\rb\n", ["a\rb"]],
  ["a carriage return at the beginning", "\ra\n", ["\ra"]],
  ["several lines", "a\nb\r\n\nc\n", ["a", "b", "", "c"]],
  ["blanks", "  a  \n", ["  a  "]],
  ["characters of two, three and four bytes", "é€👍\n", ["é€👍"]],
  ["a byte order mark is a character", "\ufeffa\n", ["\ufeffa"]],
  ["a NUL and control characters", "a\0\x1b[2J\n", ["a\0\x1b[2J"]],
  ["NULs before the line feed", "a\0\0\n", ["a"]],
  ["NULs before CR LF", "a\0\0\r\n", ["a"]],
  ["JSON is text", '{"a":\n1}\n', ['{"a":', "1}"]],
  ["a byte that is no character", [0xff, 0x0a], [notUtf8(1)]],
  ["the same before CR LF", [0xff, 0x0d, 0x0a], [notUtf8(1)]],
  ["half a character", [0x61, 0xe2, 0x82, 0x0a], [notUtf8(3)]],
  ["a character that goes on and has not begun", [0x80, 0x0a], [notUtf8(1)]],
  ["a character longer than it need be", [0xc0, 0x80, 0x0a], [notUtf8(2)]],
  ["half a surrogate pair", [0xed, 0xa0, 0x80, 0x0a], [notUtf8(3)]],
  [
    "a broken line among good ones",
    [0x61, 0x0a, 0xff, 0x0a, 0x62, 0x0d, 0x0a, 0x0a],
    ["a", notUtf8(1), "b", ""],
  ],
];

Deno.test("lines, in any pieces", { permissions }, async (t) => {
  for (const row of LINES) {
    await t.step(row[0], () => checkEveryWay(row));
  }
  await t.step("all of them in one piece", () => {
    const bytes = cut(LINES.flatMap(([, bytes]) => [...bytesOf(bytes)]), []);
    const messages = LINES.flatMap(([, , messages]) => messages);
    assertEquals(drain(new Deframer(), bytes), messages);
  });
});

/** What happens to a stream, and the messages that it gives. */
type Step = [
  what: { bytes: string | number[]; more?: boolean } | "quiet" | "end",
  ...messages: Message[],
];

/** What the deframer says of itself after each step. */
interface After {
  pending: boolean;
  ending: Delimiter;
}

const reads = (bytes: string | number[]) => ({ bytes });
/** A read that filled its buffer. */
const fills = (bytes: string | number[]) => ({ bytes, more: true });

const STREAMS: [name: string, steps: Step[], after: After][] = [
  ["nothing yet", [], { pending: false, ending: "" }],
  [
    "a bare message waits for silence",
    [[reads("hel")], [reads("lo")], ["quiet", "hello"]],
    { pending: false, ending: "" },
  ],
  [
    "a bare message before the silence",
    [[reads("hello")]],
    { pending: true, ending: "" },
  ],
  [
    "after the silence every read is a message",
    [[reads("a")], ["quiet", "a"], [reads("b"), "b"], [reads(" c"), " c"]],
    { pending: false, ending: "" },
  ],
  [
    "a raw peer may send lines",
    [
      [reads("a")],
      ["quiet", "a"],
      [reads("b\nc\r\n"), "b", "c"],
      [reads("d\ne"), "d", "e"],
    ],
    { pending: false, ending: "" },
  ],
  [
    "a peer of lines may send a bare message, and is raw from there on",
    [[reads("a\nb"), "a"], ["quiet", "b"], [reads("c"), "c"]],
    { pending: false, ending: "" },
  ],
  [
    "a line feed that comes late ends the line that it belongs to",
    [[reads("hello")], [reads("\n"), "hello"]],
    { pending: false, ending: "\n" },
  ],
  [
    "a peer of lines is answered with lines",
    [[reads("a\nb"), "a"]],
    { pending: true, ending: "\n" },
  ],
  [
    "the end of the stream ends a message",
    [[reads("a\nb"), "a"], ["end", "b"]],
    { pending: false, ending: "\n" },
  ],
  [
    "the end of the stream is no message",
    [[reads("a\n"), "a"], ["end"], ["end"]],
    { pending: false, ending: "\n" },
  ],
  ["an empty stream", [["end"]], { pending: false, ending: "" }],
  [
    "silence is no message",
    [["quiet"], ["quiet"]],
    { pending: false, ending: "" },
  ],
  [
    "a raw message that fills the buffer goes on in the next read",
    [
      [reads("a")],
      ["quiet", "a"],
      [fills("long ")],
      [fills("and ")],
      [reads("long"), "long and long"],
    ],
    { pending: false, ending: "" },
  ],
  [
    "a raw message that ends where the buffer does waits for silence",
    [[reads("a")], ["quiet", "a"], [fills("full")], ["quiet", "full"]],
    { pending: false, ending: "" },
  ],
  [
    "lines do not mind a full buffer",
    [[fills("a\nb"), "a"], [reads("\n"), "b"]],
    { pending: false, ending: "\n" },
  ],
  [
    "a raw read that ends inside a character of two bytes waits for the rest",
    [[reads("a")], ["quiet", "a"], [reads([0xc3])], [reads([0xa9]), "é"]],
    { pending: false, ending: "" },
  ],
  [
    "of three bytes",
    [
      [reads("a")],
      ["quiet", "a"],
      [reads([0x61, 0xe2])],
      [reads([0x82])],
      [reads([0xac, 0x62]), "a€b"],
    ],
    { pending: false, ending: "" },
  ],
  [
    "of four bytes",
    [
      [reads("a")],
      ["quiet", "a"],
      [reads([0xf0])],
      [reads([0x9f])],
      [reads([0x91])],
      [reads([0x8d]), "👍"],
    ],
    { pending: false, ending: "" },
  ],
  [
    "a raw read that ends with a whole character does not wait",
    [["quiet"], [reads("é"), "é"], [reads("€"), "€"], [reads("👍"), "👍"]],
    { pending: false, ending: "" },
  ],
  [
    "a character that is never finished is broken",
    [[reads("a")], ["quiet", "a"], [reads([0xe2, 0x82])], [
      "quiet",
      notUtf8(2),
    ]],
    { pending: false, ending: "" },
  ],
  [
    "bytes that are no characters do not wait",
    [
      ["quiet"],
      [reads([0x80]), notUtf8(1)],
      [reads([0x80, 0x80, 0x80, 0x80]), notUtf8(4)],
      [reads([0xc3, 0xa9, 0xa9]), notUtf8(3)],
    ],
    { pending: false, ending: "" },
  ],
  [
    "zeros at the end of a bare message are a C program's padding",
    [[reads("hello\0\0\0")], ["quiet", "hello"], [reads("hi\0\0"), "hi"]],
    { pending: false, ending: "" },
  ],
  [
    "a message that is padded in several reads",
    [[reads("hello\0")], [reads("\0\0\0")], ["quiet", "hello"]],
    { pending: false, ending: "" },
  ],
  [
    "padding before a line feed and behind it",
    [[reads("one\0\0\n\0\0two\r\n\0"), "one", "two"], ["quiet"], ["end"]],
    { pending: false, ending: "" },
  ],
  [
    "padding behind a line feed, in the next read",
    [[reads("one\n"), "one"], [reads("\0two\n"), "two"]],
    { pending: false, ending: "\n" },
  ],
  [
    "padding behind a line feed that comes late",
    [[reads("one\n"), "one"], [reads("\0")], ["quiet"], [
      reads("\0two\0\n"),
      "two",
    ]],
    { pending: false, ending: "" },
  ],
  [
    "a zero at the very beginning is no padding: nothing came before it",
    [[reads("\0\x05hello\n"), "\0\x05hello"]],
    { pending: false, ending: "\n" },
  ],
  [
    "padding alone is no message, at whatever time",
    [
      [reads("\0\0")],
      ["quiet"],
      [reads("\0\0\0")],
      [reads("a\0"), "a"],
      ["end"],
    ],
    { pending: false, ending: "" },
  ],
  [
    "the end of the stream ends a padded message",
    [[reads("hello\0\0")], ["end", "hello"]],
    { pending: false, ending: "" },
  ],
  [
    "zeros at the beginning and inside are kept",
    [
      [reads("\0a\0b\0\n"), "\0a\0b"],
      [reads("\0c\0d\0")],
      ["quiet", "\0c\0d"],
    ],
    { pending: false, ending: "" },
  ],
  [
    "a line in a padded buffer",
    [[reads("hello\n\0\0\0"), "hello"], ["quiet"], [reads("hi\n\0"), "hi"]],
    { pending: false, ending: "" },
  ],
  [
    "a bare message that is broken",
    [[reads([0xff, 0xfe])], ["quiet", notUtf8(2)]],
    { pending: false, ending: "" },
  ],
];

Deno.test("silence, ends and raw peers", { permissions }, async (t) => {
  for (const [name, steps, after] of STREAMS) {
    await t.step(name, () => {
      const deframer = new Deframer();
      for (const [what, ...messages] of steps) {
        assertEquals(play(deframer, what), messages, JSON.stringify(what));
      }
      const { pending, delimiter: ending } = deframer;
      assertEquals({ pending, ending }, after);
    });
  }
});

function play(deframer: Deframer, what: Step[0]): Message[] {
  if (what === "quiet") return [...deframer.quiet()];
  if (what === "end") return [...deframer.end()];
  return [...deframer.push(bytesOf(what.bytes), what.more)];
}

Deno.test("frame() makes the bytes of messages", { permissions }, async (t) => {
  const rows: [
    name: string,
    texts: string[],
    ending: Delimiter,
    writes: string[],
  ][] = [
    ["a line", ["hello"], "\n", ["hello\n"]],
    ["an empty line", [""], "\n", ["\n"]],
    ["lines share a write", ["a", "", "b"], "\n", ["a\n\nb\n"]],
    ["a bare message", ["hello"], "", ["hello"]],
    ["each bare message is a write", ["a", "b"], "", ["a", "b"]],
    ["no bare messages", [], "", []],
  ];
  for (const [name, texts, ending, writes] of rows) {
    await t.step(name, () => {
      assertEquals(frame(texts, ending).map(decode), writes);
    });
  }
});

/** A message that has no line ending of its own. */
const anyMessage = fc.string({ unit: "binary" })
  .map((text) => text.replaceAll("\n", "").replace(/^\0+|[\r\0]+$/g, ""));
const anyCuts = fc.array(fc.nat(100));

Deno.test("any cutting gives the same messages", { permissions }, () => {
  fc.assert(fc.property(fc.array(anyMessage), anyCuts, (texts, cuts) => {
    const bytes = frame(texts, "\n").flatMap((write) => [...write]);
    const expected = texts.length === 0 ? [""] : texts;
    assertEquals(drain(new Deframer(), cut(bytes, cuts)), expected);
  }));
});

Deno.test(
  "any bytes in any pieces are the same messages",
  { permissions },
  () => {
    const anyByte = fc.oneof(fc.nat(255), fc.constantFrom(10, 13, 0xe2, 0x82));
    fc.assert(
      fc.property(
        fc.array(anyByte, { size: "medium" }),
        anyCuts,
        (bytes, cuts) => {
          const whole = drain(new Deframer(), cut(bytes, []));
          assertEquals(drain(new Deframer(), cut(bytes, cuts)), whole);
        },
      ),
    );
  },
);

Deno.test("a raw peer's writes are its messages", { permissions }, () => {
  const anyBare = anyMessage.filter((text) => /[^\0]$/.test(text));
  fc.assert(fc.property(fc.array(anyBare), (texts) => {
    const deframer = new Deframer();
    assertEquals([...deframer.quiet()], []);
    const writes = frame(texts, "");
    assertEquals(writes.flatMap((write) => [...deframer.push(write)]), texts);
    assertEquals(deframer.pending, false);
  }));
});

Deno.test("silence at any time loses no byte", { permissions }, () => {
  const anyText = fc.string({ unit: "grapheme", minLength: 1 });
  const pieces = fc.array(fc.tuple(anyText, fc.boolean(), fc.boolean()));
  fc.assert(fc.property(pieces, (pieces) => {
    const deframer = new Deframer();
    const messages: Message[] = [];
    for (const [text, more, quiet] of pieces) {
      messages.push(...deframer.push(bytesOf(text), more));
      if (quiet) messages.push(...deframer.quiet());
      assert(!quiet || !deframer.pending);
    }
    messages.push(...deframer.end());
    assert(messages.every((message) => typeof message === "string"));
    assertEquals(messages.join(""), pieces.map(([text]) => text).join(""));
  }));
});
