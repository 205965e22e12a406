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
import type { AnyOption, MESSAGE, ValuesOf } from "./options.ts";

/** What stands in a table of modes, whatever the transport. */
interface Assignment<S extends AnyOption, C extends AnyOption> {
  /** One line for `--help`. */
  readonly summary: string;
  /** The server's default port. */
  readonly port: number;
  /** The options that this mode has besides those that all modes have. */
  readonly serverOptions: readonly S[];
  readonly clientOptions: readonly C[];
  /** How this mode's server is listened to; loaded where that is wanted. */
  readonly hearing: () => Promise<Hearing>;
}

/** An assignment over UDP: its place on the network, and both halves of it. */
export interface DatagramMode extends Assignment<AnyOption, AnyOption> {
  readonly transport: "udp";
  /** Whether the server treats its clients by the port that they send from. */
  readonly keepsPorts: boolean;
  server(options: Values, random: Random): ServerRules;
  client(io: DatagramDialogue, options: Values): Promise<void>;
}

/** An assignment over TCP. */
export interface StreamMode extends Assignment<AnyOption, AnyOption> {
  readonly transport: "tcp";
  /** Whether messages are JSON objects, which need no line feed to end. */
  readonly json: boolean;
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
    & {
      readonly keepsPorts?: boolean;
      readonly server: (options: P, random: Random) => ServerRules;
      readonly client: (io: DatagramDialogue, options: Q) => Promise<void>;
    }
    & Agree<S, P>
    & Agree<Exclude<C, typeof MESSAGE>, Q>,
): DatagramMode {
  return { transport: "udp", keepsPorts: false, ...mode };
}

/** Declares an assignment over TCP; its options and its halves have to agree. */
export function streamMode<S extends AnyOption, C extends AnyOption, P, Q>(
  mode:
    & Assignment<S, C>
    & {
      readonly json?: boolean;
      readonly server: (options: P, random: Random) => ServerRules;
      readonly client: (io: StreamDialogue, options: Q) => Promise<void>;
    }
    & Agree<S, P>
    & Agree<Exclude<C, typeof MESSAGE>, Q>,
): StreamMode {
  return { transport: "tcp", json: false, ...mode };
}

/**
 * Every option that is declared is one that is used, and the other way round.
 * `MESSAGE` is left out: the program gives those messages in place of the
 * keyboard's, where the conversation asks for a line.
 */
type Agree<O extends AnyOption, Used> = ValuesOf<O> extends Used
  ? Exclude<keyof ValuesOf<O>, keyof Used> extends never ? unknown
  : { unusedOption: Exclude<keyof ValuesOf<O>, keyof Used> }
  : { missingOption: Exclude<keyof Used, keyof ValuesOf<O>> };
