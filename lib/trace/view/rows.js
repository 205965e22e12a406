// @ts-check
/**
 * The rows of the diagram, in order, limited in number and in bytes.
 */

/** @typedef {import("./event_json.ts").EventJson} EventJson */
/** @typedef {import("./flow.js").Carrier} Carrier */
/** @typedef {import("./flow.js").Flow} Flow */
/** @typedef {import("./flow.js").Part} Part */

/**
 * One direction of a connection: its bytes and its messages.
 *
 * @typedef {object} Way
 * @property {Flow} flow
 * @property {Row[]} unwritten messages sent, but not known to be written
 * @property {Row | undefined} last the last message
 */

/**
 * Somebody this program talks to: a UDP address, or one TCP connection.
 *
 * @typedef {object} Peer
 * @property {string} key tells it from all others
 * @property {string} address
 * @property {string} [name] who it is, once the program knows it
 * @property {boolean} isUpstream whether it is the server behind this program
 * @property {boolean} isClosed this program has closed the connection
 * @property {number} rows how many rows it has
 * @property {Way} in
 * @property {Way} out
 */

/**
 * Messages that share a read, or reads that share a message.
 *
 * @typedef {object} Group
 * @property {Set<Carrier>} carriers
 * @property {Row[]} rows in the order of the diagram
 */

/**
 * @typedef {object} Row
 * @property {number} id
 * @property {EventJson["type"] | "piece" | "gap" | "start"} kind
 * @property {EventJson | undefined} event
 * @property {number} time milliseconds since 1970: when its last byte was seen
 * @property {number} origin when the program was started
 * @property {Peer | undefined} peer
 * @property {Uint8Array} bytes
 * @property {Part[]} parts what carried it
 * @property {Group | undefined} group
 * @property {EventJson[]} remarks what differs from the assignment
 * @property {number} missing for a gap: how many events are missing
 * @property {boolean} isGone no longer in the diagram
 */

/**
 * How many rows a page keeps: all that the program keeps, and the pieces of
 * messages.
 */
export const MAX_ROWS = 20_000;

/** How many bytes a page keeps in its rows. */
export const MAX_BYTES = 16 * 1024 * 1024;

const NONE = new Uint8Array(0);

/** The rows; the oldest go when there are too many. */
export class Rows {
  /** @type {Row[]} */
  list = [];
  #limits;
  #forgetPeer;
  #nextId = 0;
  #bytes = 0;

  /**
   * @param {{ rows: number, bytes: number }} limits
   * @param {(peer: Peer) => void} forgetPeer called when a peer has no more rows
   */
  constructor(limits, forgetPeer) {
    this.#limits = limits;
    this.#forgetPeer = forgetPeer;
  }

  /**
   * @param {Row["kind"]} kind
   * @param {number} time
   * @param {number} origin
   * @param {Partial<Row>} more
   */
  append(kind, time, origin, more = {}) {
    const row = this.#newRow(kind, time, origin, more);
    this.list.push(row);
    this.#bytes += row.bytes.length;
    if (row.peer) row.peer.rows++;
    return row;
  }

  /**
   * Turns a row into another one, in the same place.
   *
   * @param {Row} row
   * @param {Pick<Row, "kind" | "event" | "bytes">} changes
   */
  change(row, changes) {
    this.#bytes += changes.bytes.length - row.bytes.length;
    return Object.assign(row, changes);
  }

  /**
   * Moves a row to the end: it was added before what it is made of.
   *
   * @param {Row} row
   * @param {number} time
   */
  putLast(row, time) {
    const at = this.list.lastIndexOf(row);
    if (at < 0 || at === this.list.length - 1) return;
    this.list.splice(at, 1);
    this.list.push(row);
    row.time = time;
  }

  /**
   * @param {Row["kind"]} kind
   * @param {number} time
   * @param {number} origin
   * @param {Partial<Row>} more
   * @returns {Row}
   */
  #newRow(kind, time, origin, more) {
    return {
      id: this.#nextId++,
      kind,
      event: undefined,
      time,
      origin,
      peer: undefined,
      bytes: NONE,
      parts: [],
      group: undefined,
      remarks: [],
      missing: 0,
      isGone: false,
      ...more,
    };
  }

  /** Forgets all of them. */
  clear() {
    this.#forget(this.list.length);
  }

  /** Forgets the oldest if there are too many, and notes how many they were. */
  limit() {
    const count = this.#excess();
    if (count === 0) return;
    const missing = this.list.slice(0, count).reduce(addMissing, 0);
    this.#forget(count);
    const { time = 0, origin = 0 } = this.list[0] ?? {};
    this.list.unshift(this.#newRow("gap", time, origin, { missing }));
  }

  /** How many of the oldest rows are over the limit. */
  #excess() {
    let count = Math.max(0, this.list.length - this.#limits.rows);
    let bytes = this.#bytes;
    for (let i = 0; bytes > this.#limits.bytes; i++) {
      bytes -= this.list[i]?.bytes.length ?? bytes;
      count = Math.max(count, i + 1);
    }
    return count;
  }

  /** @param {number} count how many of the oldest rows */
  #forget(count) {
    for (const row of this.list.splice(0, count)) {
      row.isGone = true;
      this.#bytes -= row.bytes.length;
      const { peer } = row;
      if (peer && --peer.rows === 0) this.#forgetPeer(peer);
    }
  }
}

/**
 * @param {number} sum
 * @param {Row} row
 */
function addMissing(sum, { kind, missing }) {
  return sum + missing + (kind === "piece" || kind === "gap" ? 0 : 1);
}
