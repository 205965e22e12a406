/**
 * What a measurement is: rows of the table, and how they are filled.
 *
 * Every figure is taken after a moment of the same load, for a program that
 * has just been started is slower than it will be.
 */
import type { ModeName } from "../../lib/rules.ts";
import type { Launcher, Program } from "./programs.ts";
import type { Row, Side } from "./table.ts";

/** How often each side is measured. */
export const PAIRS = 5;

/** How long the load goes on, in milliseconds: for a figure, and before it. */
export const LONG = 700;
export const SHORT = 400;
export const WARM_UP = 300;

/** What a measurement needs from whoever runs it. */
export interface Bench {
  readonly launcher: Launcher;
  /** Both sides, `PAIRS` times while there is time, each first in turn. */
  pairs(what: string): Iterable<readonly Side[]>;
  /** Says what is going on. */
  progress(what: string): void;
}

/** Measures some rows, which are complete when `measure` ends. */
export interface Measurement {
  readonly rows: readonly Row[];
  measure(bench: Bench): Promise<void>;
}

/** Starts one of the two, with nothing but what its mode takes by itself. */
export function start(bench: Bench, side: Side, mode: ModeName): Program {
  const { launcher } = bench;
  return side === "ours" ? launcher.ours(mode) : launcher.peer(mode);
}

/**
 * What a server computes for each of what a load counts.
 *
 * @param load puts the load on; tells how many it counted
 * @returns microseconds; NaN where there is no /proc that would tell
 */
export async function cpuOf(
  server: Program,
  load: () => Promise<number>,
): Promise<number> {
  const before = await server.cpu() ?? NaN;
  const count = await load();
  return (await server.cpu() ?? NaN) / count - before / count;
}

export function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
