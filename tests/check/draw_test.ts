/**
 * What is drawn for a check.
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import fc from "../support/fast_check.ts";
import { Draw } from "../../lib/check/draw.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

/** Something of each kind. */
function sample(draw: Draw): string[] {
  return [
    draw.name(),
    draw.word(),
    draw.digits(4),
    draw.sentence(3),
    draw.mixedCase("permission"),
    String(draw.integer(1, 100)),
  ];
}

Deno.test("the same seed draws the same", () => {
  fc.assert(fc.property(seeds, (seed) => {
    assertEquals(sample(new Draw(seed)), sample(new Draw(seed)));
  }));
});

Deno.test("another seed draws something else", () => {
  fc.assert(fc.property(seeds, (seed) => {
    assertNotEquals(sample(new Draw(seed)), sample(new Draw(seed + 1)));
  }));
});

Deno.test("names are no names of the assignment, and words no commands", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const draw = new Draw(seed);
    for (let i = 0; i < 20; i++) {
      const name = draw.name();
      assertMatch(name, /^[A-Z][a-z]{3,5}$/);
      assert(!["Alice", "Bob"].includes(name), name);
      assert(!/quit|bye/i.test(draw.word()));
    }
  }));
});

Deno.test("no word is a part of another: each can be found in what is printed", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const draw = new Draw(seed);
    const words = Array.from({ length: 40 }, () => draw.word());
    for (const word of words) {
      assertEquals(words.filter((each) => each.includes(word)), [word]);
    }
  }));
});

Deno.test("digits have their number, and no zero before them", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 9 }), (seed, length) => {
      assertMatch(
        new Draw(seed).digits(length),
        new RegExp(`^[1-9][0-9]{${length - 1}}$`),
      );
    }),
  );
});

Deno.test("an integer is within its bounds, both of which are drawn", () => {
  const draw = new Draw(1);
  const drawn = new Set(Array.from({ length: 500 }, () => draw.integer(1, 6)));
  assertEquals([...drawn].sort(), [1, 2, 3, 4, 5, 6]);
});

Deno.test("mixed case has small letters and capitals", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const mixed = new Draw(seed).mixedCase("request");
    assertEquals(mixed.toLowerCase(), "request");
    assertNotEquals(mixed, "request");
    assertNotEquals(mixed, "REQUEST");
  }));
});
