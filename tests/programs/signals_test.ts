/**
 * Signals to a server that is slow to end: the first one ends it in an orderly
 * way and within a second or so, the second one at once.
 */
import { assert, assertEquals } from "@std/assert";
import { type Script, startClient, startServer } from "../support/harness.ts";
import { NumberedFlood } from "../support/numbered_flood.ts";
import { SlowStream } from "../support/peers.ts";

/** How long a Bye that is not read lasts by itself, in milliseconds. */
const STALLED = 4_000;
/** How long one signal's end may take, in milliseconds: a second, and noise. */
const SOON = 2_500;
/** How long a second signal's may, in milliseconds. */
const AT_ONCE = 500;

/** Leads a chat to a Bye that cannot be delivered, and then does something. */
async function duringStalledBye(
  act: (server: Script) => Promise<void>,
): Promise<void> {
  const { server, port } = await startServer(["--mode", "chat"]);
  await using _ = server;
  using x = await SlowStream.connect(port);
  using y = await SlowStream.connect(port);
  await x.send("Client X: Alice\n");
  await server.prints("Client X: Alice\n");
  await y.send("Client Y: Bob\n");
  await server.prints("Sent acknowledgment");
  const flood = new NumberedFlood(x);
  await flood.stalls();
  await y.send("Bye\n");
  await server.prints("Y: Bye\n");
  await act(server);
  await flood.finished.catch(() => {}); // its connection is gone
}

/** How often what takes a known time is tried: a busy machine may be too slow. */
const TRIES = 3;

/** The same, and again if it took too long; a wrong exit status is final. */
async function timedDuringStalledBye(
  act: (server: Script) => Promise<void>,
): Promise<void> {
  for (let tries = 1; tries < TRIES; tries++) {
    try {
      return await duringStalledBye(act);
    } catch (error) {
      if (`${error}`.includes("Values are not equal")) throw error;
    }
  }
  await duringStalledBye(act);
}

/** Waits for a program's end; tells its status and how long that took. */
async function timedEnd(server: Script) {
  const began = performance.now();
  const status = await server.exits();
  return { status, took: performance.now() - began };
}

Deno.test("a Bye that is not read takes its time, but ends", async () => {
  await timedDuringStalledBye(async (server) => {
    const { status, took } = await timedEnd(server);
    assertEquals(status, 0);
    assert(took > STALLED, `${took} ms: it was not stalled at all`);
  });
});

Deno.test("one signal shortens it to a second", async (t) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    await t.step(signal, () =>
      timedDuringStalledBye(async (server) => {
        server.kill(signal);
        const { status, took } = await timedEnd(server);
        assertEquals(status, 0, server.stderr.text);
        assert(took < SOON, `${took} ms`);
      }));
  }
});

/** As shells count it: 128 and the signal's number. */
const KILLED = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

Deno.test("a second signal ends it at once", async (t) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    await t.step(signal, () =>
      timedDuringStalledBye(async (server) => {
        server.kill(signal);
        // Two that come at the same moment are one.
        await new Promise((resolve) => setTimeout(resolve, 200));
        server.kill(signal);
        const { status, took } = await timedEnd(server);
        assertEquals(status, KILLED[signal]);
        assert(took < AT_ONCE, `${took} ms`);
      }));
  }
});

Deno.test("SIGHUP ends a client with 129, and its trace is complete", async () => {
  const { server, port } = await startServer(["--mode", "sequence"]);
  await using _ = server;
  const args = ["--mode", "sequence", "--client", "X", "--name", "Alice"];
  const file = await Deno.makeTempFile();
  const flags = ["--allow-net=127.0.0.1", `--allow-write=${file}`];
  try {
    const trace = ["--trace", "json", "--output", file];
    await using client = await startClient(port, [...args, ...trace], {
      flags,
    });
    await client.prints("[DEBUG] [client]: sent ", client.stderr);
    client.kill("SIGHUP");
    assertEquals(await client.exits(), 129, client.stderr.text);
    const lines = (await Deno.readTextFile(file)).trimEnd().split("\n");
    assertEquals(JSON.parse(lines.at(-1)!).type, "close");
  } finally {
    await Deno.remove(file);
  }
});
