/**
 * The command line of both programs: what each option means, and what holds
 * without it.
 */
import { assertEquals } from "@std/assert";
import {
  type LabSettings,
  readFlags,
  type Settings,
} from "../../lib/cli/flags.ts";
import type { Program } from "../../lib/cli/common_options.ts";
import { MODE_NAMES, MODES } from "../../lib/rules.ts";
import { Template } from "../../lib/rules/sum_format.ts";
import { MODE_TESTS } from "../modes.ts";

const permissions = "none";

/** The settings for a command line that is right. */
function read(program: Program, args: string[]): Settings {
  const settings = readFlags(program, args);
  if (!("information" in settings)) return settings;
  throw new Error(`Only information: ${args}`);
}

/** Nobody watches the wire, and the network is as it is. */
const NO_LAB: LabSettings = {
  trace: undefined,
  view: undefined,
  faults: {
    loss: 0,
    loseFirst: 0,
    duplicate: 0,
    delay: 0,
    jitter: 0,
    seed: undefined,
  },
  toward: undefined,
  slice: undefined,
  retries: 0,
};

Deno.test("each mode has its defaults", { permissions }, async (t) => {
  for (const mode of MODE_NAMES) {
    const { port, server, client } = MODE_TESTS[mode];
    // Messages stand in place of the keyboard: the conversation has no such option.
    const { message: _, ...asked } = client;
    const options = { server, client: asked };
    for (const program of ["server", "client"] as const) {
      await t.step(`${program}, ${mode}`, () => {
        assertEquals(read(program, ["--mode", mode]), {
          modeName: mode,
          mode: MODES[mode],
          address: { hostname: "127.0.0.1", port },
          level: "debug",
          options: options[program],
          timeout: 5_000,
          check: undefined,
          isTimeoutGiven: false,
          lab: NO_LAB,
          upstream: undefined,
          output: undefined,
          messages: [],
        });
      });
    }
  }
  await t.step("permission is the default mode", () => {
    assertEquals(read("server", []), read("server", ["-m", "permission"]));
    assertEquals(read("client", []), read("client", ["-m", "permission"]));
  });
});

/**
 * What an option changes in the settings, by their names; of the mode's own
 * options those that are not as by default.
 */
type Changes = Partial<Record<keyof Settings, unknown>>;

/** How long a client waits that was told to. */
function waits(milliseconds: number): Changes {
  return { timeout: milliseconds, isTimeoutGiven: true };
}

function at(hostname: string, port: number): Changes {
  return { address: { hostname, port } };
}

/** The longest part that a name may have. */
const LONG = `${"a".repeat(63)}.org`;

/** What the faults are, but for the rest of them. */
function faults(changes: Partial<LabSettings["faults"]>): Changes {
  return { lab: { ...NO_LAB, faults: { ...NO_LAB.faults, ...changes } } };
}

function lab(changes: Partial<LabSettings>): Changes {
  return { lab: { ...NO_LAB, ...changes } };
}

const SUM: Changes = { modeName: "sum", mode: MODES.sum };

