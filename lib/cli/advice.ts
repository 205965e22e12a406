/**
 * What to do about a network failure, in terms of the command line.
 */
import { LOOPBACK } from "../net/address.ts";
import { NetworkFailure, type Trouble } from "../net/errors.ts";
import { Failure } from "../rules/contract.ts";

/** @param port the option that chooses another port */
function adviceFor(trouble: Trouble, port: string): string {
  switch (trouble) {
    case "not allowed":
      return `Or keep to --host ${LOOPBACK}.`;
    case "port in use":
      return `Stop it, or choose another port with ${port}.`;
    case "port reserved":
      return `Choose a port from 1024 on with ${port}.`;
    case "port withheld":
      return `Choose another port with ${port}.`;
    case "not our address":
      return `Use --host ${LOOPBACK}.`;
    case "nobody listens":
      return "Start the server first, or give its port with --port.";
    case "no connection":
      return "Check --host and --port, or wait longer with --timeout.";
    case "no datagram":
      return "Check that the server runs there, or wait longer with --timeout.";
    case "no message":
      return "Or give it more time with --timeout.";
    case "no line ending":
      return "Try --framing line, or give it more time with --timeout.";
  }
}

/**
 * Adds to a failure what the user can do about it.
 *
 * @param port the option that chooses another port
 */
export function advised<E extends Error>(
  failure: E,
  port = "--client-port",
): E | Failure {
  if (!(failure instanceof NetworkFailure)) return failure;
  const advice = adviceFor(failure.trouble, port);
  return new Failure(`${failure.message} ${advice}`, { cause: failure });
}
