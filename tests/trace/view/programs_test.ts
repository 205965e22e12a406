/** `--view` on the programs themselves: what pages get of a real exchange. */
import { assert, assertEquals } from "@std/assert";
import {
  RawDatagrams,
  RawStream,
  type Script,
  startClient,
  startScript,
  startServer,
} from "../../support/harness.ts";
import type { EventJson } from "../../../lib/trace/view/event_json.ts";
import { EventReader, textOf } from "./event_reader.ts";

/** Opens the page that a program says it serves. */
async function openView(program: Script): Promise<EventReader> {
  await program.prints("the wire is shown at ", program.stderr);
  const address = /shown at (http\S+)/.exec(program.stderr.text)?.[1];
  assert(address !== undefined, program.stderr.text);
  return await EventReader.open(address!);
}

/** Everything that a page gets until the program ends. */
async function allEvents(reader: EventReader): Promise<EventJson[]> {
  const events: EventJson[] = [];
  for (let sent; (sent = await reader.next()) !== undefined;) {
    if (sent.event === "batch") events.push(...JSON.parse(sent.data).events);
  }
  return events;
}

/** What went over the wire, in a word for each: `in hello`. */
function words(events: EventJson[], type: EventJson["type"]): string[] {
  return events.filter((each) => each.type === type)
    .map((each) => `${each.direction} ${textOf(each)}`);
}

Deno.test("a server shows its datagrams, the last ones included", async () => {
  const args = ["--mode", "uppercase", "--sessions", "1", "--view", "0"];
  const { server, port } = await startServer(args);
  await using _server = server;
  await using reader = await openView(server);
  using socket = new RawDatagrams();
  await socket.request("hello", port);
  await socket.request("quit", port);
  const events = await allEvents(reader);
  assertEquals(await server.exits(), 0);
  assertEquals(words(events, "datagram"), [
    "in hello",
    "out HELLO",
    "in quit",
    "out QUIT",
  ]);
  assertEquals(events[0]?.from, `127.0.0.1:${socket.port}`);
  assertEquals(events[0]?.to, `127.0.0.1:${port}`);
});

Deno.test("a server shows its connections, and how it found messages", async () => {
  const { server, port } = await startServer(["--mode", "chat", "--view", "0"]);
  await using _server = server;
  await using reader = await openView(server);
  using x = await RawStream.connect(port);
  using y = await RawStream.connect(port);
  await x.send("Client X: Alice\n");
  await y.send("Client Y: Bob\n");
  await x.receives(" before ");
  await x.send("one\ntwo\nBye\n");
  await y.ends();
  const events = await allEvents(reader);
  const found = events.filter(({ end }) => end === "line feed");
  assertEquals(found.slice(-3).map((each) => [textOf(each), each.index]), [
    ["one", 1],
    ["two", 2],
    ["Bye", 3],
  ]);
  assertEquals(words(events, "message").filter((each) => /Bye/.test(each)), [
    "in Bye",
    "out Bye",
  ]);
  const bye = events.filter((each) => each.end && textOf(each) === "Bye");
  assertEquals(bye.map(({ direction, name }) => [direction, name]), [
    ["in", "X: Alice"],
    ["out", "Y: Bob"],
  ]);
  for (const type of ["open", "data", "close"] as const) {
    assert(events.some((each) => each.type === type), type);
  }
  assertEquals(await server.exits(), 0);
});

Deno.test("a client shows its side, in the other direction", async () => {
  const { server, port } = await startServer(["--mode", "uppercase"]);
  await using _server = server;
  await using client = await startClient(port, [
    "--mode",
    "uppercase",
    "--view",
    "0",
  ]);
  await using reader = await openView(client);
  await client.type("hello\nquit\n");
  const events = await allEvents(reader);
  assertEquals(words(events, "datagram"), [
    "out hello",
    "in HELLO",
    "out quit",
    "in QUIT",
  ]);
  assertEquals(await client.exits(), 0);
});

Deno.test("a port that is taken is an error in one line", async () => {
  const { server, port } = await startServer(["--mode", "chat"]);
  await using _server = server;
  const args = ["--mode", "chat", "--port", "0", "--view", String(port)];
  await using other = await startScript("server", args);
  assertEquals(await other.exits(), 1);
  assertEquals(other.stderr.lines, [
    `[ERROR] [server]: Cannot listen on 127.0.0.1:${port}: the port is in use ` +
    "by another program. Stop it, or choose another port with --view.",
  ]);
});
