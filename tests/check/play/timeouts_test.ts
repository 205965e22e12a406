/**
 * How long a check waits.
 */
import { assert, assertEquals } from "@std/assert";
import {
  ANSWER,
  CHECK_LIMIT,
  DOUBTFUL_ANSWER,
  END,
  HOPELESS_ANSWER,
  PLAY_LIMIT,
  PROMPT_ANSWER,
  START,
  Timeouts,
} from "../../../lib/check/play/timeouts.ts";

Deno.test("there is time for a report after the last case", () => {
  assert(PLAY_LIMIT + END + 5_000 < CHECK_LIMIT);
  assert(START > 5_000, "a start may take five seconds");
});

Deno.test("a program that answers at once is not waited for as long as others", () => {
  const timeouts = new Timeouts();
  assertEquals(timeouts.answer, ANSWER);
  for (let i = 0; i < 4; i++) timeouts.answered(3);
  assertEquals(timeouts.answer, PROMPT_ANSWER);
  timeouts.answered(500);
  assertEquals(timeouts.answer, ANSWER);
});

Deno.test("a program that does not answer costs less and less time", () => {
  const timeouts = new Timeouts();
  const waits = Array.from({ length: 6 }, () => {
    const { answer } = timeouts;
    timeouts.unanswered();
    return answer;
  });
  assertEquals(waits, [
    ...[ANSWER, ANSWER],
    ...[DOUBTFUL_ANSWER, DOUBTFUL_ANSWER],
    ...[HOPELESS_ANSWER, HOPELESS_ANSWER],
  ]);
});

Deno.test("one that answers now and then gets some patience back, but not all", () => {
  const timeouts = new Timeouts();
  const silentTwice = () => {
    timeouts.unanswered();
    timeouts.unanswered();
    timeouts.answered(3);
  };
  silentTwice();
  assertEquals(timeouts.answer, ANSWER);
  silentTwice();
  assertEquals(timeouts.answer, DOUBTFUL_ANSWER);
  silentTwice();
  silentTwice();
  assertEquals(timeouts.answer, HOPELESS_ANSWER);
});

Deno.test("what has failed twice is given a quarter of the time", () => {
  const timeouts = new Timeouts();
  timeouts.failed("end");
  assertEquals(timeouts.for("end", 2_000), 2_000);
  timeouts.failed("end");
  assertEquals(timeouts.for("end", 2_000), 500);
  assertEquals(timeouts.for("close", 2_000), 2_000);
});

Deno.test("no wait goes beyond the limit of the check", async () => {
  const timeouts = new Timeouts(30);
  assert(timeouts.atMost(1_000) <= 30);
  await new Promise((resolve) => setTimeout(resolve, 40));
  assertEquals([timeouts.left, timeouts.answer, timeouts.atMost(9)], [0, 0, 0]);
  assert(timeouts.spent >= 30);
});
