/**
 * One UDP socket: what a server's end and a client's end have in common.
 *
 * A datagram is a message: it arrives whole or not at all, perhaps twice, in
 * any order, and nobody is told. Nothing here repeats a lost one, for the
 * assignments do not: a student should see what UDP does.
 */
import type { Address } from "../rules/contract.ts";
import { requireDatagrams, requirePermission } from "./address.ts";
import { cannotListen } from "./errors.ts";

/** The most that a datagram carries over IPv4, in bytes. */
export const MAX_DATAGRAM = 65_507;

/**
 * Binds a UDP socket.
 *
 * @param option how the user chooses another port, for the error
 * @throws {Failure} when the address cannot be used
 */
export function bind(
  address: Address,
  option: "--port" | "--client-port" = "--port",
): Deno.DatagramConn {
  requireDatagrams();
  requirePermission(address);
  const { hostname, port } = address;
  try {
    return Deno.listenDatagram({ transport: "udp", hostname, port });
  } catch (error) {
    throw cannotListen(address, option, error);
  }
}
