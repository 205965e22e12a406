/**
 * A set of numbers of any length. Look-ups do not slow down as it grows,
 * whatever numbers a client chooses.
 *
 * A plain `Set` of digits would not do. V8 hashes a string of digits by its
 * value and a string of more than 16 383 characters by its length, so a client
 * could choose numbers that all share one hash, and each look-up would walk
 * through them. Here every key begins with a mark, which makes it ordinary
 * text, and a long number is cut into pieces, which are numbered.
 */

/**
 * What a set may hold, in characters: for each number its digits and
 * `ENTRY_OVERHEAD`. A number may be as long as a datagram, so limiting their
 * count would bound nothing. Well over a million ordinary numbers fit.
 */
export const MAX_TABLE_SIZE = 128 * 1024 * 1024;
/** What an entry costs besides its digits, in characters. */
export const ENTRY_OVERHEAD = 64;

/** The longest piece of a number, in digits; shorter numbers are not cut. */
const PIECE = 8_192;

/** Numbers, each given as its digits without leading zeros. */
export class NumberSet {
  readonly #keys = new Set<string>();
  /** Every piece of a long number that was ever added, and its own number. */
  readonly #pieces = new Map<string, number>();
  #size = 0;

  has(digits: string): boolean {
    return this.#keys.has(this.#keyOf(digits));
  }

  /** @returns false if there is no room for it */
  add(digits: string): boolean {
    const size = digits.length + ENTRY_OVERHEAD;
    if (this.#size + size > MAX_TABLE_SIZE) return false;
    this.#size += size;
    for (const piece of piecesOf(digits)) {
      if (!this.#pieces.has(piece)) this.#pieces.set(piece, this.#pieces.size);
    }
    this.#keys.add(this.#keyOf(digits));
    return true;
  }

  /** A piece that was never added leaves a gap, which no key in the set has. */
  #keyOf(digits: string): string {
    const places = piecesOf(digits).map((piece) => this.#pieces.get(piece));
    return places.length === 0 ? `#${digits}` : `#${places.join(" ")}`;
  }
}

/** The pieces of a long number; none of one that is short enough for a key. */
function piecesOf(digits: string): string[] {
  if (digits.length <= PIECE) return [];
  const pieces = [];
  for (let at = 0; at < digits.length; at += PIECE) {
    pieces.push(`#${digits.slice(at, at + PIECE)}`);
  }
  return pieces;
}
