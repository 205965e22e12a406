/** Where things stand: in order, apart, within the page, and readable. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertLessOrEqual,
} from "@std/assert";
import fc from "../../support/fast_check.ts";
import type { Watcher } from "../../../lib/net/wire.ts";
import type { Room } from "../../../lib/trace/view/columns.js";
import {
  firstAfter,
  type Layout,
  layOut,
  MAX_SLANT,
} from "../../../lib/trace/view/layout.js";
import { Story } from "../../../lib/trace/view/story.js";
import {
  at,
  chat,
  eventsOf,
  permission,
  SERVER,
  shownAs,
  START,
  sum,
  uppercase,
  Wire,
} from "./made_up.ts";

const ROOM: Room = { width: 1280, height: 0, em: 16, isServer: true };

function laidOut(play: (watch: Watcher) => void, room = ROOM): Layout {
  const story = new Story();
  story.begin(START);
  story.add(eventsOf(play, shownAs("chat", "tcp")));
  return layOut(story.rows, room);
}

/** The wires that the tests look at, with what to say of them. */
const WIRES = { permission, uppercase, chat, sum };

const ROOMS: Record<string, Room> = {
  "a laptop": ROOM,
  "a lecture hall": { ...ROOM, width: 1920, em: 24 },
  "half a screen": { ...ROOM, width: 640 },
  "a telephone": { ...ROOM, width: 360 },
  "a client": { ...ROOM, isServer: false },
};

Deno.test("layOut() keeps order, distance and borders", async (t) => {
  for (const [where, room] of Object.entries(ROOMS)) {
    for (const [what, play] of Object.entries(WIRES)) {
      await t.step(`${what} on ${where}`, () => {
        assertSound(laidOut(play, room), room);
      });
    }
  }
});

function assertSound(layout: Layout, { em, width }: Room): void {
  const { placed, lifelines, lanes, own, time, height } = layout;
  for (const [i, { y, arrival, lane }] of placed.entries()) {
    const before = placed[i - 1];
    if (before) assertGreaterOrEqual(y - before.y, 1.5 * em, `row ${i}`);
    assertGreaterOrEqual(arrival, y);
    assertLessOrEqual(arrival, y + MAX_SLANT * em);
    assertLess(arrival, height);
    assertLess(lane, lanes.length);
  }
  for (const x of [own, ...lanes]) {
    assertGreater(x, time);
    assertLess(x, width);
  }
  assertGreater(time, 0);
  for (const x of lanes) {
    const others = [own, ...lanes].filter((each) => each !== x);
    for (const other of others) assertGreater(Math.abs(other - x), 4 * em);
  }
  assertApart(lifelines);
}

/** No two peers are in one lane at the same height. */
function assertApart(lifelines: Layout["lifelines"]): void {
  for (const lane of new Set(lifelines.map((each) => each.lane))) {
    const all = lifelines.filter((each) => each.lane === lane);
    all.reduce((before, each) => {
      assertGreaterOrEqual(each.top, before.bottom);
      return each;
    });
  }
}

Deno.test("layOut() is sound for any wire", () => {
  const step = fc.record({
    port: fc.integer({ min: 1, max: 12 }),
    wait: fc.constantFrom(0, 0.1, 10, 200, 3_000, 86_400_000),
    delay: fc.constantFrom(0, 0, 1, 40, 90, 5_000),
    lost: fc.boolean(),
  });
  const room = fc.constantFrom(...Object.values(ROOMS));
  fc.assert(fc.property(fc.array(step), room, (steps, room) => {
    const layout = laidOut((watch) => {
      const wire = new Wire(watch);
      for (const { port, wait, delay, lost } of steps) {
        wire.wait(wait).datagram(at(port), SERVER, "x", { delay, lost });
      }
    }, room);
    assertEquals(layout.placed.length, steps.length);
    if (steps.length > 0) assertSound(layout, room);
  }));
});

Deno.test("layOut() gives more room to more time, but not too much", () => {
  const gap = (milliseconds: number) => {
    const { placed } = laidOut((watch) => {
      new Wire(watch).datagram(at(1), SERVER, "a").wait(milliseconds)
        .datagram(at(1), SERVER, "b");
    });
    return (placed[1]!.y - placed[0]!.y) / ROOM.em;
  };
  assertEquals(gap(0), gap(100));
  assertLess(gap(100), gap(500));
  assertLess(gap(500), gap(2_000));
  assertLess(gap(86_400_000), 8);
});

Deno.test("layOut() notes pauses of a second or more", () => {
  const { placed } = laidOut((watch) => {
    new Wire(watch).datagram(at(1), SERVER, "a").wait(900)
      .datagram(at(1), SERVER, "b").wait(1_500).datagram(at(1), SERVER, "c");
  });
  const pauses = placed.map(({ pause }) => Math.round(pause));
  assertEquals(pauses, [0, 0, 1_500]);
});

Deno.test("layOut() lets arrows cross as datagrams overtake each other", () => {
  const { placed } = laidOut((watch) => {
    new Wire(watch).datagram(at(1), SERVER, "slow", { delay: 90 }).wait(5)
      .datagram(at(1), SERVER, "fast", { delay: 10 }).wait(200)
      .datagram(SERVER, at(1), "later");
  });
  const [slow, fast, later] = placed;
  assertLess(slow!.y, fast!.y);
  assertGreater(slow!.arrival, fast!.arrival);
  assertLess(slow!.arrival, later!.y);
  assertEquals([slow, fast, later].map((each) => each!.isAlone), [
    false,
    true,
    true,
  ]);
});

