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
  Patience,
  PLAY_LIMIT,
  PROMPT_ANSWER,
  START,
} from "../../lib/check/patience.ts";

Deno.test("there is time for a report after the last case", () => {
  assert(PLAY_LIMIT + END + 5_000 < CHECK_LIMIT);
  assert(START > 5_000, "a start may take five seconds");
});

Deno.test("a program that answers at once is not waited for as long as others", () => {
  const patience = new Patience();
  assertEquals(patience.answer, ANSWER);
  for (let i = 0; i < 4; i++) patience.answered(3);
  assertEquals(patience.answer, PROMPT_ANSWER);
  patience.answered(500);
  assertEquals(patience.answer, ANSWER);
});

Deno.test("a program that does not answer costs less and less time", () => {
  const patience = new Patience();
  const waits = Array.from({ length: 6 }, () => {
    const { answer } = patience;
    patience.unanswered();
    return answer;
  });
  assertEquals(waits, [
    ...[ANSWER, ANSWER],
    ...[DOUBTFUL_ANSWER, DOUBTFUL_ANSWER],
    ...[HOPELESS_ANSWER, HOPELESS_ANSWER],
  ]);
});

Deno.test("one that answers now and then gets some patience back, but not all", () => {
  const patience = new Patience();
  const silentTwice = () => {
    patience.unanswered();
    patience.unanswered();
    patience.answered(3);
  };
  silentTwice();
  assertEquals(patience.answer, ANSWER);
  silentTwice();
  assertEquals(patience.answer, DOUBTFUL_ANSWER);
  silentTwice();
  silentTwice();
  assertEquals(patience.answer, HOPELESS_ANSWER);
});

Deno.test("what has failed twice is given a quarter of the time", () => {
  const patience = new Patience();
  patience.failed("end");
  assertEquals(patience.for("end", 2_000), 2_000);
  patience.failed("end");
  assertEquals(patience.for("end", 2_000), 500);
  assertEquals(patience.for("close", 2_000), 2_000);
});

Deno.test("no wait goes beyond the limit of the check", async () => {
  const patience = new Patience(30);
  assert(patience.atMost(1_000) <= 30);
  await new Promise((resolve) => setTimeout(resolve, 40));
  assertEquals([patience.left, patience.answer, patience.atMost(9)], [0, 0, 0]);
  assert(patience.spent >= 30);
});
