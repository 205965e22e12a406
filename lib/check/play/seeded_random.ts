/**
 * Names, numbers and words that no program can know beforehand, drawn from a
 * seed, so that the same seed gives the same check.
 */

const CONSONANTS = "bdfgklmnprstvz";
const VOWELS = "aeiou";

/** Draws from a seed, and never the same thing twice. */
export class SeededRandom {
  #state: number;
  readonly #drawn = new Set<string>();

  /** @param seed a whole number; the same seed gives the same draws */
  constructor(readonly seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 (included) to 1 (excluded): mulberry32. */
  next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };

  /** An integer, with both ends included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** An integer as text, with this many digits and no leading zero. */
  digits(length: number): string {
    return this.#new(() =>
      Array.from({ length }, (_, i) => this.integer(i === 0 ? 1 : 0, 9))
        .join("")
    );
  }

  /** The same things in random order. */
  shuffled<T>(all: readonly T[]): T[] {
    const rest = [...all];
    return all.map(() => rest.splice(this.integer(0, rest.length - 1), 1)[0]!);
  }

  /** A pronounceable word in lower case, such as `tomivage`. */
  word(syllables = 3): string {
    return this.#new(() => {
      let word = "";
      for (let i = 0; i < syllables; i++) {
        word += this.#one(CONSONANTS) + this.#one(VOWELS);
      }
      return word;
    });
  }

  /** Some words with spaces between them. */
  sentence(words = 3): string {
    return Array.from({ length: words }, () => this.word()).join(" ");
  }

  /** A name such as `Tomi`, which is not Alice or Bob. */
  name(): string {
    const word = this.word(this.integer(2, 3));
    return word[0]!.toUpperCase() + word.slice(1);
  }

  /** The same letters in mixed case, at least one of each. */
  mixedCase(text: string): string {
    const letters = [...text].map((each) =>
      this.next() < 0.5 ? each.toLowerCase() : each.toUpperCase()
    );
    letters[0] = letters[0]!.toLowerCase();
    letters[2] = letters[2]!.toUpperCase();
    return letters.join("");
  }

  #one(letters: string): string {
    return letters[this.integer(0, letters.length - 1)]!;
  }

  #new(draw: () => string): string {
    for (;;) {
      const text = draw();
      const isPart = [...this.#drawn].some((each) =>
        each.includes(text) || text.includes(each)
      );
      if (isPart && this.#drawn.size < 10_000 && text.length > 3) continue;
      this.#drawn.add(text);
      return text;
    }
  }
}
