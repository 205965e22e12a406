/**
 * What can go wrong with datagrams, made to go wrong: messages that are none,
 * answers that fit nowhere, a full buffer, an end in the middle of work. After
 * each fault the server has to answer the next client.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { stub } from "@std/testing/mock";
import { bind } from "../../lib/net/address.ts";
import { MAX_DATAGRAM } from "../../lib/net/wire.ts";
import { RawDatagrams } from "../support/harness.ts";
import { ANY, LiveServer } from "../support/in_process.ts";

async function newcomerIsAnswered(server: LiveServer): Promise<void> {
  using client = new RawDatagrams();
  assertEquals(
    await client.request("still there?", server.port),
    "STILL THERE?",
  );
}

// Each of these takes two bytes in lower case and three in upper case.
const GROWING = "ŉ";

interface Strange {
  name: string;
  message: string | Uint8Array;
  answer: string;
  log?: string;
}

const STRANGE: Strange[] = [
  {
    name: "bytes that are not UTF-8",
    message: new Uint8Array([0x68, 0xff, 0x69]),
    answer: "Invalid Message",
    log: "sent 3 bytes that are not UTF-8",
  },
  {
    name: "a character cut in two",
    message: new Uint8Array([0xc3]),
    answer: "Invalid Message",
    log: "sent 1 byte that is not UTF-8",
  },
  {
    name: "a surrogate, which is no character",
    message: new Uint8Array([0xed, 0xa0, 0x80]),
    answer: "Invalid Message",
    log: "sent 3 bytes that are not UTF-8",
  },
  { name: "an empty datagram", message: "", answer: "" },
  {
    name: "the longest datagram",
    message: "x".repeat(MAX_DATAGRAM),
    answer: "X".repeat(MAX_DATAGRAM),
  },
  {
    name: "the longest datagram, of nothing but bad bytes",
    message: new Uint8Array(MAX_DATAGRAM).fill(0xff),
    answer: "Invalid Message",
    log: "sent 65507 bytes that are not UTF-8",
  },
  {
    name: "an answer that grows, and just fits",
    message: GROWING.repeat(21_835) + "aa",
    answer: GROWING.toUpperCase().repeat(21_835) + "AA",
  },
  {
    name: "an answer that grows by one byte too many",
    message: GROWING.repeat(21_835) + "aaa",
    answer: "Message too long",
    log: "sent a message whose answer would have 65508 bytes",
  },
  {
    name: "an answer that grows to three times its size",
    message: "ΐ".repeat(32_000),
    answer: "Message too long",
    log: "sent a message whose answer would have 192000 bytes",
  },
];

Deno.test("uppercase: strange datagrams are answered, and the next one too", async (t) => {
  await using server = LiveServer.start("uppercase");
  using client = new RawDatagrams();
  for (const { name, message, answer, log } of STRANGE) {
    await t.step(name, async () => {
      assertEquals(await client.request(message, server.port), answer);
      if (log) await server.logs(`127.0.0.1:${client.port} ${log}`);
      await newcomerIsAnswered(server);
    });
  }
});

Deno.test("uppercase: no message forges a line or moves the cursor", async () => {
  await using server = LiveServer.start("uppercase");
  using client = new RawDatagrams();
  await client.request(
    "a\nCONNECTION CLOSED\r\x1b[2J\x07\x9b\u2028",
    server.port,
  );
  assertEquals(server.transcript, [
    "a\\nCONNECTION CLOSED\\r\\x1b[2J\\x07\\x9b\\u2028",
  ]);
});

Deno.test("permission: what is not UTF-8 is no message, but a client", async () => {
  await using server = LiveServer.start("permission", { maxClients: 2 });
  using client = new RawDatagrams();
  const answer = await client.request(new Uint8Array([0xff]), server.port);
  assertEquals(answer, "Port is not allowed to communicate");
  await server.logs(`127.0.0.1:${client.port} sent 1 byte that is not UTF-8`);
  using other = new RawDatagrams();
  await other.request("", server.port);
  await server.ends();
  assertEquals(server.transcript, [
    `(not UTF-8) from 127.0.0.1:${client.port}`,
    ` from 127.0.0.1:${other.port}`,
  ]);
});

Deno.test("a client that has gone: Windows tells when receiving, and it counts for nothing", async () => {
  const socket = bind(ANY);
  const receive = socket.receive.bind(socket);
  let failures = 0;
  using _ = stub(socket, "receive", (buffer: Uint8Array) => {
    const turn = failures++ % 2;
    if (turn === 1) return receive(buffer);
    return Promise.reject(new Deno.errors.ConnectionReset("os error 10054"));
  });
  await using server = new LiveServer("uppercase", socket);
  using client = new RawDatagrams();
  for (const word of ["one", "two", "three"]) {
    assertEquals(await client.request(word, server.port), word.toUpperCase());
  }
  assert(failures >= 6, "every other receive should have failed");
});

Deno.test("a socket that fails in any other way ends the server, loudly", async () => {
  const socket = bind(ANY);
  using _ = stub(socket, "receive", () => Promise.reject(new Error("broken")));
  const { port } = socket.addr as Deno.NetAddr;
  const server = new LiveServer("uppercase", socket);
  await assertRejects(() => server.ends(), Error, "broken");
  bind({ ...ANY, port }).close();
});

Deno.test("an answer that cannot be sent costs only its client", async () => {
  const socket = bind(ANY);
  const send = socket.send.bind(socket);
  let refused = 0;
  using _ = stub(socket, "send", (bytes: Uint8Array, to: Deno.NetAddr) => {
    if (refused++ > 0) return send(bytes, to);
    return Promise.reject(new Error("Network is unreachable"));
  });
  await using server = new LiveServer("uppercase", socket);
  using unlucky = new RawDatagrams();
  await unlucky.send("hello", server.port);
  await server.logs(
    `[WARNING] [server]: 127.0.0.1:${unlucky.port} sent a message that cannot ` +
      "be answered: Network is unreachable",
  );
  await newcomerIsAnswered(server);
  assert(await unlucky.isSilent());
});

Deno.test("answers to clients that have gone hold nobody up", async () => {
  await using server = LiveServer.start("uppercase");
  for (let count = 0; count < 50; count++) {
    using client = new RawDatagrams();
    await client.send("good", server.port);
    await client.send("bye", server.port);
  }
  await newcomerIsAnswered(server);
});

/** Sends a word until its answer comes, and gives all that came before it. */
async function answersBefore(
  client: RawDatagrams,
  port: number,
): Promise<string[]> {
  const answers: string[] = [];
  for (;;) {
    await client.send("last", port);
    while (!await client.isSilent(200)) {
      const { text } = await client.receive();
      if (text === "LAST") return answers;
      answers.push(text);
    }
  }
}

