/**
 * The one place through which bytes come in and go out.
 */
import type { Address } from "../rules/contract.ts";

/** Room for whatever arrives: over IPv6 a datagram is a little longer. */
export const RECEIVE_BUFFER = 65_535;

/**
 * Receives a datagram.
 *
 * @returns undefined once the socket is closed
 */
export async function receive(
  socket: Deno.DatagramConn,
  buffer: Uint8Array,
): Promise<[bytes: Uint8Array, from: Address] | undefined> {
  for (;;) {
    try {
      const [bytes, from] = await socket.receive(buffer);
      return [bytes, from as Deno.NetAddr];
    } catch (error) {
      if (isClosed(error)) return undefined;
      // Windows tells here that an earlier datagram found nobody there: that
      // peer has gone, the others have not.
      if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
    }
  }
}

/** A closed socket fails one way while it is being read, another way after. */
function isClosed(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted;
}

/** Sends a datagram. */
export function transmit(
  socket: Deno.DatagramConn,
  bytes: Uint8Array,
  to: Address,
): Promise<number> {
  const { hostname, port } = to;
  return socket.send(bytes, { transport: "udp", hostname, port });
}

/**
 * Reads from a stream once.
 *
 * @returns how many bytes came; null at the end of the stream
 */
export function readBytes(
  conn: Deno.TcpConn,
  buffer: Uint8Array,
): Promise<number | null> {
  return conn.read(buffer);
}

/** Writes all of the bytes to a stream. */
export async function writeBytes(
  conn: Deno.TcpConn,
  bytes: Uint8Array,
): Promise<void> {
  // A write takes as much as fits the socket, which need not be everything.
  for (let at = 0; at < bytes.length;) {
    at += await conn.write(bytes.subarray(at));
  }
}
