/**
 * One who sends as fast as it can, in a process of its own, and everybody else:
 * they are answered soon, in the order in which they spoke, with their messages
 * whole; and one signal ends the server.
 *
 * The limits leave room for a machine that is busy with other things. What a
 * quiet one has to keep is in `deno task soak`.
 */
import { assert, assertEquals } from "@std/assert";
import { RawStream } from "../support/harness.ts";
import {
  type FloodKind,
  Probe,
  QuietServer,
  startFlood,
  STREAM_FLOODS,
} from "../support/floods.ts";
import { checkOrder } from "../support/order.ts";

/** How long others are watched beside the flood, in milliseconds. */
const BESIDE = 1_500;
/** How much longer they may wait than those at a server of their own, in milliseconds. */
const WAIT = 500;
/** How often that is tried: a machine that is busy holds everybody up. */
const TIMES = 5;
/** How long the end may take, in milliseconds: a second, and noise. */
const END = 3_000;
/** How long one pauses in the middle of a message, in milliseconds. */
const HALFWAY = 30;
/** How far apart two introduce themselves, in milliseconds. */
const GAPS = [5, 30, 80];

type Mode = "chat" | "sum";

/** A message that is sent in two halves is one message. */
const FRAMING: Record<Mode, (port: number) => Promise<void>> = {
  async chat(port) {
    using x = await RawStream.connect(port);
    using y = await RawStream.connect(port);
    await x.send("Client X: Half\n");
    await y.send("Client Y: Whole\n");
    await Promise.all([x, y].map((each) => each.receives(" before ")));
    const before = y.received;
    await sendInHalves(x, "one ", "message\n");
    await y.receives("message\n");
    assertEquals(y.received, `${before}one message\n`);
  },
  async sum(port) {
    using peer = await RawStream.connect(port);
    await sendInHalves(peer, '{"client_name": "A", ', '"client_number": 5}');
    assertEquals(JSON.parse(await peer.ends()).server_number, 10);
  },
};

async function sendInHalves(
  peer: RawStream,
  ...halves: [string, string]
): Promise<void> {
  await peer.send(halves[0]);
  await new Promise((resolve) => setTimeout(resolve, HALFWAY));
  await peer.send(halves[1]);
}

/** Who spoke first has come first. */
const ORDER: Record<Mode, (port: number) => Promise<void>> = {
  async chat(port) {
    for (const gap of GAPS) {
      await checkOrder(port, { first: "X", endings: ["", "\n"], gap });
    }
  },
  sum: () => Promise.resolve(),
};

/** What was measured beside a flood, in milliseconds. */
interface Measured {
  /** At the flooded server. */
  beside: number;
  /** At another one, which only shares the machine. */
  elsewhere: number;
  end: number;
}

async function watch(kind: FloodKind, mode: Mode): Promise<Measured> {
  const args = mode === "sum" ? ["--number", "10"] : [];
  await using server = await QuietServer.start(mode, { args });
  await using other = await QuietServer.start(mode, { args });
  const { port } = server;
  using probe = await Probe.open(port, mode);
  using control = await Probe.open(other.port, mode);
  await using _flood = await startFlood(port, kind);
  const probes = [probe, control];
  const [beside = 0, elsewhere = 0] = await Promise.all(
    probes.map((each) => each.longestWait(BESIDE)),
  );
  await FRAMING[mode](port);
  await ORDER[mode](port);
  const began = performance.now();
  server.kill("SIGINT");
  assertEquals(await server.exits(), 0);
  return { beside, elsewhere, end: performance.now() - began };
}

/** Throws what went wrong the last time, if it went wrong each time. */
async function checkFlood(kind: FloodKind, mode: Mode): Promise<void> {
  for (let turn = 1;; turn++) {
    try {
      const measured = await watch(kind, mode);
      const { beside, elsewhere, end } = measured;
      const isSoon = beside < WAIT + 5 * elsewhere && end < END;
      return assert(isSoon, `too late: ${JSON.stringify(measured)}`);
    } catch (error) {
      if (turn === TIMES) throw error;
    }
  }
}

for (const [kind, mode] of Object.entries(STREAM_FLOODS)) {
  Deno.test(`${mode}, beside a flood of ${kind}`, () =>
    checkFlood(kind as FloodKind, mode));
}
