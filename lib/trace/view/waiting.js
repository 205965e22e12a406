// @ts-check
/** What comes in while the diagram is paused, up to a limit. */

/**
 * What the diagram is made of: events, or (`started`) the start of a run.
 *
 * @typedef {import("./source.js").Batch & { started?: number }} Batch
 */

/** How many events may wait; the program keeps no more than that, either. */
export const MAX_WAITING = 10_000;

/** How much they may hold, in characters of base64. */
export const MAX_WAITING_SIZE = 32 * 1024 * 1024;

/** Batches in line; the oldest of too many are dropped, and counted. */
export class Waiting {
  /** @type {Batch[]} */
  #batches = [];
  #events = 0;
  #size = 0;

  /** How many of the events are neither reads nor writes. */
  get messages() {
    return this.#batches.reduce((sum, batch) => sum + messagesIn(batch), 0);
  }

  /** @param {Batch} batch */
  add(batch) {
    this.#batches.push(batch);
    this.#count(batch, 1);
    while (this.#isTooMuch() && this.#batches.length > 1) this.#dropFirst();
  }

  /** Everything that has come in, in order; nothing is kept. */
  takeAll() {
    return this.#batches.splice(0);
  }

  #isTooMuch() {
    return this.#events > MAX_WAITING || this.#size > MAX_WAITING_SIZE;
  }

  /** Drops the first batch's events; the next batch says so. */
  #dropFirst() {
    const [first, next] = this.#batches.splice(0, 2);
    if (first === undefined || next === undefined) return;
    this.#count(first, -1);
    const gone = next.gone + first.gone + messagesIn(first);
    const started = next.started ?? first.started;
    const run = started === undefined ? {} : { started };
    this.#batches.unshift({ ...next, gone, ...run });
  }

  /**
   * @param {Batch} batch
   * @param {1 | -1} sign
   */
  #count({ events }, sign) {
    this.#events += sign * events.length;
    for (const { bytes = "" } of events) this.#size += sign * bytes.length;
  }
}

/** @param {Batch} batch */
function messagesIn({ events }) {
  return events.filter(({ type }) => type !== "data").length;
}
