/**
 * How the server ends when it is told to: by SIGINT or SIGTERM, in whatever
 * state it is, it answers what has arrived, closes everything and exits with 0,
 * and its port can be used again at once.
 */
import { assert, assertEquals } from "@std/assert";
import {
  RawDatagrams,
  RawStream,
  type Script,
  startServer,
  until,
} from "../support/harness.ts";
import { QUIET } from "../../lib/net/framing.ts";
import { MODE_TESTS } from "../modes.ts";
import type { State } from "../support/mode_tests.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** How long a server may take that has nobody to wait for, in milliseconds. */
const SOON = 4_000;

/**
 * Puts a server into a state, lets `arrive` happen while it cannot run, and
 * signals it: what arrived and the signal are there at the same moment.
 */
async function endWhileBusy(
  server: Script,
  signal: Deno.Signal,
  arrive: () => Promise<void>,
): Promise<void> {
  server.kill("SIGSTOP");
  await arrive();
  server.kill(signal);
  server.kill("SIGCONT");
  const began = performance.now();
  assertEquals(await server.exits(), 0, server.stderr.text);
  assert(performance.now() - began < SOON);
  assert(!/error|\bat /i.test(server.stderr.text), server.stderr.text);
}

Deno.test("UDP servers answer what has arrived, and exit with 0", async (t) => {
  for (const signal of SIGNALS) {
    for (const [mode, tests] of MODES) {
      if (tests.transport !== "udp") continue;
      for (const count of [0, 100]) {
        await t.step(`${mode}, ${signal}, ${count} datagrams`, async () => {
          const { server, port } = await startServer(["--mode", mode]);
          await using _ = server;
          using client = new RawDatagrams();
          await client.request("first", port);
          await endWhileBusy(server, signal, async () => {
            for (let i = 0; i < count; i++) await client.send(`m${i}`, port);
          });
          for (let i = 0; i < count; i++) {
            const { text } = await client.receive();
            assertEquals(text, tests.answer(i));
          }
          assertEquals(server.stdout.lines.length, 2 + count);
          using _again = new RawDatagrams(port);
        });
      }
    }
  }
});

/** In every mode. */
const ALWAYS: State[] = [
  { name: "idle", before: [], last: [], received: [] },
  { name: "a silent peer", before: [""], last: [""], received: [""] },
];

const MODES = Object.entries(MODE_TESTS);

Deno.test("TCP servers answer what has arrived, and exit with 0", async (t) => {
  for (const [mode, tests] of MODES) {
    if (tests.transport !== "tcp") continue;
    const args = ["--mode", mode, ...tests.certain ?? []];
    for (const state of [...ALWAYS, ...tests.states]) {
      await t.step(`${mode}: ${state.name}`, async () => {
        // A closing server waits for its peers, and nobody has to wait for that.
        const check = (signal: Deno.Signal) => checkState(args, state, signal);
        await Promise.all(SIGNALS.map(check));
      });
    }
  }
});

/** How often a state is tried: a busy machine may be too slow for it. */
const TIMES = 5;

/** Bytes without an end are a message if nothing follows: they must not be old. */
async function checkState(
  args: string[],
  state: State,
  signal: Deno.Signal,
): Promise<void> {
  for (let turn = 1;; turn++) {
    const timing = { sent: 0, stopped: 0 };
    try {
      return await tryState(args, state, signal, timing);
    } catch (error) {
      const isInTime = timing.stopped - timing.sent < QUIET * 0.8;
      if (turn === TIMES || isInTime) throw error;
    }
  }
}

async function tryState(
  args: string[],
  state: State,
  signal: Deno.Signal,
  timing: { sent: number; stopped: number },
): Promise<void> {
  const { server, port } = await startServer(args);
  await using _ = server;
  using stack = new DisposableStack();
  const peers: RawStream[] = [];
  const connect = async () => {
    peers.push(stack.use(await RawStream.connect(port)));
  };
  timing.sent = performance.now();
  for (const [i, text] of state.before.entries()) {
    await connect();
    await peers[i]!.send(text);
    await sawConnections(server, peers.length);
  }
  if (state.printed) await server.prints(state.printed);
  await endWhileBusy(server, signal, async () => {
    timing.stopped = performance.now();
    for (const [i, text] of state.last.entries()) {
      if (i === peers.length) await connect();
      await peers[i]!.send(text);
    }
  });
  for (const [i, text] of state.received.entries()) {
    assertEquals(await peers[i]!.ends(), text);
  }
  using _again = Deno.listen({ hostname: "127.0.0.1", port });
}

/** Waits until the log tells of so many connections. */
async function sawConnections(server: Script, count: number): Promise<void> {
  await until(
    () =>
      (server.stderr.text.match(/connected|accepted/g) ?? []).length === count,
    `${count} connections`,
  );
}

Deno.test("a peer that does not read cannot hold the end up", async () => {
  const { server, port } = await startServer(["--mode", "chat"]);
  await using _ = server;
  using deaf = await Deno.connect({ hostname: "127.0.0.1", port });
  await deaf.write(new TextEncoder().encode("Client X: A\n"));
  await server.prints("Client X: A\n");
  using writer = await RawStream.connect(port);
  await writer.send("Client Y: B\n");
  await writer.receives("received before");
  // Far more than the sockets hold: the server has some of it on its hands.
  const flood = writer.send(`${"x".repeat(60_000)}\n`.repeat(200)).catch(
    () => {},
  );
  await server.prints("Y: xxx");
  server.kill("SIGTERM");
  const began = performance.now();
  assertEquals(await server.exits(), 0, server.stderr.text);
  assert(performance.now() - began < SOON);
  await flood;
});
