/**
 * The simulated network: what it does to datagrams is as likely as it was told
 * to be, and the same for the same seed.
 */
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import fc from "../support/fast_check.ts";
import {
  type Direction,
  type Fate,
  type FaultOptions,
  Faults,
  generator,
  isFaulty,
  MAX_SEED,
  slices,
} from "../../lib/net/faults.ts";

const permissions = "none";

const PERFECT: FaultOptions = {
  loss: 0,
  duplicate: 0,
  delay: 0,
  jitter: 0,
  seed: 1,
};

/** What becomes of the first datagrams in one direction. */
function fates(
  options: Partial<FaultOptions>,
  count = 1000,
  direction: Direction = "in",
): Fate[] {
  const faults = new Faults({ ...PERFECT, ...options });
  return Array.from({ length: count }, () => faults.fate(direction));
}

Deno.test("the generator is mulberry32", { permissions }, () => {
  // What the algorithm gives elsewhere for these seeds.
  const known: [seed: number, numbers: number[]][] = [
    [1, [0.6270739405881613, 0.002735721180215478, 0.5274470399599522]],
    [42, [0.6011037519201636, 0.44829055899754167, 0.8524657934904099]],
    [MAX_SEED, [0.8964226141106337, 0.189478256739676, 0.7156526781618595]],
  ];
  for (const [seed, numbers] of known) {
    const random = generator(seed);
    assertEquals(numbers.map(() => random()), numbers);
  }
});

Deno.test("what is certain happens always", { permissions }, async (t) => {
  const rows: [string, Partial<FaultOptions>, Fate][] = [
    ["nothing", {}, [0]],
    ["all are lost", { loss: 1 }, []],
    ["lost ones are not doubled", { loss: 1, duplicate: 1 }, []],
    ["all are doubled", { duplicate: 1 }, [0, 0]],
    ["all are late", { delay: 50 }, [50]],
    ["both copies are late", { delay: 50, duplicate: 1 }, [50, 50]],
  ];
  for (const [name, options, fate] of rows) {
    await t.step(name, () => {
      for (const direction of ["in", "out"] as const) {
        assertEquals(fates(options, 50, direction), Array(50).fill(fate));
      }
    });
  }
});

/** Five standard deviations: one wrong alarm in a million, and the seeds are fixed. */
function assertShare(count: number, of: number, probability: number): void {
  const deviation = Math.sqrt(of * probability * (1 - probability));
  assert(
    Math.abs(count - of * probability) < 5 * deviation,
    `${count} of ${of}`,
  );
}

Deno.test("what is likely happens as often", { permissions }, async (t) => {
  const count = 20_000;
  for (const seed of [0, 1, 42, MAX_SEED]) {
    for (const direction of ["in", "out"] as const) {
      await t.step(`seed ${seed}, ${direction}`, () => {
        const options = { loss: 0.3, duplicate: 0.1, seed };
        const all = fates(options, count, direction);
        const lost = all.filter(({ length }) => length === 0).length;
        const doubled = all.filter(({ length }) => length === 2).length;
        assertShare(lost, count, 0.3);
        assertShare(doubled, count - lost, 0.1);
      });
    }
  }
});

Deno.test(
  "jitter is even, both ways, and never below zero",
  { permissions },
  async (t) => {
    await t.step("around the delay", () => {
      const delays = fates({ delay: 50, jitter: 20 }, 20_000).flat();
      assert(Math.min(...delays) >= 30 && Math.min(...delays) < 30.1);
      assert(Math.max(...delays) <= 70 && Math.max(...delays) > 69.9);
      for (let low = 30; low < 70; low += 10) {
        const inside = delays.filter((each) => each >= low && each < low + 10);
        assertShare(inside.length, delays.length, 0.25);
      }
    });
    await t.step("cut off at zero", () => {
      const delays = fates({ delay: 10, jitter: 40 }, 20_000).flat();
      assertEquals(Math.min(...delays), 0);
      assertShare(delays.filter((each) => each === 0).length, 20_000, 30 / 80);
    });
    await t.step("a copy has its own", () => {
      const pairs = fates({ duplicate: 1, jitter: 20, delay: 20 }, 100);
      assert(pairs.every(([first, second]) => first !== second));
    });
    await t.step("a later one can overtake", () => {
      const delays = fates({ delay: 50, jitter: 20 }, 100).flat();
      assert(delays.some((each, i) => i > 0 && each + 1 < delays[i - 1]!));
    });
  },
);

