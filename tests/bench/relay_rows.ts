/**
 * The rows of the relay: bytes a second and the round trip, beside `socat`. Both
 * ends are in this process, so the machine's other cores are the relay's.
 */
import { type Bench, type Measurement, SHORT, WARM_UP } from "./measurement.ts";
import type { Program } from "./programs.ts";
import { Row, type Side } from "./table.ts";
import { untilListening } from "../support/floods.ts";

const ANY = { hostname: "127.0.0.1", port: 0 };
const PIECE = new Uint8Array(256 * 1024);
const WORD = new TextEncoder().encode("a message of thirty-two bytes !\n");

function start({ launcher }: Bench, side: Side, upstream: number): Program {
  return side === "ours"
    ? launcher.ours("chat", ["--upstream", String(upstream)])
    : launcher.socat(upstream);
}

/** Both ends of a connection through a relay. */
async function connect(port: number, server: Deno.TcpListener) {
  const client = await Deno.connect({ ...ANY, port });
  const accepted = await server.accept();
  for (const each of [client, accepted]) each.setNoDelay(true);
  return [client, accepted] as const;
}

/** @returns how many bytes a second came through */
async function flood(
  from: Deno.TcpConn,
  to: Deno.TcpConn,
  milliseconds: number,
): Promise<number> {
  const begun = performance.now();
  let [received, sent, isOver] = [0, 0, false];
  const reading = (async () => {
    const buffer = new Uint8Array(PIECE.length);
    while (!isOver || received < sent) received += await to.read(buffer) ?? 0;
  })();
  while (performance.now() - begun < milliseconds) {
    sent += await from.write(PIECE);
  }
  isOver = true;
  await reading;
  return received / (performance.now() - begun) * 1000;
}

/** @returns how long a word takes there and back, in microseconds */
async function roundTrip(
  from: Deno.TcpConn,
  to: Deno.TcpConn,
  milliseconds: number,
): Promise<number> {
  const begun = performance.now();
  const buffer = new Uint8Array(WORD.length);
  let count = 0;
  for (; performance.now() - begun < milliseconds; count++) {
    await from.write(WORD);
    await to.read(buffer);
    await to.write(WORD);
    await from.read(buffer);
  }
  return (performance.now() - begun) / count * 1000;
}

/** Between two ends of a stream. */
export function relay(): Measurement {
  const rate = new Row("relay: MB a second, one way (peer: socat)");
  const trip = new Row("relay: round trip of 32 bytes, us (peer: socat)");

  async function measureOne(bench: Bench, side: Side): Promise<void> {
    using server = Deno.listen(ANY);
    await using program = start(bench, side, server.addr.port);
    await untilListening(program.port);
    (await server.accept()).close();
    const [client, accepted] = await connect(program.port, server);
    using _ = client, __ = accepted;
    await roundTrip(client, accepted, WARM_UP);
    trip.add(side, await roundTrip(client, accepted, SHORT));
    await flood(client, accepted, WARM_UP);
    rate.add(side, await flood(client, accepted, SHORT) / 1e6);
  }

  return {
    rows: [rate, trip],
    async measure(bench) {
      for (const sides of bench.pairs("relay")) {
        for (const side of sides) await measureOne(bench, side);
      }
    },
  };
}
