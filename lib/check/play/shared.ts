/** What cases share in a run or a check: one object of each class. */

type Kind<T> = abstract new (...args: never[]) => T;

export class Shared {
  readonly #made = new Map<unknown, unknown>();

  /** The object of a class, made when first needed. */
  get<T>(kind: Kind<T>, make: () => T): T {
    if (!this.#made.has(kind)) this.#made.set(kind, make());
    return this.#made.get(kind) as T;
  }
}
