/**
 * Is this program right? Plays the other end of an assignment for somebody's
 * server or client, and reports what it does against what the assignment says.
 */
import { type Address, addressOf, Failure } from "../rules/contract.ts";
import { requireDatagrams, requirePermission } from "../net/address.ts";
import { Bell } from "./bell.ts";
import type { Life } from "./case.ts";
import { permissionServer } from "./cases/permission_server.ts";
import { uppercaseServer } from "./cases/uppercase_server.ts";
import { FixedPorts, Mailbox } from "./mailbox.ts";
import { DatagramStage, isBound } from "./datagram_stage.ts";
import { Draw } from "./draw.ts";
import { type ModeName } from "./expectation.ts";
import { Patience } from "./patience.ts";
import { Starter } from "./program.ts";
import { isPassed, type Report } from "./report.ts";
import { type Lives, NotBegun, Runner } from "./runner.ts";
import type { ServerStage } from "./server_stage.ts";
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

const SERVERS: Partial<Record<ModeName, (world: World) => Plan<ServerStage>>> =
  {
    permission: (world) => datagrams(world, permissionServer),
    uppercase: (world) => datagrams(world, uppercaseServer),
  };

/** The lives to play, and how one begins. */
interface Plan<S extends Stage> {
  readonly lives: readonly Life<S>[];
  readonly begin: Lives<S>["begin"];
  /** Releases what all lives have used. */
  end(): void;
}

function datagrams(
  world: World,
  lives: readonly Life<DatagramStage>[],
): Plan<ServerStage> {
  requireDatagrams();
  const { address, bell, patience } = world;
  if (world.starter && isBound(address)) throw taken(world);
  const ports = new FixedPorts(
    patience,
    (port) => new Mailbox(address.hostname, port, bell),
  );
  const plan: Plan<DatagramStage> = {
    lives,
    begin: (life, isFirst) =>
      enter(new DatagramStage(world, ports, life.ports), isFirst),
    end: () => ports.release(),
  };
  return plan as unknown as Plan<ServerStage>;
}

async function enter<S extends ServerStage>(
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
  const runner = new Runner<S>(world, plan);
  const abort = () => runner.abort("the check was interrupted");
  signal?.addEventListener("abort", abort);
  const lives = world.starter || world.person ? plan.lives : joined(plan.lives);
  try {
    for (const life of lives) await runner.play(life);
  } finally {
    signal?.removeEventListener("abort", abort);
    plan.end();
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

/** One life has to do for all cases that a used program can still be asked. */
function joined<S>(lives: readonly Life<S>[]): readonly Life<S>[] {
  const [first, ...rest] = lives;
  if (first === undefined) return [];
  const used = rest.filter((life) => life.used).flatMap((life) => life.cases);
  const others = rest.filter((life) => !life.used);
  return [{ ...first, cases: [...first.cases, ...used] }, ...others];
}
