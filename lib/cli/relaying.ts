/**
 * `--upstream`: stands between two other programs, and listens.
 */
import {
  bind,
  listen,
  LOOPBACK,
  ownAddress,
  requireAnswering,
  requirePermission,
  SECOND_LOOPBACK,
} from "../net/address.ts";
import { Ear } from "../net/relay/ear.ts";
import type { RelayOptions } from "../net/relay/relay.ts";
import { relayStreams } from "../net/relay/tcp_relay.ts";
import { relayDatagrams } from "../net/relay/udp_relay.ts";
import { type Address, Failure } from "../rules/contract.ts";
import { Listener } from "../rules/listening/listener.ts";
import type { DatagramMode, StreamMode } from "../rules/mode.ts";
import type { Settings } from "./flags.ts";
import type { Lab } from "./lab.ts";
import type { Printer } from "./terminal.ts";

/**
 * Passes on what clients and a server say to each other, until aborted.
 *
 * @param ready called with the address, once it can be reached
 * @throws {Failure} if an address cannot be used
 */
export async function relay(
  settings: Settings,
  upstream: Address,
  printer: Printer,
  signal: AbortSignal,
  { toward, watcher }: Lab,
  ready: (local: Address) => void,
): Promise<void> {
  const { mode, options } = settings;
  const rules = mode.server(options, Math.random);
  const listener = new Listener(rules, await mode.hearing());
  const ear = new Ear(listener, printer, watcher);
  const networks = { toServer: toward.server, toClient: toward.client };
  const both = { upstream, ...networks, ear, journal: printer, signal };
  try {
    if (mode.transport === "udp") {
      await relayUdp(settings, mode, both, ready);
    } else await relayTcp(settings, mode, both, ready);
  } finally {
    ear.close();
  }
}

async function relayUdp(
  { address }: Settings,
  { keepsPorts }: DatagramMode,
  options: RelayOptions,
  ready: (local: Address) => void,
): Promise<void> {
  const { upstream } = options;
  const own = ownAddress(upstream, 0);
  const isHere = own.hostname === LOOPBACK;
  // A port can be taken twice: each address of this machine has its own ports.
  const hostname = keepsPorts && isHere ? SECOND_LOOPBACK : own.hostname;
  requireAnswering(address, upstream.hostname, hostname);
  requireHere(hostname);
  const socket = bind(address);
  ready(socket.addr as Deno.NetAddr);
  const ownAddressOf = ({ port }: Address) => ({
    hostname,
    port: keepsPorts ? port : 0,
  });
  await relayDatagrams(socket, { ...options, ownAddress: ownAddressOf });
}

/** @throws {Failure} if this machine lacks the address, as macOS does */
function requireHere(hostname: string): void {
  try {
    bind({ hostname, port: 0 }).close();
  } catch (error) {
    const isMissing = (error as Error).cause instanceof
      Deno.errors.AddrNotAvailable;
    if (!isMissing) throw error;
    throw new Failure(
      `This machine does not have the address ${hostname}, from which the server is to see each client's own port. ` +
        `On macOS, make it first: sudo ifconfig lo0 alias ${hostname}`,
    );
  }
}

async function relayTcp(
  { address, options: { sessions = 0 } }: Settings,
  { json }: StreamMode,
  options: RelayOptions,
  ready: (local: Address) => void,
): Promise<void> {
  requirePermission(address, options.upstream);
  const listener = listen(address);
  ready(listener.addr);
  const endsByItself = sessions > 0;
  await relayStreams(listener, { ...options, json, endsByItself });
}
