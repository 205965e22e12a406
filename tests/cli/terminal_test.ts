/**
 * Printing: what a peer sent cannot do anything to a screen, and the printer
 * keeps order, gathers, waits for a slow reader and gives up on none.
 */
import { assert, assertEquals } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import {
  LOG_LEVELS,
  MAX_TURNS,
  type Output,
  Printer,
  type PrinterOptions,
  WRITE_DELAY,
  WRITE_SIZE,
} from "../../lib/cli/terminal.ts";
import { until } from "../support/harness.ts";

const permissions = "none";

/** Where lines go; what is written is noted down together with the place. */
class FakeOutput implements Output {
  /** What the next writes do before the others simply write. */
  readonly next: (() => number | void)[] = [];

  constructor(
    readonly name: string,
    readonly journal: [name: string, text: string][],
    readonly terminal: boolean,
  ) {}

  writeSync(bytes: Uint8Array): number {
    const count = this.next.shift()?.() ?? bytes.length;
    const text = new TextDecoder().decode(bytes.subarray(0, count));
    this.journal.push([this.name, text]);
    return count;
  }

  isTerminal(): boolean {
    return this.terminal;
  }
}

/** A printer, and all that it writes; its log may be shown on a terminal. */
function fakePrinter(options: PrinterOptions = {}, logOnScreen = false) {
  const journal: [name: string, text: string][] = [];
  const stdout = new FakeOutput("out", journal, true);
  const stderr = new FakeOutput("err", journal, logOnScreen);
  const printer = new Printer({ stdout, stderr, ...options });
  return { printer, stdout, stderr, journal };
}

function wouldBlock(): never {
  throw new Deno.errors.WouldBlock("the pipe is full");
}

function brokenPipe(): never {
  throw new Deno.errors.BrokenPipe("nobody reads");
}

Deno.test("the printer keeps order", { permissions }, async (t) => {
  await t.step("between the transcript and the log", () => {
    const { printer, journal } = fakePrinter();
    printer.print("one");
    printer.print("two");
    printer.log("info", "server", "three");
    printer.log("warning", "server", "four");
    printer.print("five");
    printer.flush();
    assertEquals(journal, [
      ["out", "one\ntwo\n"],
      ["err", "[INFO] [server]: three\n[WARNING] [server]: four\n"],
      ["out", "five\n"],
    ]);
  });
  await t.step("up to MAX_TURNS from one to the other and back", () => {
    const { printer, journal } = fakePrinter();
    for (let turn = 0; turn < MAX_TURNS; turn += 2) {
      printer.print(`${turn}`);
      printer.log("info", "server", `${turn + 1}`);
    }
    printer.flush();
    const lines = Array.from(
      { length: MAX_TURNS },
      (_, turn) =>
        turn % 2 === 0
          ? ["out", `${turn}\n`] as const
          : ["err", `[INFO] [server]: ${turn}\n`] as const,
    );
    assertEquals(journal, lines);
  });
  await t.step("and beyond them within each of the two", () => {
    const { printer, journal } = fakePrinter();
    const numbers = Array.from({ length: MAX_TURNS }, (_, number) => number);
    for (const number of numbers) {
      printer.print(`${number}`);
      printer.log("info", "server", `${number}`);
    }
    printer.flush();
    assertEquals(journal, [
      ["out", numbers.map((each) => `${each}\n`).join("")],
      ["err", numbers.map((each) => `[INFO] [server]: ${each}\n`).join("")],
    ]);
  });
  await t.step("and everything is safe to print", () => {
    const { printer, journal } = fakePrinter();
    printer.print("a\x1b[2J\nb");
    printer.log("error", "client", "a\r\u2028b");
    printer.flush();
    assertEquals(journal, [
      ["out", "a\\x1b[2J\\x0ab\n"],
      ["err", "[ERROR] [client]: a\\x0d\\u2028b\n"],
    ]);
  });
});

Deno.test("the printer gathers", { permissions }, async (t) => {
  await t.step("until it is flushed, once", () => {
    const { printer, journal } = fakePrinter();
    printer.print("one");
    printer.print("two");
    assertEquals(journal, []);
    printer.flush();
    printer.flush();
    assertEquals(journal, [["out", "one\ntwo\n"]]);
  });
  await t.step("until a moment has passed", async () => {
    const { printer, journal } = fakePrinter();
    const start = performance.now();
    printer.print("one");
    await until(() => journal.length > 0, "a write");
    assert(performance.now() - start >= WRITE_DELAY - 2);
    printer.print("two");
    await until(() => journal.length > 1, "a second write");
    assertEquals(journal, [["out", "one\n"], ["out", "two\n"]]);
  });
  await t.step("until a write is full", () => {
    const { printer, journal } = fakePrinter();
    printer.print("a".repeat(WRITE_SIZE - 3));
    assertEquals(journal, []);
    printer.print("");
    assertEquals(journal, []);
    printer.print("");
    assertEquals(journal, [["out", "a".repeat(WRITE_SIZE - 3) + "\n\n\n"]]);
  });
  await t.step("nothing, where there is nothing", () => {
    const { printer, journal } = fakePrinter();
    printer.flush();
    assertEquals(journal, []);
  });
});

