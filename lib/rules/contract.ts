/**
 * The vocabulary that the assignments are written in.
 *
 * A server's rules are told what happened (a peer connected, said something,
 * left) and return what to do about it as a list of actions. A client's
 * conversation asks, sends, receives and prints through a `Dialogue`. Neither
 * ever sees a socket, a clock or a source of random numbers, so both can be
 * read and tested as plain functions of messages.
 */
import { quote as quoteUpTo } from "./escape.js";

/** A place on the network. */
export interface Address {
  readonly hostname: string;
  /** 0..65535 */
  readonly port: number;
}

/** Whom a server talks to: a UDP address, or one TCP connection. */
export interface Peer extends Address {
  /**
   * Tells this peer from every other, for use as a key: datagrams from one
   * address share it, two connections never do.
   */
  readonly id: string;
}

/** How much a log line matters. */
export type Level = "debug" | "info" | "warning" | "error";

/** A message whose bytes are not UTF-8: only their number is known. */
interface NotText {
  readonly byteLength: number;
  /** The first few of them. */
  readonly head?: Uint8Array;
}

/** A message as it arrives: its text, without the line ending that ended it. */
export type Received = string | NotText;

/** What a server should do next; the transports carry it out in order. */
export type Action =
  /** Send a message. One that is too long is replaced by `TOO_LONG` (UDP). */
  | { readonly type: "send"; readonly to: Peer; readonly text: string }
  /**
   * A line of the transcript: what the assignment says to print. It stays one
   * line whatever a peer sent: a line feed in it is printed as `\n`.
   */
  | { readonly type: "print"; readonly text: string }
  | {
    readonly type: "log";
    readonly level: Level;
    readonly source: string;
    readonly text: string;
    /** What the peer did wrong, if anything, without what we do about it. */
    readonly mistake?: string;
  }
  /**
   * Read nothing more from this TCP peer until `release`. If it has ended its
   * half of the connection, keep the other half open until `close`.
   */
  | { readonly type: "hold"; readonly peer: Peer }
  | { readonly type: "release"; readonly peer: Peer }
  /** Close this TCP connection once everything sent to it is delivered. */
  | { readonly type: "close"; readonly peer: Peer }
  /**
   * The assignment is over, and so is the program: what has already arrived is
   * answered, anything later is not, and then every socket is closed. A signal
   * ends a server the same way.
   */
  | { readonly type: "stop" };

/** Which end closed a TCP connection; a reset counts as the peer's. */
export type Closer = "peer" | "server";

/** The server's half of an assignment. */
export interface ServerRules {
  /** A TCP peer has connected. By default the log says so. */
  opened?(peer: Peer): Action[];
  /**
   * A message has arrived.
   *
   * @param arrival grows with each read. A message that ends with silence is
   * complete long after its last byte: this tells when that byte came.
   */
  message(peer: Peer, received: Received, arrival: number): Action[];
  /**
   * A TCP connection is over; called once for each `opened`. By default the log
   * says so.
   */
  closed?(peer: Peer, by: Closer): Action[];
  /**
   * A TCP peer has been connected for a while and has said nothing: time to
   * tell its owner who speaks first. Called at most once.
   */
  silent?(peer: Peer): Action[];
  /** Who a TCP peer has turned out to be, such as `X: Alice`, for those who watch. */
  nameOf?(peer: Peer): string | undefined;
}

/** Gives a number from 0 (included) to 1 (excluded), as `Math.random` does. */
export type Random = () => number;

/** What a client's conversation can do; the client program carries it out. */
export interface Dialogue {
  /** Whether a person at a terminal answers the questions. */
  readonly interactive: boolean;
  /** Asks the user for one line; undefined at the end of input. */
  ask(prompt: string): Promise<string | undefined>;
  /** Prints one line of the transcript. */
  print(text: string): void;
  log(level: Level, source: string, text: string): void;
  /** Closes the socket. */
  close(): void;
}

/** A client's conversation over UDP. */
export interface DatagramDialogue extends Dialogue {
  /**
   * Binds a socket to `localPort`, by default to any free port.
   *
   * @throws {Failure} when the port is taken
   */
  open(localPort?: number): Promise<void>;
  /**
   * Sends one datagram and waits for its answer. Undefined if none came and the
   * user is at a terminal, has been told, and may try again.
   *
   * @throws {Failure} if none came and nobody is at a terminal
   */
  request(text: string): Promise<string | undefined>;
}

/** A client's conversation over TCP. */
export interface StreamDialogue extends Dialogue {
  /**
   * Connects to the server.
   *
   * @returns the server's address
   * @throws {Failure} when nobody is listening
   */
  open(framing: Framing): Promise<Address>;
  /** @throws {Failure} when the message is too long or the server has gone */
  send(text: string): Promise<void>;
  /**
   * Waits for the server's next message; undefined at the end of the stream.
   *
   * @param hint what the server may be waiting for, logged if it takes long
   * @throws {Failure} when none comes in time, or an answer is not UTF-8
   */
  receive(wait: Wait, hint?: string): Promise<string | undefined>;
  /** Prints `prompt` and `line`, unless a terminal already shows them. */
  echo(prompt: string, line: string): void;
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number;
  /** Waits, in milliseconds; a conversation has no other clock. */
  sleep(milliseconds: number): Promise<void>;
}

