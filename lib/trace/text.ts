/**
 * A trace to read live: a line for each event, and in `hex` the bytes below it
 * as `hexdump -C` shows them.
 *
 *     0.000412  127.0.0.1:1234 -> 127.0.0.1:12000  11 bytes  "Permission7"  lost
 *
 * Seconds since the start, who to whom, how many bytes, their text, and what it
 * meant.
 */
import type { WireEvent } from "../net/wire.ts";
import { addressOf } from "../rules/contract.ts";
import type { Tracer, TracerOptions } from "./tracer.ts";
import { meaningOf, preview, readable, secondsSince, sizeOf } from "./words.ts";

/**
 * How much of a message in a stream is shown, in characters: the reads and
 * writes, shown in full, already have its bytes.
 */
export const MAX_MESSAGE_SHOWN = 60;

const BYTES_PER_LINE = 16;

/** A line for each event. */
export function textTracer({ start }: TracerOptions): Tracer<string> {
  return {
    begin: () => "",
    event: (event) => lineOf(event, start) + "\n",
    end: () => "",
  };
}

/** The same, with a dump of the bytes after each datagram, read and write. */
export function hexTracer(options: TracerOptions): Tracer<string> {
  const text = textTracer(options);
  return { ...text, event: (event) => text.event(event) + dumpOf(event) };
}

function lineOf(event: WireEvent, start: number): string {
  const arrow = `${addressOf(event.from)} -> ${addressOf(event.to)}`;
  const columns = [secondsSince(start, event), arrow, ...contentOf(event)];
  return columns.join("  ");
}

function contentOf(event: WireEvent): string[] {
  const meaning = meaningOf(event);
  switch (event.type) {
    case "datagram":
    case "data": {
      const columns = [sizeOf(event.bytes), `"${readable(event.bytes)}"`];
      return meaning === "" ? columns : [...columns, meaning];
    }
    case "message": {
      const text = preview(event.bytes, MAX_MESSAGE_SHOWN);
      return [`${meaning}: "${text}"`];
    }
    default:
      return [meaning];
  }
}

function dumpOf(event: WireEvent): string {
  const hasBytes = event.type === "datagram" || event.type === "data";
  return hasBytes ? hexDump(event.bytes) : "";
}

/**
 * Bytes as `hexdump -C` shows them: the offset, 16 bytes, and the same as
 * characters, with a dot for any that is not printable ASCII. Whole lines.
 */
export function hexDump(bytes: Uint8Array): string {
  let lines = "";
  for (let at = 0; at < bytes.length; at += BYTES_PER_LINE) {
    lines += dumpLine(bytes.subarray(at, at + BYTES_PER_LINE), at);
  }
  return lines;
}

function dumpLine(bytes: Uint8Array, offset: number): string {
  let hex = "";
  let characters = "";
  for (const [i, byte] of bytes.entries()) {
    hex += `${i === BYTES_PER_LINE / 2 ? " " : ""} ${HEX[byte]}`;
    characters += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".";
  }
  const place = offset.toString(16).padStart(8, "0");
  return `    ${place} ${hex.padEnd(HEX_WIDTH)}  |${characters}|\n`;
}

const HEX = Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);
/** Two digits and a space for each byte, and one space in the middle. */
const HEX_WIDTH = 3 * BYTES_PER_LINE + 1;
