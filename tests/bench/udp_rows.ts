/**
 * The rows of the UDP modes: answers a second, round trip and losses of
 * `uppercase`, and what a long table costs `permission`.
 */
import {
  type Bench,
  cpuOf,
  LONG,
  type Measurement,
  SHORT,
  start,
  WARM_UP,
} from "./measurement.ts";
import type { Program } from "./programs.ts";
import { most, Row, type Side } from "./table.ts";
import { UdpLoad } from "./udp_load.ts";

const IN_FLIGHT = 16;
/** Well under the 250 small datagrams or so that a socket holds unread. */
const MANY_IN_FLIGHT = 64;
/** How many datagrams each side gets in one pair while losses are counted. */
const TO_LOSE = 20_000;

const PERMISSION_PORT = 1234;
const REQUEST_PORT = 3333;
const FEW = 20_000;
const LISTED = 30_000;
const MANY = 300_000;
/** How many different numbers are requested. */
const REQUESTED = 20_000;

const encoder = new TextEncoder();

/** Answers a second under a steady load. */
async function answersPerSecond(
  load: UdpLoad,
  inFlight: number,
  message: (n: number) => Uint8Array,
  milliseconds: number,
): Promise<number> {
  const { answered, seconds } = await load.run({
    inFlight,
    message,
    milliseconds,
  });
  return answered / seconds;
}

/** Figures of a server that does something else would mean nothing. */
function expectAnswer(load: UdpLoad, expected: string): void {
  if (load.lastAnswer === expected) return;
  throw new Error(`the answer was ${load.lastAnswer}, not ${expected}`);
}

/** One server after the other, from its start to its end. */
export function uppercase(): Measurement {
  const rate = new Row("uppercase: answers a second, 16 in flight");
  const trip = new Row("uppercase: round trip, one at a time, us");
  const lost = new Row(
    `uppercase: most lost of ${TO_LOSE}, 64 in flight`,
    most,
  );
  const first = new Row("uppercase: from the command to an answer, ms");
  const bytes = encoder.encode("sixteen letters!");
  const message = () => bytes;

  async function measureOne(bench: Bench, side: Side): Promise<void> {
    const begun = performance.now();
    await using server = start(bench, side, "uppercase");
    using load = await UdpLoad.open(server.port);
    first.add(side, await load.firstAnswer(bytes) - begun);
    await answersPerSecond(load, IN_FLIGHT, message, WARM_UP);
    rate.add(side, await answersPerSecond(load, IN_FLIGHT, message, LONG));
    trip.add(side, 1e6 / await answersPerSecond(load, 1, message, SHORT));
    expectAnswer(load, "SIXTEEN LETTERS!");
    const many = { inFlight: MANY_IN_FLIGHT, message, count: TO_LOSE };
    const { sent, answered } = await load.run(many);
    lost.add(side, sent - answered);
  }

  return {
    rows: [rate, trip, lost, first],
    async measure(bench) {
      for (const sides of bench.pairs("uppercase")) {
        for (const side of sides) await measureOne(bench, side);
      }
    },
  };
}

/** Beside what Deno itself needs for an answer, and to start. */
export function plain(): Measurement {
  const cpu = new Row("uppercase: CPU a datagram, us (peer: an echo in Deno)");
  const first = new Row(
    "start: to the first answer, ms (peer: deno run of one line)",
  );
  const bytes = encoder.encode("sixteen letters!");
  const message = () => bytes;

  async function measureOne({ launcher }: Bench, side: Side): Promise<void> {
    const begun = performance.now();
    await using server = side === "ours"
      ? launcher.ours("uppercase")
      : launcher.echo();
    using load = await UdpLoad.open(server.port);
    const answered = await load.firstAnswer(bytes);
    const time = side === "ours"
      ? answered - begun
      : await launcher.timeOfLine();
    first.add(side, time);
    await answersPerSecond(load, IN_FLIGHT, message, WARM_UP);
    const run = { inFlight: IN_FLIGHT, message, milliseconds: LONG };
    const perDatagram = await cpuOf(
      server,
      async () => (await load.run(run)).answered,
    );
    cpu.add(side, perDatagram);
  }

  return {
    rows: [cpu, first],
    async measure(bench) {
      for (const sides of bench.pairs("beside plain Deno")) {
        for (const side of sides) await measureOne(bench, side);
      }
    },
  };
}

/** A server of each kind with as many numbers; its table is filled once. */
export function permission(): Measurement {
  const rate = new Row("permission: answers a second, 30 000 permitted");
  return {
    rows: [rate],
    async measure(bench) {
      await using ours = start(bench, "ours", "permission");
      await using peer = start(bench, "peer", "permission");
      await permit(bench, ours, LISTED);
      await permit(bench, peer, LISTED);
      const permitted = { ours: LISTED, peer: LISTED };
      await inTurn(bench, { ours, peer }, permitted, (side, perSecond) => {
        rate.add(side, perSecond);
      });
    },
  };
}

/** Two servers of ours, one with many more numbers than the other. */
export function growth(): Measurement {
  const time = new Row(
    "permission: us an answer, 300 000 permitted (peer: ours, 20 000)",
  );
  return {
    rows: [time],
    async measure(bench) {
      const { launcher } = bench;
      await using ours = launcher.ours("permission");
      await using peer = launcher.ours("permission", [], "ours with few");
      await permit(bench, ours, MANY);
      await permit(bench, peer, FEW);
      const permitted = { ours: MANY, peer: FEW };
      await inTurn(bench, { ours, peer }, permitted, (side, perSecond) => {
        time.add(side, 1e6 / perSecond);
      });
    },
  };
}

/** Requests numbers of two servers that are running, in turn. */
async function inTurn(
  bench: Bench,
  servers: Record<Side, Program>,
  permitted: Record<Side, number>,
  add: (side: Side, perSecond: number) => void,
): Promise<void> {
  for (const sides of bench.pairs("permission, requests")) {
    for (const side of sides) {
      using load = await UdpLoad.open(servers[side].port, REQUEST_PORT);
      const message = requests(permitted[side]);
      await answersPerSecond(load, IN_FLIGHT, message, WARM_UP);
      add(side, await answersPerSecond(load, IN_FLIGHT, message, SHORT));
      expectAnswer(load, "Request Accepted");
    }
  }
}

/** Permits the numbers from 0 on. */
async function permit(
  bench: Bench,
  server: Program,
  count: number,
): Promise<void> {
  bench.progress(`permission, permitting ${count} numbers`);
  using load = await UdpLoad.open(server.port, PERMISSION_PORT);
  const message = (n: number) => encoder.encode(`permission${n}`);
  await load.firstAnswer(message(0));
  const { answered } = await load.run({ inFlight: IN_FLIGHT, message, count });
  expectAnswer(load, "Permission Accepted");
  if (answered < count) {
    throw new Error(`${count - answered} of ${count} numbers were lost`);
  }
}

/** Requests of numbers that are permitted, spread over all of them. */
function requests(permitted: number): (n: number) => Uint8Array {
  const messages = Array.from({ length: REQUESTED }, (_, n) => {
    const number = Math.floor(n * permitted / REQUESTED);
    return encoder.encode(`request${number}`);
  });
  // Not one after the other: neighbours in the table would be found faster.
  return (n) => messages[n * 7_919 % REQUESTED]!;
}
