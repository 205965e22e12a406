/**
 * Nobody makes a UDP server answer for ever: not a datagram in its own name, and
 * not another server.
 */
import { assert, assertEquals } from "@std/assert";
import { bind } from "../../lib/net/address.ts";
import { MAX_ECHOES } from "../../lib/net/udp_server.ts";
import { RawDatagrams, until } from "../support/harness.ts";
import { ANY, LiveServer, pause } from "../support/in_process.ts";

/** How long nothing has to be printed until an exchange is over, in milliseconds. */
const LULL = 100;

const HELLO = new TextEncoder().encode("HELLO");

Deno.test("a datagram from the server's own address is not answered", async () => {
  const socket = bind(ANY);
  await using server = new LiveServer("uppercase", socket);
  // To the server it looks like a forged one, for which a test needs rights.
  await socket.send(HELLO, socket.addr);
  await socket.send(HELLO, socket.addr);
  await server.logs("sent a datagram: that is this server");
  using client = new RawDatagrams();
  assertEquals(await client.request("hello", server.port), "HELLO");
  assertEquals(server.transcript, ["hello"]);
  assertEquals(server.log.split("that is this server").length, 2);
});

Deno.test("two servers do not answer each other for ever", async () => {
  const socket = bind(ANY);
  await using one = new LiveServer("uppercase", socket);
  await using other = LiveServer.start("uppercase");
  const { hostname } = socket.addr as Deno.NetAddr;
  const to = { transport: "udp", hostname, port: other.port } as const;
  await socket.send(HELLO, to);
  await other.prints("HELLO");
  const count = () => one.transcript.length + other.transcript.length;
  await until(async () => {
    const before = count();
    await pause(LULL);
    return count() === before;
  }, "the end of the exchange");
  assert(count() <= 2 * MAX_ECHOES, `${count()} messages`);
  assert(/times in a row: not answered/.test(one.log + other.log));
});

Deno.test("a client that sends the same again and again is answered", async () => {
  await using server = LiveServer.start("uppercase");
  using client = new RawDatagrams();
  for (let count = 0; count < MAX_ECHOES; count++) {
    assertEquals(await client.request("HELLO", server.port), "HELLO");
  }
  await client.send("HELLO", server.port); // the one that is not answered
  assertEquals(await client.request("other", server.port), "OTHER");
  assertEquals(await client.request("HELLO", server.port), "HELLO");
});
