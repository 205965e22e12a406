/**
 * What `--help` and `--version` print: all there is, once, as it is declared.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  optionsIn,
  optionsOf,
  type Program,
} from "../../lib/cli/common_options.ts";
import {
  type Information,
  readFlags,
  type Settings,
} from "../../lib/cli/flags.ts";
import { help, title } from "../../lib/cli/help.ts";
import { MODE_NAMES, type ModeName, MODES } from "../../lib/rules.ts";
import type { AnyOption } from "../../lib/rules/options.ts";
import { MODE_TESTS } from "../modes.ts";
import { optionName } from "../support/modes.ts";

const permissions = "none";
const PROGRAMS = ["server", "client"] as const;

/** What a command line prints that asks for information. */
function informationFor(program: Program, args: string[]): string {
  return (readFlags(program, args) as Information).information;
}

/** The help with each row on one line. */
function unwrapped(program: Program): string {
  return help(program).replace(/\n {28}/g, " ");
}

/** The indented lines that follow a heading, up to the next empty line. */
function rowsUnder(program: Program, heading: string): string[] {
  const [, section] = unwrapped(program).split(`\n${heading}:\n`);
  if (section === undefined) return [];
  return section.split("\n\n")[0]!.split("\n");
}

type Heading =
  | "Options"
  | "To see the wire"
  | "To make the network worse"
  | "To stand between two programs"
  | "To check a program";

const COMMON = ["mode", "host", "port", "log-level", "help", "version"];
const SIGHT = ["trace", "output", "view"];
const CHECK = ["check", "report"];
const FAULTS = [
  ...["loss", "lose-first", "duplicate", "delay", "jitter", "slice", "seed"],
];

/** The options of the modes, as the tests know them. */
function ownOptions(program: Program): string[] {
  const names = MODE_NAMES.flatMap((mode) =>
    Object.keys(MODE_TESTS[mode][program]).map(optionName)
  );
  return [...new Set(names)];
}

/** All that is to be found. */
const OPTIONS: Record<Program, Record<Heading, string[]>> = {
  server: {
    "Options": [...COMMON, ...ownOptions("server")],
    "To see the wire": SIGHT,
    "To make the network worse": FAULTS,
    "To stand between two programs": ["upstream", "toward"],
    "To check a program": [...CHECK, "format"],
  },
  client: {
    "Options": [...COMMON, "timeout", ...ownOptions("client")],
    "To see the wire": SIGHT,
    "To make the network worse": [...FAULTS, "retries"],
    "To stand between two programs": [],
    "To check a program": CHECK,
  },
};

/** The rows of all options of a program. */
function optionRows(program: Program): string[] {
  const headings = Object.keys(OPTIONS[program]);
  return headings.flatMap((heading) => rowsUnder(program, heading));
}

/** A row of an option, taken apart. */
function parts(row: string) {
  const form = /^ {2}(?:-(.), )?--([a-z-]+)(?: (\S+))? {2,}(\S.*)$/;
  const [, short, name, placeholder, text = ""] = form.exec(row) ?? [];
  assert(name !== undefined, row);
  const [, explanation, modes] = /^(.*?)(?: \(([a-z, ]+)\))?$/.exec(text)!;
  return { short, name, placeholder, explanation, modes: modes?.split(", ") };
}

/** Whether a row is what a mode's declaration of an option comes to. */
function isRowOf(option: AnyOption, mode: ModeName, row: string): boolean {
  const { name, placeholder, explanation, modes } = parts(row);
  const value = option.default;
  const hasDefault = value !== undefined && typeof value !== "boolean" &&
    !option.repeats;
  const expected = hasDefault ? `${option.help} [${value}]` : option.help;
  return name === option.name && placeholder === option.placeholder &&
    explanation === expected && (modes?.includes(mode) ?? true);
}

Deno.test("--help fits 80 columns", { permissions }, () => {
  for (const program of PROGRAMS) {
    const wide = help(program).split("\n").filter(({ length }) => length > 80);
    assertEquals(wide, []);
  }
});

