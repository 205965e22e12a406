/**
 * The one permission: all that the scripts need, and all that they can do.
 *
 * Every scenario is played with everything else denied, and nobody beyond
 * 127.0.0.1 can be listened to or spoken to.
 */
import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { assertNames, failure } from "../support/failure.ts";
import {
  listening,
  type Script,
  startClient,
  startScript,
  startServer,
} from "../support/harness.ts";
import { play } from "../support/play.ts";
import { SCENARIOS } from "../modes.ts";
import { READY } from "../support/scenarios.ts";

const ONE_PERMISSION = ["--allow-net=127.0.0.1", "--no-prompt"];
const OTHERS_DENIED = ["read", "write", "env", "run", "ffi", "sys"]
  .map((name) => `--deny-${name}`);

Deno.test("everything works with every other permission denied", async (t) => {
  const flags = [...ONE_PERMISSION, ...OTHERS_DENIED];
  for (const scenario of SCENARIOS) {
    await t.step(scenario.name, async () => {
      await play(
        scenario,
        (program, args, options) =>
          startScript(program, args, { ...options, flags }),
      );
    });
  }
});

/** Addresses that are not 127.0.0.1, some of which mean the same machine. */
const ELSEWHERE = ["0.0.0.0", "localhost", "127.0.0.2", "::1", "192.0.2.1"];

/** What each program would do with the network, over both transports. */
const ATTEMPTS: [program: "server" | "client", args: string[]][] = [
  ["server", ["--mode", "uppercase"]],
  ["server", ["--mode", "sum"]],
  ["client", ["--mode", "uppercase", "--message", "hi"]],
  ["client", ["--mode", "sum", "--number", "1"]],
];

Deno.test("the one permission reaches nobody else", async (t) => {
  for (const [program, args] of ATTEMPTS) {
    for (const host of ELSEWHERE) {
      await t.step(`${program} ${args[1]} --host ${host}`, async () => {
        const all = [...args, "--host", host, "--port", "12345"];
        const line = await failure(program, all, 1);
        const address = host.includes(":") ? `[${host}]` : host;
        const needed = answersTo(program, args, address) ?? `${address}:12345`;
        assertNames(line, [address, `--allow-net=${needed}`]);
      });
    }
  }
});

/**
 * What a UDP server needs besides a port to listen on: its answers go to ports
 * that nobody knows beforehand.
 */
function answersTo(
  program: string,
  args: readonly string[],
  address: string,
): string | undefined {
  if (program !== "server" || !args.includes("uppercase")) return undefined;
  const isClientsOwn = address === "127.0.0.1" || address === "[::1]";
  return isClientsOwn ? address : `${address},127.0.0.1`;
}

/** The flag that an error tells the user to add. */
function flagIn(line: string): string {
  const flag = /--allow-net=[^ ]*[^ .,]/.exec(line)?.[0] ?? "";
  assert(flag !== "", line);
  return flag;
}

Deno.test("without any permission, the flag to add is named and enough", async (t) => {
  const none = ["--no-prompt"];
  for (const [program, args] of ATTEMPTS) {
    await t.step(`${program} ${args[1]}`, async () => {
      const { server, port } = await startServer(args.slice(0, 2));
      await using _ = server;
      if (program === "server") await server[Symbol.asyncDispose]();
      const all = [...args, "--port", String(port)];
      const line = await failure(program, all, 1, { flags: none });
      const needed = answersTo(program, args, "127.0.0.1") ??
        `127.0.0.1:${port}`;
      assertNames(line, [`--allow-net=${needed}`]);
      const flags = [...none, flagIn(line)];
      await using script = await startScript(program, all, { flags });
      if (program === "server") return await script.prints(READY);
      assertEquals(await script.exits(), 0, script.stderr.text);
    });
  }
});

Deno.test("--host 0.0.0.0: the flag that is named is enough", async () => {
  const args = ["--mode", "sum", "--host", "0.0.0.0", "--port", "0"];
  const flag = flagIn(await failure("server", args, 1));
  const flags = ["--no-prompt", flag];
  await using server = await startScript("server", args, { flags });
  const port = await listening(server);
  assert(server.stderr.text.includes(`0.0.0.0:${port}`));
  const request = ["--mode", "sum", "--number", "0"];
  await using client = await startClient(port, request);
  assertEquals([await client.exits(), await server.exits()], [0, 0]);
});

/** Names of this machine for a UDP server, and for a client that asks it. */
const HERE: [server: string, client: string][] = [
  ["localhost", "localhost"],
  ["127.0.1.1", "127.0.1.1"],
  ["0.0.0.0", "localhost"],
  ["::1", "::1"],
  ["::", "::1"],
];

/** Runs a script with too little permission, and then with the flag it names. */
async function startAsTold(
  program: "server" | "client",
  args: string[],
): Promise<Script> {
  const flag = flagIn(await failure(program, args, 1));
  return await startScript(program, args, { flags: ["--no-prompt", flag] });
}

Deno.test("UDP with another name of this machine: the flags that are named are enough", async (t) => {
  for (const [own, servers] of HERE) {
    await t.step({
      name: `--host ${own}`,
      ignore: own.includes(":") && !hasIPv6(),
      async fn() {
        const mode = ["--mode", "uppercase", "--host"];
        const port = ["--port", "0"];
        await using server = await startAsTold("server", [
          ...mode,
          own,
          ...port,
        ]);
        port[1] = String(await listening(server));
        const said = ["--message", "straße"];
        const args = [...mode, servers, ...port, ...said];
        await using client = await startAsTold("client", args);
        assertEquals(await client.exits(), 0, client.stderr.text);
        assertEquals(client.stdout.text, "STRASSE\n");
        assertEquals(server.stderr.lines.length, 1, server.stderr.text);
      },
    });
  }
});

/** Containers often have none; the tests may not try it themselves. */
function hasIPv6(): boolean {
  if (Deno.build.os !== "linux") return true;
  const { stdout } = new Deno.Command("cat", { args: ["/proc/net/if_inet6"] })
    .outputSync();
  return stdout.length > 0;
}

/** What a script copied away from its deno.json has: the imports at most. */
async function withoutUnstable(): Promise<
  AsyncDisposable & { flags: string[] }
> {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/deno.json`;
  await Deno.writeTextFile(path, JSON.stringify({ imports: config.imports }));
  return {
    flags: [...ONE_PERMISSION, "--no-lock", "--config", path],
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

Deno.test("without Deno's unstable UDP the scripts say what to do", async (t) => {
  await using copied = await withoutUnstable();
  const { flags } = copied;
  for (const [program, args] of ATTEMPTS.filter(([, [, m]]) => m !== "sum")) {
    await t.step(`${program}, UDP`, async () => {
      const line = await failure(program, args, 1, { flags });
      assertNames(line, ["Deno.listenDatagram", "--unstable-net"]);
    });
  }
  await t.step("--unstable-net is enough", async () => {
    const enough = { flags: [...flags, "--unstable-net"] };
    const { server } = await startServer(["--mode", "uppercase"], enough);
    await using _ = server;
  });
  await t.step("TCP does not need it", async () => {
    const { server, port } = await startServer(["--mode", "sum"], { flags });
    await using _ = server;
    const args = ["--mode", "sum", "--number", "0"];
    await using client = await startClient(port, args, { flags });
    assertEquals([await client.exits(), await server.exits()], [0, 0]);
  });
});