Deno.test("layOut() slants what is delayed, and nothing else", async (t) => {
  const rows: [name: string, fate: Parameters<Wire["datagram"]>[3], boolean][] =
    [
      ["at once", {}, false],
      ["delayed", { delay: 5 }, true],
      ["lost", { lost: true }, false],
      ["delayed and lost", { lost: true, delay: 5 }, false],
    ];
  for (const [name, fate, isSlanted] of rows) {
    await t.step(name, () => {
      const { placed } = laidOut((watch) => {
        new Wire(watch).datagram(at(1), SERVER, "a", fate);
      });
      assertEquals(placed[0]!.arrival > placed[0]!.y, isSlanted);
    });
  }
});

Deno.test("layOut() keeps a burst of delayed datagrams within reach", () => {
  const { placed, height } = laidOut((watch) => {
    const wire = new Wire(watch);
    for (let i = 0; i < 500; i++) {
      wire.datagram(at(1), SERVER, "x", { delay: 1_000 });
    }
    wire.wait(2_000).datagram(at(1), SERVER, "after");
  });
  const [last, after] = placed.slice(-2);
  assertLess(after!.y - last!.y, (MAX_SLANT + 8) * ROOM.em);
  assertLess(height, 505 * 3 * ROOM.em + MAX_SLANT * ROOM.em);
});

Deno.test("layOut() has room for arrows that end below the last row", () => {
  const layout = laidOut((watch) => {
    const wire = new Wire(watch);
    for (const delay of [5_000, 90, 40, 0]) {
      wire.datagram(at(1), SERVER, "x", { delay });
    }
  });
  assertSound(layout, ROOM);
  const ends = layout.placed.map(({ arrival }) => arrival);
  assertGreater(layout.height, Math.max(...ends) + ROOM.em);
});

Deno.test("layOut() puts this program between its peers", async (t) => {
  const peers = (count: number, isServer: boolean) => {
    const room = { ...ROOM, isServer };
    const { own, lanes } = laidOut((watch) => {
      const wire = new Wire(watch);
      for (let i = 1; i <= count; i++) wire.datagram(at(i), SERVER, "x");
    }, room);
    return lanes.map((x) => x < own ? "left" : "right").join(" ");
  };
  await t.step("a server's client is on its left", () => {
    assertEquals(peers(1, true), "left");
  });
  await t.step("two clients are on both sides", () => {
    assertEquals(peers(2, true), "left right");
  });
  await t.step("three, the third further out", () => {
    assertEquals(peers(3, true), "left right left");
  });
  await t.step("a client's server is on its right", () => {
    assertEquals(peers(1, false), "right");
  });
});

Deno.test("layOut() gives a lane to whoever speaks, however many there are", () => {
  const { placed, lanes, lifelines } = laidOut((watch) => {
    const wire = new Wire(watch);
    for (let i = 0; i < 30; i++) wire.datagram(at(1 + i % 10), SERVER, "x");
  });
  assertLessOrEqual(lanes.length, 6);
  assertEquals(lifelines.length, 30, "each is back in another's place");
  assert(lifelines.slice(lanes.length).every(({ isNamed }) => isNamed));
  for (const { row, y, lane } of placed) {
    const own = lifelines.find((each) =>
      each.lane === lane && each.top <= y && each.bottom >= y
    );
    assertEquals(own?.peer, row.peer);
  }
});

Deno.test("layOut() lets the closed make room before the quiet", () => {
  const { lifelines } = laidOut((watch) => {
    const wire = new Wire(watch);
    wire.open(at(1)).open(at(2)).mark("close", SERVER, at(2));
    wire.open(at(3));
  }, { ...ROOM, width: 400 });
  const lanes = lifelines.map(({ peer, lane }) => [peer.address, lane]);
  assertEquals(lanes, [
    ["127.0.0.1:1", 0],
    ["127.0.0.1:2", 1],
    ["127.0.0.1:3", 1],
  ]);
});

Deno.test("layOut() ends all lifelines where the program was started again", () => {
  const story = new Story();
  story.begin(START);
  const play = (watch: Watcher) => {
    new Wire(watch).datagram(at(1), SERVER, "x");
  };
  story.add(eventsOf(play));
  story.begin(START + 1_000);
  story.add(eventsOf(play));
  const { lifelines, placed } = layOut(story.rows, ROOM);
  const start = placed.find(({ row }) => row.kind === "start")!;
  assertLess(lifelines[0]!.bottom, start.y);
  assertGreater(lifelines[1]!.top, start.y);
});

Deno.test("layOut() frames what shares a read, and only that", () => {
  const { bands, placed, em } = laidOut(chat);
  for (const { group, top, bottom } of bands) {
    const own = placed.filter(({ row }) => row.group === group);
    assertEquals(own.length, group.rows.length);
    const others = placed.filter(({ row }) => row.group !== group);
    for (const { y } of own) assert(y > top && y < bottom);
    for (const { y } of others) assert(y < top || y > bottom);
    assertGreater(own[0]!.y - top, 2.5 * em, "room for a caption");
  }
  assertEquals(bands.length, 2);
});

Deno.test("layOut() grows with the text", () => {
  const small = laidOut(chat, { ...ROOM, em: 10 });
  const large = laidOut(chat, { ...ROOM, em: 20 });
  assertAlmostEquals(large.height / small.height, 2);
});

Deno.test("firstAfter() finds the first that is not before", () => {
  const numbers = fc.array(fc.nat(100)).map((all) => all.sort((a, b) => a - b));
  fc.assert(fc.property(numbers, fc.nat(100), (all, place) => {
    const expected = all.findIndex((each) => each >= place);
    const found = firstAfter(all, (each) => each < place);
    assertEquals(found, expected < 0 ? all.length : expected);
  }));
});
