/**
 * Messages on a stream: where one ends and the next begins.
 *
 * TCP delivers bytes. A `write` at one end is not a `read` at the other: a
 * message may come in pieces, or several at once. Most textbook programs ignore
 * that: they send bare text and take one `recv` for one message. Others end
 * each message with a line feed. A `Deframer` understands both, and finds out
 * which it is on each connection. It has no socket and no clock: the reader of
 * the socket pushes bytes in, says when the peer fell silent, and gets
 * messages.
 */
import { MAX_MESSAGE } from "../rules/contract.ts";
import type { Found } from "./stream_watch.ts";
import {
  decode,
  decodeDoubtful,
  endsInsideCharacter,
  headOf,
  withoutPadding,
} from "./text.ts";
import type { MessageEnd } from "./wire.ts";

/**
 * How long a peer has to be silent before what it sent without a line feed
 * counts as a whole message, in milliseconds. Less would cut a slow peer's
 * messages in two; a person would notice more.
 */
export const QUIET = 100;

/**
 * How long a peer has to be silent, in milliseconds, if more of its message
 * must be on its way: after an open brace, for example.
 */
export const UNFINISHED_QUIET = 3_000;

/** Bytes that are not a message, and how many there were. */
export interface Broken {
  readonly problem: "not UTF-8" | "too long";
  readonly byteLength: number;
  /** The first few of them, if they tell what sent them. */
  readonly head?: Uint8Array;
}

/** What came out of a stream: the text of a message, or what was wrong with it. */
export type Message = string | Broken;

/** What a program puts after each of its messages: a line feed, or nothing. */
export type Delimiter = "\n" | "";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const CLOSING_BRACE = 0x7d;
const NUL = 0x00;

const encoder = new TextEncoder();

/** What is known about a stream's messages in advance. */
export interface MessageForm {
  /** Whether they are JSON objects. @default {false} */
  readonly json?: boolean;
  /** Whether more of a message must be on its way; by default it never must. */
  readonly isUnfinished?: ((text: string) => boolean) | undefined;
}

/** Takes bytes in as they come, in any pieces, and gives messages out. */
export class Deframer {
  /** Finds the ends of messages that are JSON objects. */
  readonly #objects: ObjectScanner | undefined;
  /** The beginning of a message whose end has not come. */
  readonly #rest = new Rest();
  /** A line that is not a whole message: the next line belongs to it. */
  readonly #line = new Rest();
  readonly #form: MessageForm;
  readonly #witness: Witness | undefined;
  #isRaw = false;
  #sendsLineFeeds = false;
  #hasHadLine = false;
  /** How many NULs came at the ends of messages, and are not part of them. */
  padding = 0;

  /** @param onFound is told how messages were found, once for each look */
  constructor(
    form: MessageForm = {},
    onFound?: (found: readonly Found[]) => void,
  ) {
    this.#form = form;
    this.#objects = form.json ? new ObjectScanner() : undefined;
    this.#witness = onFound && new Witness(onFound);
  }

  /** Whether bytes wait for the end of their message, or for silence. */
  get pending(): boolean {
    return this.#rest.length > 0 || this.#line.length > 0;
  }

  /** Whether more of what is pending must be on its way. */
  isUnfinished(): boolean {
    if (this.#line.length === 0) return this.#mustGoOn(this.#rest.bytes);
    this.#line.append(this.#rest.bytes);
    this.#rest.clear();
    return this.#mustGoOn(this.#line.bytes);
  }

  #mustGoOn(bytes: Uint8Array): boolean {
    const { isUnfinished } = this.#form;
    if (isUnfinished === undefined || isTooLong(bytes)) return false;
    const text = decodeDoubtful(bytes);
    return text !== undefined && isUnfinished(text);
  }

  /** How the peer ends its messages, and so how the answers to it should end. */
  get delimiter(): Delimiter {
    return this.#sendsLineFeeds && !this.#isRaw ? "\n" : "";
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
    this.#witness?.read();
    const lineEnd = chunk.lastIndexOf(LINE_FEED) + 1;
    this.#sendsLineFeeds ||= lineEnd > 0;
    const messages = this.#objects
      ? this.#pushObjects(chunk, this.#objects)
      : this.#pushLines(chunk, lineEnd);
    const last = this.#isMessage(more) ? this.#take("end of read") : undefined;
    this.#witness?.tell(this.pending);
    return last ? followed(messages, last) : messages;
  }

  /** The peer has been silent for `QUIET`: what it sent so far is its message. */
  quiet(): Iterable<Message> {
    const { bytes } = this.#rest.length > 0 ? this.#rest : this.#line;
    // A line that was waiting for another one has ended anyway.
    if (bytes.at(-1) !== LINE_FEED) this.#isRaw = true;
    return this.#takeRest("silence");
  }

