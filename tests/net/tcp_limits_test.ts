/**
 * The limits that a TCP peer can push against, from both sides: how long a
 * message may be, how much may wait for a slow reader or for a partner, how
 * many may be connected. Others are served all the while.
 */
import { ownMemory } from "../support/machine.ts";
import { assert, assertEquals } from "@std/assert";
import { MAX_MESSAGE } from "../../lib/rules/contract.ts";
import { MAX_NAME } from "../../lib/rules/pairing.ts";
import { MAX_CONNECTIONS } from "../../lib/net/tcp_server.ts";
import { RawStream, until } from "../support/harness.ts";
import { MODE_TESTS } from "../modes.ts";
import {
  closeAll,
  LiveServer,
  newcomersAreServed,
  Pair,
} from "../support/in_process.ts";
import { line, NumberedFlood } from "../support/numbered_flood.ts";
import { SlowStream } from "../support/peers.ts";

/** A message that has `length` bytes and relays to itself. */
function message(length: number): string {
  return "ß".repeat(length / 2) + "x".repeat(length % 2);
}

Deno.test("the limit of a message", async (t) => {
  await using server = LiveServer.start("chat", { sessions: 0 });
  await t.step("the longest is relayed", async () => {
    using pair = await Pair.meet(server);
    const before = pair.y.received;
    await pair.x.send(message(MAX_MESSAGE) + "\r\nand on\n");
    await pair.y.receives("and on\n");
    assertEquals(pair.y.received, `${before}${message(MAX_MESSAGE)}\nand on\n`);
  });
  for (const ending of ["", "\n"]) {
    const how = ending === "" ? "without an end" : "with a line feed";
    await t.step(`a byte more, ${how}`, async () => {
      using peer = await RawStream.connect(server.port);
      await peer.send(message(MAX_MESSAGE + 1) + ending);
      assertEquals(await peer.ends(), `Message too long${ending}`);
      await server.logs(`sent ${MAX_MESSAGE + 1} bytes: too long`);
      await newcomersAreServed("chat", server);
    });
  }
  await t.step("from a partner, whose partner is let go", async () => {
    using pair = await Pair.meet(server);
    const before = pair.y.received;
    await pair.x.send("hello\n" + message(MAX_MESSAGE + 1));
    await pair.x.receives("Message too long\n");
    assertEquals(await pair.y.ends(), before + "hello\n");
    await newcomersAreServed("chat", server);
  });
  await t.step("in small pieces, for ever", async () => {
    using peer = await RawStream.connect(server.port);
    const endless = async () => {
      while (!peer.ended) await peer.send("x".repeat(1_000));
    };
    await endless().catch(() => {}); // the connection is reset in the end
    await newcomersAreServed("chat", server);
  });
});

Deno.test("the limit of a name: both have to fit one acknowledgment", async (t) => {
  for (const mode of ["sequence", "chat"] as const) {
    await t.step(
      `${mode}: a longer one is refused, and nobody else is`,
      async () => {
        await using server = LiveServer.start(mode, MODE_TESTS[mode].endless);
        using x = await RawStream.connect(server.port);
        using y = await RawStream.connect(server.port);
        await server.hears(x, "Client X: Alice");
        await y.send(`Client Y: ${message(MAX_NAME + 1)}\n`);
        await y.receives("Message too long\n");
        await server.logs(`a name of ${MAX_NAME} bytes at most`);
        assertEquals(x.received, "");
        await y.send("Client Y: Bob\n");
        const text = "X: Alice received before Y: Bob\n";
        await Promise.all([x.receives(text), y.receives(text)]);
        assertEquals(x.received, text);
        const told = server.transcript.filter((line) => / before /.test(line));
        assertEquals(told, [text.trimEnd()], "what was not sent is not told");
      },
    );
    await t.step(`${mode}: two of the longest are acknowledged`, async () => {
      await using server = LiveServer.start(mode, MODE_TESTS[mode].endless);
      const names: [string, string] = [message(MAX_NAME), message(MAX_NAME)];
      using pair = await Pair.meet(server, names);
      const text = `X: ${names[0]} received before Y: ${names[1]}\n`;
      assertEquals([pair.x.received, pair.y.received], [text, text]);
    });
  }
});

/** Reads to the end, and counts the lines of a flood, each in its place. */
async function countLines(stream: SlowStream): Promise<number> {
  const buffer = new Uint8Array(65_536);
  const decoder = new TextDecoder();
  let rest = "";
  let count = 0;
  for (;;) {
    const length = await stream.read(buffer);
    if (length === null) break;
    const lines = (rest + decoder.decode(buffer.subarray(0, length))).split(
      "\n",
    );
    rest = lines.pop()!;
    for (const text of lines) {
      if (text === "Bye" || text.includes("received before")) continue;
      assertEquals(text, line(count).trimEnd());
      count++;
    }
  }
  assertEquals(rest, "");
  return count;
}

/** More than the system's buffers hold, less than a server may ever keep. */
const TOO_MUCH = 48 * 1024 * 1024;

Deno.test("chat: a reader slower than its writer slows the writer down", async () => {
  await using server = LiveServer.start("chat", { sessions: 0 });
  using x = await SlowStream.connect(server.port);
  using y = await SlowStream.connect(server.port);
  await server.hears(x, "Client X: Alice");
  await server.hears(y, "Client Y: Bob");
  const before = ownMemory();
  const flood = new NumberedFlood(x);
  await flood.stalls();
  assert(x.sent < TOO_MUCH, `${x.sent} bytes were taken`);
  assert(ownMemory() - before < 2 * TOO_MUCH);
  await newcomersAreServed("chat", server);
  flood.stop();
  const [count] = await Promise.all([countLines(y), flood.finished]);
  assertEquals(count, flood.lines, "all of them, in order");
});

