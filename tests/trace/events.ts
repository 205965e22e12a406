/**
 * Events for the tests of traces: short ways to write them, and any sequence.
 */
import fc from "../support/fast_check.ts";
import type {
  Address,
  DataEvent,
  DatagramEvent,
  MessageEnd,
  MessageEvent,
  WireEvent,
} from "../../lib/net/wire.ts";
import { tracer } from "../../lib/trace/trace.ts";
import type { TraceFormat } from "../../lib/trace/formats.ts";

/** When the traces of these tests begin: 2026-01-02 03:04:05 UTC. */
export const START = Date.UTC(2026, 0, 2, 3, 4, 5);

export const CLIENT: Address = { hostname: "127.0.0.1", port: 50_001 };
export const SERVER: Address = { hostname: "127.0.0.1", port: 12_000 };

const encoder = new TextEncoder();

export function bytesOf(text: string | readonly number[]): Uint8Array {
  return typeof text === "string"
    ? encoder.encode(text)
    : Uint8Array.from(text);
}

/** When, after `START` in milliseconds, and who to whom. */
interface Where {
  at?: number;
  from?: Address;
  to?: Address;
}

function base({ at = 0, from = CLIENT, to = SERVER }: Where) {
  return { time: START + at, from, to };
}

type Content = string | readonly number[];

/** What the simulated network did; nothing unless told otherwise. */
type Faults = Partial<Pick<DatagramEvent, "lost" | "duplicate" | "delay">>;

export function datagram(
  content: Content,
  options: Where & Faults = {},
): DatagramEvent {
  const { lost = false, duplicate = false, delay = 0 } = options;
  const bytes = bytesOf(content);
  const type = "datagram";
  return { ...base(options), type, bytes, lost, duplicate, delay };
}

export function data(content: Content, options: Where = {}): DataEvent {
  return { ...base(options), type: "data", bytes: bytesOf(content) };
}

export function message(
  content: Content,
  end: MessageEnd,
  options: Where & Partial<Pick<MessageEvent, "reads" | "index" | "count">> =
    {},
): MessageEvent {
  const { reads = 1, index = 1, count = 1 } = options;
  const bytes = bytesOf(content);
  return {
    ...base(options),
    type: "message",
    bytes,
    end,
    reads,
    index,
    count,
  };
}

export function happens(
  type: "open" | "end" | "reset" | "close",
  options: Where = {},
): WireEvent {
  return { ...base(options), type };
}

/** All that a tracer of text gives for these events, from begin to end. */
export function traceOf(
  format: Exclude<TraceFormat, "pcap">,
  events: readonly WireEvent[],
): string {
  const { begin, event, end } = tracer(format, { start: START });
  return [begin(), ...events.map(event), end()].join("");
}

/** The bytes of a capture of these events. */
export function captureOf(events: readonly WireEvent[]): Uint8Array {
  const { begin, event, end } = tracer("pcap", { start: START });
  const parts = [begin(), ...events.map(event), end()];
  const chunks = parts.flatMap((part) => [...part as Uint8Array]);
  return Uint8Array.from(chunks);
}

const anyBytes = fc.oneof(
  { weight: 3, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: "binary" }).map((text) => bytesOf(text)),
  },
);

/** Two clients and a server of each family of addresses. */
const PAIRS: [Address, Address][] = [
  [CLIENT, SERVER],
  [{ ...CLIENT, port: 1234 }, SERVER],
  [{ hostname: "::1", port: 50_001 }, { hostname: "::1", port: 12_000 }],
];

const anyContent = fc.oneof(
  fc.record({
    type: fc.constant("datagram" as const),
    bytes: anyBytes,
    lost: fc.boolean(),
    duplicate: fc.boolean(),
    delay: fc.oneof(fc.constant(0), fc.double({ ...range(0, 50) })),
  }),
  fc.record({ type: fc.constant("data" as const), bytes: anyBytes }),
  fc.record({
    type: fc.constant("message" as const),
    bytes: anyBytes,
    end: fc.constantFrom<MessageEnd>("line feed", "silence", "too long"),
    reads: fc.integer({ min: 1, max: 3 }),
    index: fc.constant(1),
    count: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    type: fc.constantFrom(
      "open" as const,
      "end" as const,
      "reset" as const,
      "close" as const,
    ),
  }),
);

function range(min: number, max: number) {
  return { min, max, noNaN: true };
}

const anyStep = fc.record({
  pair: fc.constantFrom(...PAIRS),
  back: fc.boolean(),
  later: fc.double(range(0, 20)),
  content: anyContent,
});

/** Any events, in any order, at times that go on. */
export const anyEvents: fc.Arbitrary<WireEvent[]> = fc
  .array(anyStep, { maxLength: 60, size: "max" })
  .map((steps) => {
    let time = START;
    return steps.map(({ pair, back, later, content }) => {
      time += later;
      const [from, to] = back ? pair.toReversed() : pair;
      return { time, from: from!, to: to!, ...content } as WireEvent;
    });
  });
