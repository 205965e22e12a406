/**
 * Lines typed on a terminal: asked for one by one, whatever is typed or pasted
 * when; Ctrl-C is seen at once, and no message is lost.
 */
import { assert, assertEquals } from "@std/assert";
import { InputReader } from "../../lib/cli/input.ts";
import { MAX_TYPED } from "../../lib/cli/line_editor.ts";
import { Printer } from "../../lib/cli/terminal.ts";
import { MAX_AHEAD, TypedLines } from "../../lib/cli/typed_lines.ts";
import { delay } from "../../lib/net/time.ts";
import { FakeInput } from "../support/fake_input.ts";
import { until, within } from "../support/harness.ts";
import { pretendToBe } from "../support/machine.ts";
import { Screen } from "../support/screen.ts";

const permissions = "none";

const CTRL_C = "\x03";
const CTRL_D = "\x04";
const LEFT = "\x1b[D";

/** A person at a terminal: what is typed, and what the screen shows. */
class Desk implements AsyncDisposable {
  readonly input = new FakeInput();
  readonly screen = new Screen(80);
  readonly printer: Printer;
  readonly lines: TypedLines;
  interrupts = 0;

  constructor() {
    const terminal = {
      write: (bytes: Uint8Array) => {
        this.screen.write(new TextDecoder().decode(bytes));
        return bytes.length;
      },
      isTerminal: () => true,
    };
    this.printer = new Printer({ stdout: terminal, stderr: terminal });
    this.lines = new TypedLines({
      input: this.input,
      reader: new InputReader(this.input, this.printer),
      printer: this.printer,
      onInterrupt: () => this.interrupts++,
      columns: () => this.screen.columns,
    });
  }

  ask(): Promise<string | undefined> {
    return within(this.lines.ask("X: "), "a line");
  }

