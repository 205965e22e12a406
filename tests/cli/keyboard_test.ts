/**
 * The keyboard where no line is edited: a pipe, or a terminal whose person
 * does not see the transcript.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { Keyboard } from "../../lib/cli/keyboard.ts";
import { MAX_LINE } from "../../lib/cli/piped_lines.ts";
import { Printer } from "../../lib/cli/terminal.ts";
import { Failure } from "../../lib/rules/contract.ts";
import { FakeInput } from "../support/fake_input.ts";
import { within } from "../support/harness.ts";
import { Collected } from "../support/in_process.ts";

const permissions = "none";

/** Standard error on a terminal. */
class Screen extends Collected {
  override isTerminal(): boolean {
    return true;
  }
}

/** A keyboard whose transcript goes to a file. */
function desk(isTerminal: boolean) {
  const input = new FakeInput(isTerminal);
  const stdout = new Collected();
  const stderr = new Screen();
  const printer = new Printer({ stdout, stderr });
  const never = () => {
    throw new Error("interrupted");
  };
  const keyboard = new Keyboard(printer, never, input);
  return { input, stdout, stderr, printer, keyboard };
}

Deno.test("lines of a pipe", { permissions }, async (t) => {
  await t.step("are asked for without a prompt", async () => {
    const { input, stdout, stderr, printer, keyboard } = desk(false);
    input.type("one\ntwo\nthree");
    input.end();
    assertEquals(keyboard.interactive, false);
    for (const line of ["one", "two", "three", undefined, undefined]) {
      assertEquals(await within(keyboard.ask("X: "), "a line"), line);
      if (line !== undefined) keyboard.echo("X: ", line);
    }
    printer.flush();
    assertEquals(stdout.lines, ["X: one", "X: two", "X: three"]);
    assertEquals(stderr.text, "");
    assertEquals(input.isRaw, false);
  });
  await t.step("are read no further than they are asked for", async () => {
    const { input, keyboard } = desk(false);
    const line = "x".repeat(999) + "\n";
    input.type(line.repeat(10_000));
    await within(keyboard.ask("X: "), "a line");
    assertEquals(input.count <= 64 * 1024, true);
  });
  await t.step("are not of any length", async () => {
    const { input, keyboard } = desk(false);
    input.type("x".repeat(2 * MAX_LINE));
    await assertRejects(() => keyboard.ask("X: "), Failure, "in lines");
  });
});

Deno.test("a person who does not see the transcript", {
  permissions,
}, async (t) => {
  await t.step(
    "sees the prompt, also after what is said meanwhile",
    async () => {
      const { input, stdout, stderr, printer, keyboard } = desk(true);
      assertEquals(keyboard.interactive, true);
      const answer = keyboard.ask("X: ");
      printer.print("a message");
      printer.log("info", "client", "text");
      printer.flush();
      assertEquals(stderr.text, "X: \n[INFO] [client]: text\nX: ");
      input.type("one\n");
      assertEquals(await within(answer, "a line"), "one");
      keyboard.echo("X: ", "one");
      printer.log("info", "client", "more");
      printer.flush();
      assertEquals(stdout.lines, ["a message", "X: one"]);
      assertEquals(
        stderr.text,
        "X: \n[INFO] [client]: text\nX: [INFO] [client]: more\n",
      );
      assertEquals(input.isRaw, false);
    },
  );
  await t.step("gets a line of their own at the end", async () => {
    const { input, stderr, keyboard } = desk(true);
    const answer = keyboard.ask("X: ");
    input.end();
    assertEquals(await within(answer, "the end"), undefined);
    assertEquals(stderr.text, "X: \n");
  });
});

Deno.test("a keyboard that is closed", { permissions }, async (t) => {
  for (const isTerminal of [false, true]) {
    const what = isTerminal ? "a terminal" : "a pipe";
    await t.step(`ends an open question, ${what}`, async () => {
      const { keyboard } = desk(isTerminal);
      const answer = keyboard.ask("X: ");
      keyboard.close();
      assertEquals(await within(answer, "the end"), undefined);
      assertEquals(await keyboard.ask("X: "), undefined);
      keyboard.close();
    });
  }
});