const OPTIONS: [program: Program, args: string, changes: Changes][] = [
  ["server", "--mode sum", SUM],
  ["server", "-m sum", SUM],
  ["server", "--mode=sum", SUM],
  ["server", "-m=sum", SUM],
  ["server", "--mode chat --mode sum", SUM],
  ["server", "--port 0", at("127.0.0.1", 0)],
  ["server", "-p 65535", at("127.0.0.1", 65535)],
  ["server", "--port=80", at("127.0.0.1", 80)],
  ["server", "-p=80", at("127.0.0.1", 80)],
  ["server", "-p80", at("127.0.0.1", 80)],
  ["server", "-- --port 80", at("127.0.0.1", 80)],
  ["server", "--port 80 --port 81", at("127.0.0.1", 81)],
  ["client", "-p 1", at("127.0.0.1", 1)],
  ["server", "--host ::1", at("::1", 12000)],
  ["server", "--host [::1]", at("::1", 12000)],
  ["client", "--host localhost", at("localhost", 12000)],
  ["client", "--host lab-3.example.org", at("lab-3.example.org", 12000)],
  ["client", "--host 0.0.0.0", at("0.0.0.0", 12000)],
  ["client", "--host example.org.", at("example.org.", 12000)],
  ["client", "--host my_host", at("my_host", 12000)],
  ["client", `--host ${LONG}`, at(LONG, 12000)],
  ["client", "--host fe80::1", at("fe80::1", 12000)],
  ["client", "--host ::", at("::", 12000)],
  ["server", "--log-level debug", { level: "debug" }],
  ["server", "--log-level info", { level: "info" }],
  ["server", "--log-level warning", { level: "warning" }],
  ["client", "--log-level error", { level: "error" }],
  ["client", "--log-level silent", { level: "silent" }],
  ["client", "--log-level SILENT", { level: "silent" }],
  ["server", "--max-clients 0", { options: { maxClients: 0 } }],
  ["server", "--max-clients 1000000", { options: { maxClients: 1_000_000 } }],
  ["server", "-m uppercase --sessions 2", { options: { sessions: 2 } }],
  ["server", "-m sequence --sessions 0", { options: { sessions: 0 } }],
  ["server", "-m chat --sessions 3", { options: { sessions: 3 } }],
  ["server", "-m sequence --greeting", { options: { greeting: true } }],
  ["server", "-m chat --greeting", { options: { greeting: true } }],
  ["server", "-m chat --greeting --greeting", { options: { greeting: true } }],
  ["server", "--greeting -m chat", { options: { greeting: true } }],
  ["client", "-m sequence --greeting", { options: { greeting: true } }],
  ["client", "-m chat --greeting", { options: { greeting: true } }],
  ["server", "-m sum --name Eve", { options: { name: "Eve" } }],
  ["server", "-m sum --number 1", { options: { number: 1 } }],
  ["server", "-m sum --number 100", { options: { number: 100 } }],
  ["client", "-m sum --number -5", { options: { number: -5 } }],
  ["client", "-m sum --number 101", { options: { number: 101 } }],
  ["client", "-m sum --name A", { options: { name: "A" } }],
  ["client", "-m sum --framing line", { options: { framing: "line" } }],
  [
    "client",
    "-m sum --format NAME,NUMBER",
    { options: { format: new Template("NAME,NUMBER") } },
  ],
  ["client", "-m chat --client X", { options: { client: "X" } }],
  [
    "client",
    "-m sequence --client y --name Bob",
    { options: { client: "Y", name: "Bob" } },
  ],
  ["client", "--client-port 0", { options: { clientPort: 0 } }],
  ["client", "--client-port 65535", { options: { clientPort: 65535 } }],
  ["client", "--timeout 2", waits(2_000)],
  ["client", "--timeout 0.5", waits(500)],
  ["client", "--timeout .001", waits(1)],
  ["client", "--timeout 5", waits(5_000)],
  ["client", "--timeout 86400", waits(86_400_000)],
  ["client", "-m sequence --framing line", { options: { framing: "line" } }],
  ["client", "-m sequence --framing auto", { options: { framing: "auto" } }],
  ["client", "-m chat --framing RAW", { options: { framing: "raw" } }],
  ["server", "--trace text", lab({ trace: "text" })],
  ["client", "--trace PCAP", lab({ trace: "pcap" })],
  ["server", "--view 0", lab({ view: 0 })],
  ["client", "--view 65535", lab({ view: 65_535 })],
  ["server", "--loss 30%", faults({ loss: 0.3 })],
  ["client", "--loss 0.3", faults({ loss: 0.3 })],
  ["client", "--loss 100%", faults({ loss: 1 })],
  ["server", "--duplicate .5", faults({ duplicate: 0.5 })],
  ["client", "--delay 50", faults({ delay: 50 })],
  ["client", "-m chat --delay 60000", faults({ delay: 60_000 })],
  ["client", "--delay 2.5ms --jitter 1", faults({ delay: 2.5, jitter: 1 })],
  ["server", "--seed 0", faults({ seed: 0 })],
  ["server", "--seed 4294967295", faults({ seed: 4_294_967_295 })],
  ["server", "-m chat --slice 1", lab({ slice: 1 })],
  ["client", "-m sum --slice 65536", lab({ slice: 65_536 })],
  ["client", "--retries 0", lab({ retries: 0 })],
  ["client", "--retries 1000", lab({ retries: 1_000 })],
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
  for (const [program, args, { options = {}, ...changes }] of OPTIONS) {
    await t.step(`${program} ${args}`, () => {
      const settings = read(program, args.split(" "));
      const asByDefault = read(program, ["--mode", settings.modeName]);
      assertEquals(settings, {
        ...asByDefault,
        ...changes,
        options: { ...asByDefault.options, ...options as object },
      });
    });
  }
  const uppercase = ["-m", "uppercase"];
  await t.step("a client that is greeted is told which side it is", () => {
    const args = "-m chat --greeting --name Bob --message hi".split(" ");
    const { options, messages } = read("client", args);
    assertEquals([options.client, options.name], [undefined, "Bob"]);
    assertEquals(messages, ["hi"]);
  });
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
    assertEquals(read("client", [...sum, "007"]).options.name, "007");
    assertEquals(read("client", [...sum, "--host"]).options.name, "--host");
  });
});
