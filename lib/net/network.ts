/**
 * The one place through which bytes come in and go out.
 */
import type { Address } from "../rules/contract.ts";
import type { StreamWatch } from "./stream_watch.ts";

/** Room for whatever arrives: over IPv6 a datagram is a little longer. */
export const RECEIVE_BUFFER = 65_535;

/** What moves bytes: the system's network, or one that is watched or worse. */
export interface Network {
  /**
   * Receives a datagram.
   *
   * @param buffer where to; what is returned may be overwritten by the next
   * @returns undefined once the socket is closed
   */
  receive(
    socket: Deno.DatagramConn,
    buffer: Uint8Array,
  ): Promise<[bytes: Uint8Array, from: Address] | undefined>;
  /** Sends a datagram; its bytes may be overwritten once that is settled. */
  transmit(
    socket: Deno.DatagramConn,
    bytes: Uint8Array,
    to: Address,
  ): Promise<unknown>;
  /**
   * Reads from a stream once.
   *
   * @returns how many bytes came; null at the end of the stream
   */
  read(conn: Deno.TcpConn, buffer: Uint8Array): Promise<number | null>;
  /**
   * Writes all of the bytes to a stream.
   *
   * @param watch is told of each write
   */
  write(
    conn: Deno.TcpConn,
    bytes: Uint8Array,
    watch?: StreamWatch,
  ): Promise<void>;
  /**
   * Who is told what happens on a stream; undefined where nobody watches.
   *
   * @param isOurs whether this program has opened the connection
   */
  watch(conn: Deno.TcpConn, isOurs: boolean): StreamWatch | undefined;
  /** Whether each message is to have writes of its own. */
  readonly isSlicing: boolean;
  /** Waits until everything has been sent that is still on its way. */
  settle(): Promise<void>;
}

/** The system's network. */
export const DIRECT: Network = {
  async receive(socket, buffer) {
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
  },
  transmit(socket, bytes, { hostname, port }) {
    return socket.send(bytes, { transport: "udp", hostname, port });
  },
  read: (conn, buffer) => conn.read(buffer),
  async write(conn, bytes) {
    // A write takes as much as fits the socket, which need not be everything.
    for (let at = 0; at < bytes.length;) {
      at += await conn.write(bytes.subarray(at));
    }
  },
  watch: () => undefined,
  isSlicing: false,
  settle: () => Promise.resolve(),
};

/** A closed socket fails one way while it is being read, another way after. */
function isClosed(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted;
}
