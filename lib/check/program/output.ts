/**
 * What a program prints, as it comes, up to a limit.
 */
import type { Condition } from "../play/condition.ts";

/**
 * How much of what a program prints is kept, in characters. The programs of
 * these assignments print some lines; what prints this much is flooding, and
 * would fill the memory.
 */
export const MAX_OUTPUT = 1024 * 1024;

/** Collects text, and says so when some comes. */
export class Output {
  #text = "";
  #flooded = false;

  constructor(readonly condition: Condition) {}

  /** Everything printed so far, at most `MAX_OUTPUT` characters. */
  get text(): string {
    return this.#text;
  }

  /** Whether there was more than `MAX_OUTPUT`. */
  get flooded(): boolean {
    return this.#flooded;
  }

  /** Adds what was printed; what goes over the limit is thrown away. */
  add(text: string): void {
    if (text === "") return;
    const room = MAX_OUTPUT - this.#text.length;
    if (text.length > room) this.#flooded = true;
    if (room > 0) this.#text += text.slice(0, room);
    this.condition.notify();
  }
}
