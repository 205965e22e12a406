/**
 * The vocabulary that the assignments are written in.
 *
 * A server's rules are told what happened (a peer came, said something, left)
 * and return what is to be done about it, as a list of actions. A client's
 * conversation asks, sends, receives and prints through a `Dialogue`. Neither
 * ever sees a socket, a clock or a source of random numbers, so both can be
 * read, and tested, as plain functions of messages.
 */

/** Whom a server talks to: a UDP address, or one TCP connection. */
export interface Peer {
  readonly hostname: string;
  readonly port: number;
}

/** This machine, over IPv4: where everything happens unless told otherwise. */
export const LOOPBACK = "127.0.0.1";

/** How much a log line matters. */
export type Level = "debug" | "info" | "warning" | "error";

/** What a server is to do next; the transports carry it out, in order. */
export type Action =
  | { readonly type: "send"; readonly to: Peer; readonly text: string }
  /** A line of the transcript: what the assignment says to print. */
  | { readonly type: "print"; readonly text: string }
  | {
    readonly type: "log";
    readonly level: Level;
    readonly source: string;
    readonly text: string;
  }
  /** Read nothing more from this TCP peer until `release`: it has to wait. */
  | { readonly type: "hold"; readonly peer: Peer }
  | { readonly type: "release"; readonly peer: Peer }
  /** Close this TCP connection once everything sent to it is delivered. */
  | { readonly type: "close"; readonly peer: Peer }
  /** The assignment is over: close everything and end the program. */
  | { readonly type: "stop" };

/** The server's half of an assignment. */
export interface ServerRules {
  /** A TCP peer has connected. */
  opened?(peer: Peer): Action[];
  /** A message has arrived; `text` is undefined where it is not UTF-8. */
  message(peer: Peer, text: string | undefined): Action[];
  /** A TCP connection is over, whoever closed it; once for each `opened`. */
  closed?(peer: Peer): Action[];
}

/** What the command line can set for a server's rules. */
export interface ServerOptions {
  name?: string;
  /** How many sessions to serve; 0 for no end. */
  sessions?: number;
  /** How many different clients end the assignment; 0 for no limit. */
  maxClients?: number;
  /** The server's number in place of a random one, 1..100. */
  number?: number;
  /** A number from 0 (included) to 1 (excluded), as `Math.random` gives. */
  random: () => number;
}

/** What the command line can set for a client's conversation. */
export interface ClientOptions {
  name?: string;
  client?: Side;
  /** The UDP port to send from, 0..65535; 0 for any free one. */
  clientPort?: number;
  number?: number;
  /** How long to wait for an answer, in milliseconds. */
  timeout: number;
}

/** One of the two clients of `sequence` and `chat`. */
export type Side = "X" | "Y";

/** What a client's conversation can do; the client program carries it out. */
export interface Dialogue {
  /** Whether a person at a terminal answers the questions. */
  readonly interactive: boolean;
  /** Asks the user for one line; undefined at the end of input. */
  ask(prompt: string): Promise<string | undefined>;
  /** Prints one line of the transcript. */
  print(text: string): void;
  /** Prints `prompt` and `line`, unless a terminal shows them already as typed. */
  echo(prompt: string, line: string): void;
  log(level: Level, source: string, text: string): void;
  /**
   * Opens the way to the server: binds a UDP socket to `localPort` (0 for any
   * free one), or connects over TCP, where `localPort` means nothing.
   *
   * @returns the server's address
   * @throws {Failure} when the port is taken or nobody is listening
   */
  open(localPort?: number): Promise<Peer>;
  /** @throws {Failure} when the message is too long or the server has gone */
  send(text: string): Promise<void>;
  /**
   * Waits for the server's next message; undefined at the end of the stream.
   *
   * @default {"answer"}
   * @throws {Failure} when none comes in time, or an answer is not UTF-8
   */
  receive(wait?: Wait): Promise<string | undefined>;
  /**
   * Sends one datagram and waits for its answer. Undefined where that failed
   * and the user, at a terminal, has been told and may try again.
   *
   * @throws {Failure} the same, where nobody is there to try again
   */
  request(text: string): Promise<string | undefined>;
  /** Waits; the only clock that a conversation has. */
  sleep(milliseconds: number): Promise<void>;
  /** Closes the connection: `receive` then tells the end of the stream. */
  close(): void;
}

/**
 * What a client waits for, and so for how long: an answer of the server, for
 * the timeout; a partner who has to come first, for as long as it takes unless
 * the user set a timeout; a word of that partner, without a limit.
 */
export type Wait = "answer" | "partner" | "word";

/** Why the assignment could not be done; its message is for the user. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** How a TCP client marks the end of its messages. */
export type Framing = "line" | "raw";

/** An assignment: its place on the network, and both halves of it. */
export interface Mode {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  readonly transport: "udp" | "tcp";
  /** The server's default port. */
  readonly port: number;
  /** What a TCP message is, where it is not a line of text. */
  readonly format?: "json";
  /** How the client frames its messages unless told otherwise; TCP only. */
  readonly framing?: Framing;
  /** The options that this mode has besides those that all modes have. */
  readonly serverFlags: readonly string[];
  readonly clientFlags: readonly string[];
  /** The client's options that it asks for at a prompt where not given. */
  readonly asks: readonly string[];
  server(options: ServerOptions): ServerRules;
  client(dialogue: Dialogue, options: ClientOptions): Promise<void>;
}

/** What either transport tells a peer whose message, or whose answer, is over its limit. */
export const TOO_LONG = "Message too long";

export function send(to: Peer, text: string): Action {
  return { type: "send", to, text };
}

export function print(text: string): Action {
  return { type: "print", text };
}

export function log(level: Level, text: string, source = "server"): Action {
  return { type: "log", level, source, text };
}

export function close(peer: Peer): Action {
  return { type: "close", peer };
}

/** An address as people write it: `127.0.0.1:12000`, `[::1]:12000`. */
export function addressOf(peer: Peer): string {
  const host = peer.hostname.includes(":")
    ? `[${peer.hostname}]`
    : peer.hostname;
  return `${host}:${peer.port}`;
}