  /** Waits until the screen shows these lines, and no others. */
  async shows(...lines: string[]): Promise<void> {
    const shown = () => this.screen.lines;
    try {
      await until(() => `${shown()}` === `${lines}`, "lines", 5_000);
    } catch {
      assertEquals(shown(), lines);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.lines.close();
    this.input.end();
    await this.printer.flush();
    await delay(0); // whoever handles keys may be waiting for the same
  }
}

Deno.test("each question gets a line", { permissions }, async (t) => {
  await t.step("typed key by key", async () => {
    await using desk = new Desk();
    const answer = desk.ask();
    desk.input.type(..."hi!", "\x7f", "\r");
    assertEquals(await answer, "hi");
    await desk.shows("X: hi");
    assert(desk.input.isRaw);
  });
  await t.step("whose characters come in pieces", async () => {
    await using desk = new Desk();
    const answer = desk.ask();
    const bytes = new TextEncoder().encode("é李👍\r");
    desk.input.type(...Array.from(bytes, (byte) => new Uint8Array([byte])));
    assertEquals(await answer, "é李👍");
    await desk.shows("X: é李👍");
  });
  await t.step("typed before it was asked for", async () => {
    await using desk = new Desk();
    desk.input.type("one\rtwo\rthr");
    assertEquals(await desk.ask(), "one");
    assertEquals(await desk.ask(), "two");
    const answer = desk.ask();
    await desk.shows("X: one", "X: two", "X: thr");
    desk.input.type("ee\r");
    assertEquals(await answer, "three");
  });
  await t.step("and nothing is shown where nothing is asked", async () => {
    await using desk = new Desk();
    const answer = desk.ask();
    desk.input.type("one\rtwo");
    assertEquals(await answer, "one");
    desk.printer.print("a message");
    await desk.shows("X: one", "a message");
    const next = desk.ask();
    await desk.shows("X: one", "a message", "X: two");
    desk.input.type("\r");
    assertEquals(await next, "two");
  });
  await t.step("of a paste of many", async () => {
    await using desk = new Desk();
    const lines = Array.from({ length: 300 }, (_, n) => `line ${n}`);
    for (const end of ["\r", "\n", "\r\n"]) {
      desk.input.type(lines.map((line) => line + end).join(""));
      for (const line of lines) assertEquals(await desk.ask(), line);
    }
  });
});

Deno.test("a message that comes while a line is typed", {
  permissions,
}, async (t) => {
  for (const length of [0, 10, 76, 77, 78, 200]) {
    await t.step(`of ${length} characters`, async () => {
      await using desk = new Desk();
      const answer = desk.ask();
      const text = "x".repeat(length);
      desk.input.type(text, LEFT, LEFT, LEFT);
      desk.printer.print("first");
      await desk.shows("first", `X: ${text}`.trimEnd());
      desk.printer.log("info", "client", "second");
      const messages = ["first", "[INFO] [client]: second"];
      await desk.shows(...messages, `X: ${text}`.trimEnd());
      desk.input.type("\r");
      assertEquals(await answer, text);
    });
  }
});

const NOT_SENT = `[WARNING] [client]: The line had more than ${MAX_TYPED} ` +
  "characters and was not sent. Send it in parts, or from a file instead of " +
  "the keyboard.";

Deno.test("a line that is too long", { permissions }, async (t) => {
  for (const length of [8_000, 60_000]) {
    await t.step(`of ${length} characters`, async () => {
      await using desk = new Desk();
      const answer = desk.ask();
      // As a terminal passes a paste on: in pieces of 4095 bytes at most.
      const paste = new TextEncoder().encode("é李👍".repeat(length / 4));
      for (let at = 0; at < paste.length; at += 4_095) {
        desk.input.type(paste.subarray(at, at + 4_095));
      }
      desk.input.type("\r");
      await until(() => desk.screen.lines.includes(NOT_SENT), "a refusal");
      desk.input.type("short\r");
      assertEquals(await answer, "short");
      await desk.shows(...desk.screen.lines.slice(0, -1), "X: short");
    });
  }
  await t.step("one that is just not is sent", async () => {
    await using desk = new Desk();
    const text = "x".repeat(MAX_TYPED);
    desk.input.type(text + "\r");
    assertEquals(await desk.ask(), text);
  });
});

Deno.test("what is typed far ahead is lost, and that is said", {
  permissions,
}, async () => {
  await using desk = new Desk();
  const line = "x".repeat(1_023) + "\r";
  for (let size = 0; size <= MAX_AHEAD + 10_000; size += line.length) {
    desk.input.type(line);
  }
  const isSaid = () =>
    /\d+ characters were typed ahead/.test(desk.screen.lines.join());
  await until(isSaid, "a warning");
  assertEquals(desk.screen.lines.length, 1);
  for (let size = 0; size < MAX_AHEAD; size += line.length) {
    assertEquals(await desk.ask(), line.slice(0, -1));
  }
  const answer = desk.ask();
  desk.input.type("next\r");
  assertEquals(await answer, "next");
});

/** A line that is no warning. */
function isShort(line: string): boolean {
  return !line.startsWith("[WARNING]");
}

Deno.test("Ctrl-C is seen", { permissions }, async (t) => {
  const rows: [name: string, before: string[]][] = [
    ["in an empty line", []],
    ["in a line", ["half a li"]],
    ["after a long paste", ["x".repeat(60_000)]],
    // Readline takes some 20 seconds to handle them.
    ["while keys are handled", ["x".repeat(MAX_TYPED), LEFT.repeat(4_000)]],
  ];
  for (const [name, before] of rows) {
    await t.step(name, async () => {
      await using desk = new Desk();
      const answer = desk.ask();
      desk.printer.print("a message");
      desk.input.type(...before);
      await until(() => desk.input.count >= before.join("").length, "reading");
      const began = performance.now();
      desk.input.type(CTRL_C);
      assertEquals(await answer, undefined);
      assert(performance.now() - began < 1_000);
      assertEquals(desk.interrupts, 1);
      await desk.printer.flush();
      assertEquals(desk.screen.lines.filter(isShort), ["a message"]);
      desk.input.type(CTRL_C);
      await until(() => desk.interrupts === 2, "a second Ctrl-C");
      assertEquals(await desk.ask(), undefined);
    });
  }
  await t.step("where nothing is asked, and after what was typed", async () => {
    await using desk = new Desk();
    desk.input.type("one\rtwo\r" + CTRL_C + "three\r");
    await until(() => desk.interrupts === 1, "Ctrl-C");
    assertEquals(await desk.ask(), undefined);
  });
});

Deno.test("the end of the input", { permissions }, async (t) => {
  const rows: [name: string, end: (input: FakeInput) => void][] = [
    ["is typed", (input) => input.type(CTRL_D)],
    ["comes", (input) => input.end()],
    ["is an error", (input) => input.type(new Error("Input/output error"))],
  ];
  for (const [name, end] of rows) {
    await t.step(name, async () => {
      await using desk = new Desk();
      const answer = desk.ask();
      desk.printer.print("a message");
      await desk.shows("a message", "X:");
      end(desk.input);
      assertEquals(await answer, undefined);
      assertEquals(await desk.ask(), undefined);
      await desk.printer.flush();
      assertEquals(desk.screen.lines.filter(isShort), ["a message"]);
      assertEquals(desk.interrupts, 0);
    });
  }
  await t.step("Ctrl-C is still seen after it", async () => {
    await using desk = new Desk();
    const answer = desk.ask();
    desk.input.type(CTRL_D);
    assertEquals(await answer, undefined);
    desk.input.type(CTRL_C);
    await until(() => desk.interrupts === 1, "Ctrl-C");
  });
});

Deno.test({
  name: "a window that changes its width is drawn anew at once",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using desk = new Desk();
    const answer = desk.ask();
    const text = "x".repeat(100);
    desk.input.type(text);
    desk.printer.print("a message");
    await desk.shows("a message", `X: ${text}`);
    for (const columns of [120, 40, 103, 52, 51, 20]) {
      desk.screen.resize(columns);
      const { row } = desk.screen.cursor;
      Deno.kill(Deno.pid, "SIGWINCH");
      await desk.shows("a message", `X: ${text}`);
      assert(desk.screen.cursor.row >= row);
    }
    desk.printer.print("another");
    await desk.shows("a message", "another", `X: ${text}`);
    desk.input.type("\r");
    assertEquals(await answer, text);
  },
});

Deno.test({
  name: "SIGCONT, after a shell had the terminal, makes it raw again",
  ignore: Deno.build.os === "windows", // which has no such signal
  fn: async () => {
    await using desk = new Desk();
    const line = desk.ask();
    desk.input.type("hel");
    await desk.shows("X: hel");
    desk.input.setRaw(false);
    Deno.kill(Deno.pid, "SIGCONT");
    await until(() => desk.input.isRaw, "a raw terminal");
    desk.input.type("lo\r");
    assertEquals(await line, "hello");
  },
});

Deno.test("Ctrl-C is a signal on Linux and macOS, and a key on Windows", async (t) => {
  for (const os of ["linux", "darwin", "windows"] as const) {
    await t.step(os, async () => {
      using _ = pretendToBe(os);
      await using desk = new Desk();
      const answer = desk.ask();
      assertEquals(desk.input.hasSignals, os !== "windows");
      desk.input.type(CTRL_C);
      await until(() => desk.interrupts === 1, "Ctrl-C");
      desk.input.type(CTRL_D);
      await answer;
    });
  }
});
