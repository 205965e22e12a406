/**
 * What an error of Deno means to a person: what failed, the value, what to do.
 *
 * Everything here makes a `Failure`, whose message is one line for the user.
 * An error that is not known here keeps the system's own words.
 */
import {
  type Address,
  addressOf,
  Failure,
  type Framing,
} from "../rules/contract.ts";
import { LOOPBACK } from "./address.ts";

/** A socket could not be bound; `option` is how to choose another port. */
export function cannotListen(
  address: Address,
  option: "--port" | "--client-port" | "--view",
  error: unknown,
): Failure {
  return failure(`Cannot listen on ${addressOf(address)}`, error, [
    [
      Deno.errors.AddrInUse,
      `the port is in use by another program. Stop it, or choose another port with ${option}.`,
    ],
    [
      Deno.errors.PermissionDenied,
      `the system keeps that port for administrators. Choose a port from 1024 on with ${option}.`,
    ],
    [
      Deno.errors.AddrNotAvailable,
      `this machine does not have that address. Use --host ${LOOPBACK}.`,
    ],
  ]);
}

/** A connection could not be made. */
export function cannotConnect(
  server: Address,
  timeout: number,
  error: unknown,
): Failure {
  return failure(`Cannot connect to ${addressOf(server)}`, error, [
    [
      Deno.errors.ConnectionRefused,
      "nobody is listening there. Start the server first, or give its port with --port.",
    ],
    [
      DOMException, // what the signal of a time limit throws
      `no answer within ${
        seconds(timeout)
      }. Check --host and --port, or wait longer with --timeout.`,
    ],
  ]);
}

/** A datagram could not be sent. */
export function cannotSend(server: Address, error: unknown): Failure {
  return failure(`Cannot send to ${addressOf(server)}`, error, []);
}

/**
 * No datagram came in time. Over UDP nothing tells a lost question from a lost
 * answer, or from a server that is not there.
 */
export function noAnswerOverUdp(server: Address, timeout: number): Failure {
  return new Failure(
    `No answer from ${addressOf(server)} within ${seconds(timeout)}. ` +
      "Check that the server runs there, or wait longer with --timeout.",
  );
}

/**
 * A server that is connected said nothing in time, or not what was waited for.
 *
 * @param hasSpoken whether it has said anything
 */
export function noAnswerOverTcp(
  server: Address,
  timeout: number,
  hasSpoken: boolean,
  framing: Framing,
): Failure {
  const limit = seconds(timeout);
  const known = hasSpoken
    ? "The server has said something, but not what was waited for: see above."
    : framing === "raw"
    ? "It is connected: the server may wait for something more, such as the other client or a line ending (--framing line)."
    : "It is connected: the server may wait for something more, such as the other client.";
  return new Failure(
    `No answer from ${addressOf(server)} within ${limit}. ${known} ` +
      "Or give it more time with --timeout.",
  );
}

/** The connection broke in the middle of the conversation. */
export function connectionLost(server: Address, error: unknown): Failure {
  return failure(`Lost the connection to ${addressOf(server)}`, error, [
    [Deno.errors.ConnectionReset, gone],
    [Deno.errors.BrokenPipe, gone],
    [Deno.errors.NotConnected, gone],
  ]);
}

const gone =
  "the server has gone. Look at what it printed, and start it again.";

/** A message has to fit; `what` is what can carry no more than `limit` bytes. */
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

/** The input has a line that no message could be made of. */
export function lineTooLong(limit: number): Failure {
  return new Failure(
    `The input has a line of more than ${limit} bytes. Give it in lines, each of them a message.`,
  );
}

/** The server's answer was no text. */
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

type ErrorClass = abstract new (...args: never[]) => unknown;

function failure(
  what: string,
  error: unknown,
  meanings: [ErrorClass, string][],
): Failure {
  const known = meanings.find(([kind]) => error instanceof kind)?.[1];
  return new Failure(`${what}: ${known ?? reasonOf(error)}`, { cause: error });
}

/** The system's own words for an error. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
