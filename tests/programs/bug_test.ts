/**
 * A bug of ours as its user meets it: exit status 70, the stack in the log, and
 * everything that was printed before. A peer's mistake never looks like that.
 */
import { assert, assertEquals } from "@std/assert";
import type { Place } from "../support/broken_rules.ts";
import {
  listening,
  RawDatagrams,
  RawStream,
  type Script,
  start,
} from "../support/harness.ts";

/** EX_SOFTWARE of sysexits.h. */
const BUG = 70;

function startBroken(...words: string[]): Promise<Script> {
  const flags = ["run", "--quiet", "--allow-net=127.0.0.1", "--no-prompt"];
  const file = "tests/support/broken_program.ts";
  return start(Deno.execPath(), [...flags, file, ...words]);
}

/** Checks that a program has ended with a bug, and has told where it is. */
async function checkBug(
  script: Script,
  program: string,
  message: string,
  file: string,
): Promise<void> {
  assertEquals(await script.exits(), BUG, script.stderr.text);
  const errors = script.stderr.lines.filter((line) =>
    line.startsWith(`[ERROR] [${program}]: `)
  );
  assert(errors[0]?.includes(message), script.stderr.text);
  assert(errors.some((line) => line.includes(file)), script.stderr.text);
}

const PLACES: [mode: string, place: Place][] = [
  ["uppercase", "message"],
  ["sequence", "opened"],
  ["sequence", "message"],
  ["sequence", "closed"],
  ["sequence", "silent"],
];

Deno.test("a server with a bug exits with 70, after all that it had to print", async (t) => {
  for (const [mode, place] of PLACES) {
    await t.step(`${mode}, ${place}`, async () => {
      await using server = await startBroken("server", mode, place);
      const port = await listening(server);
      const before = await strike(mode, place, port);
      await checkBug(
        server,
        "server",
        `the bug in ${place}`,
        "broken_rules.ts",
      );
      const printed = server.stdout.lines.slice(0, before.length);
      assertEquals(printed, before);
    });
  }
});

/** Makes the bug strike; gives what has to be printed before. */
async function strike(
  mode: string,
  place: Place,
  port: number,
): Promise<string[]> {
  if (mode === "uppercase") {
    using client = new RawDatagrams();
    await client.send("hello", port);
    await client.send("strike", port);
    return ["message went well"];
  }
  using peer = await RawStream.connect(port);
  if (place === "message") await peer.send("hello\nstrike\n");
  if (place === "closed") await peer.endSending();
  await peer.ends();
  if (place === "opened") return [];
  const opened = ["opened went well"];
  return place === "message" ? [...opened, "message went well"] : opened;
}

Deno.test("a client with a bug exits with 70, after all that it had to print", async () => {
  await using client = await startBroken("client", "uppercase");
  await checkBug(client, "client", "the client's bug", "broken_program.ts");
  assertEquals(client.stdout.text, "about to fail\n");
  assertEquals(client.stderr.lines[0], "[INFO] [client]: about to fail");
});
