/**
 * The last events, in memory of a fixed size.
 *
 * A page that is opened late, or reads slowly, is served from here, so no page
 * needs a queue. New events push out the oldest.
 */
import type { WireEvent } from "../../net/wire.ts";

/**
 * How many events are kept, apart from the reads and writes that carried them.
 * Enough for a lecture; a flood does not fill the memory.
 */
export const KEPT_EVENTS = 10_000;

/**
 * How many slots there are for each of them: a message takes one, and so does
 * each of its reads or writes, usually a few at most.
 */
const PLACES = 4;

/** How many bytes of messages are kept: 10 000 of 64 KiB would be 640 MiB. */
export const KEPT_BYTES = 16 * 1024 * 1024;

/** An event with its number. */
export interface Numbered {
  /** From 0 on, with no gaps. */
  readonly seq: number;
  /** Its bytes are valid only until the next event is added. */
  readonly event: WireEvent;
}

/** A place between two events of a history. */
export interface Cursor {
  /** The number of the next event. */
  readonly seq: number;
  /** How many of those before it are neither reads nor writes. */
  readonly shown: number;
}

/** The place before the first event of all. */
export const BEGINNING: Cursor = { seq: 0, shown: 0 };

/** The events after a cursor, or the first of them. */
export interface Batch {
  /** How many events (not counting reads and writes) are lost for good. */
  readonly gone: number;
  readonly events: readonly Numbered[];
  /** Where the next batch begins. */
  readonly next: Cursor;
}

/** How much one batch may hold. */
export interface BatchLimit {
  readonly events: number;
  /** A batch holds at least one event, however long. */
  readonly bytes: number;
}

/** A kept event without its bytes, and where those are. */
interface Slot {
  readonly event: WireEvent;
  readonly at: Cursor;
  /** Where its bytes begin, counted from the very first byte. */
  readonly start: number;
  readonly length: number;
}

/** Sizes for tests; by default, the constants above. */
export interface HistorySize {
  readonly events: number;
  readonly bytes: number;
}

const NONE = new Uint8Array(0);

/** The last events: adding one costs a copy of its bytes, no more. */
export class History {
  readonly #size: HistorySize;
  readonly #slots: Slot[] = [];
  readonly #capacity: number;
  readonly #store: Uint8Array;
  /** Where the bytes of the next event may begin. */
  #position = 0;
  #first = 0;
  #end: Cursor = BEGINNING;

  constructor(size: HistorySize = { events: KEPT_EVENTS, bytes: KEPT_BYTES }) {
    this.#size = size;
    this.#capacity = size.events * PLACES;
    this.#store = new Uint8Array(size.bytes);
  }

  /** The place after the last event. */
  get end(): Cursor {
    return this.#end;
  }

  /** Adds an event. Its bytes are copied, because buffers are reused. */
  add(event: WireEvent): void {
    const bytes = "bytes" in event ? event.bytes : NONE;
    const length = Math.min(bytes.length, this.#store.length);
    const start = this.#startFor(length);
    this.#position = start + length;
    const at = this.#end;
    while (this.#mustEvict(start + length)) this.#first++;
    this.#store.set(bytes.subarray(0, length), start % this.#store.length);
    this.#slots[at.seq % this.#capacity] = {
      event: withoutBytes(event),
      at,
      start,
      length,
    };
    const shown = at.shown + (event.type === "data" ? 0 : 1);
    this.#end = { seq: at.seq + 1, shown };
  }

  /** The bytes of one event are contiguous: they do not wrap around the end. */
  #startFor(length: number): number {
    const size = this.#store.length;
    const left = size - this.#position % size;
    return length > left ? this.#position + left : this.#position;
  }

  #mustEvict(position: number): boolean {
    if (this.#first === this.#end.seq) return false;
    const oldest = this.#slot(this.#first);
    return this.#end.seq - this.#first >= this.#capacity ||
      this.#end.shown - oldest.at.shown >= this.#size.events ||
      position - oldest.start > this.#store.length;
  }

  #slot(seq: number): Slot {
    return this.#slots[seq % this.#capacity]!;
  }

  /**
   * The events after a cursor that are still here.
   *
   * @param cursor a place in this history, not after its end
   */
  after(cursor: Cursor, limit: BatchLimit): Batch {
    const first = Math.max(cursor.seq, this.#first);
    const latest = Math.min(this.#end.seq, first + limit.events);
    const events: Numbered[] = [];
    let seq = first;
    for (let bytes = 0; seq < latest; seq++) {
      const slot = this.#slot(seq);
      bytes += slot.length;
      if (bytes > limit.bytes && seq > first) break;
      events.push({ seq, event: this.#withBytes(slot) });
    }
    const gone = this.#cursorAt(first).shown - cursor.shown;
    return { gone: Math.max(0, gone), events, next: this.#cursorAt(seq) };
  }

  #cursorAt(seq: number): Cursor {
    return seq === this.#end.seq ? this.#end : this.#slot(seq).at;
  }

  #withBytes({ event, start, length }: Slot): WireEvent {
    if (!("bytes" in event)) return event;
    const from = start % this.#store.length;
    return { ...event, bytes: this.#store.subarray(from, from + length) };
  }
}

/** A copy of an event that does not keep alive the buffer of its bytes. */
function withoutBytes(event: WireEvent): WireEvent {
  return "bytes" in event ? { ...event, bytes: NONE } : event;
}
