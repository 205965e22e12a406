/**
 * The rows of the TCP modes: connections a second of `sum`; throughput, round
 * trip and memory of `chat`.
 */
import {
  type Bench,
  cpuOf,
  delay,
  LONG,
  type Measurement,
  SHORT,
  start,
  WARM_UP,
} from "./measurement.ts";
import { Row, type Side } from "./table.ts";
import { ChatPair, sumConnections, untilServing } from "./tcp_load.ts";

/** How many connections of `sum` are open at a time. */
const AT_ONCE = 16;
const MESSAGE = "a message of thirty-two bytes !\n";
/** How many are in a chat when its memory is measured. */
const CONNECTED = 2_000;
/** How long a server may take to come to rest, in milliseconds. */
const REST = 300;

/** Connections that bring one number each. */
export function sum(): Measurement {
  const rate = new Row("sum: connections a second, 16 at a time");
  const cpu = new Row("sum: CPU of the server for a connection, us");

  async function measureOne(bench: Bench, side: Side): Promise<void> {
    await using server = start(bench, side, "sum");
    await untilServing(server.port);
    await sumConnections(server.port, AT_ONCE, WARM_UP);
    const perConnection = await cpuOf(server, async () => {
      const perSecond = await sumConnections(server.port, AT_ONCE, LONG);
      rate.add(side, perSecond);
      return perSecond * LONG / 1000;
    });
    cpu.add(side, perConnection);
  }

  return {
    rows: [rate, cpu],
    async measure(bench) {
      for (const sides of bench.pairs("sum")) {
        for (const side of sides) await measureOne(bench, side);
      }
    },
  };
}

/** X and Y, who never stop talking. */
export function chat(): Measurement {
  const rate = new Row("chat: messages a second, 32 bytes each");
  const trip = new Row("chat: a word and its answer, one at a time, us");
  const p99 = new Row("chat: 99 of 100 such take less than, us");

  async function measureOne(bench: Bench, side: Side): Promise<void> {
    await using server = start(bench, side, "chat");
    using pair = await ChatPair.open(server.port);
    await pair.roundTrips(WARM_UP);
    const times = await pair.roundTrips(SHORT);
    trip.add(side, 1e6 * times.reduce((a, b) => a + b) / times.length);
    p99.add(
      side,
      1e6 * times.sort((a, b) => a - b)[Math.floor(0.99 * times.length)]!,
    );
    await pair.flood(MESSAGE, WARM_UP);
    rate.add(side, await pair.flood(MESSAGE, SHORT));
  }

  return {
    rows: [rate, trip, p99],
    async measure(bench) {
      for (const sides of bench.pairs("chat")) {
        for (const side of sides) await measureOne(bench, side);
      }
    },
  };
}

/** Many pairs that have met and say nothing; ours alone: a textbook takes one. */
export function chatMemory(): Measurement {
  const row = new Row(
    `chat: memory a connection, ${CONNECTED} connected, KiB`,
  );

  async function measureOne({ launcher }: Bench): Promise<void> {
    await using server = launcher.ours("chat", ["--sessions", "0"]);
    using stack = new DisposableStack();
    stack.use(await ChatPair.open(server.port));
    const before = await server.memory();
    for (let n = 2; n < CONNECTED; n += 2) {
      stack.use(await ChatPair.open(server.port));
    }
    await delay(REST);
    const after = await server.memory();
    if (before === undefined || after === undefined) {
      throw new Error("there is no /proc here that would tell");
    }
    row.add("ours", (after - before) / (CONNECTED - 2));
  }

  return {
    rows: [row],
    async measure(bench) {
      for (const _ of bench.pairs("chat, memory")) await measureOne(bench);
    },
  };
}
