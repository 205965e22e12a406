/**
 * Every error that a user can make or meet, through the real scripts.
 *
 * Each is one line on standard error that names what was wrong and what to do,
 * nothing on standard output, and an exit status: 2 where the command line is
 * wrong, 1 where it could not be done.
 */
import { assert, assertEquals } from "@std/assert";
import { MAX_LINE } from "../../lib/cli/piped_lines.ts";
import { MODE_NAMES, type ModeName, MODES } from "../../lib/rules.ts";
import { MODE_TESTS } from "../modes.ts";
import { assertNames, failure } from "../support/failure.ts";
import {
  RawDatagrams,
  RawStream,
  startScript,
  startServer,
  within,
} from "../support/harness.ts";
import config from "../../deno.json" with { type: "json" };

/** A command line that is wrong, and what the line about it has to name. */
type Row = [program: "server" | "client", args: string[], ...names: string[]];

const USAGE_ERRORS: Row[] = [
  // unknown options and words
  ["server", ["--prot", "1"], "--prot", "--port"],
  ["client", ["--mesage", "hi"], "--mesage", "--message"],
  ["server", ["--log-levle=info"], "--log-levle", "--log-level"],
  ["client", ["--verson"], "--verson", "--version"],
  ["server", ["-x"], "-x", "--help"],
  ["server", ["12000"], "12000", "--help"],
  // options of the other program, and of other modes
  ["server", ["--client-port", "1"], "--client-port", "client"],
  ["client", ["--sessions", "1"], "--sessions", "server"],
  ["client", ["--max-clients", "1"], "--max-clients", "server"],
  ["server", ["--timeout", "1"], "--timeout", "client"],
  ["server", ["--sessions", "1"], "--sessions", "permission", "uppercase"],
  ["server", ["--number", "1"], "permission", "--number", "sum"],
  ["server", ["-m", "sum", "--max-clients", "1"], "sum", "permission"],
  ["server", ["-m", "chat", "--name", "A"], "chat", "--name", "sum"],
  ["client", ["--client", "X"], "--client", "sequence, chat"],
  ["client", ["-m", "chat", "--client-port", "1"], "chat", "permission"],
  [
    "client",
    ["-m", "sum", "--message", "hi"],
    ...["sum", "--message", "permission, uppercase, chat"],
  ],
  ["client", ["-m", "sequence", "--message", "a"], "sequence", "uppercase"],
  ["client", ["-m", "uppercase", "--framing", "raw"], "sequence, chat"],
  // values
  ["server", ["--port", "65536"], "--port", "65536", "0 to 65535"],
  ["server", ["--port", "-1"], "--port", "-1", "0 to 65535"],
  ["server", ["-p", "http"], "--port", "http", "65535"],
  ["server", ["--port", "1e3"], "--port", "1e3", "65535"],
  ["client", ["--port", "0"], "--port", "0", "1 to 65535"],
  ["client", ["--client-port", "65536"], "--client-port", "65536", "65535"],
  ["server", ["--max-clients", "-1"], "--max-clients", "-1", "whole number"],
  ["server", ["-m", "chat", "--sessions", "x"], "--sessions", "x", "number"],
  ["server", ["-m", "sum", "--number", "101"], "--number", "101", "1 to 100"],
  ["server", ["-m", "sum", "--number", "0"], "--number", "0", "1 to 100"],
  ["client", ["-m", "sum", "--number", "2.5"], "--number", "2.5", "whole"],
  ["client", ["-m", "sum", "--number", "ten"], "--number", "ten", "whole"],
  ["client", ["--timeout", "0"], "--timeout", "0", "seconds"],
  ["client", ["--timeout", "soon"], "--timeout", "soon", "seconds"],
  ["client", ["-m", "chat", "--client", "Z"], "--client", "Z", "X, Y"],
  ["client", ["-m", "chat", "--framing", "lines"], "lines", "line, raw"],
  ["server", ["--log-level", "loud"], "loud", "debug, info, warning, error"],
  ["client", ["--host", "a b"], "--host", "a b", "127.0.0.1"],
  ["client", ["-m", "chat", "--name", " "], "--name", "empty"],
  ["client", ["-m", "chat", "--name", ""], "--name", "empty"],
  ["server", ["--port", ""], "--port", "65535"],
  ["server", ["--port="], "--port", "65535"],
  // what is missing
  ["server", ["--port"], "--port", "value"],
  ["client", ["-m"], "-m", "value"],
  ["client", ["--message", "hi"], "--message", "--client-port"],
  [
    "client",
    ["-m", "chat", "--client", "X", "--message", "hi"],
    ...["--message", "--name"],
  ],
];

