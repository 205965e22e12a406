// @ts-check
/**
 * Which peer has which lane of the diagram, from top to bottom.
 *
 * A peer gets its own lane as long as there are lanes. After that, a peer whose
 * connection is closed makes room, or else the one that has been quiet longest;
 * that one gets another lane when it says something again.
 */

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./rows.js").Peer} Peer */

/**
 * A stretch of a lane that belongs to one peer.
 *
 * @typedef {object} Lifeline
 * @property {Peer} peer
 * @property {number} lane
 * @property {number} top
 * @property {number} bottom
 * @property {boolean} isClosed it ends there because the connection does
 * @property {boolean} isNamed whether its start needs a name
 */

/** @typedef {Lifeline & { last: number }} Holder */

/** Hands lanes out while the rows are placed, one after the other. */
export class Lanes {
  #count;
  #em;
  /** How many lanes are reserved: one for the server behind a relay. */
  #kept;
  /** Who has them now. @type {Holder[]} */
  #holders = [];
  /** @type {Lifeline[]} */
  #lifelines = [];
  /** @type {Map<Peer, number>} */
  #laneOf = new Map();
  /** How many lanes have ever been in use. */
  used = 0;

  /**
   * @param {number} count
   * @param {number} em
   * @param {boolean} isBetween whether the first lane is kept for a server
   */
  constructor(count, em, isBetween = false) {
    this.#count = count;
    this.#em = em;
    this.#kept = isBetween ? 1 : 0;
  }

  /**
   * Whether a peer is about to follow another in its lane.
   *
   * @param {Peer} peer
   */
  needsName(peer) {
    return this.#holderOf(peer) === undefined && !peer.isUpstream &&
      this.#nextLane() < this.used;
  }

  /** The lane for the next peer that has none. */
  #nextLane() {
    const next = Math.max(this.#holders.length, this.#kept);
    return next < this.#count ? next : this.#longestQuiet();
  }

  /** Everybody has left: the program was started again. */
  reset() {
    for (const each of this.#holders) if (each) this.#end(each);
    this.#holders = [];
  }

  /**
   * The lane of a row's peer, which gets one if it has none.
   *
   * @param {Row} row
   * @param {number} y
   */
  use({ kind, peer }, y) {
    if (peer === undefined) return -1;
    const holder = this.#holderOf(peer) ?? this.#give(peer, y);
    holder.last = y;
    if (kind === "close" && !peer.isUpstream) {
      holder.isClosed = true;
      holder.bottom = y;
    }
    return holder.lane;
  }

  /** @param {Peer} peer */
  #holderOf(peer) {
    // All connections to the server beyond are its own.
    if (peer.isUpstream) return this.#holders[0];
    const lane = this.#laneOf.get(peer);
    return lane === undefined ? undefined : this.#holders[lane];
  }

  /**
   * @param {Peer} peer
   * @param {number} y
   */
  #give(peer, y) {
    const isNamed = this.needsName(peer);
    const lane = peer.isUpstream ? 0 : this.#nextLane();
    const before = this.#holders[lane];
    if (before !== undefined) this.#end(before);
    const top = y - (isNamed ? 2 : 1.2) * this.#em;
    /** @type {Holder} */
    const holder = {
      peer,
      lane,
      top,
      bottom: Infinity,
      isClosed: false,
      isNamed,
      last: y,
    };
    this.#holders[lane] = holder;
    this.used = Math.max(this.used, lane + 1);
    this.#lifelines.push(holder);
    this.#laneOf.set(peer, lane);
    return holder;
  }

  /** The lane whose peer said nothing for longest; one that is closed, if any. */
  #longestQuiet() {
    const quiet = (/** @type {{ isClosed: boolean, last: number }} */ holder) =>
      holder.last - (holder.isClosed ? 1e12 : 0);
    const lasts = this.#holders.slice(this.#kept).map(quiet);
    return this.#kept + lasts.indexOf(Math.min(...lasts));
  }

  /** @param {Holder} holder */
  #end(holder) {
    holder.bottom = Math.min(holder.bottom, holder.last + 0.8 * this.#em);
    this.#laneOf.delete(holder.peer);
  }

  /** @param {number} height */
  finish(height) {
    for (const each of this.#holders) {
      if (each) each.bottom = Math.min(each.bottom, height);
    }
    return this.#lifelines;
  }
}