Deno.test("the printer waits for a slow reader", { permissions }, async (t) => {
  await t.step("that takes nothing for a while", () => {
    const { printer, stdout, journal } = fakePrinter();
    stdout.next.push(wouldBlock, wouldBlock, wouldBlock);
    printer.print("one");
    printer.flush();
    assertEquals(journal, [["out", "one\n"]]);
  });
  await t.step("that takes a part, and then nothing for a while", () => {
    const { printer, stdout, journal } = fakePrinter();
    stdout.next.push(() => 2, wouldBlock, () => 1);
    printer.print("hello");
    printer.flush();
    assertEquals(journal, [["out", "he"], ["out", "l"], ["out", "lo\n"]]);
  });
  await t.step("of the log as well", () => {
    const { printer, stderr, journal } = fakePrinter();
    stderr.next.push(wouldBlock);
    printer.log("info", "server", "one");
    printer.flush();
    assertEquals(journal, [["err", "[INFO] [server]: one\n"]]);
  });
});

Deno.test(
  "the printer notices that a reader has gone",
  { permissions },
  async (t) => {
    await t.step("and says so once; the log goes on", () => {
      const onReaderGone = spy(() => {});
      const { printer, stdout, journal } = fakePrinter({ onReaderGone });
      stdout.next.push(brokenPipe, brokenPipe);
      for (const line of ["one", "two", "three"]) {
        printer.print(line);
        printer.flush();
      }
      printer.log("info", "server", "four");
      printer.flush();
      assertSpyCalls(onReaderGone, 1);
      assertEquals(journal, [["err", "[INFO] [server]: four\n"]]);
    });
    await t.step("in the middle of a write", () => {
      const onReaderGone = spy(() => {});
      const { printer, stdout, journal } = fakePrinter({ onReaderGone });
      stdout.next.push(() => 1, brokenPipe);
      printer.print("one");
      printer.flush();
      assertSpyCalls(onReaderGone, 1);
      assertEquals(journal, [["out", "o"]]);
    });
    await t.step("not where it is the log's; the transcript goes on", () => {
      const onReaderGone = spy(() => {});
      const { printer, stderr, journal } = fakePrinter({ onReaderGone });
      stderr.next.push(brokenPipe);
      printer.log("info", "server", "one");
      printer.log("info", "server", "two");
      printer.print("three");
      printer.log("info", "server", "four");
      printer.flush();
      assertSpyCalls(onReaderGone, 0);
      assertEquals(journal, [["out", "three\n"]]);
    });
  },
);

Deno.test("log levels", { permissions }, async (t) => {
  const shown: Record<typeof LOG_LEVELS[number], string[]> = {
    debug: ["DEBUG", "INFO", "WARNING", "ERROR"],
    info: ["INFO", "WARNING", "ERROR"],
    warning: ["WARNING", "ERROR"],
    error: ["ERROR"],
    silent: [],
  };
  for (const level of LOG_LEVELS) {
    await t.step(level, () => {
      const { printer, journal } = fakePrinter({ level });
      printer.print("the transcript is no log");
      for (const each of ["debug", "info", "warning", "error"] as const) {
        printer.log(each, "server", "text");
      }
      printer.flush();
      const lines = shown[level].map((label) => `[${label}] [server]: text\n`);
      assertEquals(journal, [
        ["out", "the transcript is no log\n"],
        ...lines.length > 0 ? [["err", lines.join("")]] : [],
      ]);
    });
  }
});

Deno.test("colour is for terminals", { permissions }, async (t) => {
  const label = (logOnScreen: boolean) => {
    const { printer, journal } = fakePrinter({}, logOnScreen);
    printer.print("plain");
    printer.log("error", "server", "text");
    printer.flush();
    assertEquals(journal[0], ["out", "plain\n"]);
    return journal[1]![1];
  };
  await t.step("unless the user wants none", () => {
    const red = Deno.noColor ? "[ERROR]" : "\x1b[31m[ERROR]\x1b[39m";
    assertEquals(label(true), `${red} [server]: text\n`);
  });
  await t.step("not for files", () => {
    assertEquals(label(false), "[ERROR] [server]: text\n");
  });
});

/** A line being typed, as two marks in what is written. */
function typing(journal: [string, string][]) {
  return { hide: () => "<hide>", show: () => journal.push(["show", ""]) };
}

Deno.test(
  "a line being typed survives printing",
  { permissions },
  async (t) => {
    await t.step("it makes way for each write, and comes back", () => {
      const { printer, journal } = fakePrinter({}, true);
      printer.typing = typing(journal);
      printer.print("one");
      printer.print("two");
      printer.log("info", "client", "three");
      printer.flush();
      const [out, show, err, again] = journal;
      assertEquals([out, show], [["out", "<hide>one\ntwo\n"], ["show", ""]]);
      assertEquals([err?.[0], err?.[1].slice(0, 6)], ["err", "<hide>"]);
      assertEquals([again, journal.length], [["show", ""], 4]);
    });
    await t.step("a log that goes to a file does not get to see it", () => {
      const { printer, journal } = fakePrinter({}, false);
      printer.typing = typing(journal);
      printer.log("info", "client", "one");
      printer.flush();
      assertEquals(journal, [["err", "[INFO] [client]: one\n"]]);
    });
    await t.step("it goes for good where the typing is over", () => {
      const { printer, journal } = fakePrinter();
      printer.typing = typing(journal);
      printer.stopTyping();
      printer.stopTyping();
      printer.print("one");
      printer.flush();
      assertEquals(journal, [["out", "<hide>"], ["out", "one\n"]]);
    });
  },
);
