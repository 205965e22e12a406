/**
 * The lab around a program: who watches the wire, and how bad the network is.
 */
import { isFaulty, MAX_SEED } from "../net/faults.ts";
import type { LabOptions } from "../net/lab.ts";
import { DIRECT, type Network, type Watcher } from "../net/wire.ts";
import { addressOf, Failure } from "../rules/contract.ts";
import { RoundTrips } from "../trace/summary.ts";
import { TRACE_OUTPUTS, type TraceFormat } from "../trace/formats.ts";
import { advised } from "./advice.ts";
import type { Program } from "./common_options.ts";
import type { LabSettings, Settings } from "./flags.ts";
import type { Toward } from "./relay_options.ts";
import type { OutputName, Printer } from "./terminal.ts";

/** A program's surroundings while it runs. */
export interface Lab {
  /** The network its bytes go through. */
  readonly network: Network;
  /** The same for a relay, by direction. */
  readonly toward: Readonly<Record<Toward, Network>>;
  /** Told what the network does not see. */
  readonly watcher: Watcher;
  /** Whether anybody is watching: they want to see a stream end, too. */
  readonly isWatched: boolean;
  /** A client's questions and answers. */
  readonly trips: Trips;
  /** Finishes writing about the wire. */
  close(): Promise<void>;
}

/** Counts a client's questions, and how long their answers take. */
export class Trips {
  readonly #counts = new RoundTrips();
  #askedAt: number | undefined;

  asked(): void {
    this.#counts.sent();
    this.#askedAt = performance.now();
  }

