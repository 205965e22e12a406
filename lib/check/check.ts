/**
 * Is this program right? Plays the other end of an assignment for a server or
 * client, and compares what it does with what the assignment says.
 */
import { requirePermission } from "../net/address.ts";
import { DIRECT, type Network } from "../net/wire.ts";
import type { Values } from "../rules/mode.ts";
import { type Address, addressOf } from "../rules/contract.ts";
import { Condition } from "./play/condition.ts";
import type { Suite } from "./play/case.ts";
import { Shared } from "./play/shared.ts";
import { SeededRandom } from "./play/seeded_random.ts";
import type { ModeName } from "../rules.ts";
import { PLAY_LIMIT, Timeouts } from "./play/timeouts.ts";
import { CASES } from "./modes.ts";
import { planFor } from "./plans.ts";
import { Launcher } from "./program/launcher.ts";
import { IdlePeriod } from "./play/idle_period.ts";
import { type CaseReport, conclude, type Report } from "./reports/report.ts";
import { Runner } from "./play/runner.ts";
import type { Check, Person, Run } from "./play/run.ts";

/** What to check, and how. */
export interface CheckOptions {
  readonly mode: ModeName;
  /** The address of the server under check, or of the one the check plays. */
  readonly address: Address;
  /** The program and its arguments; without it, a person starts it by hand. */
  readonly command?: readonly string[];
  /** The same seed gives the same check; drawn at random if not given. */
  readonly seed?: number;
  /** The mode's own options that `--check` takes, by name. */
  readonly options?: Values;
  /** Everything sent and received goes through this. */
  readonly network?: Network;
  /** The person to ask if something has to be done by hand. */
  readonly person?: Person;
  /** Ends the check early; cases not yet played are reported as skipped. */
  readonly signal?: AbortSignal;
  /** Called with the name of each case as it begins. */
  readonly onBegin?: (name: string) => void;
  /** Called with each verdict as it comes. */
  readonly onCase?: (report: CaseReport) => void;
}

/**
 * Checks a program.
 *
 * @param subject which half of the assignment it is; the check plays the other
 * @throws {Failure} if Deno does not grant the permissions needed, or another
 * program holds the port
 */
export async function runCheck(
  subject: Report["subject"],
  options: CheckOptions,
): Promise<Report> {
  const { mode, address, command, signal } = options;
  requirePermission(address);
  const [program, ...args] = command ?? [];
  const check: Check = {
    condition: new Condition(),
    timeouts: new Timeouts(),
    random: new SeededRandom(options.seed ?? Math.floor(Math.random() * 1e6)),
    launcher: program === undefined
      ? undefined
      : new Launcher([program, ...args]),
    person: undefined,
    options: {},
    network: DIRECT,
    shared: new Shared(),
    ...options,
  };
  const suites = await suitesOf(subject, check);
  const plan = await planFor(subject, check);
  const idlePeriods = new Map(
    suites.map((suite) => [suite, new IdlePeriod(check.condition)]),
  );
  const runner = new Runner<Run>(
    check,
    (suite) => plan.run(suite, idlePeriods.get(suite)!),
    options,
  );
  const abort = () => runner.abort("the check was interrupted");
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    await playAll(check, runner, suites, idlePeriods);
  } finally {
    signal?.removeEventListener("abort", abort);
    await plan.end();
    await check.launcher?.reap();
  }
  return {
    subject,
    mode,
    address: addressOf(address),
    command,
    seed: check.random.seed,
    milliseconds: check.timeouts.spent,
    left: check.launcher?.leftover,
    ...conclude(runner.reports(suites)),
  };
}

/** The suites of one half of a mode. */
async function suitesOf(
  subject: Report["subject"],
  { mode, options, launcher, random }: Check,
): Promise<readonly Suite<Run>[]> {
  const { suites } = await CASES[mode]![subject]();
  const all = typeof suites === "function" ? suites(options, random) : suites;
  return launcher ? all : joined(all);
}

/** Plays the suites one by one; while some pause, the others are played. */
async function playAll(
  { condition, launcher }: Check,
  runner: Runner<Run>,
  suites: readonly Suite<Run>[],
  idlePeriods: ReadonlyMap<Suite<Run>, IdlePeriod>,
): Promise<void> {
  const paused: [IdlePeriod, Promise<void>][] = [];
  const pausing = suites.filter((suite) => suite.pauses && launcher);
  // By hand, suites are played strictly one after the other, pauses included.
  if (!launcher) idlePeriods.forEach((idlePeriod) => idlePeriod.end());
  const [first, ...rest] = suites.filter((suite) => !pausing.includes(suite));
  // The others use what the first finds out, such as how soon it starts.
  if (first !== undefined) await runner.play(first);
  for (const suite of pausing) {
    const idlePeriod = idlePeriods.get(suite)!;
    const played = runner.play(suite).finally(() => idlePeriod.begin());
    paused.push([idlePeriod, played]);
    await condition.until(() => idlePeriod.hasBegun, PLAY_LIMIT);
  }
  for (const suite of rest) await runner.play(suite);
  // One by one: two that connect at once could not be told apart.
  for (const [idlePeriod, played] of paused) {
    idlePeriod.end();
    await played;
  }
}

/** Moves the cases that need no fresh program into the first suite. */
function joined(suites: readonly Suite<Run>[]): readonly Suite<Run>[] {
  const [first, ...rest] = suites;
  if (first === undefined) return [];
  // Last, and in their own order: the final one may end the program.
  const used = rest.filter((suite) => suite.used)
    .flatMap(({ cases }) => cases)
    .map((each) => ({ ...each, isLast: true }));
  const others = rest.filter((suite) => !suite.used);
  return [{ ...first, cases: [...first.cases, ...used] }, ...others];
}