const anyOptions = fc.record({
  loss: fc.double({ min: 0, max: 1, noNaN: true }),
  duplicate: fc.double({ min: 0, max: 1, noNaN: true }),
  delay: fc.nat(1000),
  jitter: fc.nat(1000),
  seed: fc.integer({ min: 0, max: MAX_SEED }),
});

Deno.test("the same seed, the same faults", { permissions }, async (t) => {
  await t.step("whatever goes the other way in between", () => {
    const others = fc.array(fc.nat(3), { minLength: 30, maxLength: 30 });
    fc.assert(fc.property(anyOptions, others, (options, others) => {
      const faults = new Faults(options);
      const seen = others.map((count) => {
        for (let i = 0; i < count; i++) faults.fate("out");
        return faults.fate("in");
      });
      assertEquals(seen, fates(options, 30));
    }));
  });
  await t.step("what is lost stays so when another option changes", () => {
    fc.assert(fc.property(anyOptions, anyOptions, (one, two) => {
      const lost = (options: FaultOptions) =>
        fates({ ...options, loss: one.loss, seed: one.seed }, 50)
          .map(({ length }) => length === 0);
      assertEquals(lost(one), lost(two));
    }));
  });
  await t.step("more loss loses the same ones and more", () => {
    const some = fates({ loss: 0.2 });
    const more = fates({ loss: 0.5 });
    assert(some.every((fate, i) => fate.length > 0 || more[i]!.length === 0));
  });
  await t.step("another seed, or direction, has others", () => {
    const options = { loss: 0.5, seed: 7 };
    assertNotEquals(fates(options), fates({ ...options, seed: 8 }));
    assertNotEquals(fates(options), fates(options, 1000, "out"));
  });
});

Deno.test("whether there is anything to do", { permissions }, () => {
  assertEquals(isFaulty(PERFECT), false);
  for (const name of ["loss", "duplicate", "delay", "jitter"]) {
    assertEquals(isFaulty({ ...PERFECT, [name]: 0.01 }), true, name);
  }
});

Deno.test("slices", { permissions }, async (t) => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5);
  const rows: [size: number, pieces: number[][]][] = [
    [1, [[1], [2], [3], [4], [5]]],
    [2, [[1, 2], [3, 4], [5]]],
    [5, [[1, 2, 3, 4, 5]]],
    [6, [[1, 2, 3, 4, 5]]],
  ];
  for (const [size, pieces] of rows) {
    await t.step(`of ${size}`, () => {
      assertEquals(slices(bytes, size).map((piece) => [...piece]), pieces);
    });
  }
  await t.step(
    "of nothing",
    () => assertEquals(slices(new Uint8Array(0), 3), []),
  );
  await t.step("of no size", () => {
    for (const size of [0, -1, 1.5, NaN, Infinity]) {
      assertThrows(() => slices(bytes, size), RangeError, `${size} bytes`);
    }
  });
  await t.step("any, without a copy", () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.integer({ min: 1, max: 12 }),
        (bytes, size) => {
          const pieces = slices(bytes, size);
          assertEquals(pieces.flatMap((piece) => [...piece]), [...bytes]);
          assert(pieces.every((piece) => piece.buffer === bytes.buffer));
          assert(pieces.slice(0, -1).every(({ length }) => length === size));
        },
      ),
    );
  });
});
