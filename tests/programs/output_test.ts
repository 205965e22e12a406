/**
 * Outputs that cannot be written, inputs that cannot be read: each is said in
 * one line, where there is a place for it, and is in the exit status.
 */
import { assert, assertEquals } from "@std/assert";
import {
  RawDatagrams,
  type Script,
  start,
  startServer,
} from "../support/harness.ts";

const DENO = [Deno.execPath(), "run", "--quiet", "--allow-net=127.0.0.1"]
  .concat("--no-prompt");

/** Starts a script with what the shell makes of its inputs and outputs. */
function startWith(redirections: string, args: string[]): Promise<Script> {
  return start("sh", [
    "-c",
    `exec "$@" ${redirections}`,
    "sh",
    ...DENO,
    ...args,
  ]);
}

/** Whether there is a disk here that is always full; Deno may not look itself. */
function hasFullDisk(): boolean {
  try {
    const args = ["-c", "test -c /dev/full"];
    return new Deno.Command("sh", { args }).outputSync().success;
  } catch {
    return false;
  }
}

Deno.test("--output names the permission that is missing", async () => {
  const args = ["server.ts", "--trace", "json", "--output", "lab.jsonl"];
  await using server = await startWith("", args);
  assertEquals(await server.exits(), 1);
  assertEquals(
    server.stderr.text,
    "[ERROR] [server]: Deno does not allow writing to lab.jsonl. " +
      "Run with --allow-write=lab.jsonl.\n",
  );
});

const NO_SPACE =
  "[ERROR] [output]: Cannot write to standard output: No space " +
  "left on device (os error 28). Make room there, or send the output " +
  "somewhere else.";

/** What is redirected, and how a program ends that has something to print. */
const FULL_DISKS: [
  name: string,
  redirections: string,
  args: string[],
  status: number,
  stderr: string[],
][] = [
  ["help", ">/dev/full", ["server.ts", "--help"], 1, [NO_SPACE]],
  ["the version", ">/dev/full", ["client.ts", "--version"], 1, [NO_SPACE]],
  ["help, and the log's too", ">/dev/full 2>&1", ["server.ts", "-h"], 1, []],
  ["the log's, where it is empty", "2>/dev/full", ["server.ts", "-h"], 0, []],
  ["a wrong command line", "2>/dev/full", ["server.ts", "--bogus"], 2, []],
  [
    "no server",
    "2>/dev/full",
    ["client.ts", "-m", "sum", "--port", "1"]
      .concat("--number", "5"),
    1,
    [],
  ],
];

Deno.test({
  name: "a full disk (ignored where there is no /dev/full)",
  ignore: !hasFullDisk(),
  async fn(t) {
    for (const [name, redirections, args, status, stderr] of FULL_DISKS) {
      await t.step(name, async () => {
        await using script = await startWith(redirections, args);
        assertEquals(await script.exits(), status, script.stderr.text);
        assertEquals(script.stderr.lines, stderr);
      });
    }
    for (const mode of ["permission", "chat"]) {
      await t.step(`ends a server, ${mode}`, async () => {
        const args = ["server.ts", "--mode", mode, "--port", "0"];
        await using server = await startWith(">/dev/full", args);
        assertEquals(await server.exits(), 1);
        const [ready, error, ...more] = server.stderr.lines;
        assert(ready!.includes("listening on"), ready);
        assertEquals([error, more], [NO_SPACE, []]);
      });
    }
    await t.step("ends a client", async () => {
      const { server, port } = await startServer(["--mode", "uppercase"]);
      await using _ = server;
      const args = ["client.ts", "--mode", "uppercase", "--port", `${port}`];
      const messages = ["--message", "one", "--message", "two"];
      await using client = await startWith(">/dev/full", [
        ...args,
        ...messages,
      ]);
      assertEquals(await client.exits(), 1);
      assertEquals(client.stderr.lines, [NO_SPACE]);
    });
    await t.step(
      "under the log ends no server, but is in its status",
      async () => {
        const port = freePort();
        const args = ["server.ts", "--mode", "uppercase", "--port", `${port}`];
        await using server = await startWith("2>/dev/full", args);
        await server.prints("The server is ready to receive\n");
        using client = new RawDatagrams();
        assertEquals(await client.request("hello", port), "HELLO");
        await server.prints("hello\n");
        server.kill("SIGTERM");
        assertEquals(await server.exits(), 1);
      },
    );
  },
});

/** A port that nobody had a moment ago. */
function freePort(): number {
  using socket = new RawDatagrams();
  return socket.port;
}

Deno.test("an output that is closed is nobody's loss", async (t) => {
  for (const redirections of [">&-", "2>&-", ">&- 2>&-"]) {
    await t.step(redirections, async () => {
      await using help = await startWith(redirections, ["server.ts", "-h"]);
      assertEquals(await help.exits(), 0);
      await using wrong = await startWith(redirections, ["server.ts", "-x"]);
      assertEquals(await wrong.exits(), 2);
    });
  }
});

/** An input that cannot be read, and the system's word for it. */
const UNREADABLE: [redirections: string, reason: string][] = [
  ["0>/dev/null", "Bad file descriptor (os error 9)"], // as nohup does it
  ["<.", "Is a directory (os error 21)"],
];

Deno.test("an input that cannot be read has ended", async (t) => {
  const { server, port } = await startServer(["--mode", "uppercase"]);
  await using _ = server;
  const client = ["client.ts", "--port", `${port}`, "--mode"];
  for (const [redirections, reason] of UNREADABLE) {
    const line = `[WARNING] [client]: Cannot read standard input: ${reason}. ` +
      "It counts as ended: connect it to a terminal, a pipe or a file.";
    await t.step(redirections, async () => {
      const args = [...client, "uppercase"];
      await using script = await startWith(redirections, args);
      assertEquals(await script.exits(), 0);
      assertEquals([script.stdout.text, script.stderr.lines], ["", [line]]);
    });
    await t.step(
      `${redirections}, where something has to be asked`,
      async () => {
        const args = [...client, "permission"];
        await using script = await startWith(redirections, args);
        assertEquals(await script.exits(), 1);
        const [first, error, ...more] = script.stderr.lines;
        assertEquals([first, more], [line, []]);
        assert(error!.includes("--client-port"), error);
      },
    );
    await t.step(`${redirections}, where nothing is asked`, async () => {
      const args = [...client, "uppercase", "--message", "hello"];
      await using script = await startWith(redirections, args);
      assertEquals(await script.exits(), 0);
      assertEquals([script.stdout.text, script.stderr.text], ["HELLO\n", ""]);
    });
  }
  await t.step("<&- is an empty one", async () => {
    await using script = await startWith("<&-", [...client, "uppercase"]);
    assertEquals(await script.exits(), 0);
    assertEquals([script.stdout.text, script.stderr.text], ["", ""]);
  });
});
