/** What cases share, in one run or in a whole check: one of each kind. */

type Kind<T> = abstract new (...args: never[]) => T;

/** Keeps one of each kind. */
export class Shared {
  readonly #made = new Map<unknown, unknown>();

  /** The one of a kind: made when it is needed first. */
  get<T>(kind: Kind<T>, make: () => T): T {
    if (!this.#made.has(kind)) this.#made.set(kind, make());
    return this.#made.get(kind) as T;
  }
}
