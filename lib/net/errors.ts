/**
 * What Deno's errors mean to a person: what failed, with which value, and why.
 *
 * Everything here makes a `Failure`, whose message is one line for the user. An
 * unknown error keeps the system's own words. What the user can do about a
 * `NetworkFailure` depends on the program, which adds that.
 */
import {
  type Address,
  addressOf,
  Failure,
  type Framing,
} from "../rules/contract.ts";
import { isReset, isTooLong } from "./system.ts";

/** What went wrong, for a program that knows what can be done about it. */
export type Trouble =
  | "not allowed"
  | "port in use"
  | "port reserved"
  | "port withheld"
  | "not our address"
  | "nobody listens"
  | "no connection"
  | "no datagram"
  | "no message"
  /** No message from a server that was sent text without a line ending. */
  | "no line ending";

/** A failure that something can be done about. */
export class NetworkFailure extends Failure {
  constructor(message: string, readonly trouble: Trouble, cause?: unknown) {
    super(message, { cause });
  }
}

type ErrorClass = abstract new (...args: never[]) => unknown;
type Kind = (error: unknown) => boolean;
type Meaning = readonly [kind: Kind, words: string, trouble?: Trouble];

function isA(kind: ErrorClass): Kind {
  return (error) => error instanceof kind;
}

const { errors } = Deno;
const LISTENING: readonly Meaning[] = [
  [
    isA(errors.AddrInUse),
    "the port is in use by another program.",
    "port in use",
  ],
  [
    isA(errors.AddrNotAvailable),
    "this machine does not have that address.",
    "not our address",
  ],
];
const LOW_PORT: Meaning = [
  isA(errors.PermissionDenied),
  "the system keeps that port for administrators.",
  "port reserved",
];
/** Windows sets ports of any height aside, for virtual machines above all. */
const HIGH_PORT: Meaning = [
  isA(errors.PermissionDenied),
  "the system has set that port aside for something else.",
  "port withheld",
];

const GONE =
  "the server has gone. Look at what it printed, and start it again.";
const LOST: readonly Meaning[] = [
  [isReset, GONE],
  [isA(errors.BrokenPipe), GONE],
];
const TOO_LONG =
  "the message is longer than a datagram may be on this system. Send a shorter one.";

/** A socket could not be bound. */
export function cannotListen(address: Address, error: unknown): Failure {
  return failure(`Cannot listen on ${addressOf(address)}`, error, [
    ...LISTENING,
    address.port < 1024 ? LOW_PORT : HIGH_PORT,
  ]);
}

/** A connection could not be made. */
export function cannotConnect(
  server: Address,
  timeout: number,
  error: unknown,
): Failure {
  const late = `no answer within ${seconds(timeout)}.`;
  return failure(`Cannot connect to ${addressOf(server)}`, error, [
    [
      isA(errors.ConnectionRefused),
      "nobody is listening there.",
      "nobody listens",
    ],
    // What a time limit's signal throws.
    [isA(DOMException), late, "no connection"],
  ]);
}

/** A datagram could not be sent. */
export function cannotSend(server: Address, error: unknown): Failure {
  return failure(`Cannot send to ${addressOf(server)}`, error, [
    [isTooLong, TOO_LONG],
  ]);
}

/**
 * No datagram came in time. Over UDP nothing tells a lost question from a lost
 * answer, or from a server that is not there.
 */
export function noAnswerOverUdp(server: Address, timeout: number): Failure {
  const text = `No answer from ${addressOf(server)} within ${
    seconds(timeout)
  }.`;
  return new NetworkFailure(text, "no datagram");
}

/**
 * A connected server said nothing in time, or not what we were waiting for.
 *
 * @param hasSpoken whether it has said anything
 */
export function noAnswerOverTcp(
  server: Address,
  timeout: number,
  hasSpoken: boolean,
  framing: Framing,
): Failure {
  const isBare = framing === "raw" && !hasSpoken;
  const more = isBare
    ? "the other client or a line ending"
    : "the other client";
  const known = hasSpoken
    ? "The server has said something, but not what was waited for: see above."
    : `It is connected: the server may wait for something more, such as ${more}.`;
  return new NetworkFailure(
    `No answer from ${addressOf(server)} within ${seconds(timeout)}. ${known}`,
    isBare ? "no line ending" : "no message",
  );
}

/** The connection broke in the middle of the conversation. */
export function connectionLost(server: Address, error: unknown): Failure {
  return failure(`Lost the connection to ${addressOf(server)}`, error, LOST);
}

/** A message is too long for `what`, which can carry `limit` bytes. */
export function messageTooLong(
  text: string,
  limit: number,
  what: string,
): Failure {
  const byteLength = new TextEncoder().encode(text).length;
  return new Failure(
    `The message is too long: it has ${byteLength} bytes, and ${what} can carry ${limit}. Send a shorter one.`,
  );
}

/** The server's answer was not text. */
export function brokenAnswer(server: Address, problem: string): Failure {
  return new Failure(
    `The answer from ${
      addressOf(server)
    } is broken: ${problem}. Check what the server sends.`,
  );
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}

function failure(
  what: string,
  error: unknown,
  meanings: readonly Meaning[],
): Failure {
  const [, words, trouble] = meanings.find(([isKind]) => isKind(error)) ??
    [];
  const text = `${what}: ${words ?? reasonOf(error)}`;
  return trouble
    ? new NetworkFailure(text, trouble, error)
    : new Failure(text, { cause: error });
}

/** The system's own words for an error. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
