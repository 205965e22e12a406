// @ts-check
/**
 * Where each row and each lifeline goes.
 *
 * Time runs down: not to scale, because ten messages in a millisecond and a
 * pause of a minute must both be readable in one picture, but in order, and
 * with more room if more time passed. A peer has its own lane as long as there
 * are lanes; then the one that has been quiet longest makes room.
 */

import { columnsOf, laneCount } from "./columns.js";
import { Lanes } from "./lanes.js";

/** @typedef {import("./columns.js").Room} Room */
/** @typedef {import("./lanes.js").Lifeline} Lifeline */
/** @typedef {import("./rows.js").Group} Group */
/** @typedef {import("./rows.js").Row} Row */

/**
 * A row at its place. All lengths are in pixels.
 *
 * @typedef {object} Placed
 * @property {Row} row
 * @property {number} y where its arrow begins
 * @property {number} arrival where its arrow ends
 * @property {number} lane -1 for a row that is no peer's
 * @property {number} pause milliseconds since what is before, if that is long
 * @property {number} above where the item before is
 * @property {boolean} isAlone whether nothing else happens during its flight
 */

/**
 * @typedef {object} Band
 * @property {Group} group
 * @property {number} lane
 * @property {number} top
 * @property {number} bottom
 */

/**
 * @typedef {object} Layout
 * @property {number} em the size of the text
 * @property {number} width
 * @property {number} height
 * @property {Placed[]} placed by `y`
 * @property {Lifeline[]} lifelines by `top`
 * @property {Band[]} bands by `top`
 * @property {number} own where this program's lifeline is
 * @property {number[]} lanes where the peers' are
 * @property {number} time where the times end
 * @property {boolean} isCompact whether there is no room for whole addresses
 */

/** How far the head of a delayed arrow may be below its tail, in em. */
export const MAX_SLANT = 16;

// All in em.
const TOP = 2.2;
const BOTTOM = 4;
const STEP = { message: 2.7, mark: 1.9, arrival: 1.9, afterArrival: 1.8 };
const CAPTION = 1.7;
const NAME = 3.4;
const GROUP_GAP = 1.1;

/** A pause of at least this many milliseconds is labelled. */
const LONG_PAUSE = 1_000;

/**
 * @param {readonly Row[]} rows
 * @param {Room} room
 * @returns {Layout}
 */
export function layOut(rows, room) {
  const { em, width } = room;
  const lanes = new Lanes(laneCount(room), em, room.isBetween);
  const descent = new Descent(em, lanes);
  descent.descend(rows);
  const { placed, bands } = descent;
  const height = Math.max(descent.lowest + BOTTOM * em, room.height);
  const lifelines = lanes.finish(height);
  return {
    em,
    width,
    height,
    placed,
    lifelines,
    bands: [...bands.values()],
    ...columnsOf(lanes.used, room),
  };
}

/**
 * When a row begins, or its arrow arrives.
 *
 * @typedef {{ time: number, row: Row, isArrival: boolean }} Moment
 */

/** @typedef {{ time: number, row: Row, index: number }} Arrival */

/** Goes down the page, moment by moment. */
class Descent {
  /** @type {Placed[]} */
  placed = [];
  /** @type {Map<Group, Band>} */
  bands = new Map();
  #em;
  #lanes;
  #y;
  /** @type {Moment | undefined} */
  #before;

  /**
   * @param {number} em
   * @param {Lanes} lanes
   */
  constructor(em, lanes) {
    this.#em = em;
    this.#lanes = lanes;
    this.#y = TOP * em;
  }

  /** The lowest place so far, where a row begins or an arrow ends. */
  get lowest() {
    return this.placed.reduce((y, { arrival }) => Math.max(y, arrival), 0);
  }

