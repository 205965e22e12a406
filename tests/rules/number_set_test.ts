/**
 * The set of numbers: what it holds, when it is full, and that nobody can slow
 * it down by choosing the numbers.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import {
  ENTRY_OVERHEAD,
  MAX_TABLE_SIZE,
  NumberSet,
} from "../../lib/rules/number_set.ts";

const permissions = "none";

/** What `NumberSet` and a plain `Set` have in common. */
interface Digits {
  has(digits: string): boolean;
  add(digits: string): unknown;
}

/** Numbers made anew: V8 keeps the hash of a string that it has seen. */
type Numbers = () => string[];

function numbers(count: number, digits: (i: number) => string): Numbers {
  // Joined from parts, so that no two rounds get the same string.
  return () => Array.from({ length: count }, (_, i) => [...digits(i)].join(""));
}

/** How long it takes to add all of them and to look each one up, in ms. */
function duration(make: () => Digits, given: string[]): number {
  const set = make();
  const start = performance.now();
  for (const digits of given) if (!set.has(digits)) set.add(digits);
  for (const digits of given) assert(set.has(digits));
  return performance.now() - start;
}

/** The quickest of some rounds: whatever else the machine does only adds. */
function slowdown(
  make: () => Digits,
  { chosen, ordinary, rounds }: Attack & { rounds: number },
): number {
  let [attacked, usual] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    attacked = Math.min(attacked, duration(make, chosen()));
    usual = Math.min(usual, duration(make, ordinary()));
  }
  return attacked / usual;
}

interface Attack {
  readonly chosen: Numbers;
  /** As many numbers of about the same length that nobody has chosen. */
  readonly ordinary: Numbers;
}

/** More than noise makes of equal numbers, less than any attack that works. */
const MOST_SLOWDOWN = 15;

const ATTACKS: Record<string, Attack> = {
  // V8 hashes short numbers by their value, of which these share the end.
  "numbers a power of two apart": {
    chosen: numbers(8_192, (i) => String((i + 1) * 131_072)),
    ordinary: numbers(8_192, (i) => String((i + 1) * 131_071)),
  },
  // V8 hashes strings of more than 16 383 characters by their length.
  "numbers of one length, longer than V8 hashes": {
    chosen: numbers(512, (i) => String(i).padStart(20_000, "7")),
    ordinary: numbers(512, (i) => String(i).padStart(16_000, "7")),
  },
};

Deno.test("chosen numbers take no longer", { permissions }, async (t) => {
  for (const [name, attack] of Object.entries(ATTACKS)) {
    await t.step(name, () => {
      const ratio = slowdown(() => new NumberSet(), { ...attack, rounds: 5 });
      assert(ratio < MOST_SLOWDOWN, `${ratio} times as long`);
    });
    await t.step(`${name} would slow a plain set down`, () => {
      const ratio = slowdown(() => new Set(), { ...attack, rounds: 2 });
      assert(ratio > MOST_SLOWDOWN, `only ${ratio} times as long`);
    });
  }
});

/** Short numbers, and long ones that share their pieces. */
const anyNumber = fc.oneof(
  fc.nat(30).map(String),
  fc.array(fc.constantFrom("1", "2"), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.map((part) => part.repeat(8_192)).join("")),
  fc.tuple(fc.constantFrom("1", "2"), fc.integer({ min: 8_190, max: 8_194 }))
    .map(([digit, length]) => digit.repeat(length)),
);

Deno.test("it holds what was added and nothing else", { permissions }, () => {
  fc.assert(fc.property(
    fc.array(anyNumber),
    fc.array(anyNumber),
    (added, others) => {
      const [set, model] = [new NumberSet(), new Set(added)];
      for (const digits of added) assertEquals(set.add(digits), true);
      for (const digits of [...added, ...others]) {
        assertEquals(set.has(digits), model.has(digits));
      }
    },
  ));
});

Deno.test("it is full at MAX_TABLE_SIZE", { permissions }, async (t) => {
  const half = MAX_TABLE_SIZE / 2 - ENTRY_OVERHEAD;
  const rows: [name: string, lengths: number[], fits: boolean[]][] = [
    ["one number of all its size", [2 * half + ENTRY_OVERHEAD], [true]],
    ["one digit more", [2 * half + ENTRY_OVERHEAD + 1], [false]],
    ["two halves", [half, half], [true, true]],
    ["two halves and a digit", [half, half, 1], [true, true, false]],
    ["a short one after one that has no room", [
      half,
      half + 1,
      1,
    ], [true, false, true]],
  ];
  for (const [name, lengths, fits] of rows) {
    await t.step(name, () => {
      const set = new NumberSet();
      for (const [i, length] of lengths.entries()) {
        const digits = String(i + 1).repeat(length);
        assertEquals(set.add(digits), fits[i]);
        assertEquals(set.has(digits), fits[i]);
      }
    });
  }
});
