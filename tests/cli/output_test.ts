/**
 * The queue before standard output and error: order, partial writes, readers
 * that are slow, that stall and that go away.
 */
import { assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import {
  type Output,
  OutputQueue,
  RETRY,
  STALL,
} from "../../lib/cli/output.ts";
import { until, within } from "../support/harness.ts";

const permissions = "none";

/** What a write does: takes so many bytes, now or later, or fails. */
type Taking = number | Promise<number> | Error;

/** Notes down what is written to it; its first writes do as they are told. */
class ScriptedOutput implements Output {
  constructor(
    readonly name: string,
    readonly journal: string[],
    readonly takings: Taking[] = [],
  ) {}

  write(bytes: Uint8Array): number | Promise<number> {
    const taking = this.takings.shift() ?? bytes.length;
    if (taking instanceof Error) throw taking;
    if (typeof taking === "number") return this.#take(bytes, taking);
    return taking.then((count) => this.#take(bytes, count));
  }

  #take(bytes: Uint8Array, count: number): number {
    const text = new TextDecoder().decode(bytes.subarray(0, count));
    this.journal.push(`${this.name} ${text}`);
    return Math.min(count, bytes.length);
  }

  isTerminal(): boolean {
    return false;
  }
}

const ALL = Infinity;

/** A queue with two outputs, and all that happens to it. */
function desk(out: Taking[] = [], err: Taking[] = []) {
  const journal: string[] = [];
  const stdout = new ScriptedOutput("out", journal, out);
  const stderr = new ScriptedOutput("err", journal, err);
  const nameOf = (output: Output) => (output as ScriptedOutput).name;
  const queue = new OutputQueue({
    onLost: (output, error) =>
      journal.push(`lost ${nameOf(output)} ${(error as Error).message}`),
    onStall: (output) => journal.push(`stalled ${nameOf(output)}`),
  });
  return { journal, stdout, stderr, queue };
}

const FULL_PIPE = new Deno.errors.WouldBlock("full pipe");
const NOBODY = new Deno.errors.BrokenPipe("nobody reads");

Deno.test("what is added is written in order", { permissions }, async (t) => {
  await t.step("at once, where the outputs take it at once", () => {
    const { queue, stdout, stderr, journal } = desk();
    queue.add(stdout, "one");
    queue.add(stderr, "two");
    queue.add(stdout, "three");
    assertEquals(journal, ["out one", "err two", "out three"]);
    assertEquals(queue.size, 0);
  });
  await t.step("one after the other, where it takes time", async () => {
    const slow = Promise.withResolvers<number>();
    const { queue, stdout, stderr, journal } = desk([slow.promise]);
    queue.add(stdout, "one");
    queue.add(stderr, "two");
    assertEquals(journal, []);
    slow.resolve(ALL);
    await within(queue.shrinksTo(0), "everything written");
    assertEquals(journal, ["out one", "err two"]);
  });
  await t.step("in parts, where there is little room", async () => {
    const { queue, stdout, stderr, journal } = desk([2, Promise.resolve(1)]);
    queue.add(stdout, "hello");
    queue.add(stderr, "two");
    await within(queue.shrinksTo(0), "everything written");
    assertEquals(journal, ["out he", "out l", "out lo", "err two"]);
  });
  await t.step("a little later, where there is none", async () => {
    const { queue, stdout, stderr, journal } = desk([FULL_PIPE, 2, FULL_PIPE]);
    const began = performance.now();
    queue.add(stdout, "one");
    queue.add(stderr, "two");
    await within(queue.shrinksTo(0), "everything written");
    assertEquals(journal, ["out on", "out e", "err two"]);
    assertEquals(performance.now() - began >= 2 * RETRY - 2, true);
  });
  await t.step("characters of several bytes are not harmed", async () => {
    const written: string[] = [];
    const { queue } = desk();
    queue.add(byteOutput("", [1, 1, 1, 1, 1, 1], written), "é👍");
    await within(queue.shrinksTo(0), "everything written");
    const bytes = new Uint8Array(written.map(Number));
    assertEquals(new TextDecoder().decode(bytes), "é👍");
  });
  await t.step("nothing is nothing", () => {
    const { queue, stdout, journal } = desk();
    queue.add(stdout, "");
    assertEquals(journal, []);
  });
});

Deno.test("whoever waits waits no longer than needed", {
  permissions,
}, async (t) => {
  await t.step("not at all for an empty queue", async () => {
    await within(desk().queue.shrinksTo(0), "an empty queue");
  });
  await t.step("until enough has been written", async () => {
    const writes = [1, 2, 3].map(() => Promise.withResolvers<number>());
    const takings = writes.map(({ promise }) => promise);
    const { queue, stdout } = desk(takings);
    for (const text of ["12", "345", "é"]) queue.add(stdout, text);
    assertEquals(queue.size, 7);
    const reached: number[] = [];
    const waits = [0, 2, 5].map(async (size) => {
      await queue.shrinksTo(size);
      reached.push(size);
    });
    for (const [n, { resolve }] of writes.entries()) {
      resolve(ALL);
      await until(() => reached.length === n + 1, "one more");
    }
    await Promise.all(waits);
    assertEquals(reached, [5, 2, 0]);
  });
});

Deno.test("an output that fails is lost", { permissions }, async (t) => {
  await t.step("with all that waits for it, and the other is not", async () => {
    const slow = Promise.withResolvers<number>();
    const { queue, stdout, stderr, journal } = desk([slow.promise, NOBODY]);
    for (const text of ["1", "2", "3"]) {
      queue.add(stdout, text);
      queue.add(stderr, text);
    }
    slow.resolve(ALL);
    await within(queue.shrinksTo(0), "everything written or lost");
    queue.add(stdout, "4");
    queue.add(stderr, "4");
    assertEquals(queue.size, 0);
    const lost = "lost out nobody reads";
    assertEquals(journal, ["out 1", "err 1", lost, "err 2", "err 3", "err 4"]);
  });
  await t.step("also when it says so later", async () => {
    const failing = Promise.reject(new Error("disk full"));
    const { queue, stdout, stderr, journal } = desk([failing]);
    queue.add(stdout, "one");
    queue.add(stderr, "two");
    await within(queue.shrinksTo(0), "everything written or lost");
    assertEquals(journal, ["lost out disk full", "err two"]);
  });
  await t.step("and what is said about it is written", async () => {
    const journal: string[] = [];
    const stderr = new ScriptedOutput("err", journal);
    const stdout = new ScriptedOutput("out", journal, [NOBODY]);
    const queue = new OutputQueue({
      onLost: () => queue.add(stderr, "lost"),
      onStall: () => {},
    });
    queue.add(stdout, "one");
    await within(queue.shrinksTo(0), "everything written or lost");
    assertEquals(journal, ["err lost"]);
  });
});

Deno.test("a reader that stalls is noticed", { permissions }, async (t) => {
  await t.step("when somebody has waited for it", async () => {
    const slow = Promise.withResolvers<number>();
    const { queue, stderr, stdout, journal } = desk([], [slow.promise]);
    queue.add(stderr, "one");
    queue.add(stdout, "two");
    const began = performance.now();
    const waiting = queue.shrinksTo(0);
    await until(() => journal.length > 0, "a stall");
    assertEquals(performance.now() - began >= STALL - 2, true);
    assertEquals(journal, ["stalled err"]);
    slow.resolve(ALL);
    await within(waiting, "everything written");
    assertEquals(journal, ["stalled err", "err one", "out two"]);
  });
});

/** Takes a few bytes at a time, at once or later, and notes each of them down. */
function byteOutput(
  name: string,
  takings: number[],
  written: string[],
): Output {
  return {
    write(bytes) {
      const count = Math.min(takings.shift() ?? ALL, bytes.length);
      for (const byte of bytes.subarray(0, count)) written.push(name + byte);
      return count % 2 === 0 ? count : Promise.resolve(count);
    },
    isTerminal: () => false,
  };
}

Deno.test("nothing is lost, and all is in order", { permissions }, async () => {
  const takings = fc.array(fc.integer({ min: 1, max: 9 }));
  const texts = fc.array(fc.tuple(fc.boolean(), fc.string({ unit: "binary" })));
  await fc.assert(
    fc.asyncProperty(takings, takings, texts, async (out, err, all) => {
      const { queue } = desk();
      const written: string[] = [];
      const stdout = byteOutput("out", [...out], written);
      const stderr = byteOutput("err", [...err], written);
      const expected = all.flatMap(([isOut, text]) => {
        queue.add(isOut ? stdout : stderr, text);
        const bytes = [...new TextEncoder().encode(text)];
        return bytes.map((byte) => `${isOut ? "out" : "err"}${byte}`);
      });
      await queue.shrinksTo(0);
      assertEquals(written, expected);
      assertEquals(queue.size, 0);
    }),
  );
});
