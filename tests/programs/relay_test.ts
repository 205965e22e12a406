/**
 * The server as a relay: textbook programs on both ends, which must not notice,
 * and what the log says of them.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  listening,
  type Script,
  start,
  startClient,
  startScript,
} from "../support/harness.ts";
import {
  CHAT_SERVER,
  chatClient,
  PERMISSION_SERVER,
  permissionClient,
  sequenceClient,
  sequenceServer,
  sumClient,
  sumServer,
  UPPERCASE_SERVER,
  uppercaseClient,
} from "../support/textbook.ts";
import { has } from "../support/machine.ts";

const ignore = !has("python3");
const BOTH = "--allow-net=127.0.0.1,127.0.0.2";

/** A program in Python, run without a buffer for what it prints. */
function python(source: string, input?: string): Promise<Script> {
  return start("python3", ["-u", "-c", source], { ...input && { input } });
}

/** Somebody's server, and a relay before it. */
async function between(source: string, ...args: string[]) {
  const server = await python(source);
  await server.prints("\n");
  const upstream = /port (\d+)/.exec(server.stdout.text)![1]!;
  const all = ["--port", "0", "--upstream", upstream, ...args];
  const flags = [BOTH, "--no-prompt"];
  const relay = await startScript("server", all, { flags });
  return { server, relay, port: await listening(relay) };
}

/** What the relay says that is not as it should be. */
function remarks({ stderr }: Script): string[] {
  return stderr.lines.filter((line) => line.includes("[rules]"));
}

Deno.test({ name: "uppercase goes through a relay", ignore }, async () => {
  const { server, relay, port } = await between(
    UPPERCASE_SERVER,
    "--mode",
    "uppercase",
  );
  await using _ = server, __ = relay;
  await using client = await python(
    uppercaseClient(port),
    "hello\nquit\n",
  );
  assertEquals(await client.exits(), 0);
  assertStringIncludes(client.stdout.text, "HELLO");
  assertStringIncludes(server.stdout.text, "CONNECTION CLOSED");
  relay.kill("SIGINT");
  assertEquals(await relay.exits(), 0);
  assertEquals(remarks(relay), []);
});

Deno.test({
  name: "permission goes through a relay, and sees each client's own port",
  ignore: ignore || Deno.build.os !== "linux",
}, async () => {
  const { server, relay, port } = await between(PERMISSION_SERVER);
  await using _ = server, __ = relay;
  const source = permissionClient(port);
  await using permitter = await python(source, "1234\npermission7\n");
  await permitter.prints("Permission Accepted");
  await using requester = await python(source, "3333\nrequest7\nrequest8\n");
  await requester.prints("Request Rejected");
  await using stranger = await python(source, "0\nrequest7\n");
  assertEquals(await stranger.exits(), 0);
  assertEquals(await server.exits(), 0);
  assertStringIncludes(server.stdout.text, "('127.0.0.2', 1234)");
  relay.kill("SIGINT");
  assertEquals(await relay.exits(), 0);
  // The stranger's message is not one that the assignment has.
  assert(remarks(relay).every((line) => !line.includes("the server")));
});

Deno.test({
  name: "sequence goes through a relay, which ends with its pair",
  ignore,
}, async () => {
  const { server, relay, port } = await between(
    sequenceServer(),
    "--mode",
    "sequence",
  );
  await using _ = server, __ = relay;
  await using x = await python(sequenceClient(port, "Client X: Alice"));
  await server.prints("Client X: Alice");
  await using y = await python(sequenceClient(port, "Client Y: Bob"));
  for (const each of [x, y, server, relay]) assertEquals(await each.exits(), 0);
  const reply = "X: Alice received before Y: Bob";
  for (const each of [x, y]) assertStringIncludes(each.stdout.text, reply);
  assertEquals(remarks(relay), []);
});

Deno.test({ name: "chat goes through a relay", ignore }, async () => {
  const { server, relay, port } = await between(CHAT_SERVER, "--mode", "chat");
  await using _ = server, __ = relay;
  await using x = await python(chatClient(port, "Client X: Alice"));
  await server.prints("Client X: Alice");
  await using y = await python(chatClient(port, "Client Y: Bob"));
  await y.prints("received before");
  await x.type("hello\n");
  await y.prints("Received: hello");
  await y.type("hi\n");
  await x.prints("Received: hi");
  await x.type("Bye\n");
  await y.prints("Received: Bye");
  for (const each of [x, y, server, relay]) assertEquals(await each.exits(), 0);
  assertEquals(remarks(relay), []);
});

Deno.test({ name: "sum goes through a relay", ignore }, async () => {
  const { server, relay, port } = await between(sumServer(), "--mode", "sum");
  await using _ = server, __ = relay;
  await using client = await python(sumClient(port, 25));
  assertEquals(await client.exits(), 0);
  assertStringIncludes(client.stdout.text, "Py 35");
  await using last = await python(sumClient(port, 101));
  assertEquals(await last.exits(), 0);
  assertEquals(await server.exits(), 0);
  relay.kill("SIGTERM");
  assertEquals(await relay.exits(), 0);
  assertEquals(remarks(relay), []);
});

Deno.test({ name: "a relay names a wrong sum", ignore }, async () => {
  const wrong = sumServer(", 'sum': 36");
  const { server, relay, port } = await between(wrong, "--mode", "sum");
  await using _ = server, __ = relay;
  await using client = await python(sumClient(port, 25));
  await client.exits();
  await relay.prints("whose sum is not 35", relay.stderr);
});

Deno.test({ name: "a relay loses exactly the first", ignore }, async () => {
  const faults = ["--lose-first", "1", "--toward", "server"];
  const mode = ["--mode", "uppercase"];
  const { server, relay, port } = await between(
    UPPERCASE_SERVER,
    ...mode,
    ...faults,
  );
  await using _ = server, __ = relay;
  const args = [...mode, "--message", "hello", "--message", "quit"];
  const retries = ["--timeout", "1", "--retries", "1"];
  await using client = await startClient(port, [...args, ...retries]);
  assertEquals(await client.exits(), 0);
  assertStringIncludes(client.stdout.text, "HELLO");
  const lost = relay.stderr.lines.filter((line) => line.includes("lost"));
  assertEquals(lost.length, 1);
  assertStringIncludes(client.stderr.text, "asking again (1 of 1)");
});

Deno.test("a relay before nobody says so", async () => {
  const flags = ["--allow-net=127.0.0.1", "--no-prompt"];
  const args = ["--mode", "chat", "--port", "0", "--upstream", "1"];
  await using relay = await startScript("server", args, { flags });
  const port = await listening(relay);
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  assertEquals(await conn.read(new Uint8Array(1)), null);
  await relay.prints("cannot connect to 127.0.0.1:1: nobody", relay.stderr);
});

Deno.test("the whole permission is named that a relay needs", async () => {
  const args = ["--port", "0", "--upstream", "12001"];
  await using relay = await startScript("server", args);
  assertEquals(await relay.exits(), 1);
  const flag = "--allow-net=127.0.0.1,127.0.0.2";
  assertStringIncludes(relay.stderr.text, flag);
});
