/**
 * What a client ends with: the lines of `ping`.
 */
import { assertEquals } from "@std/assert";
import { RoundTrips } from "../../lib/trace/summary.ts";

const permissions = "none";

const ROWS: [name: string, sent: number, times: number[], lines: string[]][] = [
  ["nothing was sent", 0, [], ["0 sent, 0 answered, 0% lost"]],
  ["nothing was answered", 3, [], ["3 sent, 0 answered, 100% lost"]],
  ["one answer", 1, [0.25], [
    "1 sent, 1 answered, 0% lost",
    "round trip min/avg/max = 0.250/0.250/0.250 ms",
  ]],
  ["one of three was lost", 3, [1, 2.5], [
    "3 sent, 2 answered, 33.33% lost",
    "round trip min/avg/max = 1.000/1.750/2.500 ms",
  ]],
  ["a few of many", 10_000, [12.3456], [
    "10000 sent, 1 answered, 99.99% lost",
    "round trip min/avg/max = 12.346/12.346/12.346 ms",
  ]],
  ["times in any order", 4, [30, 10, 20], [
    "4 sent, 3 answered, 25% lost",
    "round trip min/avg/max = 10.000/20.000/30.000 ms",
  ]],
  ["more answers than questions", 1, [1, 1], [
    "1 sent, 2 answered, 0% lost",
    "round trip min/avg/max = 1.000/1.000/1.000 ms",
  ]],
];

Deno.test("the summary", { permissions }, async (t) => {
  for (const [name, sent, times, lines] of ROWS) {
    await t.step(name, () => {
      const trips = new RoundTrips();
      for (let i = 0; i < sent; i++) trips.sent();
      for (const time of times) trips.answered(time);
      assertEquals(trips.summary(), lines);
    });
  }
});