  /** The stream is over, and with it the message that was being sent. */
  end(): Iterable<Message> {
    return this.#takeRest("end of stream");
  }

  #takeRest(end: MessageEnd): Iterable<Message> {
    const isBlank = this.#objects?.isBlank && this.#line.length === 0;
    if (!this.pending || isBlank) return [];
    const messages = this.#take(end);
    this.#witness?.tell(false);
    return messages;
  }

  #pushLines(chunk: Uint8Array, end: number): Iterable<Message> {
    if (end === 0) {
      this.#rest.append(chunk);
      return [];
    }
    const whole = this.#rest.takeWith(chunk.subarray(0, end));
    this.#rest.append(chunk.subarray(end));
    this.#witness?.saw(linesOf(whole), "line feed");
    if (whole.includes(NUL)) return this.#paddedLines(whole);
    this.#hasHadLine = true;
    return lines(whole);
  }

  /** NULs may also come after the line feed: those belong to the line before. */
  *#paddedLines(bytes: Uint8Array): Iterable<Message> {
    for (const line of linesOf(bytes)) {
      let start = 0;
      while (this.#hasHadLine && line[start] === NUL) start++;
      this.padding += start;
      this.#hasHadLine = true;
      yield toMessage(this.#unpadded(line.subarray(start)));
    }
  }

  #unpadded(bytes: Uint8Array): Uint8Array {
    const text = withoutPadding(bytes);
    this.padding += bytes.length - text.length;
    return text;
  }

  #pushObjects(chunk: Uint8Array, scanner: ObjectScanner): Iterable<Message> {
    const objects: Uint8Array[] = [];
    const end = scanner.scan(chunk, (start, end) => {
      // Blank lines have ended in between: what came before belonged to them.
      if (start > 0) this.#rest.clear();
      const line = this.#rest.takeWith(chunk.subarray(start, end));
      const bytes = this.#line.takeWith(line);
      const isLine = bytes.at(-1) === LINE_FEED;
      if (isLine && this.#mustGoOn(bytes)) this.#line.append(bytes);
      else objects.push(bytes);
    });
    if (end > 0) this.#rest.clear();
    this.#rest.append(chunk.subarray(end));
    for (const bytes of objects) {
      const isObject = bytes.at(-1) === CLOSING_BRACE;
      if (isObject) this.#witness?.saw([bytes], "closing brace");
      else this.#witness?.saw(linesOf(bytes), "line feed");
    }
    return objects.map(toMessage);
  }

  /** Whether what has no end yet is a message anyway. */
  #isMessage(more: boolean): boolean {
    const rest = this.#rest.bytes;
    if (isTooLong(rest)) return true;
    const isBare = this.#isRaw && this.pending && this.#objects === undefined;
    return isBare && !more && !endsInsideCharacter(rest);
  }

  /** What has come, as a message; nothing if it is only padding. */
  #take(end: MessageEnd): Message[] {
    const bytes = this.#unpadded(this.#line.takeWith(this.#rest.bytes));
    this.#rest.clear();
    this.#objects?.reset();
    if (bytes.length === 0) return [];
    this.#witness?.saw([bytes], isTooLong(bytes) ? "too long" : end);
    return [toMessage(bytes)];
  }
}

const NOTHING = new Uint8Array(0);

/** Bytes that are kept until the rest of their message has come. */
class Rest {
  #buffer = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Copies them, since the reader will overwrite them. */
  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const length = this.#length + bytes.length;
    // Twice what is needed, so that a message that comes byte by byte is copied
    // a few times, not once per byte.
    if (length > this.#buffer.length) this.#grow(length * 2);
    this.#buffer.set(bytes, this.#length);
    this.#length = length;
  }

