/**
 * Places at a server: those that reset before they are accepted take nobody's,
 * and where the system gives no more files a newcomer gets a silent one's. What
 * is said too early takes no memory without a limit.
 */
import { assert, assertEquals } from "@std/assert";
import {
  RawStream,
  type Script,
  start,
  startServer,
  until,
} from "../support/harness.ts";
import { QuietServer, startFlood } from "../support/floods.ts";
import { checkOrder } from "../support/order.ts";

/** How long a newcomer may wait for a place, in milliseconds: none, and noise. */
const SOON = 2_000;

/** Connects so many times, and resets each connection at once. */
const RESETTING = (port: number, count: number) => `
import socket, struct
for i in range(${count}):
    client = socket.create_connection(('127.0.0.1', ${port}))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    client.close()
`;
import { has } from "../support/machine.ts";

async function resetAll(port: number, count: number): Promise<void> {
  await using python = await start("python3", ["-c", RESETTING(port, count)]);
  assertEquals(await python.exits(), 0, python.stderr.text);
}

const ignore = !has("python3");
const suffix = ignore ? " (ignored: no python3, which can reset)" : "";

/** Who has connected and says nothing for now. */
async function connectSilent(
  port: number,
  count: number,
  stack: DisposableStack,
): Promise<RawStream[]> {
  const streams: RawStream[] = [];
  while (streams.length < count) {
    streams.push(stack.use(await RawStream.connect(port)));
  }
  return streams;
}

async function sawConnections(server: Script, count: number): Promise<void> {
  const seen = () => server.stderr.text.split(" connected\n").length - 1;
  await until(() => seen() >= count, `${count} connections`);
}

/** How long a pair of newcomers takes to be acknowledged, in milliseconds. */
async function timeOfPair(port: number): Promise<number> {
  const began = performance.now();
  await checkOrder(port, { first: "X", endings: ["\n", "\n"], gap: 0 });
  return performance.now() - began;
}

Deno.test({
  name: `resets before they are accepted cost nobody anything${suffix}`,
  ignore,
  async fn() {
    const args = ["--mode", "sequence", "--sessions", "0"];
    const { server, port } = await startServer(args);
    await using _ = server;
    using stack = new DisposableStack();
    const classmates = await connectSilent(port, 20, stack);
    await sawConnections(server, classmates.length);
    server.kill("SIGSTOP"); // so that none of them is accepted before
    await resetAll(port, 100);
    server.kill("SIGCONT");
    const took = await timeOfPair(port);
    assert(took < SOON, `a newcomer waited ${took} ms`);
    assert(classmates.every(({ ended }) => !ended), "somebody was thrown out");
    assert(!/place is needed/.test(server.stderr.text), server.stderr.text);
    assert(!/Cannot accept/.test(server.stderr.text), server.stderr.text);
  },
});

Deno.test({
  name: `resets all the while cost nobody anything${suffix}`,
  ignore,
  async fn() {
    const args = ["--mode", "sequence", "--sessions", "0"];
    const { server, port } = await startServer(args);
    await using _ = server;
    using stack = new DisposableStack();
    const classmates = await connectSilent(port, 20, stack);
    await sawConnections(server, classmates.length);
    const resets = resetAll(port, 500);
    const took = await timeOfPair(port);
    await resets;
    assert(took < SOON, `a newcomer waited ${took} ms`);
    assert(classmates.every(({ ended }) => !ended), "somebody was thrown out");
  },
});

/** How many files the server may have open: what it needs itself is about 20. */
const FILES = [32, 40, 64];

Deno.test({
  name: "out of files: a newcomer gets the place of a silent one",
  ignore: Deno.build.os === "windows",
  async fn(t) {
    for (const files of FILES) {
      await t.step(`of ${files}`, async () => {
        const shell = `ulimit -n ${files};`;
        await using server = await QuietServer.start("sequence", { shell });
        using stack = new DisposableStack();
        const silent = await connectSilent(server.port, files, stack);
        await until(
          () => silent.some(({ ended }) => ended),
          "that somebody's place was needed",
        );
        const took = await timeOfPair(server.port);
        assert(took < SOON, `newcomers waited ${took} ms`);
        assert(silent[0]!.ended, "who was silent for longest goes first");
      });
    }
  },
});

Deno.test({
  name:
    "out of files: where all have spoken, a newcomer gets the place of who leaves",
  ignore: Deno.build.os === "windows",
  async fn() {
    const shell = "ulimit -n 40;";
    await using server = await QuietServer.start("sequence", { shell });
    const spoken: RawStream[] = [];
    try {
      for (;;) {
        const peer = await RawStream.connect(server.port);
        spoken.push(peer);
        await peer.send("nonsense\n");
        if (!await isAnswered(peer)) break;
      }
      assert(spoken.length > 2, `${spoken.length} places`);
      spoken.shift()![Symbol.dispose]();
      spoken.pop()![Symbol.dispose](); // turned away, or still waiting
      const began = performance.now();
      const newcomer = await RawStream.connect(server.port);
      spoken.push(newcomer);
      await newcomer.send("nonsense\n");
      await newcomer.receives("Invalid Message\n");
      const took = performance.now() - began;
      assert(took < SOON, `the newcomer waited ${took} ms`);
    } finally {
      for (const peer of spoken) peer[Symbol.dispose]();
    }
  },
});

/** Whether an answer comes within half a second. */
async function isAnswered(peer: RawStream): Promise<boolean> {
  try {
    await until(() => peer.received !== "", "an answer", 500);
    return true;
  } catch {
    return false;
  }
}

/** How many talk early, and what a server may grow by for it, in KiB. */
const EARLY = 300;
const GROWTH = 100 * 1024;

Deno.test("chat: many who talk early take bounded memory, and keep nobody waiting", async () => {
  await using server = await QuietServer.start("chat");
  await timeOfPair(server.port);
  const before = await server.memory();
  await using _flood = await startFlood(server.port, "early messages", EARLY);
  // As long as a second goes on the memory would grow where it is not bounded.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const after = await server.memory();
  if (before !== undefined && after !== undefined) {
    assert(after - before < GROWTH, `${after - before} KiB`);
  }
  const began = performance.now();
  using newcomer = await RawStream.connect(server.port);
  await newcomer.send("Client Y: Newcomer\n");
  await newcomer.receives(" received before Y: Newcomer\na\n");
  const took = performance.now() - began;
  assert(took < SOON, `the newcomer waited ${took} ms`);
});

Deno.test("chat: one signal ends a server to which many talk early", async () => {
  await using server = await QuietServer.start("chat");
  await using _flood = await startFlood(server.port, "early messages", EARLY);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const began = performance.now();
  server.kill("SIGINT");
  assertEquals(await server.exits(), 0);
  const took = performance.now() - began;
  assert(took < END, `the end took ${took} ms`);
});

/** How long an end may take after a signal, in milliseconds: one second, and noise. */
const END = 3_000;
