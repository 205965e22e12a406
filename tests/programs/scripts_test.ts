/**
 * The two scripts against each other, as a user starts them: what they print,
 * where they print it, and how they end.
 */
import { assert, assertEquals } from "@std/assert";
import {
  RawDatagrams,
  type Script,
  startClient,
  startScript,
  startServer,
  until,
} from "../support/harness.ts";
import { play } from "../support/play.ts";
import { MODE_TESTS, SCENARIOS } from "../modes.ts";
import { READY } from "../support/scenarios.ts";

Deno.test("every assignment from the ready line to the end", async (t) => {
  for (const scenario of SCENARIOS) {
    await t.step(scenario.name, () => play(scenario, startScript));
  }
});

Deno.test("--port 0: the ready line names the real address", async (t) => {
  const rows = Object.entries(MODE_TESTS).map(([mode, { transport }]) => ({
    args: ["--mode", mode],
    what: `${transport}, ${mode}`,
  }));
  for (
    const { args, what } of [{ args: [], what: "udp, permission" }, ...rows]
  ) {
    await t.step(`${args.join(" ")} is ${what}`, async () => {
      const { server, port } = await startServer(args);
      await using _ = server;
      assert(port > 0);
      assertEquals(server.stdout.lines, [READY]);
      assertEquals(server.stderr.lines, [
        `[INFO] [server]: listening on 127.0.0.1:${port} (${what})`,
      ]);
    });
  }
});

Deno.test("uppercase: each line of a pipe is answered as it comes", async () => {
  const { server, port } = await startServer(["--mode", "uppercase"]);
  await using _ = server;
  await using client = await startClient(port, ["--mode", "uppercase"]);
  for (const word of ["one", "two", "three"]) {
    await client.type(`${word}\n`);
    await client.prints(`${word.toUpperCase()}\n`);
    await server.prints(`${word}\n`);
  }
  await client.endInput();
  assertEquals(await client.exits(), 0);
  assertEquals(client.stdout.text, "ONE\nTWO\nTHREE\n");
  assertEquals(client.stderr.text, "");
});

/** X frames by line feeds and Y not at all: the server minds neither. */
async function startChat(port: number): Promise<[x: Script, y: Script]> {
  const args = ["--mode", "chat", "--name"];
  const x = await startClient(port, [...args, "Alice", "--client", "X"]);
  await x.prints("Client X: Alice\n");
  const raw = ["Bob", "--client", "Y", "--framing", "raw"];
  const y = await startClient(port, [...args, ...raw]);
  return [x, y];
}

Deno.test("chat: two people talk in turns, one of them raw", async () => {
  const { server, port } = await startServer(["--mode", "chat"]);
  await using _ = server;
  const [x, y] = await startChat(port);
  await using _x = x;
  await using _y = y;
  await y.prints(" received before ");
  await y.type("hi Alice\n");
  await x.prints("Y: hi Alice\n");
  await x.type("hi Bob\n"); // a raw peer cannot tell two messages apart
  await y.prints("X: hi Bob\n");
  await x.type("how are you?\n");
  await y.prints("X: how are you?\n");
  await y.type("bye\nnobody hears this\n");
  for (const script of [x, y, server]) assertEquals(await script.exits(), 0);
  const talk = ["Y: hi Alice", "X: hi Bob", "X: how are you?", "Y: bye"];
  const first = server.stdout.lines[1]!;
  assertEquals(first, "Client X: Alice");
  const acknowledgment = "X: Alice received before Y: Bob";
  assertEquals(x.stdout.lines, [first, acknowledgment, ...talk]);
  assertEquals(y.stdout.lines, ["Client Y: Bob", acknowledgment, ...talk]);
  assertEquals(server.stdout.lines.slice(-4), talk);
});

/** What of the client's log each level lets through. */
const WARNINGS = [/^\[WARNING\] /, /^\[WARNING\] .* has not closed /];
const LEVELS: [level: string, lines: RegExp[]][] = [
  ["debug", [/^\[ERROR\] /, /^\[DEBUG\] /, ...WARNINGS]],
  ["info", [/^\[ERROR\] /, ...WARNINGS]],
  ["warning", [/^\[ERROR\] /, ...WARNINGS]],
  ["error", [/^\[ERROR\] /]],
  ["silent", []],
];

