/**
 * Printing: what a peer sent cannot act on a screen, and the printer keeps
 * order, gathers, does not wait for its readers, and says what it has lost.
 */
import { assert, assertEquals } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { MAX_TURNS } from "../../lib/cli/gathering.ts";
import { MAX_WAITING, type Output, STALL } from "../../lib/cli/output.ts";
import {
  LOG_LEVELS,
  Printer,
  type PrinterOptions,
  WRITE_DELAY,
  WRITE_SIZE,
} from "../../lib/cli/terminal.ts";
import { until, within } from "../support/harness.ts";

const permissions = "none";

/** Where lines go; what is written is noted down together with the place. */
class FakeOutput implements Output {
  /** What the next writes do before the others simply write. */
  readonly next: (() => void | Promise<void>)[] = [];

  constructor(
    readonly name: string,
    readonly journal: [name: string, text: string][],
    readonly terminal: boolean,
  ) {}

  write(bytes: Uint8Array): number | Promise<number> {
    const waiting = this.next.shift()?.();
    return waiting?.then(() => this.#take(bytes)) ?? this.#take(bytes);
  }

  #take(bytes: Uint8Array): number {
    this.journal.push([this.name, new TextDecoder().decode(bytes)]);
    return bytes.length;
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

function brokenPipe(): never {
  throw new Deno.errors.BrokenPipe("nobody reads");
}

function diskFull(): never {
  throw new Error("No space left on device (os error 28)");
}

/** A write that goes on until it is resolved. */
function stalling() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { stall: () => promise, resolve };
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
  await t.step("of what is written as it is", async () => {
    const { printer, journal } = fakePrinter();
    printer.log("info", "server", "one");
    printer.write("stderr", "two\x1b\n");
    printer.write("stdout", new Uint8Array([0x33, 0x0a]));
    printer.print("four\x1b");
    printer.write("stdout", "five");
    printer.write("stdout", "");
    await within(printer.flush(), "a write");
    assertEquals(journal, [
      ["err", "[INFO] [server]: one\ntwo\x1b\n"],
      ["out", "3\n"],
      ["out", "four\\x1b\nfive"],
    ]);
  });
  await t.step("where the transcript is beside the log", () => {
    const { printer, journal } = fakePrinter({ transcript: "stderr" });
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      printer.print(`${turn}`);
      printer.log("info", "server", `${turn}`);
    }
    printer.write("stdout", "a trace");
    printer.flush();
    const turns = Array.from({ length: MAX_TURNS }, (_, turn) => turn);
    const lines = turns.map((turn) => `${turn}\n[INFO] [server]: ${turn}\n`);
    assertEquals(journal, [["err", lines.join("")], ["out", "a trace"]]);
  });
  await t.step("and everything is safe to print", () => {
    const { printer, journal } = fakePrinter();
    printer.print("a\x1b[2J\nb");
    printer.log("error", "client", "a\r\u2028b");
    printer.flush();
    assertEquals(journal, [
      ["out", "a\\x1b[2J\\nb\n"],
      ["err", "[ERROR] [client]: a\\r\\u2028b\n"],
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

Deno.test("the printer goes on while it writes", { permissions }, async (t) => {
  await t.step("and what it prints meanwhile comes after", async () => {
    const { printer, stdout, journal } = fakePrinter();
    const { stall, resolve } = stalling();
    stdout.next.push(stall);
    printer.print("one");
    const written = printer.flush();
    printer.log("info", "server", "two");
    printer.print("three");
    assertEquals(journal, []);
    resolve();
    await within(Promise.all([written, printer.flush()]), "a write");
    assertEquals(journal, [
      ["out", "one\n"],
      ["err", "[INFO] [server]: two\n"],
      ["out", "three\n"],
    ]);
  });
  await t.step(
    "until it is full, and then it says when there is room",
    async () => {
      const { printer, stdout } = fakePrinter();
      const { stall, resolve } = stalling();
      stdout.next.push(stall);
      let lines = 0;
      for (; !printer.isFull; lines++) printer.print("x".repeat(999));
      assert(lines * 1000 >= MAX_WAITING, `${lines} lines`);
      assert(lines * 1000 < MAX_WAITING + 2 * WRITE_SIZE, `${lines} lines`);
      const room = printer.room();
      resolve();
      await within(room, "room");
      assertEquals(printer.isFull, false);
      await printer.flush();
    },
  );
  await t.step("and there is room where nothing waits", async () => {
    const { printer } = fakePrinter();
    assertEquals(printer.isFull, false);
    await within(printer.room(), "room");
  });
});

/** Waits until whoever has waited before has noticed a stall. */
function stalled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, STALL));
}

const STALLED = "[WARNING] [output]: Standard output is not being read, and " +
  "the program waits for it. Read on, or press Ctrl-C twice to end at once " +
  "and lose what is left.\n";

Deno.test("a reader that stalls", { permissions }, async (t) => {
  await t.step("is told so, once", async () => {
    const { printer, stdout, journal } = fakePrinter();
    for (let times = 0; times < 2; times++) {
      const { stall, resolve } = stalling();
      stdout.next.push(stall);
      printer.print("one");
      const written = printer.flush();
      if (times === 0) await until(() => journal.length > 0, "a line about it");
      else await stalled();
      resolve();
      await within(written, "a write");
    }
    assertEquals(journal, [["err", STALLED], ["out", "one\n"], [
      "out",
      "one\n",
    ]]);
  });
  await t.step("is not, where there is no way to", async () => {
    const { printer, stderr, journal } = fakePrinter();
    const { stall, resolve } = stalling();
    stderr.next.push(stall);
    printer.log("info", "server", "one");
    const written = printer.flush();
    await stalled();
    resolve();
    await within(written, "a write");
    assertEquals(journal, [["err", "[INFO] [server]: one\n"]]);
  });
});

const GONE = "nobody reads standard output any more: ending";

const NO_SPACE = "[ERROR] [output]: Cannot write to standard output: " +
  "No space left on device (os error 28). Make room there, or send the " +
  "output somewhere else.\n";

Deno.test("an output that fails", { permissions }, async (t) => {
  await t.step("a reader that has gone is no failure; the log says it", () => {
    const onLost = spy(() => {});
    const { printer, stdout, journal } = fakePrinter({ onLost });
    stdout.next.push(brokenPipe, brokenPipe);
    for (const line of ["one", "two", "three"]) {
      printer.print(line);
      printer.flush();
    }
    printer.log("info", "server", "four");
    printer.flush();
    assertSpyCalls(onLost, 1);
    assertEquals(printer.failed, false);
    assertEquals(journal, [
      ["err", `[INFO] [output]: ${GONE}\n`],
      ["err", "[INFO] [server]: four\n"],
    ]);
  });
  await t.step("not where it is the log's; the transcript goes on", () => {
    const onLost = spy(() => {});
    const { printer, stderr, journal } = fakePrinter({ onLost });
    stderr.next.push(brokenPipe);
    printer.log("info", "server", "one");
    printer.log("info", "server", "two");
    printer.print("three");
    printer.log("info", "server", "four");
    printer.flush();
    assertSpyCalls(onLost, 0);
    assertEquals(printer.failed, false);
    assertEquals(journal, [["out", "three\n"]]);
  });
  await t.step("a transcript on standard error is missed", () => {
    const onLost = spy(() => {});
    const options = { onLost, transcript: "stderr" } as const;
    const { printer, stderr, journal } = fakePrinter(options);
    stderr.next.push(brokenPipe);
    printer.print("one");
    printer.write("stdout", "two");
    printer.flush();
    assertSpyCalls(onLost, 1);
    assertEquals(journal, [["out", "two"]]);
  });
  await t.step("a full disk is said, and remembered", async () => {
    const onLost = spy(() => {});
    const { printer, stdout, journal } = fakePrinter({ onLost });
    stdout.next.push(diskFull);
    printer.print("one");
    await within(printer.flush(), "a write");
    assertEquals(journal, [["err", NO_SPACE]]);
    assertSpyCalls(onLost, 1);
    assertEquals(printer.failed, true);
  });
  await t.step("a full disk under the log is remembered", async () => {
    const onLost = spy(() => {});
    const { printer, stderr, journal } = fakePrinter({ onLost });
    stderr.next.push(diskFull);
    printer.log("info", "server", "one");
    printer.print("two");
    await within(printer.flush(), "a write");
    assertEquals(journal, [["out", "two\n"]]);
    assertSpyCalls(onLost, 0);
    assertEquals(printer.failed, true);
  });
  await t.step("a full disk under both ends no wait", async () => {
    const { printer, stdout, stderr, journal } = fakePrinter();
    stdout.next.push(diskFull);
    stderr.next.push(diskFull);
    printer.print("one");
    await within(printer.flush(), "a write");
    assertEquals(journal, []);
    assertEquals(printer.failed, true);
  });
});

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

Deno.test("colour is for whoever wants it", { permissions }, async (t) => {
  const label = (options: PrinterOptions) => {
    const { printer, journal } = fakePrinter(options);
    printer.print("plain");
    printer.log("error", "server", "text");
    printer.flush();
    assertEquals(journal[0], ["out", "plain\n"]);
    return journal[1]![1];
  };
  await t.step("unless NO_COLOR is set", () => {
    const red = Deno.noColor ? "[ERROR]" : "\x1b[31m[ERROR]\x1b[39m";
    assertEquals(label({ isColored: true }), `${red} [server]: text\n`);
  });
  await t.step("and nobody wants it by default", () => {
    assertEquals(label({}), "[ERROR] [server]: text\n");
  });
});

/** A line being typed, as two marks in what is written. */
const TYPED = { erase: () => "<erase>", redraw: () => "<redraw>" };

Deno.test("a line being typed", { permissions }, async (t) => {
  await t.step("makes way for each write, and comes back", () => {
    const { printer, journal } = fakePrinter({}, true);
    printer.beginTyping(TYPED);
    printer.print("one");
    printer.print("two");
    printer.log("info", "client", "three");
    printer.flush();
    assertEquals(journal, [
      ["out", "<redraw>"],
      ["out", "<erase>one\ntwo\n<redraw>"],
      ["err", "<erase>[INFO] [client]: three\n<redraw>"],
    ]);
  });
  await t.step("comes after what was printed before it", () => {
    const { printer, journal } = fakePrinter();
    printer.print("one");
    printer.beginTyping(TYPED);
    assertEquals(journal, [["out", "one\n"], ["out", "<redraw>"]]);
  });
  await t.step("is not seen by a log that goes to a file", () => {
    const { printer, journal } = fakePrinter({}, false);
    printer.beginTyping(TYPED);
    printer.log("info", "client", "one");
    printer.flush();
    assertEquals(journal.slice(1), [["err", "[INFO] [client]: one\n"]]);
  });
  await t.step("stays where it is, once it has been typed", () => {
    const { printer, journal } = fakePrinter();
    printer.beginTyping(TYPED);
    printer.draw("!");
    printer.endTyping();
    printer.print("one");
    printer.flush();
    assertEquals(journal.slice(1), [["out", "!"], ["out", "one\n"]]);
  });
  await t.step("or goes for good", () => {
    const { printer, journal } = fakePrinter();
    printer.beginTyping(TYPED);
    printer.endTyping(true);
    printer.endTyping(true);
    printer.print("one");
    printer.flush();
    assertEquals(journal.slice(1), [["out", "<erase>"], ["out", "one\n"]]);
  });
  await t.step("is drawn on standard error, where only that is seen", () => {
    const journal: [name: string, text: string][] = [];
    const stdout = new FakeOutput("out", journal, false);
    const stderr = new FakeOutput("err", journal, true);
    const printer = new Printer({ stdout, stderr });
    assertEquals(printer.isOnScreen, false);
    printer.beginTyping(TYPED);
    printer.print("one");
    printer.flush();
    assertEquals(journal, [["err", "<redraw>"], ["out", "one\n"]]);
  });
});