Deno.test("--help mentions everything", { permissions }, async (t) => {
  for (const program of PROGRAMS) {
    const rows = optionRows(program);
    for (const [heading, names] of Object.entries(OPTIONS[program])) {
      await t.step(`${program}: ${heading}, and nothing of the other's`, () => {
        // An option that has another meaning in another mode has two rows.
        const found = rowsUnder(program, heading).map((row) => parts(row).name);
        assertEquals([...new Set(found)].sort(), names.toSorted());
      });
    }
    await t.step(`${program}: no row twice`, () => {
      assertEquals(rows.length, new Set(rows).size);
    });
    for (const mode of MODE_NAMES) {
      for (const option of optionsIn(program, mode)) {
        await t.step(`${program}, ${mode}: --${option.name} in one row`, () => {
          const found = rows.filter((row) => isRowOf(option, mode, row));
          assertEquals(found.length, 1, rows.join("\n"));
        });
      }
    }
    await t.step(`${program}: each row names the modes that have it`, () => {
      for (const row of rows) {
        const { name, modes = MODE_NAMES } = parts(row);
        for (const mode of MODE_NAMES) {
          const hasIt = optionsIn(program, mode).some((option) =>
            isRowOf(option, mode, row)
          );
          assertEquals(modes.includes(mode), hasIt, `${name} in ${mode}`);
        }
      }
    });
    await t.step(`${program}: short forms`, () => {
      const short = rows.map(parts).filter(({ short }) => short !== undefined);
      assertEquals(short.map(({ short, name }) => [short, name]), [
        ["m", "mode"],
        ["p", "port"],
        ["h", "help"],
        ["V", "version"],
      ]);
    });
    await t.step(`${program}: the columns stand below each other`, () => {
      const all = [...rowsUnder(program, "Modes"), ...rows];
      const columns = all.map((row) => /^ {2}\S.*? {2,}/.exec(row)![0].length);
      assertEquals(new Set(columns).size, 1, all.join("\n"));
    });
  }
});

Deno.test("--help lists the modes", { permissions }, async (t) => {
  for (const program of PROGRAMS) {
    const rows = rowsUnder(program, "Modes");
    assertEquals(rows.length, MODE_NAMES.length);
    for (const [i, name] of MODE_NAMES.entries()) {
      await t.step(`${program}: ${name}`, () => {
        const [found, ...text] = rows[i]!.trim().split(/ {2,}/);
        assertEquals(found, name);
        const { transport, port } = MODE_TESTS[name];
        const place = `(${transport}, port ${port})`;
        assertEquals(text, [`${MODES[name].summary} ${place}`]);
      });
    }
  }
});

Deno.test("--help says how to run it", { permissions }, async (t) => {
  for (const program of PROGRAMS) {
    const text = help(program);
    const run = `deno run --allow-net=127.0.0.1 ${program}.ts`;
    await t.step(`${program}: usage`, () => {
      assertStringIncludes(text, `\nUsage:   ${run} [--mode MODE] [options]\n`);
      assert(text.startsWith(`${title(program)}: `));
    });
    await t.step(`${program}: an example that is right`, () => {
      const [, args] = text.split(`\nExample: ${run} `);
      const settings = readFlags(program, args!.split("\n")[0]!.split(" "));
      assertEquals((settings as Settings).modeName, "chat");
    });
  }
  const status = "Exit status: 0 success; 1 failure; 2 wrong command line";
  await t.step("exit status", () => {
    assertEquals(help("server").split("\n").at(-1), `${status}.`);
    assertEquals(help("client").split("\n").at(-1), `${status}; 130 Ctrl-C.`);
  });
});

Deno.test(
  "information comes before everything else",
  { permissions },
  async (t) => {
    const rows = ["-h", "-h --port x", "--mode x --help", "-h -V", "-hV"];
    for (const args of rows) {
      await t.step(`server ${args}`, () => {
        const information = informationFor("server", args.split(" "));
        assertEquals(information, help("server"));
      });
    }
    for (const program of PROGRAMS) {
      for (const args of [["--version"], ["-V"], ["-V", "--port", "x"]]) {
        await t.step(`${program} ${args.join(" ")}`, () => {
          const version = informationFor(program, args);
          assertEquals(version, title(program));
          assert(/^Socket Lab (server|client) \d+\.\d+\.\d+$/.test(version));
        });
      }
    }
  },
);

Deno.test("every option is declared under one name", { permissions }, () => {
  for (const program of PROGRAMS) {
    for (const { name } of optionsOf(program)) {
      assert(/^[a-z]+(-[a-z]+)*$/.test(name), name);
    }
    for (const mode of MODE_NAMES) {
      const names = optionsIn(program, mode).map(({ name }) => name);
      assertEquals(new Set(names).size, names.length, names.join(" "));
    }
  }
});
