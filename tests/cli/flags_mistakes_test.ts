/**
 * Mistakes on the command line: each is told in one line that names the value
 * and says what to write instead.
 */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readFlags, UsageError } from "../../lib/cli/flags.ts";
import type { Program } from "../../lib/cli/common_options.ts";
import { MODE_NAMES, type ModeName } from "../../lib/rules.ts";
import { MODE_TESTS } from "../modes.ts";

const permissions = "none";

const MODE_LIST = MODE_NAMES.join(", ");

/** The modes that have an option, as the tests know them. */
function modesWith(program: Program, option: string): string {
  const has = (mode: ModeName) => option in MODE_TESTS[mode][program];
  return MODE_NAMES.filter(has).join(", ");
}

const PORTS = "is not a whole number from 0 to 65535.";

/** What is no name of DNS, no IPv4 address and no IPv6 address. */
const IMPOSSIBLE_HOSTS = [
  "not a host",
  "999.999.999.999",
  "1.2.3.256",
  "1.2.3.4.5",
  "a..b",
  "..",
  ".",
  ".a",
  "a..",
  "a".repeat(64),
  "[::1",
  "::1]",
  "[]",
  ":",
  ":::",
  "::g",
  "1:2:3:4:5:6:7:8:9",
  "fe80::1%eth0",
  "http://localhost",
  "localhost/",
  "user@localhost",
  "a%2e",
  "münchen.de",
  "127.0.0.1 ",
  "localhost:",
  "localhost:http",
];

const NO_VALUE = "takes no value: write it alone. See --help.";

const UNKNOWN = (option: string, nearest: string) =>
  `Unknown option ${option}. Did you mean ${nearest}? See --help.`;

type Mistake = [program: Program, args: string, message: string];

