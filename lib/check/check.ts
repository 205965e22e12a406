/**
 * Is this program right? Plays the other end of an assignment for somebody's
 * server or client, and reports what it does against what the assignment says.
 */
import { type Address, addressOf, Failure } from "../rules/contract.ts";
import { cannotListen } from "../net/errors.ts";
import { requireDatagrams, requirePermission } from "../net/address.ts";
import { Bell } from "./bell.ts";
import type { Life } from "./case.ts";
import { chatClient } from "./cases/chat_client.ts";
import { chatServer } from "./cases/chat_server.ts";
import { permissionClient } from "./cases/permission_client.ts";
import { permissionServer } from "./cases/permission_server.ts";
import { sequenceClient } from "./cases/sequence_client.ts";
import { sequenceServer } from "./cases/sequence_server.ts";
import { sumClient } from "./cases/sum_client.ts";
import { sumServer } from "./cases/sum_server.ts";
import { uppercaseClient } from "./cases/uppercase_client.ts";
import { uppercaseServer } from "./cases/uppercase_server.ts";
import { FixedPorts, Mailbox } from "./mailbox.ts";
import { DatagramClientStage, DatagramHost } from "./datagram_client_stage.ts";
import { DatagramStage, isBound } from "./datagram_stage.ts";
import { Draw } from "./draw.ts";
import { type ModeName } from "./expectation.ts";
import { Patience, PLAY_LIMIT } from "./patience.ts";
import { StreamClientStage, StreamHost } from "./stream_client_stage.ts";
import { StreamStage } from "./stream_stage.ts";
import { Starter } from "./program.ts";
import { isPassed, type Report } from "./report.ts";
import { NotBegun, Runner } from "./runner.ts";
import { Recess } from "./recess.ts";
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
}

/**
 * Checks a server.
 *
 * @throws {Failure} where Deno does not allow what it takes, or the port is
 * taken by another program
 */
export async function checkServer(options: CheckOptions): Promise<Report> {
  const world = worldOf(options);
  return await play(world, options, "server", SERVERS[options.mode]!(world));
}

/**
 * Checks a client, as the server.
 *
 * @throws {Failure} where Deno does not allow what it takes, or the port is
 * taken by another program
 */
export async function checkClient(options: CheckOptions): Promise<Report> {
  const world = worldOf(options);
  return await play(world, options, "client", CLIENTS[options.mode]!(world));
}

/** The lives to play, and how one begins. */
interface Plan<S extends Stage> {
  readonly lives: readonly Life<S>[];
  begin(life: Life<S>, recess: Recess): S & Beginning;
  /** Releases what all lives have used. */
  end(): void | Promise<void>;
}

interface Beginning {
  begin(isFirst: boolean): Promise<void>;
}

// Which stage a mode's cases are played on is settled where the plan is made.
// deno-lint-ignore no-explicit-any
type AnyPlan = Plan<any>;

const SERVERS: Partial<Record<ModeName, (world: World) => AnyPlan>> = {
  permission: (world) => askDatagrams(world, permissionServer),
  uppercase: (world) => askDatagrams(world, uppercaseServer),
  sequence: (world) => connectStreams(world, sequenceServer(world.greeting)),
  sum: (world) => connectStreams(world, sumServer),
  chat: (world) => connectStreams(world, chatServer(world.greeting)),
};

const CLIENTS: Partial<Record<ModeName, (world: World) => AnyPlan>> = {
  permission: (world) => answerDatagrams(world, permissionClient),
  uppercase: (world) => answerDatagrams(world, uppercaseClient),
  sequence: (world) => answerStreams(world, sequenceClient),
  sum: (world) => answerStreams(world, sumClient),
  chat: (world) => answerStreams(world, chatClient),
};

function askDatagrams(
  world: World,
  lives: readonly Life<DatagramStage>[],
): Plan<DatagramStage> {
  requireDatagrams();
  const { address, bell, patience } = world;
  if (world.starter && isBound(address)) throw taken(world);
  const ports = new FixedPorts(
    patience,
    (port) => new Mailbox(address.hostname, port, bell),
  );
  return {
    lives,
    begin: (life) => new DatagramStage(world, ports, life.ports),
    end: () => ports.release(),
  };
}

function connectStreams(
  world: World,
  lives: readonly Life<StreamStage>[],
): Plan<StreamStage> {
  if (world.starter && isServed(world.address)) throw taken(world);
  return { lives, begin: () => new StreamStage(world), end: () => {} };
}

/** Whether somebody listens on a TCP port. */
function isServed({ hostname, port }: Address): boolean {
  try {
    Deno.listen({ hostname, port }).close();
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return true;
    throw error;
  }
}

function answerDatagrams(
  world: World,
  lives: readonly Life<DatagramClientStage>[],
): Plan<DatagramClientStage> {
  requireDatagrams();
  const host = hosting(world, () => new DatagramHost(world));
  return {
    lives,
    begin: (_, recess) => new DatagramClientStage(world, recess, host),
    end: () => host.close(),
  };
}

function answerStreams(
  world: World,
  lives: readonly Life<StreamClientStage>[],
): Plan<StreamClientStage> {
  const host = hosting(world, () => new StreamHost(world));
  return {
    lives,
    begin: (_, recess) => new StreamClientStage(world, recess, host),
    end: () => host.close(),
  };
}

/** @throws {Failure} where the server's port is taken */
function hosting<T>(world: World, host: () => T): T {
  try {
    return host();
  } catch (error) {
    throw cannotListen(world.address, "--port", error);
  }
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

function taken({ address }: World): Failure {
  return new Failure(
    `Cannot start a server on ${
      addressOf(address)
    }: the port is in use by another program. Stop it, or choose another port with --port.`,
  );
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
  { mode, address, command, signal }: CheckOptions,
  subject: Report["subject"],
  plan: Plan<S>,
): Promise<Report> {
  const lives = world.starter ? plan.lives : joined(plan.lives);
  const recesses = new Map(lives.map((life) => [life, new Recess(world.bell)]));
  const begin = (life: Life<S>, isFirst: boolean) =>
    enter(plan.begin(life, recesses.get(life)!), isFirst);
  const runner = new Runner<S>(world, { begin });
  const abort = () => runner.abort("the check was interrupted");
  signal?.addEventListener("abort", abort);
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

/** Plays one life after the other, and most of them while some pause. */
async function playAll<S extends Stage>(
  { bell, starter }: World,
  runner: Runner<S>,
  lives: readonly Life<S>[],
  recesses: ReadonlyMap<Life<S>, Recess>,
): Promise<void> {
  const paused: [Recess, Promise<void>][] = [];
  const pausing = lives.filter((life) => life.pauses && starter);
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
