/**
 * `--trace pcap`: any events, read back by a reader that checks all that
 * Wireshark does. Every byte is there, in order, at its time, with no gap.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import type { Address, WireEvent } from "../../lib/net/wire.ts";
import { MAX_SEGMENT } from "../../lib/trace/packet.ts";
import { tracer } from "../../lib/trace/trace.ts";
import {
  anyEvents,
  captureOf,
  CLIENT,
  data,
  happens,
  SERVER,
  START,
} from "./events.ts";
import {
  charactersOf,
  type Packet,
  readCapture,
  readConnections,
} from "./pcap_reader.ts";

const permissions = "none";

const BACK = { from: SERVER, to: CLIENT };

/** How the reader names an address of `anyEvents`. */
function keyOf({ hostname, port }: Address): string {
  const address = hostname === "::1" ? "1".padStart(32, "0") : "7f000001";
  return `${address}:${port}`;
}

/** Bytes on their way, a character for each. */
type Part = [from: string, to: string, characters: string];

/** What went from one address to another, all connections in a row. */
function joined(parts: readonly Part[]): Record<string, string> {
  const ways: Record<string, string> = {};
  for (const [from, to, characters] of parts) {
    ways[`${from} ${to}`] = (ways[`${from} ${to}`] ?? "") + characters;
  }
  const spoken = Object.entries(ways).filter(([, text]) => text !== "");
  return Object.fromEntries(spoken.sort());
}

/** What the streams of a capture carried. */
function read(packets: readonly Packet[]): Record<string, string> {
  const parts = readConnections(packets).flatMap(({ client, server, sent }) => {
    const toServer: Part = [client, server, sent.get(client)!];
    const toClient: Part = [server, client, sent.get(server)!];
    return [toServer, toClient];
  });
  return joined(parts);
}

/** What these events wrote to streams. */
function written(events: readonly WireEvent[]): Record<string, string> {
  const writes = events.filter((event) => event.type === "data");
  return joined(
    writes.map(({ from, to, bytes }) => [
      keyOf(from),
      keyOf(to),
      charactersOf(bytes),
    ]),
  );
}

/** The datagrams that arrive, in that order, with the times of a capture. */
function datagramsIn(events: readonly WireEvent[]): unknown[] {
  const arriving = events.filter((event) => event.type === "datagram")
    .filter(({ lost }) => !lost)
    .map(({ time, delay, from, to, bytes }) => ({
      arrival: time + delay,
      entry: [keyOf(from), keyOf(to), [...bytes]],
    }));
  arriving.sort((a, b) => a.arrival - b.arrival);
  return arriving.map(({ arrival, entry }) => [
    Math.round(arrival * 1000),
    ...entry,
  ]);
}

Deno.test("any events can be read back", { permissions }, () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      const packets = readCapture(captureOf(events));
      assertEquals(read(packets), written(events));
      const datagrams = packets.filter(({ tcp }) => tcp === undefined);
      assertEquals<unknown[]>(
        datagrams.map(({ time, from, to, payload }) => [
          time,
          from,
          to,
          [...payload],
        ]),
        datagramsIn(events),
      );
    }),
    { numRuns: 300 },
  );
});

Deno.test(
  "a stream of any pieces is put together again",
  { permissions },
  () => {
    const pieces = fc.array(
      fc.record({
        back: fc.boolean(),
        size: fc.integer({ min: 0, max: 140_000 }),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(pieces, (pieces) => {
        const events = pieces.map(({ back, size }, i) => {
          const bytes = new Uint8Array(size).map((_, at) => at * 31 + i);
          return { ...data([], back ? BACK : {}), bytes };
        });
        const packets = readCapture(captureOf([happens("open"), ...events]));
        assert(packets.every(({ payload }) => payload.length <= MAX_SEGMENT));
        assertEquals(readConnections(packets).length, 1);
        assertEquals(read(packets), written(events));
      }),
      { numRuns: 20 },
    );
  },
);

Deno.test(
  "every event leaves a capture that can be read",
  { permissions },
  () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const { begin, event } = tracer("pcap", { start: START });
        let capture = [...begin() as Uint8Array];
        for (const each of events) {
          capture = [...capture, ...event(each) as Uint8Array];
          readCapture(Uint8Array.from(capture));
        }
      }),
      { numRuns: 20 },
    );
  },
);