const UNKNOWN_MODES: Row[] = [
  ["server", ["--mode", "upercase"], "upercase", ...MODE_NAMES],
  ["client", ["-m", "CHAT!"], "CHAT!", ...MODE_NAMES],
  ["client", ["--mode", ""], "mode", ...MODE_NAMES],
];

async function checkUsageErrors(
  t: Deno.TestContext,
  rows: Row[],
): Promise<void> {
  for (const [program, args, ...names] of rows) {
    const name = `${program} ${args.map((arg) => arg || "''").join(" ")}`;
    await t.step(name, async () => {
      assertNames(await failure(program, args, 2), names);
    });
  }
}

Deno.test("a wrong command line ends with 2", (t) => {
  return checkUsageErrors(t, USAGE_ERRORS);
});

Deno.test("an unknown mode ends with 2 and lists the modes", (t) => {
  return checkUsageErrors(t, UNKNOWN_MODES);
});

/** The line about a port that somebody else has. */
function inUse(port: number, option: string): string {
  return `Cannot listen on 127.0.0.1:${port}: the port is in use by another ` +
    `program. Stop it, or choose another port with ${option}.`;
}

/** A port of each transport that is taken, and where nobody ever answers. */
class TakenPorts implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #socket = new RawDatagrams();

  of(mode: ModeName): number {
    const isUdp = MODES[mode].transport === "udp";
    return isUdp ? this.#socket.port : this.#listener.addr.port;
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    this.#socket[Symbol.dispose]();
  }
}

Deno.test("a port in use", async (t) => {
  using taken = new TakenPorts();
  for (const mode of MODE_NAMES) {
    await t.step(`the server's, ${mode}`, async () => {
      const port = taken.of(mode);
      const args = ["--mode", mode, "--port", String(port)];
      const line = await failure("server", args, 1);
      assertEquals(line, `[ERROR] [server]: ${inUse(port, "--port")}`);
    });
  }
  await t.step("the client's own", async () => {
    const port = taken.of("permission");
    const args = ["--client-port", String(port), "--message", "hi"];
    const line = await failure("client", args, 1);
    assertEquals(line, `[ERROR] [client]: ${inUse(port, "--client-port")}`);
  });
});

/** Whether the system keeps low ports from this user, as it usually does. */
function lowPortsAreKept(): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port: LOW_PORT }).close();
    return false;
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied;
  }
}

const LOW_PORT = 1023;

Deno.test({
  name: "a port below 1024 without the right (ignored where all have it)",
  ignore: !lowPortsAreKept(),
  async fn() {
    for (const mode of ["uppercase", "sum"]) {
      const args = ["--mode", mode, "--port", String(LOW_PORT)];
      const line = await failure("server", args, 1);
      assertNames(line, [`127.0.0.1:${LOW_PORT}`, "1024", "--port"]);
    }
    const args = ["--client-port", String(LOW_PORT), "--message", "hi"];
    const line = await failure("client", args, 1);
    assertNames(line, [`127.0.0.1:${LOW_PORT}`, "1024", "--client-port"]);
  },
});

