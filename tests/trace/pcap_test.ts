/**
 * `--trace pcap`: packets byte by byte, the packets that make a stream, the
 * times of delayed datagrams, and what no packet holds.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Address, WireEvent } from "../../lib/net/wire.ts";
import { MAX_SEGMENT, udpPacket } from "../../lib/trace/packet.ts";
import { TcpStream } from "../../lib/trace/tcp_stream.ts";
import { tracer } from "../../lib/trace/trace.ts";
import {
  captureOf,
  CLIENT,
  data,
  datagram,
  happens,
  message,
  SERVER,
  START,
} from "./events.ts";
import { type Packet, readCapture, readConnections } from "./pcap_reader.ts";

const permissions = "none";

const BACK = { from: SERVER, to: CLIENT };
const CLIENT_KEY = "7f000001:50001";
const SERVER_KEY = "7f000001:12000";

/** Digits as they stand in a dump, blanks left out. */
function hex(digits: string): number[] {
  const pairs = digits.replaceAll(/\s/g, "").match(/../g) ?? [];
  return pairs.map((pair) => parseInt(pair, 16));
}

const FILE_HEADER = "d4c3b2a1 0200 0400 00000000 00000000 00000400 65000000";

Deno.test("a capture, byte by byte", { permissions }, async (t) => {
  await t.step("nothing happened", () => {
    assertEquals([...captureOf([])], hex(FILE_HEADER));
  });
  await t.step("a datagram over IPv4", () => {
    // 2026-01-02 03:04:05.25 UTC is 0x695735a5 s and 0x3d090 us.
    const record = "a5355769 90d00300 1e000000 1e000000";
    const ip = "4500 001e 0001 4000 4011 3ccc 7f000001 7f000001";
    const udp = "c351 2ee0 000a a73c 6869";
    assertEquals(
      [...captureOf([datagram("hi", { at: 250 })])],
      hex(FILE_HEADER + record + ip + udp),
    );
  });
  await t.step("a datagram over IPv6", () => {
    const from: Address = { hostname: "fe80::1%eth0", port: 1 };
    const to: Address = { hostname: "::1", port: 2 };
    const ip = "60000000 0009 11 40" +
      "fe80 0000 0000 0000 0000 0000 0000 0001" +
      "0000 0000 0000 0000 0000 0000 0000 0001";
    const packet = udpPacket({ from, to, id: 7 }, Uint8Array.of(0x61));
    assertEquals([...packet], hex(`${ip} 0001 0002 0009 a056 61`));
  });
  await t.step("a checksum of zero is written as 0xffff", () => {
    const from: Address = { hostname: "0.0.0.0", port: 0 };
    // The pseudo header and the header sum up to 0x11 + 10 + 10.
    const rest = 0xffff - 0x11 - 20;
    const payload = Uint8Array.of(rest >> 8, rest & 0xff);
    const packet = udpPacket({ from, to: from, id: 0 }, payload);
    assertEquals([...packet.subarray(26, 28)], [0xff, 0xff]);
  });
  await t.step("a handshake", () => {
    const stream = readCapture(captureOf([happens("open")])).slice(0, 3);
    const flags = stream.map(({ tcp }) => tcp!.flags);
    assertEquals(flags, ["SYN", "SYN ACK", "ACK"]);
  });
});

/** A packet as one word, such as `> PSH ACK 5` or `< 11` for a datagram. */
function wordOf({ from, tcp, payload }: Packet): string {
  const parts = [from === CLIENT_KEY ? ">" : "<", tcp?.flags, payload.length];
  return parts.filter((part) => part !== undefined).join(" ");
}

const OPENED = ["> SYN 0", "< SYN ACK 0", "> ACK 0"];
const CLIENT_ENDS = ["> FIN ACK 0", "< ACK 0"];
const SERVER_ENDS = ["< FIN ACK 0", "> ACK 0"];
const HI = ["> PSH ACK 2", "< ACK 0"];
const YES = ["< PSH ACK 3", "> ACK 0"];

