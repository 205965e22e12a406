/**
 * What is drawn for a check.
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import fc from "../../support/fast_check.ts";
import { SeededRandom } from "../../../lib/check/play/seeded_random.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

/** Something of each kind. */
function sample(random: SeededRandom): string[] {
  return [
    random.name(),
    random.word(),
    random.digits(4),
    random.sentence(3),
    random.mixedCase("permission"),
    String(random.integer(1, 100)),
  ];
}

Deno.test("the same seed draws the same", () => {
  fc.assert(fc.property(seeds, (seed) => {
    assertEquals(
      sample(new SeededRandom(seed)),
      sample(new SeededRandom(seed)),
    );
  }));
});

Deno.test("another seed draws something else", () => {
  fc.assert(fc.property(seeds, (seed) => {
    assertNotEquals(
      sample(new SeededRandom(seed)),
      sample(new SeededRandom(seed + 1)),
    );
  }));
});

Deno.test("names are no names of the assignment, and words no commands", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const random = new SeededRandom(seed);
    for (let i = 0; i < 20; i++) {
      const name = random.name();
      assertMatch(name, /^[A-Z][a-z]{3,5}$/);
      assert(!["Alice", "Bob"].includes(name), name);
      assert(!/quit|bye/i.test(random.word()));
    }
  }));
});

Deno.test("no word is a part of another: each can be found in what is printed", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const random = new SeededRandom(seed);
    const words = Array.from({ length: 40 }, () => random.word());
    for (const word of words) {
      assertEquals(words.filter((each) => each.includes(word)), [word]);
    }
  }));
});

Deno.test("digits have their number, and no zero before them", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 9 }), (seed, length) => {
      assertMatch(
        new SeededRandom(seed).digits(length),
        new RegExp(`^[1-9][0-9]{${length - 1}}$`),
      );
    }),
  );
});

Deno.test("an integer is within its bounds, both of which are drawn", () => {
  const random = new SeededRandom(1);
  const drawn = new Set(
    Array.from({ length: 500 }, () => random.integer(1, 6)),
  );
  assertEquals([...drawn].sort(), [1, 2, 3, 4, 5, 6]);
});

Deno.test("mixed case has small letters and capitals", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const mixed = new SeededRandom(seed).mixedCase("request");
    assertEquals(mixed.toLowerCase(), "request");
    assertNotEquals(mixed, "request");
    assertNotEquals(mixed, "REQUEST");
  }));
});

Deno.test("a number has as many digits as were asked for, and none in front is 0", () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 2, max: 30 }), (seed, n) => {
    assertMatch(new SeededRandom(seed).digits(n), /^[1-9][0-9]*$/);
    assertEquals(new SeededRandom(seed).digits(n).length, n);
  }));
});

Deno.test("an order that is drawn has the same things, and differs by the seed", () => {
  const all = Array.from({ length: 20 }, (_, i) => i);
  fc.assert(fc.property(seeds, (seed) => {
    const drawn = new SeededRandom(seed).shuffled(all);
    assertEquals(drawn.toSorted((one, other) => one - other), all);
    assertNotEquals(drawn, new SeededRandom(seed + 1).shuffled(all));
  }));
});