  /** @param {readonly Row[]} rows */
  descend(rows) {
    const arrivals = arrivalsOf(rows);
    let next = 0;
    for (const [i, row] of rows.entries()) {
      for (let each; (each = arrivals[next]); next++) {
        if (each.time > row.time || each.index >= i) break;
        this.#arrive(each);
      }
      this.#begin(row);
    }
    for (const each of arrivals.slice(next)) this.#arrive(each);
  }

  /** @param {Row} row */
  #begin(row) {
    if (row.kind === "start") this.#lanes.reset();
    const [above, passed] = [this.#y, this.#step(row)];
    const lane = row.peer === undefined ? -1 : this.#lanes.use(row, this.#y);
    if (row.group) this.#stretch(row.group, lane);
    const y = this.#y;
    const pause = passed >= LONG_PAUSE ? passed : 0;
    this.placed.push({ row, y, arrival: y, lane, pause, above, isAlone: true });
    this.#before = { time: row.time, row, isArrival: false };
  }

  /**
   * Goes down to a row's place, and returns how many milliseconds that took.
   *
   * @param {Row} row
   */
  #step(row) {
    const before = this.#before;
    if (before === undefined) return 0;
    const passed = row.time - before.time;
    const last = before.row.group;
    const opensBand = row.group !== undefined && !this.bands.has(row.group);
    const leavesBand = last !== undefined && last !== row.group;
    const isNew = row.peer !== undefined && this.#lanes.needsName(row.peer);
    this.#y += this.#em * (stepTo(row, before) + roomFor(passed) +
      (opensBand ? CAPTION : 0) + (leavesBand ? GROUP_GAP : 0) +
      (isNew ? NAME : 0));
    return passed;
  }

  /** @param {Arrival} arrival */
  #arrive({ time, row, index }) {
    const place = this.placed[index];
    const before = this.#before;
    if (place === undefined || before === undefined) return;
    const y = this.#y + this.#em * (STEP.arrival + roomFor(time - before.time));
    const lowest = place.y + MAX_SLANT * this.#em;
    place.arrival = Math.min(y, lowest);
    place.isAlone = before.row === row;
    // A burst of delayed datagrams must not push the next rows out of sight.
    if (y > lowest) return;
    this.#y = y;
    this.#before = { time, row, isArrival: true };
  }

  /**
   * @param {Group} group
   * @param {number} lane
   */
  #stretch(group, lane) {
    const band = this.bands.get(group);
    const bottom = this.#y + 1.25 * this.#em;
    const top = this.#y - (1.5 + CAPTION) * this.#em;
    if (band) band.bottom = bottom;
    else this.bands.set(group, { group, lane, top, bottom });
  }
}

/**
 * The delayed datagrams, by time of arrival.
 *
 * @param {readonly Row[]} rows
 * @returns {Arrival[]}
 */
function arrivalsOf(rows) {
  return rows
    .map((row, index) => ({ time: row.time + delayOf(row), row, index }))
    .filter(({ row }) => delayOf(row) > 0)
    .sort((a, b) => a.time - b.time);
}

/** @param {Row} row */
function delayOf({ event }) {
  return event?.lost ? 0 : event?.delay ?? 0;
}

/**
 * @param {Row} row
 * @param {Moment} before
 */
function stepTo({ kind }, { isArrival }) {
  if (isArrival) return STEP.afterArrival;
  return kind === "message" || kind === "datagram" || kind === "piece"
    ? STEP.message
    : STEP.mark;
}

/**
 * Room for time that passed: none if the next thing follows at once, and at
 * most as much as an arrow.
 *
 * @param {number} milliseconds
 */
function roomFor(milliseconds) {
  if (milliseconds < 150) return 0;
  return Math.min(0.5 * Math.log2(milliseconds / 75), 3);
}

/**
 * The first index whose item is not before a place; items are sorted.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => boolean} isBefore
 */
export function firstAfter(items, isBefore) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(/** @type {T} */ (items[middle]))) low = middle + 1;
    else high = middle;
  }
  return low;
}
