/**
 * What the tests have to know of a mode: one file of `tests/modes` says it for
 * each, and every test that is by mode takes from there what it needs.
 */
import type { DatagramMode, StreamMode } from "../../lib/rules/mode.ts";
import type { RawDatagrams, RawStream, Script } from "./harness.ts";
import type { Scenario } from "./scenarios.ts";
import type { OpenScene } from "./scene.ts";

/** Values of options, by the names that the rules have for them. */
export type Options = Readonly<Record<string, unknown>>;

/** Who says what; undefined are bytes that are not UTF-8. */
export type Saying = readonly [who: string, text: string | undefined];

/** What the server's rules do if no option is given. */
export interface Exchange {
  /** What is said, up to the end of the server if there is one. */
  readonly sayings: readonly Saying[];
  /** All that the server sends, in order, as `send WHO: TEXT`. */
  readonly sends: readonly string[];
  readonly isOver: boolean;
  /** A message without the assignment's form; undefined if every message has it. */
  readonly wrong: Saying | undefined;
  /** The answer to it. */
  readonly refusal: string;
  /** Whether it costs a peer its connection. */
  readonly isClosed: boolean;
}

/** Servers of the tests' own, for a client to talk to. */
export interface TestServers {
  readonly udp: RawDatagrams;
  /** Takes the next TCP client. */
  accept(): Promise<RawStream>;
}

/** A moment in a client's life. */
export interface Moment {
  readonly name: string;
  readonly args: readonly string[];
  /** Brings the client there, and returns once it has arrived. */
  lead(client: Script, servers: TestServers): Promise<void>;
  /** How it ends if its input ends here; undefined if it goes on. */
  readonly endOfInput?: { readonly status: number; readonly line?: string };
}

/** TCP peers as a signal finds them, and what they get before the server ends. */
export interface State {
  readonly name: string;
  /** What each has said; they connect in this order while the server runs. */
  readonly before: readonly string[];
  /** What the server has printed when all of that has come. */
  readonly printed?: string;
  /** What each of them sends, or a new one, while the server cannot run. */
  readonly last: readonly string[];
  /** All that each has received at the end. */
  readonly received: readonly string[];
}

interface Tests {
  /** The default port. */
  readonly port: number;
  /** The mode's own options, in the order of `--help`, with their defaults. */
  readonly server: Options;
  readonly client: Options;
  /** What keeps a server going however many clients it has served. */
  readonly endless: Options;
  /** Options for a client that then asks nothing. */
  readonly silent: readonly string[];
  readonly exchange: Exchange;
  /** What peers usually send, in pieces. */
  readonly pieces: readonly string[];
  /** Real programs, from the ready line to the end. */
  readonly scenarios: readonly [Scenario, ...Scenario[]];
  /** Where a signal or the end of the input finds a client. */
  readonly moments: readonly Moment[];
  /** What the mode looks like to a newcomer. */
  demo(open: OpenScene): Promise<void>;
}

export interface DatagramModeTests extends Tests {
  readonly transport: "udp";
  /** What a server answers to `m` and a number, from any port. */
  answer(count: number): string;
}

export interface StreamModeTests extends Tests {
  readonly transport: "tcp";
  /** Options for a server whose answers are always the same. */
  readonly certain?: readonly string[];
  /** Where a signal finds a server, besides idle or with a silent peer. */
  readonly states: readonly State[];
}

/** What has to be said of a mode. */
export type TestsOf<M> = M extends StreamMode ? StreamModeTests
  : M extends DatagramMode ? DatagramModeTests
  : never;
