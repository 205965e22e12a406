/**
 * Is this program right? Plays the other end of an assignment for somebody's
 * server or client, and reports what it does against what the assignment says.
 */
import { requirePermission } from "../net/address.ts";
import { type Address, addressOf } from "../rules/contract.ts";
import { Bell } from "./bell.ts";
import type { Life } from "./case.ts";
import { Draw } from "./draw.ts";
import type { ModeName } from "./expectation.ts";
import { Patience, PLAY_LIMIT } from "./patience.ts";
import { type Beginning, CLIENTS, type Plan, SERVERS } from "./plans.ts";
import { Starter } from "./program.ts";
import { Recess } from "./recess.ts";
import { type CaseReport, isPassed, type Report } from "./report.ts";
import { NotBegun, Runner } from "./runner.ts";
import type { Person, Stage, World } from "./stage.ts";

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
  const world = worldOf(options);
  return await play(world, options, "server", SERVERS[options.mode](world));
}

/**
 * Checks a client, as the server.
 *
 * @throws {Failure} where Deno does not allow what it takes, or the port is
 * taken by another program
 */
export async function checkClient(options: CheckOptions): Promise<Report> {
  const world = worldOf(options);
  return await play(world, options, "client", CLIENTS[options.mode](world));
}

function worldOf(options: CheckOptions): World {
  const { mode, address, command, person, greeting = false, format } = options;
  requirePermission(address);
  const [program, ...args] = command ?? [];
  return {
    mode,
    address,
    bell: new Bell(),
    patience: new Patience(),
    draw: new Draw(options.seed ?? Math.floor(Math.random() * 1e6)),
    starter: program === undefined
      ? undefined
      : new Starter([program, ...args]),
    person,
    greeting,
    format,
    known: new Map(),
  };
}

async function play<S extends Stage>(
  world: World,
  { mode, address, command, signal, onCase }: CheckOptions,
  subject: Report["subject"],
  plan: Plan<S>,
): Promise<Report> {
  const lives = world.starter ? plan.lives : joined(plan.lives);
  const recesses = new Map(lives.map((life) => [life, new Recess(world.bell)]));
  const begin = (life: Life<S>, isFirst: boolean) =>
    enter(plan.begin(life, recesses.get(life)!), isFirst);
  const runner = new Runner<S>(world, begin, onCase);
  const abort = () => runner.abort("the check was interrupted");
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    await playAll(world, runner, lives, recesses);
  } finally {
    signal?.removeEventListener("abort", abort);
    await plan.end();
    await world.starter?.reap();
  }
  const cases = runner.reports(lives);
  return {
    subject,
    mode,
    address: addressOf(address),
    command,
    seed: world.draw.seed,
    cases,
    milliseconds: world.patience.spent,
    passed: isPassed(cases),
  };
}

async function enter<S extends Stage & Beginning>(
  stage: S,
  isFirst: boolean,
): Promise<S> {
  try {
    await stage.begin(isFirst);
    return stage;
  } catch (error) {
    await stage.end();
    throw new NotBegun(stage, error);
  }
}

/** Plays one life after the other, and most of them while some pause. */
async function playAll<S extends Stage>(
  { bell, starter }: World,
  runner: Runner<S>,
  lives: readonly Life<S>[],
  recesses: ReadonlyMap<Life<S>, Recess>,
): Promise<void> {
  const paused: [Recess, Promise<void>][] = [];
  const pausing = lives.filter((life) => life.pauses && starter);
  // By hand one life is played after the other, pauses and all.
  if (!starter) recesses.forEach((recess) => recess.call());
  const [first, ...rest] = lives.filter((life) => !pausing.includes(life));
  // What the first finds out, how soon it starts for one, the others can use.
  if (first !== undefined) await runner.play(first);
  for (const life of pausing) {
    const recess = recesses.get(life)!;
    const played = runner.play(life).finally(() => recess.begin());
    paused.push([recess, played]);
    await bell.until(() => recess.hasBegun, PLAY_LIMIT);
  }
  for (const life of rest) await runner.play(life);
  // One after the other: two that connect at once could not be told apart.
  for (const [recess, played] of paused) {
    recess.call();
    await played;
  }
}

/** One life has to do for all cases that a used program can still be asked. */
function joined<S>(lives: readonly Life<S>[]): readonly Life<S>[] {
  const [first, ...rest] = lives;
  if (first === undefined) return [];
  const used = rest.filter((life) => life.used).flatMap((life) => life.cases);
  const others = rest.filter((life) => !life.used);
  return [{ ...first, cases: [...first.cases, ...used] }, ...others];
}
