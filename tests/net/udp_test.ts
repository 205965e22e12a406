/**
 * Datagrams over real sockets: what each UDP mode answers, prints and ends
 * with, several clients at once, and a client of ours that asks.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { Failure } from "../../lib/rules/contract.ts";
import { DatagramClient } from "../../lib/net/udp_client.ts";
import { bind } from "../../lib/net/address.ts";
import { RawDatagrams, until } from "../support/harness.ts";
import { ANY, collectingPrinter, LiveServer } from "../support/in_process.ts";

/** Binds a port that another test may still hold for a moment. */
async function bindFixed(port: number): Promise<RawDatagrams> {
  let socket: RawDatagrams | undefined;
  await until(() => {
    try {
      socket = new RawDatagrams(port);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
    return socket !== undefined;
  }, `port ${port} to be free`);
  return socket!;
}

function unusedPort(): number {
  using socket = new RawDatagrams();
  return socket.port;
}

/** Fails where a port is still taken. */
function isFree(port: number): void {
  bind({ hostname: "127.0.0.1", port }).close();
}

Deno.test("permission: each port has its answers, the fourth client ends it", async () => {
  await using server = LiveServer.start("permission");
  using permitting = await bindFixed(1234);
  using requesting = await bindFixed(3333);
  using stranger = new RawDatagrams();
  using last = new RawDatagrams();
  const exchange: [RawDatagrams, string, string][] = [
    [requesting, "Request1111", "Request Rejected"],
    [permitting, "Permission1111", "Permission Accepted"],
    [permitting, "permission1111\n", "Already Permitted"],
    [permitting, "Request1111", "Invalid Message"],
    [requesting, "rEQUEST01111\r\n", "Request Accepted"],
    [requesting, "Permission1", "Invalid Message"],
    [stranger, "Permission2", "Port is not allowed to communicate"],
    [requesting, "Request2", "Request Rejected"],
    [last, "", "Port is not allowed to communicate"],
  ];
  const transcript: string[] = [];
  for (const [client, message, answer] of exchange) {
    assertEquals(await client.request(message, server.port), answer);
    transcript.push(`${message.trimEnd()} from 127.0.0.1:${client.port}`);
  }
  await server.ends();
  assertEquals(server.transcript, transcript);
  assert(server.log.includes("4 clients have sent a message: the end"));
  isFree(server.port);
});

Deno.test("permission: other numbers of clients", async (t) => {
  await t.step("one client is enough with --max-clients 1", async () => {
    await using server = LiveServer.start("permission", { maxClients: 1 });
    using client = new RawDatagrams();
    const answer = await client.request("hello", server.port);
    assertEquals(answer, "Port is not allowed to communicate");
    await server.ends();
  });
  await t.step(
    "no number of clients ends it with --max-clients 0",
    async () => {
      await using server = LiveServer.start("permission", { maxClients: 0 });
      for (let count = 0; count < 20; count++) {
        using client = new RawDatagrams();
        const answer = await client.request("hello", server.port);
        assertEquals(answer, "Port is not allowed to communicate");
      }
      assertEquals(server.transcript.length, 20);
    },
  );
});

const UPPERCASE: [name: string, message: string, answer: string][] = [
  ["a sentence", "hello, world", "HELLO, WORLD"],
  ["one sharp s becomes two letters", "straße", "STRASSE"],
  ["other scripts", "привет γειά", "ПРИВЕТ ΓΕΙΆ"],
  ["beyond the basic plane", "𐐨 😀", "𐐀 😀"],
  ["nothing at all", "", ""],
  ["only blanks", "  ", "  "],
  ["a line ending stays where it was", "hello\n", "HELLO\n"],
  ["a control character is answered as it is", "a\x1b[2J\0b", "A\x1b[2J\0B"],
];

Deno.test("uppercase: an answer for each message", async (t) => {
  await using server = LiveServer.start("uppercase");
  using client = new RawDatagrams();
  for (const [name, message, answer] of UPPERCASE) {
    await t.step(name, async () => {
      assertEquals(await client.request(message, server.port), answer);
    });
  }
  assertEquals(server.transcript.length, UPPERCASE.length);
  assert(server.transcript.includes("a\\x1b[2J\\x00b"));
});

Deno.test("uppercase: after the last session the server ends", async () => {
  await using server = LiveServer.start("uppercase", { sessions: 2 });
  using client = new RawDatagrams();
  assertEquals(await client.request("qUIT", server.port), "QUIT");
  assertEquals(await client.request("quit it", server.port), "QUIT IT");
  assertEquals(await client.request("quit\r\n", server.port), "QUIT\r\n");
  await server.ends();
  const over = [
    "CONNECTION CLOSED",
    "=====",
    "The server is ready to receive",
  ];
  assertEquals(server.transcript, [
    ...["qUIT", ...over],
    "quit it",
    ...["quit", ...over],
  ]);
  isFree(server.port);
});

Deno.test("uppercase: messages in flight are answered in their order", async () => {
  await using server = LiveServer.start("uppercase");
  using client = new RawDatagrams();
  const messages = Array.from(
    { length: 100 },
    (_, index) => `message ${index}`,
  );
  for (const message of messages) await client.send(message, server.port);
  for (const message of messages) {
    assertEquals((await client.receive()).text, message.toUpperCase());
  }
  assertEquals(server.transcript, messages);
});

Deno.test("uppercase: clients at the same time get their own answers", async () => {
  await using server = LiveServer.start("uppercase");
  async function talk(name: string): Promise<void> {
    using client = new RawDatagrams();
    for (let turn = 0; turn < 20; turn++) {
      const answer = await client.request(`${name} ${turn}`, server.port);
      assertEquals(answer, `${name.toUpperCase()} ${turn}`);
    }
  }
  await Promise.all(["ann", "ben", "cat", "dan", "eve"].map(talk));
  assertEquals(server.transcript.length, 100);
});

Deno.test("a client asks, and gets the answers", async (t) => {
  await using server = LiveServer.start("uppercase");
  const { printer } = collectingPrinter();
  const address = { hostname: "127.0.0.1", port: server.port };

  await t.step("one after another", async () => {
    const client = new DatagramClient(address, 0, {
      timeout: 5_000,
      journal: printer,
    });
    try {
      for (const message of ["hello", "", "straße", "x".repeat(65_507)]) {
        assertEquals(await client.request(message), message.toUpperCase());
      }
    } finally {
      client.close();
      client.close(); // closing again is nothing
    }
  });

  await t.step("from the port that it was told to use", async () => {
    await using permission = LiveServer.start("permission", { maxClients: 1 });
    const port = unusedPort();
    const server = { hostname: "127.0.0.1", port: permission.port };
    const client = new DatagramClient(server, port, {
      timeout: 5_000,
      journal: printer,
    });
    try {
      await client.request("hello");
    } finally {
      client.close();
    }
    await permission.ends();
    assertEquals(permission.transcript, [`hello from 127.0.0.1:${port}`]);
  });
});

Deno.test("a port that is taken", async (t) => {
  using other = new RawDatagrams();
  const address = { hostname: "127.0.0.1", port: other.port };
  const inUse =
    `Cannot listen on 127.0.0.1:${other.port}: the port is in use by another ` +
    `program.`;
  const { printer } = collectingPrinter();

  await t.step("by a server", () => {
    assertThrows(() => bind(address), Failure, inUse);
  });
  await t.step("by a client", () => {
    const client = () =>
      new DatagramClient({ ...ANY, port: 9 }, other.port, {
        timeout: 100,
        journal: printer,
      });
    assertThrows(client, Failure, inUse);
  });
});
