/**
 * The clients of a `permission` server, and sentences of the assignment that
 * several files of cases quote.
 */
import { PERMISSION_PORT, REQUEST_PORT } from "../../rules/permission.ts";
import type {
  DatagramProbe,
  DatagramServerRun,
} from "../play/datagram_server_run.ts";

/** What a permission looks like. */
export const FORMAT =
  "The messages have to start with the text “Permission” and end with a number (“Permission1111”, “pErMission33”, “permission3”, etc.). If the message is not in this format, the server socket has to send “Invalid Message” message to the client.";
/** What a request looks like. */
export const REQUEST_FORMAT =
  "The messages have to start with the text “Request” and end with a number (“Request1111”, “requEST33”, “request3”, etc.). If the message is not in this format, the server socket has to send “Invalid Message” message to the client.";
/** What everybody else is told. */
export const OTHER_PORT =
  'If the port of the client is not 1234 or 3333: The response of the server will be "Port is not allowed to communicate" regardless of the content of the message.';
/** When the server ends. */
export const COUNTED =
  "If the total numbers of clients which has sent a message to the server is greater than or equal to 4, close the server socket and finish the server side program.";

/** The client on port 1234. */
export function permitter(run: DatagramServerRun): DatagramProbe {
  return run.client(PERMISSION_PORT);
}

/** The client on port 3333. */
export function requester(run: DatagramServerRun): DatagramProbe {
  return run.client(REQUEST_PORT);
}

/** A client on a port without meaning, the same for a whole run. */
export function stranger(run: DatagramServerRun): DatagramProbe {
  const known = run.asked.find(({ from }) =>
    from.port !== PERMISSION_PORT && from.port !== REQUEST_PORT
  );
  return run.client(known?.from.port);
}
