// @ts-check
/**
 * One direction of a stream: which read or write carried which message.
 *
 * TCP has bytes; the events report reads and writes on the one hand, messages
 * on the other. The two are matched here, byte by byte, so that the page can
 * show why one read was three messages, or three reads one.
 */

/** @typedef {import("./event_json.ts").EventJson} EventJson */
/** @typedef {import("./rows.js").Row} Row */

/**
 * One read or write, and the messages whose last byte is in it.
 *
 * @typedef {object} Carrier
 * @property {EventJson} event
 * @property {Uint8Array} bytes
 * @property {number} start its position in the stream
 * @property {Row | undefined} row its own arrow, if it has one
 * @property {Row[]} messages
 * @property {boolean} isLateEnding it is just the line ending of the last one
 */

/**
 * The bytes from `start` to `end` of a carrier belong to the message; those
 * from there to `stop` are its line ending.
 *
 * @typedef {{ carrier: Carrier, start: number, end: number, stop: number }} Part
 */

/** Unclaimed bytes beyond this many are forgotten. */
const MAX_UNCLAIMED = 256 * 1024;

/** How far a message may be from where it is expected, in bytes. */
const MAX_SKIP = 64;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Takes in reads or writes, and finds messages in them. */
export class Flow {
  /** Those whose bytes are in `#unclaimed`, oldest first. @type {Carrier[]} */
  #carriers = [];
  /** @type {Uint8Array} */
  #unclaimed = new Uint8Array(0);
  /** Where `#unclaimed` begins in the stream. */
  #position = 0;
  /** The message whose line ending may still come. @type {Part[] | undefined} */
  #last;

  /**
   * Takes in a read or a write.
   *
   * @param {EventJson} event
   * @param {Uint8Array} bytes
   * @returns {Carrier}
   */
  carry(event, bytes) {
    const start = this.#position + this.#unclaimed.length;
    /** @type {Carrier} */
    const carrier = {
      event,
      bytes,
      start,
      row: undefined,
      messages: [],
      isLateEnding: false,
    };
    this.#carriers.push(carrier);
    this.#unclaimed = concat(this.#unclaimed, bytes);
    this.#claimLateEnding(carrier);
    const excess = this.#unclaimed.length - MAX_UNCLAIMED;
    if (excess > 0) this.#drop(excess);
    return carrier;
  }

  /**
   * Finds a message's bytes in what was carried, and claims them.
   *
   * @param {Uint8Array} message
   * @param {EventJson} event
   * @returns {Part[] | undefined} undefined if they are not, or not all, there
   */
  claim(message, event) {
    const at = this.#find(message);
    if (at === undefined) return undefined;
    const stop = at + message.length;
    const ending = endingAt(this.#unclaimed, stop, event);
    const parts = this.#partsOf(at, stop, stop + ending);
    this.#drop(stop + ending);
    const mayFollow = event.end === "sent" || event.end === "closing brace";
    const isAtEnd = this.#unclaimed.length === 0;
    this.#last = isAtEnd && ending === 0 && mayFollow ? parts : undefined;
    return parts;
  }

  /**
   * The carriers of a message whose bytes were not found: everything unclaimed.
   *
   * @returns {Part[]}
   */
  claimAll() {
    const { length } = this.#unclaimed;
    const parts = this.#partsOf(0, length, length);
    this.#drop(length);
    return parts;
  }

  /**
   * Whether a message is in the unclaimed bytes, or may still turn up there.
   *
   * @param {Uint8Array} message
   */
  mayHold(message) {
    if (this.#unclaimed.length >= message.length) {
      return this.#find(message) !== undefined;
    }
    return startsWith(message, this.#unclaimed, 0);
  }

  /** @param {Uint8Array} message */
  #find(message) {
    const last = this.#unclaimed.length - message.length;
    for (let at = 0; at <= Math.min(last, MAX_SKIP); at++) {
      if (startsWith(this.#unclaimed, message, at)) return at;
    }
    return undefined;
  }

  /**
   * A program that writes in slices may send the line feed separately.
   *
   * @param {Carrier} carrier
   */
  #claimLateEnding(carrier) {
    const parts = this.#last;
    this.#last = undefined;
    if (parts === undefined) return;
    const length = lineEndingAt(this.#unclaimed, 0);
    if (length === 0) return;
    parts.push(...this.#partsOf(0, 0, length));
    this.#drop(length);
    carrier.isLateEnding = length === carrier.bytes.length;
  }

  /**
   * @param {number} from
   * @param {number} to
   * @param {number} stop
   * @returns {Part[]}
   */
  #partsOf(from, to, stop) {
    /** @type {Part[]} */
    const parts = [];
    for (const carrier of this.#carriers) {
      const shift = this.#position - carrier.start;
      const within = (/** @type {number} */ at) =>
        Math.min(Math.max(at + shift, 0), carrier.bytes.length);
      const part = {
        carrier,
        start: within(from),
        end: within(to),
        stop: within(stop),
      };
      if (part.stop > part.start) parts.push(part);
    }
    return parts;
  }

  /** @param {number} length */
  #drop(length) {
    this.#unclaimed = this.#unclaimed.subarray(length);
    this.#position += length;
    const isOver = (/** @type {Carrier} */ { start, bytes }) =>
      start + bytes.length <= this.#position;
    while (this.#carriers[0] && isOver(this.#carriers[0])) {
      this.#carriers.shift();
    }
  }
}

/**
 * How many bytes after a message are its ending or padding, not a message.
 *
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {EventJson} event
 */
function endingAt(bytes, at, event) {
  const length = lineEndingAt(bytes, at);
  if (length > 0 || event.end === "line feed") return length;
  let zeros = 0;
  while (bytes[at + zeros] === 0) zeros++;
  return zeros;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function lineEndingAt(bytes, at) {
  if (bytes[at] === LINE_FEED) return 1;
  return bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED ? 2 : 0;
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array} beginning
 * @param {number} at
 */
function startsWith(bytes, beginning, at) {
  for (let i = 0; i < beginning.length; i++) {
    if (bytes[at + i] !== beginning[i]) return false;
  }
  return true;
}

/**
 * @param {Uint8Array} head
 * @param {Uint8Array} tail
 */
function concat(head, tail) {
  if (head.length === 0) return tail;
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}
