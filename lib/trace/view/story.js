// @ts-check
/**
 * Turns events into the rows of the diagram, each an arrow or a mark.
 *
 * A datagram is a row. A read or a write of a stream is a row until a message
 * turns out to end in it: then the message takes over that row, and any further
 * messages of the same read get rows after it. So there are as many arrows as
 * reads, unless one read holds several messages; those form a group.
 */
import { Flow } from "./flow.js";
import { MAX_BYTES, MAX_ROWS, Rows } from "./rows.js";
import { fromBase64 } from "./text.js";

/** @typedef {import("./event_json.ts").EventJson} EventJson */
/** @typedef {import("./flow.js").Carrier} Carrier */
/** @typedef {import("./flow.js").Part} Part */
/** @typedef {import("./rows.js").Peer} Peer */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./rows.js").Way} Way */

const NONE = new Uint8Array(0);

/** What has happened, as rows; grows with each batch of events. */
export class Story {
  #rows;
  #started = 0;
  /** @type {Map<string, Peer>} */
  #peers = new Map();

  /** @param {{ rows: number, bytes: number }} limits */
  constructor(limits = { rows: MAX_ROWS, bytes: MAX_BYTES }) {
    this.#rows = new Rows(limits, (peer) => this.#forgetPeer(peer));
  }

  /** In the order of the diagram. */
  get rows() {
    return this.#rows.list;
  }

  /**
   * A run of the program begins: the first, or another on the same port.
   *
   * @param {number} started in milliseconds since 1970
   */
  begin(started) {
    const isFirst = this.#started === 0;
    this.#started = started;
    for (const peer of this.#peers.values()) peer.isClosed = true;
    this.#peers.clear();
    if (!isFirst) this.#append("start", started);
  }

  /**
   * Takes in a batch of events.
   *
   * @param {readonly EventJson[]} events
   * @param {number} gone how many events are missing before them
   */
  add(events, gone = 0) {
    if (gone > 0) this.#skip(gone, events[0]?.time ?? this.#started);
    for (const event of events) this.#addOne(event);
    this.#rows.limit();
  }

  /** The addresses of the peers that have rows, in order of appearance. */
  peers() {
    return new Set(this.#peers.values().map(({ address }) => address));
  }

  /** Forgets what has happened so far. Connections go on. */
  clear() {
    this.#rows.clear();
  }

  /**
   * @param {number} missing
   * @param {number} time
   */
  #skip(missing, time) {
    const last = this.rows.at(-1);
    if (last?.kind === "gap") last.missing += missing;
    else this.#append("gap", time, { missing });
  }

  /** @param {EventJson} event */
  #addOne(event) {
    const peer = this.#peerOf(event);
    const bytes = bytesOf(event);
    const { time } = event;
    if (event.name !== undefined) peer.name = event.name;
    if (event.type === "data") this.#addData(event, peer, bytes);
    else if (event.type === "message") this.#addMessage(event, peer, bytes);
    else if (event.type === "remark") this.#remark(event, peer);
    else this.#append(event.type, time, { event, peer, bytes });
    if (event.type === "close") peer.isClosed = true;
  }

