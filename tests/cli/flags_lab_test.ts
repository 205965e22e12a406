/**
 * Mistakes in the options of the lab: values out of range, and faults that the
 * transport of a mode does not have.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Program } from "../../lib/cli/common_options.ts";
import { readFlags, UsageError } from "../../lib/cli/flags.ts";
import { MODE_NAMES, MODES } from "../../lib/rules.ts";

const permissions = "none";

type Mistake = [program: Program, args: string, message: string];

/** Each mistake, and all that is said about it; arguments are parted by `|`. */
const MISTAKES: Mistake[] = [
  [
    "server",
    "--trace|wireshark",
    "--trace wireshark is none of text, hex, json, mermaid, pcap. Did you mean mermaid?",
  ],
  [
    "client",
    "--view|65536",
    `--view 65536 is not a whole number from 0 to 65535.`,
  ],
  [
    "client",
    "--seed|4294967296",
    "--seed 4294967296 is not a whole number from 0 to 4294967295.",
  ],
  [
    "client",
    "--mode|chat|--slice|0",
    "--slice 0 is not a whole number from 1 to 65536.",
  ],
  [
    "client",
    "--mode|chat|--slice|65537",
    "--slice 65537 is not a whole number from 1 to 65536.",
  ],
  [
    "client",
    "--retries|1001",
    "--retries 1001 is not a whole number from 0 to 1000.",
  ],
  [
    "server",
    "--retries|1",
    "The server has no option --retries: it is the client's. See --help.",
  ],
  [
    "client",
    "--loss|30",
    "--loss 30 is not a number from 0 to 1 or a percentage up to 100% (as in 30%).",
  ],
  [
    "client",
    "--duplicate|101%",
    "--duplicate 101% is not a number from 0 to 1 or a percentage up to 100%.",
  ],
  ...["-1", "60001", "1s", "1e3"].map((value) =>
    [
      "server",
      `--delay|${value}`,
      `--delay ${value} is not a number of milliseconds from 0 to 60000.`,
    ] as Mistake
  ),
];

/** What has no effect over a transport, whatever its value. */
const FOREIGN_FAULTS = {
  udp: ["--slice"],
  tcp: ["--loss", "--duplicate", "--jitter", "--retries"],
};

Deno.test("faults that a transport does not have", {
  permissions,
}, async (t) => {
  const all = ["--loss", "--duplicate", "--delay", "--jitter", "--slice"];
  for (const mode of MODE_NAMES) {
    for (const option of [...all, "--retries"]) {
      const { transport } = MODES[mode];
      const isForeign = FOREIGN_FAULTS[transport].includes(option);
      await t.step(`${mode}: ${option} ${isForeign ? "no" : "yes"}`, () => {
        const read = () => readFlags("client", ["-m", mode, option, "1"]);
        if (!isForeign) return void read();
        const { message } = assertThrows(read, UsageError);
        const start =
          `${option} has no effect over ${transport.toUpperCase()}: `;
        assert(message.startsWith(start), message);
      });
    }
  }
});

/** How a server answers; between two programs, another one does. */
const ANSWERING = {
  sum: ["--name|S", "--number|5", "--framing|line"],
  sequence: ["--framing|line"],
  chat: ["--framing|line"],
};

Deno.test("a relay refuses what only a server that answers has", {
  permissions,
}, () => {
  for (const [mode, options] of Object.entries(ANSWERING)) {
    for (const option of options) {
      const given = option.split("|");
      const args = ["--mode", mode, ...given, "--upstream", "12001"];
      const { message } = assertThrows(
        () => readFlags("server", args),
        UsageError,
      );
      const start = `${given[0]} has no effect with --upstream: `;
      assert(message.startsWith(start), message);
    }
  }
  for (const option of ["--greeting", "--sessions|0"]) {
    const args = ["-m", "chat", "--upstream", "1", ...option.split("|")];
    readFlags("server", args);
  }
});

Deno.test("mistakes in the lab", { permissions }, async (t) => {
  for (const [program, args, message] of MISTAKES) {
    await t.step(`${program} ${args.replaceAll("|", " ")}`, () => {
      const reads = () => readFlags(program, args.split("|"));
      assertEquals(assertThrows(reads, UsageError).message, message);
    });
  }
});
