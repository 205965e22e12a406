/**
 * Options: which texts each kind takes, both sides of each limit, what the rules
 * get where nothing is given, and how the client asks for one.
 */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MODE_NAMES, MODES } from "../../lib/rules.ts";
import { Failure } from "../../lib/rules/contract.ts";
import {
  type AnyOption,
  asked,
  askFor,
  defaultsOf,
  flag,
  framing,
  integer,
  MESSAGE,
  oneOf,
  port,
  propertyOf,
  text,
  texts,
} from "../../lib/rules/options.ts";
import { MODE_TESTS } from "../modes.ts";
import { FakeDialogue } from "./fake_dialogue.ts";

const permissions = "none";
const help = "";

/** What an option makes of texts; a RangeError in place of what it refuses. */
type Row = [
  option: AnyOption,
  values: Record<string, unknown>,
  refused: string[],
  problem: string,
];

const KINDS: Record<string, Row> = {
  "a whole number": [
    integer("n", { from: -2, to: 1_000, default: 4, help }),
    {
      "-2": -2,
      "-1": -1,
      "0": 0,
      "+7": 7,
      "007": 7,
      "999": 999,
      "1000": 1_000,
    },
    ["-3", "1001", "", " ", " 1", "1 ", "1.0", "1e1", "0x1", "1_0", "١", "1n"],
    "not a whole number from -2 to 1000",
  ],
  "the largest whole numbers": [
    integer("n", {
      from: Number.MIN_SAFE_INTEGER,
      to: Number.MAX_SAFE_INTEGER,
      default: undefined,
      help,
    }),
    {
      "9007199254740991": Number.MAX_SAFE_INTEGER,
      "-9007199254740991": Number.MIN_SAFE_INTEGER,
    },
    ["9007199254740992", "-9007199254740992", "9".repeat(400), "Infinity"],
    "not a whole number from -9007199254740991 to 9007199254740991",
  ],
  "a port": [
    port("p", { default: undefined, help }),
    { "0": 0, "1": 1, "65535": 65_535 },
    ["-1", "65536", "", "http", "80a"],
    "not a whole number from 0 to 65535",
  ],
  "a port that somebody else listens on": [
    port("p", { from: 1, default: undefined, help }),
    { "1": 1, "65535": 65_535 },
    ["0", "65536"],
    "not a whole number from 1 to 65535",
  ],
  "a text": [
    text("name", { default: undefined, help }),
    { a: "a", " a ": " a ", "-": "-", "0": "0", "\0": "\0" },
    ["", " ", "\t\n", "\u00a0"],
    "empty: give it at least one letter",
  ],
  "texts": [
    texts("message", { help }),
    { "": "", " ": " ", a: "a" },
    [],
    "",
  ],
  "one of some words": [
    oneOf("word", ["Debug", "info"], { default: undefined, help }),
    { Debug: "Debug", debug: "Debug", DEBUG: "Debug", INFO: "info" },
    ["", "inf", "infos", " info", "Debug|info", "constructor"],
    "none of Debug, info",
  ],
  "a flag": [flag("greeting", help), { "": true }, [], ""],
  "framing": [
    framing("raw"),
    { auto: "auto", LINE: "line", raw: "raw" },
    ["lines", ""],
    "none of auto, line, raw",
  ],
};

Deno.test("each kind of option", { permissions }, async (t) => {
  for (const [name, [option, values, refused, problem]] of entries(KINDS)) {
    for (const [text, value] of Object.entries(values)) {
      await t.step(`${name}: ${JSON.stringify(text)}`, () => {
        assertEquals(option.parse(text), value);
      });
    }
    for (const text of refused) {
      await t.step(`${name}: not ${JSON.stringify(text)}`, () => {
        const parse = () => option.parse(text);
        assertEquals(assertThrows(parse, RangeError).message, problem);
      });
    }
  }
});

function entries<V>(rows: Record<string, V>): [string, V][] {
  return Object.entries(rows);
}

