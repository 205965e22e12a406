/**
 * How an assignment declares itself: its place on the network, its options, and
 * its two halves, the server's rules and the client's conversation.
 */
import type {
  DatagramDialogue,
  Random,
  ServerRules,
  StreamDialogue,
} from "./contract.ts";
import type { Hearing } from "./listening/hearing.ts";
import type { AnyOption, MESSAGE, MESSAGE_END, ValuesOf } from "./options.ts";

/** An entry in the table of modes, whatever the transport. */
interface Assignment<S extends AnyOption, C extends AnyOption> {
  /** One line for `--help`. */
  readonly summary: string;
  /** The server's default port. */
  readonly port: number;
  /** This mode's options, besides those that all modes share. */
  readonly serverOptions: readonly S[];
  readonly clientOptions: readonly C[];
}

/** What judges this mode's servers as `--upstream` hears them. */
interface Judged {
  /** Loaded only when needed. */
  readonly hearing: () => Promise<Hearing>;
}

/** Judges nothing: a mode that declares no hearing is only relayed. */
const NO_HEARING: Omit<Hearing, "isStream"> = {
  settles: () => false,
  asks: () => undefined,
  read: () => ({ rest: "" }),
};

/** An assignment over UDP: its place on the network, and both halves of it. */
export interface DatagramMode extends Assignment<AnyOption, AnyOption>, Judged {
  readonly transport: "udp";
  /** Whether what the server does depends on the client's source port. */
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

/** The values of a mode's options, by name, once the mode is no longer known. */
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
 * Every declared option must be used, and vice versa. Two are left out because
 * they are not for the rules: the program feeds in `MESSAGE`s as if typed, and
 * the transport handles `MESSAGE_END`.
 */
type Agree<O extends AnyOption, Used> = ValuesOf<O> extends Used
  ? Exclude<keyof ValuesOf<O>, keyof Used> extends never ? unknown
  : { unusedOption: Exclude<keyof ValuesOf<O>, keyof Used> }
  : { missingOption: Exclude<keyof Used, keyof ValuesOf<O>> };