const STREAMS: [name: string, events: WireEvent[], packets: string[]][] = [
  [
    "a conversation that the client ends",
    [
      happens("open"),
      data("hi"),
      data("yes", BACK),
      happens("end"),
      happens("end", BACK),
      happens("close", BACK),
    ],
    [...OPENED, ...HI, ...YES, ...CLIENT_ENDS, ...SERVER_ENDS],
  ],
  [
    "one end goes on after the other's",
    [happens("open"), happens("end"), data("yes", BACK)],
    [...OPENED, ...CLIENT_ENDS, ...YES, ...SERVER_ENDS],
  ],
  [
    "still open at the end",
    [happens("open"), data("hi")],
    [...OPENED, ...HI, ...CLIENT_ENDS, ...SERVER_ENDS],
  ],
  [
    "closed by the server without an end of the client's",
    [happens("open"), happens("close", BACK), data("hi")],
    [
      ...OPENED,
      ...SERVER_ENDS,
      ...CLIENT_ENDS,
      ...OPENED,
      ...HI,
      ...CLIENT_ENDS,
      ...SERVER_ENDS,
    ],
  ],
  [
    "a reset, and then nothing more",
    [
      happens("open"),
      data("hi"),
      happens("reset", BACK),
      happens("end"),
      happens("close", BACK),
    ],
    [...OPENED, ...HI, "< RST ACK 0"],
  ],
  [
    "never opened",
    [data("yes", BACK)],
    [
      "< SYN 0",
      "> SYN ACK 0",
      "< ACK 0",
      ...YES,
      ...SERVER_ENDS,
      ...CLIENT_ENDS,
    ],
  ],
  [
    "opened twice",
    [happens("open"), happens("open")],
    [
      ...OPENED,
      ...CLIENT_ENDS,
      ...SERVER_ENDS,
      ...OPENED,
      ...CLIENT_ENDS,
      ...SERVER_ENDS,
    ],
  ],
  [
    "bytes after an end belong to a new connection",
    [happens("open"), happens("end"), data("hi")],
    [
      ...OPENED,
      ...CLIENT_ENDS,
      ...SERVER_ENDS,
      ...OPENED,
      ...HI,
      ...CLIENT_ENDS,
      ...SERVER_ENDS,
    ],
  ],
  ["the end of what never began", [
    happens("end"),
    happens("reset"),
    happens("close"),
  ], []],
  [
    "an empty write, and messages",
    [happens("open"), data(""), message("hi", "line feed")],
    [...OPENED, ...CLIENT_ENDS, ...SERVER_ENDS],
  ],
  [
    "more than a segment holds",
    [happens("open"), data(Array(MAX_SEGMENT + 1).fill(0x61))],
    [
      ...OPENED,
      `> ACK ${MAX_SEGMENT}`,
      "< ACK 0",
      "> PSH ACK 1",
      "< ACK 0",
      ...CLIENT_ENDS,
      ...SERVER_ENDS,
    ],
  ],
  ["a datagram", [datagram("hi"), datagram("", BACK)], ["> 2", "< 0"]],
  ["a lost one is not there", [datagram("hi", { lost: true })], []],
];

Deno.test("the packets of a stream", { permissions }, async (t) => {
  for (const [name, events, words] of STREAMS) {
    await t.step(name, () => {
      const packets = readCapture(captureOf(events));
      assertEquals(packets.map(wordOf), words);
      readConnections(packets);
    });
  }
  await t.step(
    "two connections over the same addresses begin differently",
    () => {
      const again = [happens("open"), happens("reset"), happens("open")];
      const packets = readCapture(captureOf(again));
      const starts = packets.filter(({ tcp }) => tcp!.flags === "SYN");
      assertEquals(starts.length, 2);
      assert(starts[0]!.tcp!.sequence !== starts[1]!.tcp!.sequence);
    },
  );
});

