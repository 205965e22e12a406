/**
 * The line that is being edited: whatever is typed or pasted, and however wide
 * the screen is, nothing but the line itself is erased, and it is shown whole.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { cut, LineEditor, MAX_TYPED } from "../../lib/cli/line_editor.ts";
import { Screen } from "../support/screen.ts";

const permissions = "none";

const LEFT = "\x1b[D";
const RIGHT = "\x1b[C";
const HOME = "\x1b[H";
const END = "\x1b[F";
const UP = "\x1b[A";
const DELETE = "\x1b[3~";
const BACKSPACE = "\x7f";
const CTRL_D = "\x04";
const CTRL_U = "\x15";

/** An editor on a screen, with a message above its line. */
class Desk {
  readonly screen: Screen;
  readonly events: string[] = [];
  readonly editor: LineEditor;
  readonly messages: string[] = [];

  constructor(columns = 20, prompt = "X: ") {
    this.screen = new Screen(columns);
    const note = (event: string) => () => this.events.push(event);
    this.editor = new LineEditor({
      columns: () => this.screen.columns,
      onLine: (line) => this.events.push(line),
      onEnd: note("<end>"),
      onFull: note("<full>"),
      onTooLong: note("<too long>"),
    });
    this.editor.prompt = prompt;
    this.#print("first");
    this.screen.write(this.editor.redraw());
  }

  press(...keys: string[]): this {
    for (const key of keys) this.screen.write(this.editor.press(key));
    return this;
  }

  /** Prints a line above the one that is being typed. */
  print(line: string): this {
    this.screen.write(this.editor.erase());
    this.#print(line);
    this.screen.write(this.editor.redraw());
    return this;
  }

  #print(line: string): void {
    this.messages.push(line);
    this.screen.write(`${line}\n`);
  }

  /** The messages and then the line, nothing more and nothing less. */
  assertShows(line: string): void {
    const lines = [...this.messages, `X: ${line}`.trimEnd()];
    assertEquals(this.screen.lines, lines);
  }
}

/** What was typed, and the line that comes of it when it is ended. */
const TYPED: [name: string, keys: string[], line: string][] = [
  ["nothing", [], ""],
  ["letters", ["h", "i"], "hi"],
  ["a paste", ["x".repeat(500)], "x".repeat(500)],
  [
    "a paste in the middle",
    ["ab", LEFT, "-".repeat(50)],
    `a${"-".repeat(50)}b`,
  ],
  ["the line's beginning", ["b", HOME, "a", END, "c"], "abc"],
  ["corrections", ["abx", BACKSPACE, LEFT, DELETE, "c"], "ac"],
  ["a line taken back", ["nothing", CTRL_U, "all"], "all"],
  ["letters of all scripts", ["é€李жא👍🏽"], "é€李жא👍🏽"],
  ["a wide character taken back", ["李👍", BACKSPACE], "李"],
  ["a tab is a character", ["a\tb".slice(0, 1), "\t", "b"], "a\tb"],
  ["half a key, and the other half", ["ab", "\x1b", "[D", "c"], "acb"],
  ["the marks of a paste", ["\x1b[200~", "a", "\x1b[201~"], "a"],
  [
    "keys without a meaning here",
    ["a", "\x1b[?1;2c", "\x1bOP", "\x07", "b"],
    "ab",
  ],
  ["Ctrl-Z and Ctrl-C", ["a", "\x1a", "\x03", "b"], "ab"],
  ["what readline takes for line ends", ["a\u2028b\u2029c\x85d"], "a b c d"],
];

Deno.test("typing makes a line", { permissions }, async (t) => {
  for (const [name, keys, line] of TYPED) {
    for (const end of ["\r", "\n"]) {
      await t.step(`${name}, ${JSON.stringify(end)}`, () => {
        const desk = new Desk().press(...keys);
        assertEquals(desk.events, []);
        desk.press(end);
        assertEquals(desk.events, [line]);
        desk.editor.close();
      });
    }
  }
  await t.step("and the one before comes back", () => {
    const desk = new Desk().press("one", "\r", "two", "\r", UP, UP, "!", "\r");
    assertEquals(desk.events, ["one", "two", "one!"]);
    desk.editor.close();
  });
  await t.step("Ctrl-D ends the input, but not in a line", () => {
    const desk = new Desk().press("ab", LEFT, CTRL_D, "\r");
    assertEquals(desk.events, ["a"]);
    desk.press(CTRL_D);
    assertEquals(desk.events, ["a", "<end>"]);
  });
});

