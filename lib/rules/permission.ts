/**
 * Permission: a UDP server that treats its clients by their source port.
 *
 * The client on port 1234 permits numbers, the one on port 3333 requests
 * them, and any other is sent away. The assignment: CMPE 472, Computer
 * Networks, Programming Assignment 2.
 */
import {
  type Action,
  addressOf,
  type ClientOptions,
  type Dialogue,
  Failure,
  log,
  type Mode,
  print,
  send,
  type ServerOptions,
  type ServerRules,
} from "./contract.ts";

/** The client on this port says which numbers are permitted. */
export const PERMISSION_PORT = 1234;
/** The client on this port asks whether a number is permitted. */
export const REQUEST_PORT = 3333;

export const PERMISSION_ACCEPTED = "Permission Accepted";
export const ALREADY_PERMITTED = "Already Permitted";
export const REQUEST_ACCEPTED = "Request Accepted";
export const REQUEST_REJECTED = "Request Rejected";
export const INVALID_MESSAGE = "Invalid Message";
export const PORT_NOT_ALLOWED = "Port is not allowed to communicate";

/** How many different clients end the assignment. */
export const DEFAULT_MAX_CLIENTS = 4;
/** The most that `--max-clients` can ask for: each of them is remembered. */
export const MOST_CLIENTS = 1_000_000;

/**
 * What the table of permitted numbers may hold, in characters: for each number
 * its digits and `ENTRY_OVERHEAD`. A number may be as long as a datagram, so a
 * limit on how many there are would bound nothing. Well over a million
 * ordinary numbers fit; one client cannot fill the memory.
 */
export const MAX_TABLE_SIZE = 128 * 1024 * 1024;
/** What an entry of the table costs besides its digits, in characters. */
export const ENTRY_OVERHEAD = 64;

/** How many digits are looked up at once; see `NumberTable`. */
const PIECE = 8_192;

// [0-9], not \d or a Unicode class: digits of other scripts are not forgiven.
const PERMISSION = /^permission([0-9]+)$/i;
const REQUEST = /^request([0-9]+)$/i;

/** The server: prints each message, answers by the port, counts the clients. */
export function permissionServer(options: ServerOptions): ServerRules {
  const maxClients = options.maxClients ?? DEFAULT_MAX_CLIENTS;
  const permitted = new NumberTable();
  const clients = new Set<string>();

  function answer(port: number, message: string | undefined): string {
    if (port === PERMISSION_PORT) {
      const number = numberIn(PERMISSION, message);
      if (number === undefined) return INVALID_MESSAGE;
      if (permitted.has(number)) return ALREADY_PERMITTED;
      return permitted.add(number) ? PERMISSION_ACCEPTED : INVALID_MESSAGE;
    }
    if (port === REQUEST_PORT) {
      const number = numberIn(REQUEST, message);
      if (number === undefined) return INVALID_MESSAGE;
      return permitted.has(number) ? REQUEST_ACCEPTED : REQUEST_REJECTED;
    }
    return PORT_NOT_ALLOWED;
  }

  /** Without a limit nobody is remembered: nothing would bound the table. */
  function count(address: string): Action[] {
    if (maxClients === 0) return [];
    clients.add(address);
    if (clients.size < maxClients) return [];
    const text = `${maxClients} clients have sent a message: the end`;
    return [log("info", text), { type: "stop" }];
  }

  return {
    message(peer, text) {
      const message = text === undefined ? undefined : withoutLineEnding(text);
      const address = addressOf(peer);
      return [
        print(`${message ?? "(not UTF-8)"} from ${address}`),
        send(peer, answer(peer.port, message)),
        ...count(address),
      ];
    },
  };
}

/** The number in a message, without leading zeros: 007 is 7. */
function numberIn(
  format: RegExp,
  message: string | undefined,
): string | undefined {
  const digits = message?.match(format)?.[1];
  return digits?.replace(/^0+(?=.)/, "");
}

/** `nc -u` sends the line ending of what was typed: it is not meant. */
function withoutLineEnding(text: string): string {
  return text.replace(/\r?\n$/, "");
}

/**
 * The permitted numbers, up to `MAX_TABLE_SIZE`; a look-up takes no longer as
 * they become more, whatever numbers a client chooses.
 *
 * A set of digits would not do that: V8 hashes digits by their value, and
 * strings over 16 383 characters by their length, so that numbers can be chosen
 * which all fall into one place. So every key begins with a mark, which makes
 * it text, and a long number is cut into pieces that are numbered themselves.
 */
class NumberTable {
  readonly #numbers = new Set<string>();
  readonly #pieces = new Map<string, number>();
  #size = 0;

  has(number: string): boolean {
    return this.#numbers.has(this.#keyOf(number));
  }

  /** @returns false where the table has no room for it */
  add(number: string): boolean {
    const size = number.length + ENTRY_OVERHEAD;
    if (this.#size + size > MAX_TABLE_SIZE) return false;
    this.#size += size;
    for (const piece of piecesOf(number)) {
      if (!this.#pieces.has(piece)) this.#pieces.set(piece, this.#pieces.size);
    }
    this.#numbers.add(this.#keyOf(number));
    return true;
  }

  /** A piece that was never seen stands as such in the key, which is in no set. */
  #keyOf(number: string): string {
    const places = piecesOf(number).map((piece) => this.#pieces.get(piece));
    return places.length === 0 ? `#${number}` : `#${places.join(" ")}`;
  }
}

/** The pieces of a long number; none of one that is short enough for a key. */
function piecesOf(number: string): string[] {
  if (number.length <= PIECE) return [];
  const pieces = [];
  for (let at = 0; at < number.length; at += PIECE) {
    pieces.push(`#${number.slice(at, at + PIECE)}`);
  }
  return pieces;
}

/** The client: one port, then message after message, until sent away. */
async function permissionClient(
  io: Dialogue,
  options: ClientOptions,
): Promise<void> {
  await io.open(options.clientPort ?? await askPort(io));
  for (;;) {
    const message = await io.ask("Message: ");
    if (message === undefined) return;
    const answer = await io.request(message);
    if (answer === undefined) continue;
    io.print(answer);
    if (answer === PORT_NOT_ALLOWED) return;
  }
}

async function askPort(io: Dialogue): Promise<number> {
  for (;;) {
    const answer = await io.ask("Client port: ");
    if (answer === undefined) {
      throw new Failure(
        "The input ended before a client port was given. Give it with --client-port.",
      );
    }
    const port = Number(answer);
    if (/^\s*[0-9]+\s*$/.test(answer) && port <= 65535) return port;
    io.log("error", "client", `Not a port: ${answer}. A port is 0 to 65535.`);
  }
}

export const permission: Mode = {
  name: "permission",
  summary: "port 1234 permits numbers, port 3333 requests them",
  transport: "udp",
  port: 12000,
  serverFlags: ["max-clients"],
  clientFlags: ["client-port", "message"],
  asks: ["client-port"],
  server: permissionServer,
  client: permissionClient,
};