Deno.test("numbers begin anew at 2^32", { permissions }, () => {
  const sequences: number[] = [];
  // The first serial whose number is so high that a segment passes the end.
  let serial = 1;
  while ((Math.imul(2 * serial, 0x9e3779b1) >>> 0) < 2 ** 32 - 60_000) serial++;
  const stream = new TcpStream(CLIENT, SERVER, serial, (from, _, segment) => {
    if (from === CLIENT) sequences.push(segment.sequence);
    assert(segment.sequence < 2 ** 32 && segment.acknowledgement < 2 ** 32);
  });
  stream.data(CLIENT, new Uint8Array(60_000));
  stream.data(CLIENT, new Uint8Array(1));
  const [first, , third, last] = sequences;
  assertEquals(third, first! + 1);
  assertEquals(last, first! + 1 + 60_000 - 2 ** 32);
});

/** When each datagram of a capture was seen, in milliseconds after the start. */
function arrivals(events: readonly WireEvent[]): [string, number][] {
  return readCapture(captureOf(events)).map(({ time, payload }) => [
    new TextDecoder().decode(payload),
    time / 1000 - START,
  ]);
}

Deno.test("a datagram stands at its arrival", { permissions }, async (t) => {
  await t.step("one overtakes another", () => {
    const events = [
      datagram("late", { at: 1, delay: 50 }),
      datagram("soon", { at: 2, delay: 3 }),
      datagram("next", { at: 20 }),
    ];
    const expected: [string, number][] = [["soon", 5], ["next", 20], [
      "late",
      51,
    ]];
    assertEquals(arrivals(events), expected);
  });
  await t.step("both copies are there", () => {
    const events = [
      datagram("a", { at: 1, delay: 4 }),
      datagram("a", { at: 1, delay: 2, duplicate: true }),
    ];
    assertEquals(arrivals(events), [["a", 3], ["a", 5]]);
  });
  await t.step("it is written with the first event after it", () => {
    const { event } = tracer("pcap", { start: START });
    assertEquals(event(datagram("a", { at: 1, delay: 10 })).length, 0);
    assertEquals(event(happens("close", { at: 10 })).length, 0);
    assertEquals(event(happens("close", { at: 11 })).length, 16 + 20 + 8 + 1);
  });
  await t.step("time does not go back with a clock that does", () => {
    const events = [datagram("a", { at: 5 }), datagram("b", { at: 4 })];
    assertEquals(arrivals(events), [["a", 5], ["b", 5]]);
  });
  await t.step("its bytes may be overwritten while it is on its way", () => {
    const { begin, event, end } = tracer("pcap", { start: START });
    const late = datagram("a", { delay: 10 });
    const head = [begin(), event(late)] as Uint8Array[];
    late.bytes.fill(0x21);
    const capture = [...head, end() as Uint8Array].flatMap((part) => [...part]);
    const [packet] = readCapture(Uint8Array.from(capture));
    assertEquals([...packet!.payload], [0x61]);
  });
});

Deno.test("what no packet holds is refused", { permissions }, async (t) => {
  const envelope = { from: CLIENT, to: SERVER, id: 0 };
  await t.step("the longest datagram", () => {
    assertEquals(udpPacket(envelope, new Uint8Array(65_507)).length, 65_535);
    assertThrows(
      () => udpPacket(envelope, new Uint8Array(65_508)),
      RangeError,
      "no packet holds 65516 bytes",
    );
  });
  await t.step("the longest datagram over IPv6", () => {
    const six = { ...envelope, to: { hostname: "::1", port: 1 } };
    assertEquals(udpPacket(six, new Uint8Array(65_527)).length, 65_575);
    assertThrows(() => udpPacket(six, new Uint8Array(65_528)), RangeError);
  });
  await t.step("a name", () => {
    const to = { hostname: "example.org", port: 1 };
    const { event } = tracer("pcap", { start: START });
    assertThrows(() => event(datagram("x", { to })), TypeError, "example.org");
  });
});

Deno.test(
  "the server's side is told from the client's",
  { permissions },
  () => {
    const packets = readCapture(captureOf([happens("open"), data("hi", BACK)]));
    const [connection] = readConnections(packets);
    assertEquals([connection!.client, connection!.server], [
      CLIENT_KEY,
      SERVER_KEY,
    ]);
  },
);
