/**
 * The order of two messages is that in which their bytes arrived, however each
 * of them ends: a bare one is complete 100 ms after its last byte, and has come
 * before a line that arrived in the meantime all the same.
 */
import { assert } from "@std/assert";
import { until } from "../support/harness.ts";
import {
  closeAll,
  connectAll,
  LiveServer,
  pause,
} from "../support/in_process.ts";
import { MODE_TESTS } from "../modes.ts";
import { checkOrder, type Introductions } from "../support/order.ts";

/** How messages end, by the name of that. */
const ENDINGS = { bare: "", "line feed": "\n" };

/** How far apart the two speak, in milliseconds: on both sides of the middle. */
const GAPS = [1, 5, 30, 49, 51, 80, 99, 150];

/** The two in either order, each pair of them with a server of its own. */
async function checkAll(
  mode: "sequence" | "chat",
  endings: Introductions["endings"],
): Promise<void> {
  const all = GAPS.flatMap((gap) =>
    (["X", "Y"] as const).map((first) => ({ first, endings, gap }))
  );
  await Promise.all(all.map(async (introductions) => {
    await using server = LiveServer.start(mode, MODE_TESTS[mode].endless);
    await checkOrder(server.port, introductions);
  }));
}

for (const mode of ["sequence", "chat"] as const) {
  Deno.test(`${mode}: who spoke first has come first`, async (t) => {
    for (const [first, early] of Object.entries(ENDINGS)) {
      for (const [second, late] of Object.entries(ENDINGS)) {
        await t.step(
          `${first}, then ${second}`,
          () => checkAll(mode, [early, late]),
        );
      }
    }
  });
}

/** What one of many says: its number is its place in the order. */
function introduction(n: number): string {
  const side = n % 3 === 0 ? "X" : "Y"; // no pair of neighbours is like the next
  return `Client ${side}: ${n}${n % 2 ? "\n" : ""}`;
}

Deno.test("sequence: many at once, and nobody comes before who spoke earlier", async () => {
  await using server = LiveServer.start(
    "sequence",
    MODE_TESTS.sequence.endless,
  );
  const streams = await connectAll(server, 30);
  try {
    for (const [n, stream] of streams.entries()) {
      await stream.send(introduction(n));
      await pause(7);
    }
    // Of three, one is an X: as many pairs as there are of those.
    const told = () => streams.filter(({ received }) => received !== "");
    await until(() => told().length === 20, "twenty acknowledgments");
    for (const { received } of told()) {
      const [, first, second] = ACKNOWLEDGMENT.exec(received) ?? [];
      assert(Number(first) < Number(second), received);
    }
  } finally {
    closeAll(streams);
  }
});

const ACKNOWLEDGMENT = /^[XY]: (\d+) received before [XY]: (\d+)\n?$/;
