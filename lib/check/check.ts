/**
 * Is this program right? Plays the other end of an assignment for somebody's
 * server or client, and reports what it does against what the assignment says.
 */
import { requirePermission } from "../net/address.ts";
import { type Address, addressOf } from "../rules/contract.ts";
import { Condition } from "./play/condition.ts";
import type { Suite } from "./play/case.ts";
import { SeededRandom } from "./play/seeded_random.ts";
import type { ModeName } from "./play/expectation.ts";
import { PLAY_LIMIT, Timeouts } from "./play/timeouts.ts";
import { type Beginning, CLIENTS, type Plan, SERVERS } from "./plans.ts";
import { Launcher } from "./program/launcher.ts";
import { IdlePeriod } from "./play/idle_period.ts";
import { type CaseReport, isPassed, type Report } from "./reports/report.ts";
import { NotBegun, Runner } from "./play/runner.ts";
import type { Check, Person, Run } from "./play/run.ts";

/** What to check, and how. */
export interface CheckOptions {
  readonly mode: ModeName;
  /** Where the server is: somebody's server, or the one that the check plays. */
  readonly address: Address;
  /** The program and its arguments; without it somebody starts it by hand. */
  readonly command?: readonly string[];
  /** The same seed, the same check; drawn where it is not given. */
  readonly seed?: number;
  /** Whether to check the later edition of `sequence` and `chat`. */
  readonly greeting?: boolean;
  /** How the messages of `sum` are written, as `NAME,NUMBER`. */
  readonly format?: string;
  /** Whom to ask for what has to be done by hand. */
  readonly person?: Person;
  /** Ends the check early: what was not played is reported as skipped. */
  readonly signal?: AbortSignal;
  /** Is told each verdict as it comes. */
  readonly onCase?: (report: CaseReport) => void;
}

/**
 * Checks a server.
 *
 * @throws {Failure} where Deno does not allow what it takes, or the port is
 * taken by another program
 */
export async function checkServer(options: CheckOptions): Promise<Report> {
  const check = checkOf(options);
  return await play(check, options, "server", SERVERS[options.mode](check));
}

/**
 * Checks a client, as the server.
 *
 * @throws {Failure} where Deno does not allow what it takes, or the port is
 * taken by another program
 */
export async function checkClient(options: CheckOptions): Promise<Report> {
  const check = checkOf(options);
  return await play(check, options, "client", CLIENTS[options.mode](check));
}

function checkOf(options: CheckOptions): Check {
  const { mode, address, command, person, greeting = false, format } = options;
  requirePermission(address);
  const [program, ...args] = command ?? [];
  return {
    mode,
    address,
    condition: new Condition(),
    timeouts: new Timeouts(),
    random: new SeededRandom(options.seed ?? Math.floor(Math.random() * 1e6)),
    launcher: program === undefined
      ? undefined
      : new Launcher([program, ...args]),
    person,
    greeting,
    format,
    known: new Map(),
  };
}

async function play<S extends Run>(
  check: Check,
  { mode, address, command, signal, onCase }: CheckOptions,
  subject: Report["subject"],
  plan: Plan<S>,
): Promise<Report> {
  const suites = check.launcher ? plan.suites : joined(plan.suites);
  const idlePeriods = new Map(
    suites.map((suite) => [suite, new IdlePeriod(check.condition)]),
  );
  const begin = (suite: Suite<S>, isFirst: boolean) =>
    enter(plan.begin(suite, idlePeriods.get(suite)!), isFirst);
  const runner = new Runner<S>(check, begin, onCase);
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
  const cases = runner.reports(suites);
  return {
    subject,
    mode,
    address: addressOf(address),
    command,
    seed: check.random.seed,
    cases,
    milliseconds: check.timeouts.spent,
    passed: isPassed(cases),
  };
}

async function enter<S extends Run & Beginning>(
  run: S,
  isFirst: boolean,
): Promise<S> {
  try {
    await run.begin(isFirst);
    return run;
  } catch (error) {
    await run.end();
    throw new NotBegun(run, error);
  }
}

/** Plays one suite after the other, and most of them while some pause. */
async function playAll<S extends Run>(
  { condition, launcher }: Check,
  runner: Runner<S>,
  suites: readonly Suite<S>[],
  idlePeriods: ReadonlyMap<Suite<S>, IdlePeriod>,
): Promise<void> {
  const paused: [IdlePeriod, Promise<void>][] = [];
  const pausing = suites.filter((suite) => suite.pauses && launcher);
  // By hand one suite is played after the other, pauses and all.
  if (!launcher) idlePeriods.forEach((idlePeriod) => idlePeriod.end());
  const [first, ...rest] = suites.filter((suite) => !pausing.includes(suite));
  // What the first finds out, how soon it starts for one, the others can use.
  if (first !== undefined) await runner.play(first);
  for (const suite of pausing) {
    const idlePeriod = idlePeriods.get(suite)!;
    const played = runner.play(suite).finally(() => idlePeriod.begin());
    paused.push([idlePeriod, played]);
    await condition.until(() => idlePeriod.hasBegun, PLAY_LIMIT);
  }
  for (const suite of rest) await runner.play(suite);
  // One after the other: two that connect at once could not be told apart.
  for (const [idlePeriod, played] of paused) {
    idlePeriod.end();
    await played;
  }
}

/** One suite has to do for all cases that a used program can still be asked. */
function joined<S>(suites: readonly Suite<S>[]): readonly Suite<S>[] {
  const [first, ...rest] = suites;
  if (first === undefined) return [];
  const used = rest.filter((suite) => suite.used).flatMap((suite) =>
    suite.cases
  );
  const others = rest.filter((suite) => !suite.used);
  return [{ ...first, cases: [...first.cases, ...used] }, ...others];
}
