/**
 * The command line of both programs: what each option means, what holds
 * without it, and what `--help` and `--version` say.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  type Information,
  readFlags,
  type Settings,
} from "../../lib/cli/flags.ts";
import type { Program } from "../../lib/cli/options.ts";
import { MODES } from "../../lib/rules.ts";

const permissions = "none";

/** The settings for a command line that is right. */
function read(program: Program, args: string[]): Settings {
  const settings = readFlags(program, args);
  if (!("information" in settings)) return settings;
  throw new Error(`Only information: ${args}`);
}

/** What a command line prints that asks for information. */
function informationFor(program: Program, args: string[]): string {
  const { information } = readFlags(program, args) as Information;
  return information;
}

const DEFAULTS: [mode: string, port: number, framing: string][] = [
  ["permission", 12000, "line"],
  ["uppercase", 12000, "line"],
  ["sequence", 12000, "raw"],
  ["chat", 12000, "line"],
  ["sum", 8000, "raw"],
];

Deno.test("each mode has its defaults", { permissions }, async (t) => {
  assertEquals([...MODES.keys()], DEFAULTS.map(([mode]) => mode));
  for (const [mode, port, framing] of DEFAULTS) {
    for (const program of ["server", "client"] as const) {
      await t.step(`${program}, ${mode}`, () => {
        assertEquals(read(program, ["--mode", mode]), {
          mode: MODES.get(mode)!,
          address: { hostname: "127.0.0.1", port },
          level: "debug",
          server: {},
          client: { timeout: 5_000 },
          timeoutGiven: false,
          framing: framing as "line" | "raw",
        });
      });
    }
  }
  await t.step("permission is the default mode", () => {
    assertEquals(read("server", []).mode.name, "permission");
    assertEquals(read("client", []).mode.name, "permission");
  });
});

/** What an option changes in the settings, by their names. */
type Changes = Partial<Record<keyof Settings, unknown>>;

const OPTIONS: [program: Program, args: string, changes: Changes][] = [
  ["server", "--mode sum", { mode: MODES.get("sum") }],
  ["server", "-m sum", { mode: MODES.get("sum") }],
  ["server", "--mode=sum", { mode: MODES.get("sum") }],
  ["server", "--mode chat --mode sum", { mode: MODES.get("sum") }],
  ["server", "--port 0", { address: { hostname: "127.0.0.1", port: 0 } }],
  ["server", "-p 65535", { address: { hostname: "127.0.0.1", port: 65535 } }],
  ["server", "--port=80", { address: { hostname: "127.0.0.1", port: 80 } }],
  ["client", "-p 1", { address: { hostname: "127.0.0.1", port: 1 } }],
  ["server", "--host ::1", { address: { hostname: "::1", port: 12000 } }],
  ["server", "--host [::1]", { address: { hostname: "::1", port: 12000 } }],
  [
    "client",
    "--host localhost",
    { address: { hostname: "localhost", port: 12000 } },
  ],
  ["server", "--log-level debug", { level: "debug" }],
  ["server", "--log-level info", { level: "info" }],
  ["server", "--log-level warning", { level: "warning" }],
  ["client", "--log-level error", { level: "error" }],
  ["client", "--log-level silent", { level: "silent" }],
  ["client", "--log-level SILENT", { level: "silent" }],
  ["server", "--max-clients 0", { server: { maxClients: 0 } }],
  ["server", "--max-clients 9", { server: { maxClients: 9 } }],
  ["server", "-m uppercase --sessions 2", { server: { sessions: 2 } }],
  ["server", "-m sequence --sessions 0", { server: { sessions: 0 } }],
  ["server", "-m chat --sessions 3", { server: { sessions: 3 } }],
  ["server", "-m sum --name Eve", { server: { name: "Eve" } }],
  ["server", "-m sum --number 1", { server: { number: 1 } }],
  ["server", "-m sum --number 100", { server: { number: 100 } }],
  ["client", "-m sum --number -5", { client: { number: -5, timeout: 5000 } }],
  ["client", "-m sum --number 101", { client: { number: 101, timeout: 5000 } }],
  ["client", "-m sum --name A", { client: { name: "A", timeout: 5000 } }],
  ["client", "-m chat --client X", { client: { client: "X", timeout: 5000 } }],
  [
    "client",
    "-m sequence --client y --name Bob",
    { client: { client: "Y", name: "Bob", timeout: 5000 } },
  ],
  ["client", "--client-port 0", { client: { clientPort: 0, timeout: 5000 } }],
  [
    "client",
    "--client-port 65535",
    { client: { clientPort: 65535, timeout: 5000 } },
  ],
  ["client", "--timeout 2", { client: { timeout: 2000 }, timeoutGiven: true }],
  ["client", "--timeout 0.5", { client: { timeout: 500 }, timeoutGiven: true }],
  ["client", "--timeout 5", { client: { timeout: 5000 }, timeoutGiven: true }],
  [
    "client",
    "--timeout 86400",
    { client: { timeout: 86_400_000 }, timeoutGiven: true },
  ],
  ["client", "-m sequence --framing line", { framing: "line" }],
  ["client", "-m chat --framing raw", { framing: "raw" }],
  ["client", "-m uppercase --message hi", { messages: ["hi"] }],
  ["client", "-m uppercase --message --port", { messages: ["--port"] }],
  ["client", "-m uppercase --message=a=b", { messages: ["a=b"] }],
  [
    "client",
    "-m uppercase --message b --message a",
    { messages: ["b", "a"] },
  ],
];