const PLACEHOLDERS: [option: AnyOption, placeholder: string | undefined][] = [
  [integer("n", { from: 0, to: 1, default: 0, help }), "N"],
  [port("p", { default: undefined, help }), "PORT"],
  [text("name", { default: "", help }), "TEXT"],
  [text("name", { default: "", help, placeholder: "NAME" }), "NAME"],
  [texts("message", { help }), "TEXT"],
  [oneOf("side", ["X", "Y"], { default: "X", help }), "X|Y"],
  [framing("auto"), "auto|line|raw"],
  [flag("greeting", help), undefined],
];

Deno.test("what stands for the value in the help", { permissions }, () => {
  for (const [option, placeholder] of PLACEHOLDERS) {
    assertEquals(option.placeholder, placeholder, option.name);
  }
});

Deno.test("options without values", { permissions }, async (t) => {
  await t.step("the rules' names for them", () => {
    const names = { message: "message", "max-clients": "maxClients" };
    for (const [name, property] of Object.entries(names)) {
      assertEquals(propertyOf(flag(name, help)), property);
    }
    assertEquals(propertyOf(flag("a-b-c", help)), "aBC");
  });
  await t.step("every one is there, with its default", () => {
    const options = [
      integer("max-clients", { from: 0, to: 9, default: 4, help }),
      port("own-port", { default: undefined, help }),
      flag("greeting", help),
      MESSAGE,
    ];
    const values = defaultsOf(options);
    assertEquals(Object.entries(values), [
      ["maxClients", 4],
      ["ownPort", undefined],
      ["greeting", false],
      ["message", []],
    ]);
  });
  await t.step("none", () => assertEquals(defaultsOf([]), {}));
});

Deno.test("what the modes declare", { permissions }, async (t) => {
  for (const name of MODE_NAMES) {
    const { serverOptions, clientOptions } = MODES[name];
    await t.step(`${name} has its options`, () => {
      const { server, client } = MODE_TESTS[name];
      assertEquals(
        Object.entries(defaultsOf(serverOptions)),
        Object.entries(server),
      );
      assertEquals(
        Object.entries(defaultsOf(clientOptions)),
        Object.entries(client),
      );
    });
    for (const option of [...serverOptions, ...clientOptions]) {
      await t.step(`${name}: --${option.name} has words for its help`, () => {
        assertEquals(option.help.trim(), option.help);
        assertEquals(option.help === "", false);
      });
      await t.step(`${name}: --${option.name} takes its own default`, () => {
        const value = option.default;
        if (value === undefined || value === false || option.repeats) return;
        assertEquals(option.parse(String(value)), value);
      });
    }
  }
});

const NUMBER = asked(
  integer("number", { from: 1, to: 9, default: undefined, help }),
  {
    prompt: "A number: ",
    noun: "a number",
    complaint: (answer) => `Not a number: ${answer}`,
  },
);

Deno.test("asking for an option", { permissions }, async (t) => {
  await t.step("until the answer will do", async () => {
    const io = new FakeDialogue({ typed: ["0", "", "ten", " 9 ", "1"] });
    assertEquals(await askFor(io, NUMBER), 9);
    assertEquals(io.events, [
      "ask A number: ",
      "error [client]: Not a number: 0",
      "ask A number: ",
      "error [client]: Not a number: ",
      "ask A number: ",
      "error [client]: Not a number: ten",
      "ask A number: ",
    ]);
  });
  await t.step(
    "the answer comes as it was typed in the complaint",
    async () => {
      const io = new FakeDialogue({ typed: [" 1 0", "1"] });
      assertEquals(await askFor(io, NUMBER), 1);
      assertEquals(io.events[1], "error [client]: Not a number:  1 0");
    },
  );
  await t.step("the end of the input is a failure", async () => {
    const io = new FakeDialogue({ typed: ["0"] });
    const failure = await assertRejects(() => askFor(io, NUMBER), Failure);
    const expected =
      "The input ended before a number was given. Give it with --number.";
    assertEquals(failure.message, expected);
  });
  await t.step("a bug in the option is nobody's answer", async () => {
    const parse = () => {
      throw new TypeError("a bug");
    };
    const io = new FakeDialogue({ typed: ["1"] });
    const asks = () => askFor(io, { ...NUMBER, parse });
    await assertRejects(asks, TypeError, "a bug");
    assertEquals(io.events, ["ask A number: "]);
  });
});