  #grow(size: number): void {
    const buffer = new Uint8Array(size);
    buffer.set(this.bytes);
    this.#buffer = buffer;
  }

  /** Takes them out, followed by the bytes that complete them. */
  takeWith(bytes: Uint8Array): Uint8Array {
    if (this.#length === 0) return bytes;
    this.append(bytes);
    const whole = this.bytes;
    this.clear();
    return whole;
  }

  /** Forgets them, and their memory, which may be in use outside by now. */
  clear(): void {
    if (this.#length === 0) return;
    this.#buffer = NOTHING;
    this.#length = 0;
  }
}

/**
 * An object ends at the brace that closes its first one, so it needs no line
 * feed after it and may have some inside. Anything else, which is not JSON or
 * not an object, ends with its line.
 */
class ObjectScanner {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isBlank = true;

  /** Whether the message that has begun holds nothing but white space so far. */
  get isBlank(): boolean {
    return this.#isBlank;
  }

  /** Starts over with the next message. */
  reset(): void {
    this.#depth = 0;
    this.#isInString = false;
    this.#isEscaped = false;
    this.#isBlank = true;
  }

  /**
   * Scans bytes, and reports each message that ends in them.
   *
   * @param found gets the position of its start, or 0 if that was in earlier
   * bytes, and the position after its end
   * @returns the position after the last line or message that has ended
   */
  scan(
    bytes: Uint8Array,
    found: (start: number, end: number) => void,
  ): number {
    let start = 0;
    for (let i = 0; i < bytes.length; i++) {
      // Skip empty lines quickly: a peer may send as many as it likes.
      if (this.#isBlank && bytes[i]! <= 0x20) {
        if (bytes[i] === LINE_FEED) start = i + 1;
        continue;
      }
      if (!this.#endsWith(bytes[i]!)) continue;
      found(start, i + 1);
      this.#isBlank = true;
      start = i + 1;
    }
    return start;
  }

  /**
   * Takes in the next byte, and returns whether a line or message ends with it.
   */
  #endsWith(byte: number): boolean {
    this.#isBlank = false;
    if (this.#isEscaped) {
      this.#isEscaped = false;
    } else if (this.#isInString) {
      this.#isEscaped = byte === 0x5c; // backslash
      this.#isInString = byte !== 0x22; // quotation mark
    } else if (byte === 0x7b) { // opening brace
      this.#depth++;
    } else if (this.#depth === 0) {
      return byte === LINE_FEED;
    } else if (byte === 0x22) {
      this.#isInString = true;
    } else if (byte === 0x7d) { // closing brace
      return --this.#depth === 0;
    }
    return false;
  }
}

/** The bytes that carry these texts, one array for each write. */
export function frame(
  texts: readonly string[],
  delimiter: Delimiter,
): Uint8Array[] {
  if (delimiter === "") return texts.map((text) => encoder.encode(text));
  // Line feeds keep the messages apart, so all of them can share one write.
  return [encoder.encode(texts.join(delimiter) + delimiter)];
}

function* followed(
  messages: Iterable<Message>,
  last: Iterable<Message>,
): Iterable<Message> {
  yield* messages;
  yield* last;
}

function toMessage(bytes: Uint8Array): Message {
  const { byteLength } = bytes;
  if (isTooLong(bytes)) return { problem: "too long", byteLength };
  const text = decodeDoubtful(bytes);
  return text ?? { problem: "not UTF-8", byteLength, ...headOf(bytes) };
}

/** A carriage return at the end may be half of a line ending: it is not counted. */
function isTooLong(bytes: Uint8Array): boolean {
  const extra = bytes.at(-1) === CARRIAGE_RETURN ? 1 : 0;
  return bytes.length - extra > MAX_MESSAGE;
}

/** The messages in bytes that end with a line feed. */
function* lines(bytes: Uint8Array): Iterable<Message> {
  // Decoding all lines at once is several times as fast as one by one; it tells
  // too little only if one of them is broken.
  const text = bytes.length > MAX_MESSAGE ? undefined : decode(bytes);
  if (text === undefined) return yield* brokenLines(bytes);
  for (let at = 0, end; at < text.length; at = end + 1) {
    end = text.indexOf("\n", at);
    const hasReturn = end > at && text.charCodeAt(end - 1) === CARRIAGE_RETURN;
    yield text.slice(at, hasReturn ? end - 1 : end);
  }
}

function* brokenLines(bytes: Uint8Array): Iterable<Message> {
  for (const line of linesOf(bytes)) yield toMessage(line);
}

/** The same, as bytes. */
function* linesOf(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0, end; at < bytes.length; at = end + 1) {
    end = bytes.indexOf(LINE_FEED, at);
    const hasReturn = end > at && bytes[end - 1] === CARRIAGE_RETURN;
    yield bytes.subarray(at, hasReturn ? end - 1 : end);
  }
}

/** Keeps track of how messages are found, for a watcher. */
class Witness {
  readonly #onFound: (found: readonly Found[]) => void;
  #found: Found[] = [];
  /** How many reads the message that ends next has taken so far. */
  #reads = 0;

  constructor(onFound: (found: readonly Found[]) => void) {
    this.#onFound = onFound;
  }

  read(): void {
    this.#reads++;
  }

  saw(messages: Iterable<Uint8Array>, end: MessageEnd): void {
    for (const bytes of messages) {
      this.#found.push({ bytes: bytes.slice(), end, reads: this.#reads });
      this.#reads = 1; // what follows began in this read
    }
  }

  /** @param pending whether bytes are left whose message has not ended */
  tell(pending: boolean): void {
    if (!pending) this.#reads = 0;
    if (this.#found.length > 0) this.#onFound(this.#found);
    this.#found = [];
  }
}
