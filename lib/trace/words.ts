/**
 * What the formats of a trace share: the words for what an event meant, and
 * bytes as text that is safe to show.
 */
import { QUIET } from "../net/framing.ts";
import { decode, lengthByFirstByte } from "../net/text.ts";
import type { DatagramEvent, MessageEvent, WireEvent } from "../net/wire.ts";
import { escape } from "../rules/escape.js";

const ENDS: Record<MessageEvent["end"], string> = {
  "line feed": "message complete: line feed",
  "silence": `message complete: ${QUIET} ms of silence`,
  "end of stream": "message complete: end of stream",
  "closing brace": "message complete: closing brace",
  "end of read": "message complete: end of read",
  "too long": "message too long",
  "sent": "message sent",
};

/** What an event meant; empty if its bytes say it all. */
export function meaningOf(event: WireEvent): string {
  switch (event.type) {
    case "datagram":
      return faultsOf(event);
    case "message":
      return framingOf(event);
    case "data":
      return "";
    case "open":
      return "opened";
    case "end":
      return "end of stream";
    case "reset":
      return "reset";
    case "close":
      return "closed";
    case "remark":
      return `remark: ${escape(event.text)}`;
  }
}

/** What the simulated network did to a datagram. */
function faultsOf({ lost, duplicate, delay }: DatagramEvent): string {
  const faults: string[] = [];
  if (lost) faults.push("lost");
  if (duplicate) faults.push("duplicate");
  // Jitter gives fractions; readers need no more digits than this.
  if (delay > 0) faults.push(`delayed by ${Number(delay.toFixed(3))} ms`);
  return faults.join(", ");
}

/** How bytes of a stream became a message. */
function framingOf({ end, reads, index, count }: MessageEvent): string {
  const act = end === "sent" ? "write" : "read";
  const parts = [ENDS[end]];
  if (reads > 1) parts.push(`from ${reads} reads`);
  if (count > 1) parts.push(`${index} of ${count} messages of this ${act}`);
  return parts.join(", ");
}

/** Seconds from the program's start to an event, with microseconds. */
export function secondsSince(start: number, { time }: WireEvent): string {
  return ((time - start) / 1000).toFixed(6);
}

/** A number of bytes, in words. */
export function sizeOf(bytes: Uint8Array): string {
  return bytes.length === 1 ? "1 byte" : `${bytes.length} bytes`;
}

/**
 * Bytes as one line of text: UTF-8 as `escape` leaves it, and every other byte
 * as `\xff`. A stream is read in pieces, so half a character is common.
 */
export function readable(bytes: Uint8Array): string {
  const text = decode(bytes);
  return text === undefined ? readablePieces(bytes) : escape(text);
}

function readablePieces(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = endOfText(bytes, at);
    if (end > at) pieces.push(escape(decode(bytes.subarray(at, end))!));
    else pieces.push(`\\x${bytes[at]!.toString(16)}`);
    at = Math.max(end, at + 1);
  }
  return pieces.join("");
}

/** Where the UTF-8 that begins here ends; `at` itself if there is none. */
function endOfText(bytes: Uint8Array, at: number): number {
  while (at < bytes.length) {
    const length = lengthOfCharacter(bytes, at);
    if (length === 0) break;
    at += length;
  }
  return at;
}

/**
 * The beginning of bytes, as `readable` shows them, with `...` for the rest.
 *
 * @param limit how long the result may be, in code points
 */
export function preview(bytes: Uint8Array, limit: number): string {
  // A code point has at most four bytes: no need to look at the rest.
  return shortened(readable(bytes.subarray(0, 4 * (limit + 1))), limit);
}

/**
 * The beginning of a text, with `...` for the rest.
 *
 * @param limit how long the result may be, in code points
 */
export function shortened(text: string, limit: number): string {
  // A code point has at most two code units: no need to look at all of them.
  const points = [...text.slice(0, 2 * (limit + 1))];
  if (points.length <= limit) return text;
  return points.slice(0, limit - 3).join("") + "...";
}

/** @returns 0 if no character begins there, or it is incomplete */
function lengthOfCharacter(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = lengthByFirstByte(first);
  // By table 3-7 of the Unicode standard. The limits of the second byte exclude
  // surrogates, overlong forms and what is too large.
  const [least, most] = rangeOfSecond(first);
  const second = bytes[at + 1] ?? 0;
  if (length === 0 || second < least || second > most) return 0;
  for (let i = 2; i < length; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

function rangeOfSecond(first: number): readonly [least: number, most: number] {
  switch (first) {
    case 0xe0:
      return [0xa0, 0xbf];
    case 0xed:
      return [0x80, 0x9f];
    case 0xf0:
      return [0x90, 0xbf];
    case 0xf4:
      return [0x80, 0x8f];
    default:
      return [0x80, 0xbf];
  }
}
