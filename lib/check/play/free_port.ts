/**
 * A port for a client that its user chooses.
 */

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
    try {
      Deno.listenDatagram({ transport: "udp", hostname, port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
