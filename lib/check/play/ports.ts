/** Ports of this machine: which of them are free, and who has the others. */
import type { Address } from "../../rules/contract.ts";

/**
 * From where to where a port is looked for: above the ports of well-known
 * programs, and below those that systems give out by themselves.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/**
 * A free UDP port. It does not depend on the seed of a check: two checks with
 * the same seed may run at the same time.
 */
export function freePort(hostname: string): number {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (!isBound({ hostname, port })) return port;
  }
}

/** Whether a UDP port is bound by another program: binding it ourselves tells. */
export function isBound({ hostname, port }: Address): boolean {
  try {
    Deno.listenDatagram({ transport: "udp", hostname, port }).close();
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return true;
    throw error;
  }
}

/**
 * Whether somebody accepts TCP connections there. To bind the port would not
 * tell: it is in use, too, for a minute after a server has closed first.
 */
export async function isServed({ hostname, port }: Address): Promise<boolean> {
  try {
    (await Deno.connect({ hostname, port })).close();
    return true;
  } catch {
    return false;
  }
}
