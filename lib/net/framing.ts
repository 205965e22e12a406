/**
 * Messages on a stream: where one ends and the next begins.
 *
 * TCP delivers bytes. A `write` at one end is not a `read` at the other: a
 * message may come in pieces, or several at once. Most textbook programs do not
 * know, send bare text and take one `recv` for one message; others end each
 * message with a line feed. A `Deframer` understands both, and finds out which
 * it is on each connection. No socket and no clock is in here: whoever reads
 * the socket pushes bytes in, says when the peer fell silent, and gets messages.
 */

/**
 * The longest message on a stream, in bytes without its line ending. A peer
 * that never ends its message would fill the memory otherwise. As much as a
 * datagram holds, and a little more: no mode needs a limit of its own.
 */
export const MAX_MESSAGE = 65_536;

/**
 * How long a peer has to be silent until what it sent without a line feed
 * counts as a whole message, in milliseconds. Less would cut the messages of a
 * slow peer in two; more would be felt by a person.
 */
export const QUIET = 100;

/** Bytes that are no message, and how many they were. */
export interface Broken {
  readonly problem: "not UTF-8" | "too long";
  readonly byteLength: number;
}

/** What came out of a stream: the text of a message, or what was wrong with it. */
export type Message = string | Broken;

/** What ends a message: a line feed, or the brace that closes a JSON object. */
export type Format = "text" | "json";

/** What a program puts after each of its messages: a line feed, or nothing. */
export type Ending = "\n" | "";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const EMPTY = new Uint8Array(0);

// A byte order mark is a character like any other: relayed, not swallowed.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** @returns the text, or undefined where the bytes are not UTF-8 */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether a text is within `MAX_MESSAGE`. */
export function fits(text: string): boolean {
  // No character takes more than three bytes for each of its code units.
  return text.length * 3 <= MAX_MESSAGE ||
    encoder.encode(text).length <= MAX_MESSAGE;
}

/** Takes bytes in as they come, in any pieces, and gives messages out. */
export class Deframer {
  #json: ObjectScanner | undefined;
  /** The beginning of a message whose end has not come. */
  #rest: Uint8Array = EMPTY;
  #raw = false;
  #sendsLineFeeds = false;

  constructor(format: Format = "text") {
    this.#json = format === "json" ? new ObjectScanner() : undefined;
  }

  /** Whether bytes wait for the end of their message, or for silence. */
  get pending(): boolean {
    return this.#rest.length > 0;
  }

  /** How the peer ends its messages, and so how the answers to it should end. */
  get ending(): Ending {
    return this.#sendsLineFeeds && !this.#raw ? "\n" : "";
  }

