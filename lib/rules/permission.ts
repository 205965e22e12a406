/**
 * Permission: a UDP server that treats clients according to their source port.
 *
 * The client on port 1234 permits numbers, the one on port 3333 requests them,
 * and any other is sent away. The server ends when a fourth client has sent a
 * message: that client is still answered, and so is anything that had arrived
 * after its message. The assignment: CMPE 472, Computer Networks, Programming
 * Assignment 2.
 */
import {
  type Action,
  addressOf,
  type DatagramDialogue,
  end,
  INVALID_MESSAGE,
  NOT_TEXT,
  type Peer,
  print,
  type Received,
  refuse,
  send,
  type ServerRules,
  splitLineEnding,
} from "./contract.ts";
import { datagramMode } from "./mode.ts";
import { NumberSet } from "./number_set.ts";
import { asked, askFor, integer, MESSAGE, port } from "./options.ts";

/** The client on this port says which numbers are permitted. */
export const PERMISSION_PORT = 1234;
/** The client on this port asks whether a number is permitted. */
export const REQUEST_PORT = 3333;

export const PERMISSION_ACCEPTED = "Permission Accepted";
export const ALREADY_PERMITTED = "Already Permitted";
export const REQUEST_ACCEPTED = "Request Accepted";
export const REQUEST_REJECTED = "Request Rejected";
export const PORT_NOT_ALLOWED = "Port is not allowed to communicate";

// [0-9], not \d or a Unicode class: digits of other scripts are not accepted.
const PERMISSION = /^permission([0-9]+)$/i;
const REQUEST = /^request([0-9]+)$/i;

/** The highest `--max-clients`: each client is remembered. */
const MOST_CLIENTS = 1_000_000;

const MAX_CLIENTS = integer("max-clients", {
  from: 0,
  to: MOST_CLIENTS,
  default: 4,
  help: "end after N different clients; 0 for no limit",
});

const CLIENT_PORT = asked(
  port("client-port", {
    default: undefined,
    help: "the UDP port to send from; 0 takes a free one",
  }),
  {
    prompt: "Client port: ",
    noun: "a client port",
    complaint: (answer) => `Not a port: ${answer}. A port is 0 to 65535.`,
  },
);

/** The server: prints each message, answers by port, counts the clients. */
export function permissionServer(
  { maxClients }: { maxClients: number },
): ServerRules {
  const permitted = new NumberSet();
  const clients = new Set<string>();

  /**
   * Counts addresses, refused ones too. Without a limit none is remembered:
   * nothing would bound the table.
   */
  function count({ id }: Peer): Action[] {
    if (maxClients === 0 || clients.has(id)) return [];
    clients.add(id);
    if (clients.size !== maxClients) return [];
    return end(`${maxClients} clients have sent a message`);
  }

  return {
    message(peer, received) {
      // `nc -u` sends the line ending as well: it is not part of the message.
      const message = typeof received === "string"
        ? splitLineEnding(received)[0]
        : received;
      const shown = typeof message === "string" ? message : NOT_TEXT;
      return [
        print(`${shown} from ${addressOf(peer)}`),
        ...answer(peer, message, permitted),
        ...count(peer),
      ];
    },
  };
}

/** The source port says who is asking. */
function answer(
  peer: Peer,
  message: Received,
  permitted: NumberSet,
): Action[] {
  if (peer.port === PERMISSION_PORT) {
    const number = numberIn(PERMISSION, message);
    if (number !== undefined) return [send(peer, permit(number, permitted))];
    const expected = `Permission and a number from port ${PERMISSION_PORT}`;
    return refuse(peer, message, expected);
  }
  if (peer.port === REQUEST_PORT) {
    const number = numberIn(REQUEST, message);
    if (number !== undefined) return [send(peer, request(number, permitted))];
    const expected = `Request and a number from port ${REQUEST_PORT}`;
    return refuse(peer, message, expected);
  }
  const expected = `client port ${PERMISSION_PORT} or ${REQUEST_PORT}`;
  return refuse(peer, message, expected, PORT_NOT_ALLOWED);
}

/** Refuses a number if there is no room for it. */
function permit(number: string, permitted: NumberSet): string {
  if (permitted.has(number)) return ALREADY_PERMITTED;
  return permitted.add(number) ? PERMISSION_ACCEPTED : INVALID_MESSAGE;
}

function request(number: string, permitted: NumberSet): string {
  return permitted.has(number) ? REQUEST_ACCEPTED : REQUEST_REJECTED;
}

/** The number in a message, without leading zeros: 007 is 7. */
function numberIn(form: RegExp, message: Received): string | undefined {
  if (typeof message !== "string") return undefined;
  return form.exec(message)?.[1]?.replace(/^0+(?=.)/, "");
}

/**
 * The client: one port, then message after message, until it is sent away or
 * the input ends. It waits up to `--timeout` for an answer.
 */
async function permissionClient(
  io: DatagramDialogue,
  { clientPort }: { clientPort: number | undefined },
): Promise<void> {
  await io.open(clientPort ?? await askFor(io, CLIENT_PORT));
  for (;;) {
    const message = await io.ask("Message: ");
    if (message === undefined) return;
    const answer = await io.request(message);
    // A person has been told that no answer came, and may try again. On a pipe
    // nobody can: `request` has thrown, and the client exits with 1.
    if (answer === undefined) continue;
    const [line] = splitLineEnding(answer);
    io.print(line);
    if (line === PORT_NOT_ALLOWED) return;
  }
}

export const permission = datagramMode({
  summary: "port 1234 permits numbers, port 3333 requests them",
  port: 12000,
  keepsPorts: true,
  serverOptions: [MAX_CLIENTS],
  clientOptions: [CLIENT_PORT, MESSAGE],
  server: permissionServer,
  client: permissionClient,
  hearing: async () =>
    (await import("./listening/permission.ts")).permissionHearing(),
});