  /**
   * @param {EventJson} event
   * @returns {Peer}
   */
  #peerOf({ direction, from, to, type, isUpstream = false }) {
    const [address, own] = direction === "in" ? [from, to] : [to, from];
    // There can be many connections to that one server.
    const key = isUpstream ? `${address} ${own}` : address;
    const known = this.#peers.get(key);
    // A later connection may use the same port again.
    if (known && !(type === "open" && known.isClosed)) return known;
    const peer = {
      key,
      address,
      isUpstream,
      isClosed: false,
      rows: 0,
      in: newWay(),
      out: newWay(),
    };
    this.#peers.set(key, peer);
    return peer;
  }

  /**
   * Marks the latest arrow in the same direction.
   *
   * @param {EventJson} event
   * @param {Peer} peer
   */
  #remark(event, peer) {
    const row = this.rows.findLast((row) =>
      row.peer === peer && row.event?.direction === event.direction
    );
    row?.remarks.push(event);
  }

  /**
   * @param {EventJson} event
   * @param {Peer} peer
   * @param {Uint8Array} bytes
   */
  #addData(event, peer, bytes) {
    const way = peer[event.direction];
    const carrier = way.flow.carry(event, bytes);
    this.#addToUnwritten(way);
    if (carrier.messages.length > 0) return;
    const whole = { carrier, start: 0, end: bytes.length, stop: bytes.length };
    const about = { event, peer, bytes, parts: [whole] };
    carrier.row = this.#append("piece", event.time, about);
    if (carrier.isLateEnding && way.last) {
      const carriers = way.last.parts.map((part) => part.carrier);
      group([way.last, carrier.row], carriers);
    }
  }

  /**
   * @param {EventJson} event
   * @param {Peer} peer
   * @param {Uint8Array} bytes
   */
  #addMessage(event, peer, bytes) {
    const way = peer[event.direction];
    const found = event.end === "too long"
      ? way.flow.claimAll()
      : way.flow.claim(bytes, event);
    const isUnwritten = found === undefined && event.direction === "out";
    const parts = found ?? (isUnwritten ? [] : way.flow.claimAll());
    const row = this.#takeOver(parts.at(-1)?.carrier, event, bytes) ??
      this.#append("message", event.time, { event, peer, bytes });
    way.last = row;
    if (!isUnwritten) return this.#carry(row, parts);
    way.unwritten.push(row);
    if (way.unwritten[0]?.isGone) way.unwritten.shift();
  }

  /**
   * A message that this program sends may be reported before it is written.
   *
   * @param {Way} way
   */
  #addToUnwritten({ flow, unwritten }) {
    for (let row; (row = unwritten[0])?.event;) {
      const parts = flow.claim(row.bytes, row.event);
      if (parts === undefined && flow.mayHold(row.bytes)) return;
      unwritten.shift();
      if (parts) this.#carry(row, parts);
    }
  }

  /**
   * Sets what carried a message, and groups it with what it shares that with.
   *
   * @param {Row} row
   * @param {Part[]} parts
   */
  #carry(row, parts) {
    row.parts = parts;
    const last = parts.at(-1)?.carrier;
    if (last === undefined) return;
    last.messages.push(row);
    const carriers = parts.map(({ carrier }) => carrier);
    const pieces = carriers.flatMap((each) =>
      each.row?.kind === "piece" ? each.row : []
    );
    if (pieces.length + last.messages.length === 1) return;
    if (pieces.length > 0) this.#rows.putLast(row, last.event.time);
    group(
      [...pieces, ...last.messages],
      carriers.filter((each) => each === last || each.row?.kind === "piece"),
    );
  }

  /**
   * The first message that ends in a read takes the read's row.
   *
   * @param {Carrier | undefined} carrier
   * @param {EventJson} event
   * @param {Uint8Array} bytes
   */
  #takeOver(carrier, event, bytes) {
    const row = carrier?.row;
    if (row === undefined || row.isGone || row.kind !== "piece") {
      return undefined;
    }
    return this.#rows.change(row, { kind: "message", event, bytes });
  }

  /**
   * @param {Row["kind"]} kind
   * @param {number} time
   * @param {Partial<Row>} more
   */
  #append(kind, time, more = {}) {
    return this.#rows.append(kind, time, this.#started, more);
  }

  /** @param {Peer} peer */
  #forgetPeer(peer) {
    if (this.#peers.get(peer.key) === peer) this.#peers.delete(peer.key);
  }
}

/** @returns {Way} */
function newWay() {
  return { flow: new Flow(), unwritten: [], last: undefined };
}

/** @param {EventJson} event */
function bytesOf({ bytes }) {
  return bytes === undefined ? NONE : fromBase64(bytes);
}

/**
 * @param {Row[]} rows
 * @param {Carrier[]} carriers
 */
function group(rows, carriers) {
  const known = rows.find((row) => row.group)?.group;
  const joined = known ?? { carriers: new Set(), rows: [] };
  for (const row of rows) {
    if (row.group === undefined) joined.rows.push(row);
    row.group = joined;
  }
  for (const carrier of carriers) joined.carriers.add(carrier);
}