/** A port where nobody listened a moment ago. */
function deadPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("nobody is listening", async (t) => {
  for (const [mode, { transport, silent }] of Object.entries(MODE_TESTS)) {
    if (transport === "udp") continue; // nothing tells
    await t.step(mode, async () => {
      const port = String(deadPort());
      const all = ["--mode", mode, "--port", port, ...silent];
      const line = await failure("client", all, 1);
      assertNames(line, [`127.0.0.1:${port}`, "nobody is listening", "--port"]);
    });
  }
});

Deno.test("no answer within the timeout", async (t) => {
  using taken = new TakenPorts();
  for (const mode of MODE_NAMES) {
    await t.step(mode, async () => {
      const port = String(taken.of(mode));
      const quiet = ["--log-level", "info"];
      const all = ["-m", mode, "--port", port, "--timeout", ".4", ...quiet];
      const began = performance.now();
      await using client = await startScript("client", [
        ...all,
        ...MODE_TESTS[mode].silent,
      ]);
      assertEquals(await client.exits(), 1, client.stderr.text);
      assert(performance.now() - began >= 400);
      assertEquals(client.stderr.lines.length, 1, client.stderr.text);
      const address = `127.0.0.1:${port}`;
      assertNames(client.stderr.text, [address, "0.4 s", "--timeout"]);
    });
  }
});

/** What UDP carries at most over IPv4, in bytes. */
const MAX_DATAGRAM = 65_507;

Deno.test("a message of the longest datagram, and of one byte more", async () => {
  const { server, port } = await startServer(["--mode", "uppercase"]);
  await using _ = server;
  const args = (length: number) => [
    ...["--mode", "uppercase", "--port", String(port)],
    ...["--message", "ä".repeat(length / 2) + "a".repeat(length % 2)],
  ];
  const line = await failure("client", args(MAX_DATAGRAM + 1), 1);
  assertNames(line, ["too long", "65508 bytes", "65507", "shorter"]);
  await using client = await startScript("client", args(MAX_DATAGRAM));
  assertEquals(await client.exits(), 0, client.stderr.text);
  assertEquals(client.stdout.text.length, (MAX_DATAGRAM + 1) / 2 + 1);
});

Deno.test("an input whose first line does not end", async () => {
  // More than the client reads: like `< /dev/zero`, but with an end for the test.
  const input = "0".repeat(MAX_LINE + 100_000);
  const line = await failure("client", ["--mode", "uppercase"], 1, { input });
  assertNames(line, ["line of more than 1048576 bytes", "in lines"]);
});

Deno.test("a reply that is broken", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = String(listener.addr.port);
  const args = ["-m", "sum", "--number", "5", "--log-level", "info"];
  const line = failure("client", [...args, "--port", port], 1);
  using server = new RawStream(await within(listener.accept(), "the client"));
  await server.send('{"server_name": "S", "server_number": 5, "sum": 11}');
  assertNames(await line, ["broken", "sum is 11, not 10"]);
});

const FLAGS = {
  server: ["mode", "host", "port", "name", "log-level", "max-clients"]
    .concat("sessions", "number", "help", "version"),
  client: ["mode", "host", "port", "name", "log-level", "client-port"]
    .concat("client", "message", "number", "framing", "timeout", "help")
    .concat("version"),
};

Deno.test("--help and --version, on standard output, with 0", async (t) => {
  for (const program of ["server", "client"] as const) {
    for (const flag of ["--help", "-h", "--version", "-V"]) {
      await t.step(`${program} ${flag}`, async () => {
        await using script = await startScript(program, [flag]);
        assertEquals(await script.exits(), 0);
        assertEquals(script.stderr.text, "");
        const { text } = script.stdout;
        if (/v/i.test(flag)) {
          return assertEquals(
            text,
            `Socket Lab ${program} ${config.version}\n`,
          );
        }
        assertNames(text, [`${program}.ts`, ...MODE_NAMES]);
        assertNames(text, FLAGS[program].map((name) => ` --${name}`));
      });
    }
  }
});