Deno.test("each option is read", { permissions }, async (t) => {
  for (const [program, args, changes] of OPTIONS) {
    await t.step(`${program} ${args}`, () => {
      const settings = read(program, args.split(" "));
      for (const [name, value] of Object.entries(changes)) {
        assertEquals(settings[name as keyof Settings], value);
      }
    });
  }
  const uppercase = ["-m", "uppercase"];
  await t.step("an empty message is a message", () => {
    const args = [...uppercase, "--message", ""];
    assertEquals(read("client", args).messages, [""]);
    assertEquals(read("client", [...uppercase, "--message="]).messages, [""]);
  });
  await t.step("a message may hold anything", () => {
    const messages = ["a b", "a\nb", "-", "--", "--help", "=", " ", "007"];
    const args = messages.flatMap((message) => ["--message", message]);
    assertEquals(read("client", [...uppercase, ...args]).messages, messages);
  });
  await t.step("a name may be a number, or begin with a hyphen", () => {
    const sum = ["-m", "sum", "--name"];
    assertEquals(read("client", [...sum, "007"]).client.name, "007");
    assertEquals(read("client", [...sum, "--host"]).client.name, "--host");
  });
});

Deno.test("--help mentions everything", { permissions }, async (t) => {
  const both = ["mode", "host", "port", "name", "log-level"];
  const options: Record<Program, string[]> = {
    server: [...both, "max-clients", "sessions", "number"],
    client: [
      ...both,
      "client-port",
      "client",
      "message",
      "number",
      "framing",
      "timeout",
    ],
  };
  for (const program of ["server", "client"] as const) {
    const text = informationFor(program, ["--help"]);
    for (const name of [...options[program], "help", "version"]) {
      await t.step(`${program} --${name}`, () => {
        assertMatch(text, new RegExp(`^  (-., )?--${name} .*\\w`, "m"));
      });
    }
    for (const { name, summary, port } of MODES.values()) {
      await t.step(`${program}, mode ${name}`, () => {
        assertMatch(text, new RegExp(`^  ${name} +${summary} .*${port}`, "m"));
      });
    }
    await t.step(`${program}: nothing of the other's`, () => {
      const found = [...text.matchAll(/^ {2}(?:-., )?--([a-z-]+)/gm)];
      const expected = [...options[program], "help", "version"];
      assertEquals(found.map((match) => match[1]).sort(), expected.sort());
    });
    await t.step(`${program}: how to run it, short forms, exit status`, () => {
      assertStringIncludes(
        text,
        `deno run --allow-net=127.0.0.1 ${program}.ts [--mode MODE]`,
      );
      for (const short of ["-m, ", "-p, ", "-h, ", "-V, "]) {
        assertStringIncludes(text, short);
      }
      assertStringIncludes(text, "Exit status: 0 ");
    });
  }
});

Deno.test(
  "information comes before everything else",
  { permissions },
  async (t) => {
    const help = informationFor("server", ["--help"]);
    for (
      const args of ["-h", "-h --port x", "--mode x --help", "-h -V", "-hV"]
    ) {
      await t.step(`server ${args}`, () => {
        assertEquals(informationFor("server", args.split(" ")), help);
      });
    }
    for (const program of ["server", "client"] as const) {
      for (const args of [["--version"], ["-V"]]) {
        await t.step(`${program} ${args}`, () => {
          const version = informationFor(program, args);
          assertMatch(
            version,
            new RegExp(`^Socket Lab ${program} \\d+\\.\\d+\\.\\d+$`),
          );
        });
      }
    }
  },
);