Deno.test("chat: two who both talk and do not listen hold nobody up", async () => {
  await using server = LiveServer.start("chat", { sessions: 0 });
  using x = await SlowStream.connect(server.port);
  using y = await SlowStream.connect(server.port);
  await server.hears(x, "Client X: Alice");
  await server.hears(y, "Client Y: Bob");
  const floods = [new NumberedFlood(x), new NumberedFlood(y)];
  for (const flood of floods) await flood.stalls();
  await newcomersAreServed("chat", server);
  for (const flood of floods) flood.stop();
  const finished = floods.map((flood) => flood.finished);
  // Whoever says Bye first has the last word: the other's rest is not relayed.
  const counts = await Promise.all([countLines(x), countLines(y)]);
  await Promise.allSettled(finished);
  assert(counts.some((count, index) => count === floods[1 - index]!.lines));
});

Deno.test("chat: a server ends though a peer never reads", async () => {
  await using server = LiveServer.start("chat", { sessions: 0 });
  using x = await SlowStream.connect(server.port);
  using y = await SlowStream.connect(server.port);
  await server.hears(x, "Client X: Alice");
  await server.hears(y, "Client Y: Bob");
  const flood = new NumberedFlood(x);
  await flood.stalls();
  const start = performance.now();
  server.abort();
  await server.ends();
  assert(performance.now() - start < 10_000);
  await flood.finished.catch(() => {}); // its connection is gone
});

Deno.test("chat: what is said too early waits, up to a limit, in order", async () => {
  await using server = LiveServer.start("chat", { sessions: 0 });
  using x = await SlowStream.connect(server.port);
  await server.hears(x, "Client X: Alice");
  const before = ownMemory();
  const flood = new NumberedFlood(x);
  await flood.stalls();
  assert(x.sent < TOO_MUCH, `${x.sent} bytes were taken`);
  assert(ownMemory() - before < TOO_MUCH);
  using early = await RawStream.connect(server.port);
  await early.send("Client X: Next\n");
  await server.prints("Client X: Next");
  using y = await SlowStream.connect(server.port);
  await y.send("Client Y: Bob\n");
  flood.stop();
  const [count] = await Promise.all([countLines(y), flood.finished]);
  assertEquals(count, flood.lines, "all of them, in order");
  using ben = await RawStream.connect(server.port);
  await ben.send("Client Y: Ben\n");
  await early.receives("X: Next received before Y: Ben\n");
});

Deno.test("chat: one who said too much too early and left keeps nobody waiting", async () => {
  await using server = LiveServer.start("chat", { sessions: 0 });
  {
    using x = await SlowStream.connect(server.port);
    await server.hears(x, "Client X: Alice");
    await x.send(line(0).repeat(100)); // more than is kept
  }
  // Nothing is read of one who has to wait, so that its end is not seen: its
  // partner is told, gets what was said, and is let go.
  using y = await RawStream.connect(server.port);
  await y.send("Client Y: Bob\n");
  assert((await y.ends()).endsWith(line(0).repeat(100)));
  await server.logs("X: Alice left without a Bye");
  await newcomersAreServed("chat", server);
});

/** Connects silent peers; fewer where the system has no more sockets. */
async function connectSilent(
  server: LiveServer,
  count: number,
): Promise<SlowStream[]> {
  const peers: SlowStream[] = [];
  try {
    while (peers.length < count) {
      peers.push(await SlowStream.connect(server.port));
    }
  } catch (error) {
    // Each connection takes two of the files that one program may have open.
    if (!String(error).includes("Too many open files")) throw error;
  }
  return peers;
}

Deno.test("all places are taken", async (t) => {
  await using server = LiveServer.start("sequence", { sessions: 0 });
  const peers = await connectSilent(server, MAX_CONNECTIONS);
  const isFull = peers.length === MAX_CONNECTIONS;
  const ignore = !isFull;
  try {
    await t.step({
      name: "the one that was silent for longest gives its place to a newcomer",
      ignore,
      async fn() {
        using newcomer = await RawStream.connect(server.port);
        await server.hears(newcomer, "Client X: Newcomer");
        await server.logs("has never said anything, and its place is needed");
        assertEquals(await peers[0]!.read(new Uint8Array(1)), null);
      },
    });
    await t.step({
      name: "a pair of newcomers is served",
      ignore,
      fn: () => newcomersAreServed("sequence", server),
    });
    await t.step({
      name: "where all have spoken, a newcomer is turned away",
      ignore,
      async fn() {
        assertEquals(await fillWithSpoken(server, peers), MAX_CONNECTIONS);
        await server.logs(`All ${MAX_CONNECTIONS} places are taken`);
      },
    });
  } finally {
    closeAll(peers);
  }
  await until(async () => {
    using peer = await RawStream.connect(server.port);
    await peer.send("nonsense\n");
    await until(
      () => peer.ended || peer.received !== "",
      "an answer or the end",
    );
    return peer.received === "Invalid Message\n";
  }, "a place, now that all have left");
});

/** Has a peer say something; false where it has no place any more. */
async function speak(peer: SlowStream): Promise<boolean> {
  try {
    await peer.send("nonsense\n");
    return await peer.read(new Uint8Array(64)) !== null;
  } catch {
    return false; // its connection was reset
  }
}

/** Has all peers speak, and more of them come until one is turned away. */
async function fillWithSpoken(
  server: LiveServer,
  peers: SlowStream[],
): Promise<number> {
  let spoken = 0;
  for (const peer of peers) if (await speak(peer)) spoken++;
  for (;;) {
    const peer = await SlowStream.connect(server.port);
    peers.push(peer);
    if (!await speak(peer)) return spoken;
    spoken++;
  }
}
