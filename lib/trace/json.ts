/**
 * A trace for programs: one JSON object a line.
 *
 * `TraceRecord` describes it. With `jq`, what a client was told:
 *
 *     jq -r 'select(.to.port == 1234 and .lost == false) | .text' lab.jsonl
 */
import { decode } from "../net/text.ts";
import type {
  Address,
  DatagramEvent,
  MessageEvent,
  WireEvent,
} from "../net/wire.ts";
import { safeJson } from "../rules/escape.js";
import type { Tracer, TracerOptions } from "./tracer.ts";
import { meaningOf, secondsSince } from "./words.ts";

/** One line of a trace in JSON. Later versions may only add members. */
export interface TraceRecord
  extends
    Partial<Pick<DatagramEvent, "lost" | "duplicate" | "delay">>,
    Partial<Pick<MessageEvent, "end" | "reads" | "index" | "count">> {
  /** When, in milliseconds since 1970-01-01 00:00 UTC, with fractions. */
  readonly time: number;
  /** When, in seconds since the program's start, to the microsecond. */
  readonly seconds: number;
  readonly type: WireEvent["type"];
  /** Who did it, and towards whom: the direction. */
  readonly from: Address;
  readonly to: Address;
  /** How many bytes; only for datagram, data, message, as the next two. */
  readonly size?: number;
  /** The bytes, in base64. */
  readonly bytes?: string;
  /** The bytes as text; null unless UTF-8, as with half a character. */
  readonly text?: string | null;
  /** What it meant, as `--trace text` says it; empty if nothing is to add. */
  readonly meaning: string;
}

/** One object a line; what has been written so far is always complete. */
export function jsonTracer({ start }: TracerOptions): Tracer<string> {
  return {
    begin: () => "",
    event: (event) => safeJson(recordOf(event, start)) + "\n",
    end: () => "",
  };
}

/** An event as `--trace json` writes it. */
export function recordOf(event: WireEvent, start: number): TraceRecord {
  const { time, type, from, to } = event;
  return {
    time,
    seconds: Number(secondsSince(start, event)),
    type,
    from: { hostname: from.hostname, port: from.port },
    to: { hostname: to.hostname, port: to.port },
    ...("bytes" in event ? contentOf(event.bytes) : {}),
    ...detailsOf(event),
    meaning: meaningOf(event),
  };
}

function contentOf(bytes: Uint8Array) {
  return {
    size: bytes.length,
    bytes: base64(bytes),
    text: decode(bytes) ?? null,
  };
}

/** What only a datagram or only a message has. */
function detailsOf(event: WireEvent) {
  switch (event.type) {
    case "datagram": {
      const { lost, duplicate, delay } = event;
      return { lost, duplicate, delay };
    }
    case "message": {
      const { end, reads, index, count } = event;
      return { end, reads, index, count };
    }
    case "remark":
      return { text: event.text };
    default:
      return {};
  }
}

/** How many bytes to pass as arguments in one call: engines limit those. */
const PIECE = 8 * 1024;

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    binary += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return btoa(binary);
}