Deno.test("--log-level of the client", async (t) => {
  for (const [level, expected] of LEVELS) {
    await t.step(level, async () => {
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const args = ["--mode", "sum", "--log-level", level];
      const { port } = listener.addr;
      await using client = await startClient(port, args, { input: "x\n0\n" });
      assertEquals(await client.exits(), 0);
      const { lines } = client.stderr;
      assertEquals(lines.length, expected.length, client.stderr.text);
      expected.forEach((line, i) => assert(line.test(lines[i]!), lines[i]));
    });
  }
});

/** A port that was free a moment ago, where the server cannot tell its own. */
function freePort(): number {
  using socket = new RawDatagrams();
  return socket.port;
}

Deno.test("--log-level silent: the transcript alone", async () => {
  await using stack = new AsyncDisposableStack();
  const port = freePort();
  const args = ["--mode", "uppercase", "--log-level", "silent"];
  const quit = ["--port", String(port), "--sessions", "1"];
  const server = stack.use(await startScript("server", [...args, ...quit]));
  await until(() => server.stdout.text === `${READY}\n`, "ready");
  const client = stack.use(
    await startClient(port, [...args, "--message", "quit"]),
  );
  assertEquals([await client.exits(), await server.exits()], [0, 0]);
  assertEquals(client.stdout.text, "QUIT\nCONNECTION CLOSED\n");
  assertEquals(
    server.stdout.text,
    `${READY}\nquit\nCONNECTION CLOSED\n=====\n${READY}\n`,
  );
  assertEquals(client.stderr.text + server.stderr.text, "");
});

Deno.test("sum: without --number the server draws from 1 to 100", async () => {
  const { server, port } = await startServer(["--mode", "sum"]);
  await using _ = server;
  const args = ["--mode", "sum", "--number", "25"];
  await using client = await startClient(port, args);
  assertEquals(await client.exits(), 0);
  const line = /Client Number: 25 \| Server Number: (\d+) \| Sum: (\d+)/;
  const [text = "", number, sum] = line.exec(client.stdout.text) ?? [];
  assert(Number(number) >= 1 && Number(number) <= 100, client.stdout.text);
  assertEquals(Number(sum), 25 + Number(number));
  await server.prints(text);
});

Deno.test("--message '' is an empty datagram, and is answered", async () => {
  const { server, port } = await startServer(["--mode", "uppercase"]);
  await using _ = server;
  const args = ["--mode", "uppercase", "--message", "", "--message", "b"];
  await using client = await startClient(port, args);
  assertEquals(await client.exits(), 0, client.stderr.text);
  assertEquals(client.stdout.text, "\nB\n");
});

Deno.test("what a peer sent cannot move the cursor of either side", async () => {
  const { server, port } = await startServer(["--mode", "uppercase"]);
  await using _ = server;
  const args = ["--mode", "uppercase", "--message", "a\x1b[2Jb\nc"];
  await using client = await startClient(port, args);
  assertEquals(await client.exits(), 0);
  assertEquals(client.stdout.text, "A\\x1b[2JB\\nC\n");
  await server.prints("a\\x1b[2Jb\\nc\n");
});

Deno.test("what nobody sees in a message is shown, in transcript and log", async () => {
  const { server, port } = await startServer(["--mode", "sequence"]);
  await using _ = server;
  using client = await Deno.connect({ hostname: "127.0.0.1", port });
  await client.write(new TextEncoder().encode("\ufeffClient X: Alice\r\n"));
  await server.prints("\n\\ufeffClient X: Alice\n");
  await server.prints(' sent "\\ufeffClient X: Alice"; ', server.stderr);
});

/** Escape sequences have no place in a file, whatever the environment says. */
Deno.test("no colour where nothing is a terminal", async () => {
  const args = ["--mode", "nonsense"];
  const env = { NO_COLOR: "", FORCE_COLOR: "1" };
  await using client = await startScript("client", args, { env });
  assertEquals(await client.exits(), 2);
  assert(client.stderr.text.startsWith("[ERROR] [client]: "));
  assert(!client.stderr.text.includes("\x1b"));
});
