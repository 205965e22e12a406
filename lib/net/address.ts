/**
 * Addresses: this machine's own, what Deno has to allow, and sockets bound to them.
 */
import { type Address, addressOf, Failure } from "../rules/contract.ts";
import { cannotListen, NetworkFailure } from "./errors.ts";

/** This machine, over IPv4: the default everywhere. */
export const LOOPBACK = "127.0.0.1";
/** This machine again, with a separate set of ports. */
export const SECOND_LOOPBACK = "127.0.0.2";

/** The address of this machine that a server can answer to. */
export function ownAddress(server: Address, port: number): Address {
  const name = server.hostname;
  const isHere = name.startsWith("127.") || name === "localhost";
  if (isHere) return { hostname: LOOPBACK, port };
  if (name === "::1") return { hostname: "::1", port };
  return { hostname: name.includes(":") ? "::" : "0.0.0.0", port };
}

/** A host as written before a port. */
function bracketed(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

/** Whether a host is given by number, not by name. */
export function isNumeric(hostname: string): boolean {
  return /^[0-9.]+$|:/.test(hostname);
}

/**
 * Makes sure that Deno allows these addresses before they are used: at a
 * terminal Deno would ask the user, who might allow more than is needed.
 *
 * @throws {Failure} naming the flag to add
 */
export function requirePermission(...addresses: Address[]): void {
  const isHere = addresses.every(({ hostname }) => hostname === LOOPBACK);
  requireHosts(addresses.map(addressOf), isHere);
}

/**
 * The same for a UDP server, which does more than listen: it sends answers to
 * whatever port, on whatever address of this machine, a client uses.
 *
 * @param more other hosts that it needs, on any port
 * @throws {Failure} naming the whole flag to add
 */
export function requireAnswering(
  { hostname }: Address,
  ...more: string[]
): void {
  const clients = hostname.includes(":") ? "::1" : LOOPBACK;
  const hosts = new Set([hostname, clients, ...more].map(bracketed));
  requireHosts([...hosts], hostname === LOOPBACK);
}

function requireHosts(hosts: string[], isHere: boolean): void {
  const denied = hosts.filter((host) =>
    Deno.permissions.querySync({ name: "net", host }).state !== "granted"
  );
  if (denied.length === 0) return;
  // A compiled program's permissions were fixed when it was compiled.
  const run = Deno.build.standalone ? "Compile it" : "Run";
  const text =
    `Deno does not allow the network address ${denied.join(" and ")}. ` +
    `${run} with --allow-net=${hosts.join(",")}.`;
  throw isHere ? new Failure(text) : new NetworkFailure(text, "not allowed");
}

/**
 * Makes sure that this Deno has UDP sockets.
 *
 * @throws {Failure} if a script was copied away from its deno.json
 */
export function requireDatagrams(): void {
  if (typeof Deno.listenDatagram === "function") return;
  throw new Failure(
    "Deno.listenDatagram is missing: UDP is still unstable in Deno. " +
      "Run the script from its own project folder, or with --unstable-net.",
  );
}

/**
 * Binds a TCP listener.
 *
 * @throws {Failure} when the address cannot be used
 */
export function listen(address: Address): Deno.TcpListener {
  requirePermission(address);
  try {
    return Deno.listen(address);
  } catch (error) {
    throw cannotListen(address, error);
  }
}

/**
 * Binds a UDP socket.
 *
 * @throws {Failure} when the address cannot be used
 */
export function bind(address: Address): Deno.DatagramConn {
  requireDatagrams();
  requirePermission(address);
  const { hostname, port } = address;
  try {
    return Deno.listenDatagram({ transport: "udp", hostname, port });
  } catch (error) {
    throw cannotListen(address, error);
  }
}
