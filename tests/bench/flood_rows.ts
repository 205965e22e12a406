/**
 * The rows of fairness: how long two who chat wait for each other beside one
 * who sends as fast as it can, and beside two hundred who send byte by byte.
 */
import {
  type FloodKind,
  Probe,
  startFlood,
  untilListening,
} from "../support/floods.ts";
import { type Bench, LONG, type Measurement, WARM_UP } from "./measurement.ts";
import { most, Row } from "./table.ts";

const FLOODS: readonly FloodKind[] = ["short lines", "single bytes"];

/** Ours alone: a textbook serves one pair. */
export function floods(): Measurement {
  const quiet = new Row("chat: longest wait for a word, alone, ms", most);
  const rows = new Map(FLOODS.map((kind) => [
    kind,
    new Row(`chat: the same beside a flood of ${kind}, ms`, most),
  ]));

  async function measureOne(
    { launcher }: Bench,
    kind: FloodKind,
  ): Promise<void> {
    await using server = launcher.ours("chat", ["--sessions", "0"]);
    await untilListening(server.port);
    using probe = await Probe.open(server.port, "chat");
    await probe.longestWait(WARM_UP);
    quiet.add("ours", await probe.longestWait(WARM_UP));
    await using _flood = await startFlood(server.port, kind);
    rows.get(kind)!.add("ours", await probe.longestWait(LONG));
  }

  return {
    rows: [quiet, ...rows.values()],
    async measure(bench) {
      for (const _ of bench.pairs("chat, beside floods")) {
        for (const kind of FLOODS) await measureOne(bench, kind);
      }
    },
  };
}