Deno.test("a line that is too long is not sent", { permissions }, async (t) => {
  const full = "x".repeat(MAX_TYPED);
  const rows: [name: string, keys: string[], events: string[]][] = [
    ["as long as it may be", [full, "\r"], [full]],
    ["one too many", [full + "x", "\r"], ["<full>", "<too long>"]],
    ["one by one", [full, "x", "y", "\r"], ["<full>", "<too long>"]],
    [
      "and the next may be",
      [full + "x", "\r", "short", "\r"],
      ["<full>", "<too long>", "short"],
    ],
    [
      "unless it is begun again",
      [full + "x", CTRL_U, "short", "\r"],
      ["<full>", "short"],
    ],
    [
      "also in the middle of another",
      ["ab", LEFT, full, "\r"],
      ["<full>", "<too long>"],
    ],
  ];
  for (const [name, keys, events] of rows) {
    await t.step(name, () => {
      const desk = new Desk(80).press(...keys);
      assertEquals(desk.events, events);
      desk.editor.close();
    });
  }
  await t.step("and the screen shows a new prompt", () => {
    const desk = new Desk(80).press(full + "x", "\r", "new");
    assertEquals(desk.screen.lines.at(-1), "X: new");
    desk.editor.close();
  });
});

Deno.test("cut() leaves characters whole", { permissions }, () => {
  assertEquals(cut("abc", 3), "abc");
  assertEquals(cut("abc", 2), "ab");
  assertEquals(cut("a👍", 3), "a👍");
  assertEquals(cut("a👍", 2), "a");
  assertEquals(cut("abc", 0), "");
});

Deno.test("a paste takes no longer than it has to", { permissions }, () => {
  // By the character, readline takes a second for each thousand of them. The
  // fastest of three counts: something else may have had the processor.
  const times = [1, 2, 3].map(() => {
    const desk = new Desk(80);
    const began = performance.now();
    desk.press("x".repeat(MAX_TYPED)).print("a message");
    const taken = performance.now() - began;
    desk.editor.close();
    return taken;
  });
  assert(Math.min(...times) < MAX_TYPED / 4);
});

type Step = ["press" | "print", string] | ["resize", number];

/** What may happen to a line that has such characters. */
function steps(characters: string[], ...more: fc.Arbitrary<Step>[]) {
  const unit = fc.constantFrom(...characters);
  const text = fc.string({ unit, maxLength: 70 });
  const key = fc.constantFrom(LEFT, RIGHT, HOME, END, BACKSPACE, DELETE);
  const message = fc.constantFrom("hi", "m".repeat(33));
  const step = fc.oneof(
    fc.oneof(text, key).map((keys): Step => ["press", keys]),
    message.map((line): Step => ["print", line]),
    ...more,
  );
  return fc.array(step, { maxLength: 12 });
}

const NARROW = ["a", " ", "é", "\t"];
const WIDE = [...NARROW, "李", "👍"];
const RESIZE = fc.integer({ min: 9, max: 40 })
  .map((columns): Step => ["resize", columns]);

/** What a line of text is after a key. */
function edit(line: [string[], string[]], key: string): void {
  const [before, after] = line;
  if (key === LEFT) after.unshift(...before.splice(-1));
  else if (key === RIGHT) before.push(...after.splice(0, 1));
  else if (key === HOME) after.unshift(...before.splice(0));
  else if (key === END) before.push(...after.splice(0));
  else if (key === BACKSPACE) before.pop();
  else if (key === DELETE) after.shift();
  else before.push(...key);
}

function checkScreen(all: Step[]): void {
  const desk = new Desk();
  const line: [string[], string[]] = [[], []];
  for (const [what, value] of all) {
    if (what === "resize") {
      desk.screen.resize(value);
    } else if (what === "print") {
      desk.print(value);
    } else if (value !== "") {
      const keys = value.split(/(\t)/).filter((key) => key !== "");
      desk.press(...keys);
      edit(line, value);
    }
  }
  const [before, after] = line.map((part) =>
    part.join("").replaceAll("\t", " ")
  );
  desk.print("last").assertShows(before! + after!);
  // And the cursor is where the next character goes.
  desk.press("#").assertShows(`${before}#${after}`);
  desk.editor.close();
}

Deno.test("the screen always shows all of it", { permissions }, async (t) => {
  const check = (arbitrary: fc.Arbitrary<Step[]>) =>
    fc.assert(fc.property(arbitrary, checkScreen), { numRuns: 300 });
  await t.step("whatever is typed", () => check(steps(WIDE)));
  // A wide character that comes to stand astride the edge may leave a trace.
  await t.step("and resized", () => check(steps(NARROW, RESIZE)));
});