  /** Only the first answer to a question counts. */
  answered(): void {
    if (this.#askedAt === undefined) return;
    this.#counts.answered(performance.now() - this.#askedAt);
    this.#askedAt = undefined;
  }

  /** The summary that `ping` ends with, as lines of text. */
  summary(): string[] {
    return this.#counts.summary();
  }
}

/**
 * Sets up what the command line asks for.
 *
 * @throws {Failure} if that is not possible
 */
export async function openLab(
  program: Program,
  settings: Settings,
  printer: Printer,
): Promise<Lab> {
  const { lab } = settings;
  const { trace, view, faults, slice } = lab;
  const isBad = isFaulty(faults) || slice !== undefined;
  const isWatched = trace !== undefined || view !== undefined;
  const trips = new Trips();
  // Nothing was asked for, so nothing is put in a datagram's way.
  if (!isBad && !isWatched) {
    return {
      network: DIRECT,
      toward: { server: DIRECT, client: DIRECT },
      watcher: () => {},
      isWatched,
      trips,
      close: () => Promise.resolve(),
    };
  }
  const closers: (() => Promise<void> | void)[] = [];
  const watchers: Watcher[] = [];
  if (trace !== undefined) {
    if (trace === "pcap") await requireAddresses(settings);
    const to = outputsOf(settings).trace;
    const tracing = await startTrace(trace, to, printer);
    watchers.push(tracing.watch);
    closers.push(tracing.close);
  }
  if (view !== undefined) {
    const page = await startView(program, settings, view, printer);
    watchers.push(page.watch);
    closers.push(page.close);
  }
  const { LabNetwork } = await import("../net/lab.ts");
  const watcher: Watcher = (event) => watchers.forEach((tell) => tell(event));
  const seed = seedOf(faults.seed, isRandom(faults), printer);
  const open = (badness: Badness, isOneWay = false) =>
    new LabNetwork({ watcher, ...badness, isOneWay, journal: printer });
  const network = open({ faults: { ...faults, seed }, slice });
  const toward = {
    server: open(badnessToward("server", lab, seed), true),
    client: open(badnessToward("client", lab, seed), true),
  };
  const close = async () => {
    for (const each of [network, ...Object.values(toward)]) each.close();
    for (const each of closers) await each();
  };
  return { network, toward, watcher, isWatched, trips, close };
}

type Badness = Pick<LabOptions, "faults" | "slice">;

/** How bad one direction of a relay is; each loses other datagrams. */
function badnessToward(end: Toward, lab: LabSettings, seed: number): Badness {
  const isGood = lab.toward !== undefined && lab.toward !== end;
  if (isGood) return { faults: { ...PERFECT, seed }, slice: undefined };
  const own = end === "server" ? seed : MAX_SEED - seed;
  return { faults: { ...lab.faults, seed: own }, slice: lab.slice };
}

const PERFECT = { loss: 0, loseFirst: 0, duplicate: 0, delay: 0, jitter: 0 };

/** Whether chance plays a part: a delay alone is always the same. */
function isRandom({ loss, duplicate, jitter }: LabSettings["faults"]): boolean {
  return loss > 0 || duplicate > 0 || jitter > 0;
}

/** The given seed, or else a random one, which the user is told. */
function seedOf(
  given: number | undefined,
  isUsed: boolean,
  printer: Printer,
): number {
  if (given !== undefined) return given;
  const seed = Math.floor(Math.random() * (MAX_SEED + 1));
  const text = `--seed ${seed} repeats these faults`;
  if (isUsed) printer.log("info", "network", text);
  return seed;
}

/** Packets contain addresses, not names. */
async function requireAddresses(
  { address, upstream = address }: Settings,
): Promise<void> {
  const { hasAddress } = await import("../trace/ip_address.ts");
  const named = [address, upstream].find(({ hostname }) =>
    !hasAddress(hostname)
  );
  if (named === undefined) return;
  throw new Failure(
    `Cannot trace ${
      addressOf(named)
    } as pcap: a packet holds an address, not a name. Give it as a number, such as 127.0.0.1.`,
  );
}

/** Writes the trace as it comes in, and its end. */
async function startTrace(
  format: TraceFormat,
  to: OutputName,
  printer: Printer,
): Promise<{ watch: Watcher; close: () => void }> {
  const { tracer } = await import("../trace/trace.ts");
  const trace = tracer(format, { start: Date.now() });
  const write = (what: string | Uint8Array) => {
    if (what.length > 0) printer.write(to, what);
  };
  write(trace.begin());
  return {
    watch: (event) => write(trace.event(event)),
    close: () => write(trace.end()),
  };
}

/** Loads the page only if it is wanted. */
async function startView(
  program: Program,
  { mode, modeName, address, upstream }: Settings,
  port: number,
  printer: Printer,
) {
  const { serveView } = await import("../trace/view/view.ts");
  const { transport } = mode;
  const server = address;
  const shown = { program, mode: modeName, transport, server };
  const more = { journal: printer, ...upstream && { upstream } };
  const view = openView(() => serveView({ port, ...shown, ...more }));
  printer.log("info", "view", `the wire is shown at ${view.address}`);
  return { watch: view.watch, close: () => view.close() };
}

function openView<V>(serve: () => V): V {
  try {
    return serve();
  } catch (error) {
    throw error instanceof Failure ? advised(error, "--view") : error;
  }
}

/** Whether a client should end with a summary like `ping`'s. */
export function wantsSummary({ lab }: Settings): boolean {
  const { trace, faults, slice, retries } = lab;
  const isBad = isFaulty(faults) || slice !== undefined;
  return isBad || retries > 0 || trace !== undefined;
}

/** Where each of these goes; the transcript makes way for a trace. */
export function outputsOf(
  { lab: { trace }, output }: Settings,
): Record<"trace" | "transcript" | "report", OutputName> {
  const given = output === undefined ? undefined : "file";
  const own = given ?? (trace && TRACE_OUTPUTS[trace]) ?? "stderr";
  const isTaken = trace !== undefined && own === "stdout";
  const transcript = isTaken ? "stderr" : "stdout";
  const report = trace === undefined ? given ?? transcript : transcript;
  return { trace: own, transcript, report };
}