/** Each mistake, and all that is said about it; arguments are parted by `|`. */
const MISTAKES: Mistake[] = [
  [
    "server",
    "--mode|chatt",
    `Unknown mode chatt. Did you mean chat? The modes are ${MODE_LIST}.`,
  ],
  [
    "client",
    "--mode|Sum",
    `Unknown mode Sum. Did you mean sum? The modes are ${MODE_LIST}.`,
  ],
  [
    "server",
    "--prot|80",
    "Unknown option --prot. Did you mean --port? See --help.",
  ],
  [
    "server",
    "--prot=80",
    "Unknown option --prot. Did you mean --port? See --help.",
  ],
  [
    "client",
    "--massage|hi",
    "Unknown option --massage. Did you mean --message? See --help.",
  ],
  [
    "client",
    "--halp",
    "Unknown option --halp. Did you mean --help? See --help.",
  ],
  ["server", "-x", "Unknown option -x. Did you mean --mode? See --help."],
  [
    "server",
    "chat",
    "Unexpected argument chat: every value follows its option. See --help.",
  ],
  [
    "server",
    "xp|80",
    "Unexpected argument xp: every value follows its option. See --help.",
  ],
  [
    "client",
    "--mode|uppercase|--message||hi",
    "Unexpected argument hi: every value follows its option. See --help.",
  ],
  [
    "server",
    "--port|80|90",
    "Unexpected argument 90: every value follows its option. See --help.",
  ],
  [
    "server",
    "--client-port|1234",
    "The server has no option --client-port: it is the client's. See --help.",
  ],
  [
    "server",
    "--timeout=5",
    "The server has no option --timeout: it is the client's. See --help.",
  ],
  [
    "client",
    "--max-clients|4",
    "The client has no option --max-clients: it is the server's. See --help.",
  ],
  [
    "server",
    "--mode|sum|--sessions|2",
    `Mode sum has no option --sessions. Leave it out, or choose a mode that has it: ${
      modesWith("server", "sessions")
    }.`,
  ],
  [
    "server",
    "--number|5",
    "Mode permission has no option --number. Leave it out, or choose a mode that has it: sum.",
  ],
  [
    "client",
    "--mode|sequence|--message|hi",
    `Mode sequence has no option --message. Leave it out, or choose a mode that has it: ${
      modesWith("client", "message")
    }.`,
  ],
  [
    "client",
    "--mode|uppercase|--framing|raw",
    `Mode uppercase has no option --framing. Leave it out, or choose a mode that has it: ${
      modesWith("client", "framing")
    }.`,
  ],
  [
    "client",
    "--mode|uppercase|--name|A",
    `Mode uppercase has no option --name. Leave it out, or choose a mode that has it: ${
      modesWith("client", "name")
    }.`,
  ],
  [
    "client",
    "--message|hi",
    "With --message nothing is asked: give --client-port PORT as well.",
  ],
  [
    "client",
    "--mode|chat|--message|hi|--name|A",
    "With --message nothing is asked: give --client X|Y as well.",
  ],
  [
    "client",
    "--mode|chat|--message|hi|--client|X",
    "With --message nothing is asked: give --name NAME as well.",
  ],
  ...["-V=1", "-h=0", "--help=false", "--version=", "-V="].map((arg) =>
    ["server", arg, `${arg.split("=")[0]} ${NO_VALUE}`] as Mistake
  ),
  ["client", "--mode|chat|--greeting=yes", `--greeting ${NO_VALUE}`],
  [
    "client",
    "--mode|chat|--greeting|yes",
    "Unexpected argument yes: every value follows its option. See --help.",
  ],
  ["server", "--no-help", UNKNOWN("--no-help", "--help")],
  ["server", "--no-greeting", UNKNOWN("--no-greeting", "--greeting")],
  [
    "server",
    "--port|80|--",
    "Unexpected argument --: every value follows its option. See --help.",
  ],
  [
    "server",
    "-",
    "Unexpected argument -: every value follows its option. See --help.",
  ],
  ["server", "-p=", `--port ${PORTS}`],
  ["server", "--port=", `--port ${PORTS}`],
  ["server", "-p=80=90", `--port 80=90 ${PORTS}`],
  [
    "client",
    "--mode|chat|--message|hi|--greeting",
    "With --message nothing is asked: give --name NAME as well.",
  ],
  ["server", "--port", "--port needs a value: --port PORT. See --help."],
  ["server", "-m", "-m needs a value: -m MODE. See --help."],
  ["client", "--client", "--client needs a value: --client X|Y. See --help."],
  ["server", "--port|65536", `--port 65536 ${PORTS}`],
  ["server", "--port|-1", `--port -1 ${PORTS}`],
  ["server", "--port|80a", `--port 80a ${PORTS}`],
  ["server", "--port|8e1", `--port 8e1 ${PORTS}`],
  ["server", "--port|80.0", `--port 80.0 ${PORTS}`],
  ["server", "-p|99999999999999999999", `--port 99999999999999999999 ${PORTS}`],
  [
    "client",
    "--port|0",
    "--port 0 is not a whole number from 1 to 65535.",
  ],
  ["client", "--client-port|65536", `--client-port 65536 ${PORTS}`],
  ["client", "--client-port|x", `--client-port x ${PORTS}`],
  [
    "server",
    "--max-clients|-1",
    "--max-clients -1 is not a whole number from 0 to 1000000.",
  ],
  [
    "server",
    "--max-clients|1000001",
    "--max-clients 1000001 is not a whole number from 0 to 1000000.",
  ],
  [
    "server",
    "--mode|chat|--sessions|1.5",
    "--sessions 1.5 is not a whole number from 0 to 9007199254740991.",
  ],
  [
    "server",
    "--mode|sum|--number|0",
    "--number 0 is not a whole number from 1 to 100.",
  ],
  [
    "server",
    "--mode|sum|--number|101",
    "--number 101 is not a whole number from 1 to 100.",
  ],
  [
    "client",
    "--mode|sum|--number|2.5",
    "--number 2.5 is not a whole number from -9007199254740991 to 9007199254740991.",
  ],
  ...["0", "-1", "x", "86401", "1e3", "5s", "."].map((value) =>
    [
      "client",
      `--timeout|${value}`,
      `--timeout ${value} is not a number of seconds above 0 and up to 86400.`,
    ] as Mistake
  ),
  [
    "server",
    "--log-level|warn",
    "--log-level warn is none of debug, info, warning, error, silent. Did you mean warning?",
  ],
  [
    "client",
    "--mode|chat|--framing|lines",
    "--framing lines is none of auto, line, raw. Did you mean line?",
  ],
  [
    "client",
    "--mode|chat|--client|Z",
    "--client Z is none of X, Y. Did you mean X?",
  ],
  ...IMPOSSIBLE_HOSTS.map((host) =>
    [
      "client",
      `--host|${host}`,
      `--host ${host} is not an address. Try 127.0.0.1.`,
    ] as Mistake
  ),
  ...["127.0.0.1", "localhost", "[::1]"].map((host) =>
    [
      "server",
      `--host|${host}:80`,
      `--host ${host}:80 is an address and a port: write --host ${host} --port 80.`,
    ] as Mistake
  ),
  [
    "client",
    "--mode|sum|--format|NAME",
    "--format NAME is no template: it needs NAME once and NUMBER once.",
  ],
  [
    "client",
    "--mode|sum|--format|NAME NUMBER NAME",
    "--format NAME NUMBER NAME is no template: it needs NAME once and NUMBER once.",
  ],
  [
    "client",
    "--mode|chat|--name|  ",
    "--name is empty: give it at least one letter.",
  ],
  [
    "client",
    "--mode|chat|--name|",
    "--name is empty: give it at least one letter.",
  ],
];

Deno.test("each mistake is told in one line", { permissions }, async (t) => {
  for (const [program, args, message] of MISTAKES) {
    await t.step(`${program} ${args.replaceAll("|", " ")}`, () => {
      const reads = () => readFlags(program, args.split("|"));
      assertEquals(assertThrows(reads, UsageError).message, message);
    });
  }
  await t.step("what every object has is no mode", () => {
    const reads = () => readFlags("client", ["--mode", "constructor"]);
    const { message } = assertThrows(reads, UsageError);
    assertStringIncludes(message, "Unknown mode constructor. ");
    assertStringIncludes(message, `The modes are ${MODE_LIST}.`);
  });
  for (const option of ["--port", "--host", "--mode", "--log-level"]) {
    for (const args of [[option, ""], [`${option}=`]]) {
      await t.step(`an empty value: ${JSON.stringify(args)}`, () => {
        const { message } = assertThrows(
          () => readFlags("server", args),
          UsageError,
        );
        assertStringIncludes(message, option.replace("--mode", "mode"));
        // The option is known: what is wrong is its value.
        assertEquals(message.includes("Unknown option"), false, message);
      });
    }
  }
});
