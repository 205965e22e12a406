/**
 * A network unlike loopback: which datagrams it loses, doubles or delays.
 *
 * Within one machine hardly anything is lost or late, so a program that cannot
 * cope with that looks right. `Faults` simulates a worse network. It only
 * decides: it moves no bytes and has no clock. Its decisions depend on the seed
 * alone, so a run can be repeated. The terms are those of netem, the network
 * emulator of Linux: loss, duplicate, delay, jitter.
 */

import { MAX_MESSAGE } from "../rules/contract.ts";

/** The longest delay and the most jitter, in milliseconds. */
export const MAX_DELAY = 60_000;
/** The largest seed: the generator's state has 32 bits. */
export const MAX_SEED = 0xffff_ffff;
/** The largest slice, in bytes: the longest message. */
export const MAX_SLICE = MAX_MESSAGE;

/** What a simulated network does to datagrams. */
export interface FaultOptions {
  /** How likely a datagram is lost, 0..1. */
  readonly loss: number;
  /** How many are lost at the start, in each direction. */
  readonly loseFirst?: number;
  /** How likely one that is not lost arrives twice, 0..1. */
  readonly duplicate: number;
  /** How much later each arrives, in milliseconds, 0..`MAX_DELAY`. */
  readonly delay: number;
  /** By how much that varies up and down, in milliseconds, 0..`MAX_DELAY`. */
  readonly jitter: number;
  /** What the faults are drawn from, an integer 0..`MAX_SEED`. */
  readonly seed: number;
}

/** Which way a datagram goes, as the program sees it. */
export type Direction = "in" | "out";

/**
 * After how many milliseconds each copy of a datagram arrives: one number for
 * most, two for one that is doubled, none for one that is lost.
 */
export type Fate = readonly number[];

/** Whether these options change anything. */
export function isFaulty(options: Omit<FaultOptions, "seed">): boolean {
  const { loss, loseFirst = 0, duplicate, delay, jitter } = options;
  return [loss, loseFirst, duplicate, delay, jitter].some((each) => each > 0);
}

/** Decides what becomes of each datagram. */
export class Faults {
  readonly options: FaultOptions;
  readonly #random: Readonly<Record<Direction, () => number>>;
  /** How many are still to be lost before chance decides. */
  readonly #toLose: Record<Direction, number>;

  constructor(options: FaultOptions) {
    this.options = options;
    const { loseFirst = 0 } = options;
    this.#toLose = { in: loseFirst, out: loseFirst };
    const seed = generator(options.seed);
    // One generator for each direction: how many answers a server sends must
    // not change which questions are lost.
    this.#random = {
      in: generator(seed() * 2 ** 32),
      out: generator(seed() * 2 ** 32),
    };
  }

  /** Decides what becomes of the next datagram that goes this way. */
  fate(direction: Direction): Fate {
    const { loss, duplicate } = this.options;
    const random = this.#random[direction];
    // Four numbers for each datagram, needed or not, so that the same ones are
    // lost when another option changes.
    const lost = random() < loss;
    const doubled = random() < duplicate;
    const first = this.#delay(random());
    const second = this.#delay(random());
    if (this.#toLose[direction]-- > 0 || lost) return [];
    return doubled ? [first, second] : [first];
  }

  /** Each copy has its own delay, so one can overtake another. */
  #delay(random: number): number {
    const { delay, jitter } = this.options;
    return Math.max(0, delay + (2 * random - 1) * jitter);
  }
}

/**
 * Random numbers from 0 (included) to 1 (excluded), in steps of 2^-32, that
 * depend on the seed alone. The algorithm is mulberry32 by Tommy Ettinger (2017,
 * public domain): a counter that is multiplied and shifted until no order is
 * left. Small and good enough for a lab; not for secrets.
 */
export function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A message in pieces, each to be written by itself.
 *
 * @param size how many bytes each has, the last one perhaps fewer; 1 or more
 * @returns views of the same memory; none for no bytes
 * @throws {RangeError} if the size is not a positive integer
 */
export function slices(bytes: Uint8Array, size: number): Uint8Array[] {
  if (!(Number.isInteger(size) && size > 0)) {
    throw new RangeError(`a slice of ${size} bytes`);
  }
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    pieces.push(bytes.subarray(at, at + size));
  }
  return pieces;
}