  /**
   * Takes in what one read gave.
   *
   * @param chunk the bytes; they may be overwritten once the messages are taken
   * @param more whether the read filled its buffer, so that a bare message is
   * likely to go on in the next one
   * @returns the messages that are complete now, decoded as they are taken out
   */
  push(chunk: Uint8Array, more = false): Iterable<Message> {
    const bytes = this.pending ? concat(this.#rest, chunk) : chunk;
    const lineEnd = chunk.lastIndexOf(LINE_FEED) + 1;
    const chunkEnd = this.#json ? this.#json.lastEnd(chunk) : lineEnd;
    const end = chunkEnd && this.#rest.length + chunkEnd;
    this.#sendsLineFeeds ||= lineEnd > 0;
    this.#rest = bytes.slice(end); // a copy, for the chunk will be overwritten
    const last = this.#isMessage(more) ? this.#take() : undefined;
    const whole = bytes.subarray(0, end);
    const messages = this.#json ? objects(whole) : lines(whole);
    return last === undefined ? messages : followed(messages, toMessage(last));
  }

  /** The peer has been silent for `QUIET`: what it sent so far is what it means. */
  quiet(): Iterable<Message> {
    this.#raw = true;
    return this.end();
  }

  /** The stream is over, and with it the message that was being sent. */
  end(): Iterable<Message> {
    return this.pending ? [toMessage(this.#take())] : [];
  }

  /** Whether what has no end yet is a message all the same. */
  #isMessage(more: boolean): boolean {
    if (isTooLong(this.#rest)) return true;
    const bare = this.#raw && this.pending && this.#json === undefined;
    return bare && !more && !endsInsideCharacter(this.#rest);
  }

  #take(): Uint8Array {
    const bytes = this.#rest;
    this.#rest = EMPTY;
    if (this.#json) this.#json = new ObjectScanner();
    return bytes;
  }
}

/** The bytes that carry these texts, one array for each write. */
export function frame(texts: readonly string[], ending: Ending): Uint8Array[] {
  if (ending === "") return texts.map((text) => encoder.encode(text));
  // Line feeds keep the messages apart, so all of them can share one write.
  return [encoder.encode(texts.join(ending) + ending)];
}

function* followed(
  messages: Iterable<Message>,
  last: Message,
): Iterable<Message> {
  yield* messages;
  yield last;
}

function toMessage(bytes: Uint8Array): Message {
  const { byteLength } = bytes;
  if (isTooLong(bytes)) return { problem: "too long", byteLength };
  return decode(bytes) ?? { problem: "not UTF-8", byteLength };
}

/** A carriage return at the end may be half of a line ending: it is not counted. */
function isTooLong(bytes: Uint8Array): boolean {
  const extra = bytes.at(-1) === CARRIAGE_RETURN ? 1 : 0;
  return bytes.length - extra > MAX_MESSAGE;
}

/** The messages in bytes that end with a line feed. */
function* lines(bytes: Uint8Array): Iterable<Message> {
  // Decoding all lines at once is several times as fast as one by one; it tells
  // too little only where one of them is broken.
  const text = bytes.length > MAX_MESSAGE ? undefined : decode(bytes);
  if (text === undefined) return yield* brokenLines(bytes);
  for (let at = 0, end; at < text.length; at = end + 1) {
    end = text.indexOf("\n", at);
    const hasReturn = end > at && text.charCodeAt(end - 1) === CARRIAGE_RETURN;
    yield text.slice(at, hasReturn ? end - 1 : end);
  }
}

function* brokenLines(bytes: Uint8Array): Iterable<Message> {
  for (let at = 0, end; at < bytes.length; at = end + 1) {
    end = bytes.indexOf(LINE_FEED, at);
    const hasReturn = end > at && bytes[end - 1] === CARRIAGE_RETURN;
    yield toMessage(bytes.subarray(at, hasReturn ? end - 1 : end));
  }
}

/** The messages in bytes that end where an `ObjectScanner` says so. */
function* objects(bytes: Uint8Array): Iterable<Message> {
  const scanner = new ObjectScanner();
  let at = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (!scanner.endsWith(bytes[i]!)) continue;
    const message = toMessage(bytes.subarray(at, i + 1));
    at = i + 1;
    // The line feed after an object ends the object's line, not a message.
    if (typeof message !== "string" || message.trim() !== "") yield message;
  }
}

/**
 * Finds where a JSON object ends: at the brace that closes its first one. So it
 * needs no line feed after it and may have some inside. Anything else, which
 * is not JSON or not an object, ends with its line.
 */
class ObjectScanner {
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** @returns the place after the last end in the chunk; 0 where there is none */
  lastEnd(chunk: Uint8Array): number {
    let end = 0;
    for (let i = 0; i < chunk.length; i++) {
      if (this.endsWith(chunk[i]!)) end = i + 1;
    }
    return end;
  }

  /** Takes in the next byte, and tells whether a message ends with it. */
  endsWith(byte: number): boolean {
    if (this.#escaped) {
      this.#escaped = false;
    } else if (this.#inString) {
      this.#escaped = byte === 0x5c; // backslash
      this.#inString = byte !== 0x22; // quotation mark
    } else if (byte === 0x7b) { // opening brace
      this.#depth++;
    } else if (this.#depth === 0) {
      return byte === LINE_FEED;
    } else if (byte === 0x22) {
      this.#inString = true;
    } else if (byte === 0x7d) { // closing brace
      return --this.#depth === 0;
    }
    return false;
  }
}

/** Whether the last character has begun and not ended: reads cut anywhere. */
function endsInsideCharacter(bytes: Uint8Array): boolean {
  for (const back of [1, 2, 3]) {
    const byte = bytes.at(-back) ?? 0;
    if (byte >= 0xf0) return back < 4;
    if (byte >= 0xe0) return back < 3;
    if (byte >= 0xc0) return back < 2;
    if (byte < 0x80) return false;
  }
  return false;
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}
