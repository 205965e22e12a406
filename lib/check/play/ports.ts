/** Ports of this machine, free and in use. */
import type { Address } from "../../rules/contract.ts";

/**
 * The range to look for a free port in: above well-known ports, and below those
 * that systems assign by themselves.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/**
 * A free UDP port. It does not depend on the seed: two checks with the same
 * seed may run at once.
 */
export function freePort(hostname: string): number {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (!isBound({ hostname, port })) return port;
  }
}

/** Whether another program has bound a UDP port: tries to bind it. */
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
 * Whether anything accepts TCP connections there. Binding the port would not
 * tell: it stays in use for a minute after a server that closed first.
 */
export async function isServed({ hostname, port }: Address): Promise<boolean> {
  try {
    (await Deno.connect({ hostname, port })).close();
    return true;
  } catch {
    return false;
  }
}