Deno.test("a burst beyond the system's buffer: the rest is lost, the server is not", async () => {
  const socket = bind(ANY);
  using client = new RawDatagrams();
  const { port } = socket.addr as Deno.NetAddr;
  const filling = "x".repeat(1_000);
  const burst = 2_000;
  // Nobody reads yet, so that the buffer overflows however fast a server is.
  for (let turn = 0; turn < burst; turn++) {
    await client.send(`${turn} ${filling}`, port);
  }
  await using server = new LiveServer("uppercase", socket);
  const answers = await answersBefore(client, port);
  const turns = answers.map((answer) => Number(answer.split(" ")[0]));
  assert(turns.length > 0, "the first datagrams fit");
  assert(turns.length < burst, "not all of them fit");
  assertEquals(turns, [...new Set(turns)].sort((a, b) => a - b));
  assert(answers.every((answer) => answer.endsWith(" " + "X".repeat(1_000))));
  await newcomerIsAnswered(server);
});

Deno.test("an end while datagrams are queued: all of them are answered", async () => {
  const socket = bind(ANY);
  using client = new RawDatagrams();
  const { port } = socket.addr as Deno.NetAddr;
  const messages = Array.from({ length: 80 }, (_, turn) => `message ${turn}`);
  for (const message of messages) await client.send(message, port);
  await using server = new LiveServer("uppercase", socket);
  server.abort();
  await server.ends();
  bind({ ...ANY, port }).close(); // free at once
  assertEquals(server.transcript, messages);
  for (const message of messages) {
    assertEquals((await client.receive()).text, message.toUpperCase());
  }
});

Deno.test("an end does not wait for a client that never stops", async () => {
  await using server = LiveServer.start("uppercase");
  using client = new RawDatagrams();
  let over = false;
  const flood = (async () => {
    while (!over) {
      await client.send("more", server.port);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  try {
    await server.prints("more");
    server.abort();
    await server.ends();
  } finally {
    over = true;
    await flood;
  }
});

Deno.test("an end of an idle server leaves its port free at once", async () => {
  await using server = LiveServer.start("uppercase");
  await newcomerIsAnswered(server);
  server.abort();
  server.abort(); // an impatient second Ctrl-C
  await server.ends();
  bind({ ...ANY, port: server.port }).close();
});

Deno.test("an end by the rules: what came before it is answered", async () => {
  await using server = LiveServer.start("uppercase", { sessions: 1 });
  using client = new RawDatagrams();
  for (let turn = 0; turn < 50; turn++) await client.send("on", server.port);
  await client.send("quit", server.port);
  await server.ends();
  for (let turn = 0; turn < 50; turn++) {
    assertEquals((await client.receive()).text, "ON");
  }
  assertEquals((await client.receive()).text, "QUIT");
});
