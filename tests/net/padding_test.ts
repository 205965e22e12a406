/**
 * NULs at the end of a message, which programs in C send: no part of it, over
 * UDP and TCP, on either end, and the log tells of them once for each peer.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { bind, listen } from "../../lib/net/address.ts";
import { StreamClient } from "../../lib/net/tcp_client.ts";
import { DatagramClient } from "../../lib/net/udp_client.ts";
import { RawDatagrams, RawStream } from "../support/harness.ts";
import { ANY, collectingPrinter, LiveServer } from "../support/in_process.ts";

const DATAGRAMS: [message: string, answer: string][] = [
  ["quit\0", "QUIT"],
  ["quit\0\0\0", "QUIT"],
  ["quit\n\0", "QUIT\n"],
  ["\0", ""],
  ["\0a\0b\0", "\0A\0B"],
];

Deno.test("UDP: a server takes the message without them", async (t) => {
  await using server = LiveServer.start("uppercase");
  using client = new RawDatagrams();
  for (const [message, answer] of DATAGRAMS) {
    await t.step(JSON.stringify(message), async () => {
      assertEquals(await client.request(message, server.port), answer);
    });
  }
  assertEquals(server.transcript.filter((line) => line === "quit").length, 3);
  using other = new RawDatagrams();
  await other.request("hello\0\0", server.port);
  assertEquals(toldOf(server.log), [
    `127.0.0.1:${client.port} sent a NUL`,
    `127.0.0.1:${other.port} sent 2 NULs`,
  ]);
});

Deno.test("TCP: a server takes the message without them", async () => {
  await using server = LiveServer.start("chat");
  using x = await RawStream.connect(server.port);
  using y = await RawStream.connect(server.port);
  await server.hears(x, "Client X: Alice");
  await y.send("Client Y: Bob\0\0\0\n\0");
  await x.receives("X: Alice received before Y: Bob\n");
  await y.send("one\0\n\0two\n");
  await x.receives("one\ntwo\n");
  const [told = "", ...more] = toldOf(server.log);
  assertMatch(told, /^127\.0\.0\.1:\d+ sent 3 NULs$/);
  assertEquals(more, []);
});

Deno.test("UDP: a client takes the answer without them", async () => {
  const socket = bind(ANY);
  const { printer: journal, stderr } = collectingPrinter();
  const server = socket.addr as Deno.NetAddr;
  const client = new DatagramClient(server, 0, { timeout: 5_000, journal });
  try {
    for (const answer of ["HELLO\0\0", "AGAIN\0"]) {
      const asking = client.request("hello");
      const [, from] = await socket.receive();
      await socket.send(new TextEncoder().encode(answer), from);
      assertEquals(await asking, answer.replaceAll("\0", ""));
    }
  } finally {
    client.close();
    socket.close();
  }
  journal.flush();
  assertEquals(toldOf(stderr.text), ["the server sent 2 NULs"]);
});

Deno.test("TCP: a client takes the message without them", async () => {
  using listener = listen(ANY);
  const { printer: journal, stderr } = collectingPrinter();
  const framing = "line";
  const options = { framing, json: false, timeout: 5_000, journal } as const;
  const client = await StreamClient.connect(listener.addr, options);
  using conn = await listener.accept();
  await conn.write(new TextEncoder().encode("one\0\n\0two\0\n"));
  assertEquals(await client.receive(5_000), "one");
  assertEquals(await client.receive(5_000), "two");
  conn.closeWrite();
  await client.close();
  journal.flush();
  assertEquals(toldOf(stderr.text), ["the server sent 3 NULs"]);
});

/** What the log says of NULs: who has sent how many. */
function toldOf(log: string): string[] {
  const pattern = /: (\S.*) at the end of a message: no part of it/g;
  return [...log.matchAll(pattern)].map(([, told]) => told!.trim());
}
