/**
 * How an assignment declares itself: its place on the network, its options,
 * and the two halves of it, a server's rules and a client's conversation.
 */
import type {
  DatagramDialogue,
  Random,
  ServerRules,
  StreamDialogue,
} from "./contract.ts";
import type { Hearing } from "./listening/hearing.ts";
import type { AnyOption, MESSAGE, MESSAGE_END, ValuesOf } from "./options.ts";

/** What stands in a table of modes, whatever the transport. */
interface Assignment<S extends AnyOption, C extends AnyOption> {
  /** One line for `--help`. */
  readonly summary: string;
  /** The server's default port. */
  readonly port: number;
  /** The options that this mode has besides those that all modes have. */
  readonly serverOptions: readonly S[];
  readonly clientOptions: readonly C[];
}

/** What judges this mode's servers as `--upstream` hears them. */
interface Judged {
  /** Loaded only when that is wanted. */
  readonly hearing: () => Promise<Hearing>;
}

/** Leaves everything open: a mode that declares no hearing is only passed on. */
const NO_HEARING: Omit<Hearing, "isStream"> = {
  settles: () => false,
  asks: () => undefined,
  read: () => ({ rest: "" }),
};

/** An assignment over UDP: its place on the network, and both halves of it. */
export interface DatagramMode extends Assignment<AnyOption, AnyOption>, Judged {
  readonly transport: "udp";
  /** Whether the server treats its clients by the port that they send from. */
  readonly keepsPorts: boolean;
  server(options: Values, random: Random): ServerRules;
  client(io: DatagramDialogue, options: Values): Promise<void>;
}

/** An assignment over TCP. */
export interface StreamMode extends Assignment<AnyOption, AnyOption>, Judged {
  readonly transport: "tcp";
  /** Whether messages are JSON objects, which need no line feed to end. */
  readonly json: boolean;
  /**
   * Whether more of a message must be on its way to the server, which then waits
   * longer for it.
   */
  readonly isUnfinished?: (text: string) => boolean;
  server(options: Values, random: Random): ServerRules;
  client(io: StreamDialogue, options: Values): Promise<void>;
}

/** An assignment. */
export type Mode = DatagramMode | StreamMode;

/** The values of a mode's options, by name, once nobody knows which mode it is. */
// deno-lint-ignore no-explicit-any -- each mode's declaration gives the types
export type Values = any;

/** Declares an assignment over UDP; its options and its halves have to agree. */
export function datagramMode<S extends AnyOption, C extends AnyOption, P, Q>(
  mode:
    & Assignment<S, C>
    & Partial<Judged>
    & {
      readonly keepsPorts?: boolean;
      readonly server: (options: P, random: Random) => ServerRules;
      readonly client: (io: DatagramDialogue, options: Q) => Promise<void>;
    }
    & Agree<S, P>
    & Agree<Exclude<C, typeof MESSAGE>, Q>,
): DatagramMode {
  const hearing = () => Promise.resolve({ isStream: false, ...NO_HEARING });
  return { transport: "udp", keepsPorts: false, hearing, ...mode };
}

/** Declares an assignment over TCP; its options and its halves have to agree. */
export function streamMode<S extends AnyOption, C extends AnyOption, P, Q>(
  mode:
    & Assignment<S, C>
    & Partial<Judged>
    & {
      readonly json?: boolean;
      readonly isUnfinished?: (text: string) => boolean;
      readonly server: (options: P, random: Random) => ServerRules;
      readonly client: (io: StreamDialogue, options: Q) => Promise<void>;
    }
    & Agree<Exclude<S, typeof MESSAGE_END>, P>
    & Agree<Exclude<C, typeof MESSAGE>, Q>,
): StreamMode {
  const hearing = () => Promise.resolve({ isStream: true, ...NO_HEARING });
  return { transport: "tcp", json: false, hearing, ...mode };
}

/**
 * Every option that is declared is one that is used, and the other way round.
 * Two are not for the rules, and left out: the program gives `MESSAGE`s in place
 * of what is typed, and the transport does what `MESSAGE_END` says.
 */
type Agree<O extends AnyOption, Used> = ValuesOf<O> extends Used
  ? Exclude<keyof ValuesOf<O>, keyof Used> extends never ? unknown
  : { unusedOption: Exclude<keyof ValuesOf<O>, keyof Used> }
  : { missingOption: Exclude<keyof Used, keyof ValuesOf<O>> };
