/**
 * Bytes in pieces, for the tests of framing: a stream may be cut anywhere.
 */
import { assertEquals } from "@std/assert";
import {
  Deframer,
  type Message,
  type MessageForm,
} from "../../lib/net/framing.ts";

/** What a stream carries, and the messages in it. */
export type Row = readonly [
  name: string,
  bytes: string | readonly number[],
  messages: Message[],
];

export function bytesOf(bytes: string | readonly number[]): Uint8Array {
  return typeof bytes === "string"
    ? new TextEncoder().encode(bytes)
    : Uint8Array.from(bytes);
}

/** Cuts bytes at these places, those outside left out. */
export function cut(bytes: number[], places: number[]): Uint8Array[] {
  const inside = places.filter((place) => place > 0 && place < bytes.length);
  const ends = [...new Set(inside), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytesOf(bytes.slice(ends[i - 1] ?? 0, end)));
}

/** All messages of a stream that comes in these pieces, and then ends. */
export function drain(deframer: Deframer, pieces: Uint8Array[]): Message[] {
  const messages: Message[] = [];
  // One buffer for all reads: a deframer may not keep what it was lent.
  const buffer = new Uint8Array(Math.max(...pieces.map((each) => each.length)));
  for (const piece of pieces) {
    buffer.set(piece);
    messages.push(...deframer.push(buffer.subarray(0, piece.length)));
    buffer.fill(0x21);
  }
  messages.push(...deframer.end());
  return messages;
}

/** Takes one row whole, byte by byte, cut in two anywhere, and glued to itself. */
export function checkEveryWay(row: Row, form: MessageForm = {}): void {
  const [, content, messages] = row;
  const bytes = [...bytesOf(content)];
  const check = (what: string, pieces: Uint8Array[], expected = messages) =>
    assertEquals(drain(new Deframer(form), pieces), expected, what);
  const places = bytes.map((_, i) => i);
  check("whole", cut(bytes, []));
  check("byte by byte", cut(bytes, places));
  for (const place of places) check(`cut at ${place}`, cut(bytes, [place]));
  const twice = [...messages, ...messages];
  check("glued", cut([...bytes, ...bytes], []), twice);
  check(
    "glued, cut inside",
    cut([...bytes, ...bytes], [bytes.length + 1]),
    twice,
  );
}