/**
 * What a client waits for, and so how long: an `answer` from the server, up to
 * the timeout; a `partner`, as long as it takes, unless the user set a timeout,
 * which then covers the whole wait, whatever else the server says; the next
 * `line` of a chat, without a limit.
 */
export type Wait = "answer" | "partner" | "line";

/** The assignment could not be done; the message tells the user why. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/**
 * How a TCP client ends its messages: with a line feed, with nothing, or the
 * way the server does (with a line feed until it has said something).
 */
export type Framing = "auto" | "line" | "raw";

/**
 * The longest message on a stream, in bytes without its line ending. Without a
 * limit, a peer that never ends its message would fill the memory. This is a
 * little more than a datagram holds, so it suits every mode.
 */
export const MAX_MESSAGE = 65_536;

/** The answer to a message that is too long, or whose answer would be. */
export const TOO_LONG = "Message too long";
/** What every server prints once it can be reached. */
export const READY = "The server is ready to receive";
/** Most assignments' answer to a message in the wrong form. */
export const INVALID_MESSAGE = "Invalid Message";
/** What the transcript shows for a message that is not UTF-8. */
export const NOT_TEXT = "(not UTF-8)";

/** A message as the transcript shows it. */
export function printed(received: Received): Action {
  return print(typeof received === "string" ? received : NOT_TEXT);
}

/** Sends a message. */
export function send(to: Peer, text: string): Action {
  return { type: "send", to, text };
}

/** Prints a line of the transcript. */
export function print(text: string): Action {
  return { type: "print", text };
}

/** Writes a line of the log. */
export function log(
  level: Level,
  text: string,
  source = "server",
): Action & { type: "log" } {
  return { type: "log", level, source, text };
}

/** Closes a TCP connection once everything sent to it is delivered. */
export function close(peer: Peer): Action {
  return { type: "close", peer };
}

/** Ends the assignment, and the program with it; the log says why. */
export function end(why: string): Action[] {
  return [log("info", `${why}: the end`), { type: "stop" }];
}

/** Ends a server after the last of its sessions. */
export function endOfSessions(count: number): Action[] {
  return end(`session ${count} of ${count} is over`);
}

/** Answers a message that is not acceptable, and logs why. */
export function refuse(
  peer: Peer,
  received: Received,
  expected: string,
  answer = INVALID_MESSAGE,
): Action[] {
  const came = quoteReceived(received);
  const mistake = `${addressOf(peer)} sent ${came}; expected ${expected}`;
  const warning = log("warning", `${mistake}; answered ${answer}`);
  return [{ ...warning, mistake }, send(peer, answer)];
}

/** A message for the log, whether it is text or not. */
export function quoteReceived(received: Received): string {
  if (typeof received === "string") return quote(received);
  const { byteLength } = received;
  return byteLength === 1
    ? "1 byte that is not UTF-8"
    : `${byteLength} bytes that are not UTF-8`;
}

/** How much of a peer's text one log line quotes, in characters. */
const MAX_QUOTE = 100;

/** A text in quotation marks; only the beginning if it is long. */
export function quote(text: string): string {
  return quoteUpTo(text, MAX_QUOTE);
}

/** Logs that a TCP peer has connected. */
export function connected(peer: Peer): Action {
  return log("debug", `${addressOf(peer)} connected`);
}

/** Logs that a TCP peer is silent though it should speak first. */
export function speaksFirst(peer: Peer, form: string, hint = ""): Action {
  return log(
    "info",
    `${addressOf(peer)} has connected and said nothing: in this mode the ` +
      `client speaks first, with ${form}${hint}`,
  );
}

/** Logs that a TCP connection is over, and who ended it. */
export function disconnected(peer: Peer, by: Closer): Action {
  const how = by === "peer" ? "left" : "closed";
  return log("debug", `${addressOf(peer)} ${how}`);
}

/** An address as people write it: `127.0.0.1:12000`, `[::1]:12000`. */
export function addressOf({ hostname, port }: Address): string {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return `${host}:${port}`;
}

/** Splits a line feed, and a carriage return before it, off a message's end. */
export function splitLineEnding(text: string): [line: string, ending: string] {
  if (!text.endsWith("\n")) return [text, ""];
  const end = text.endsWith("\r\n") ? -2 : -1;
  return [text.slice(0, end), text.slice(end)];
}

/** Whether a text fits into a number of bytes as UTF-8. */
export function fits(text: string, bytes: number): boolean {
  // No character takes more than three bytes for each of its code units.
  return text.length * 3 <= bytes || encoder.encode(text).length <= bytes;
}

/** What a waiting message costs in memory besides its text, in bytes. */
const MESSAGE_COST = 64;

/** Roughly what a waiting message costs in memory, in bytes. */
export function costOf(text: string): number {
  return text.length * 2 + MESSAGE_COST;
}

const encoder = new TextEncoder();
