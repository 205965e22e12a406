/**
 * What can be seen on the wire: the events that a trace or a page is made of.
 *
 * Code that moves bytes tells a `Watcher` what it did. If nobody watches, there
 * is no watcher, and datagrams cost nothing extra.
 */

import type { Address } from "../rules/contract.ts";
import type { StreamWatch } from "./stream_watch.ts";

export type { Address };

/** Something that `from` did towards `to`. */
export interface WireEventBase {
  /** When, in milliseconds since 1970-01-01 00:00 UTC, with fractions. */
  readonly time: number;
  readonly from: Address;
  readonly to: Address;
  /** Who this program's peer is, once the rules know it: `X: Alice`. */
  readonly name?: string;
}

/** A datagram was sent, or arrived. */
export interface DatagramEvent extends WireEventBase {
  readonly type: "datagram";
  readonly bytes: Uint8Array;
  /** Whether the simulated network threw it away: it reaches nobody. */
  readonly lost: boolean;
  /** Whether it is the simulated network's second copy of the one before. */
  readonly duplicate: boolean;
  /** How much later than `time` it is delivered, in milliseconds. */
  readonly delay: number;
}

/** The client (`from`) has connected to the server (`to`). */
export interface OpenEvent extends WireEventBase {
  readonly type: "open";
}

/** One read or one write of a stream. */
export interface DataEvent extends WireEventBase {
  readonly type: "data";
  readonly bytes: Uint8Array;
}

/** How bytes of a stream came to be a message. */
export type MessageEnd =
  | "line feed"
  | "silence"
  | "end of stream"
  | "closing brace"
  /** The peer is known to send bare text: each of its reads is a message. */
  | "end of read"
  /** Over the limit without an end. */
  | "too long"
  /** This program sent it: it knows. */
  | "sent";

/** A message was found in the stream, or was written to it. */
export interface MessageEvent extends WireEventBase {
  readonly type: "message";
  /** The message without its line ending. */
  readonly bytes: Uint8Array;
  readonly end: MessageEnd;
  /** How many reads brought its bytes (1 for one that was sent). */
  readonly reads: number;
  /** Which of the messages of the last of those reads it is, from 1 on. */
  readonly index: number;
  /** How many messages that read completed. */
  readonly count: number;
}

/** `from` will send nothing more on this stream (FIN). */
export interface EndEvent extends WireEventBase {
  readonly type: "end";
}

/** `from` reset the stream (RST). */
export interface ResetEvent extends WireEventBase {
  readonly type: "reset";
}

/** This program closed its socket: nothing more will be seen of the stream. */
export interface CloseEvent extends WireEventBase {
  readonly type: "close";
}

/** What `from` did departs from the assignment; only a relay says so. */
export interface RemarkEvent extends WireEventBase {
  readonly type: "remark";
  readonly text: string;
}

export type WireEvent =
  | DatagramEvent
  | OpenEvent
  | DataEvent
  | MessageEvent
  | EndEvent
  | ResetEvent
  | CloseEvent
  | RemarkEvent;

/**
 * Is told of each event, in the order in which they happen. To keep the bytes,
 * copy them: they may be overwritten afterwards.
 */
export type Watcher = (event: WireEvent) => void;

/** The most that a datagram carries over IPv4, in bytes. */
export const MAX_DATAGRAM = 65_507;

/** Room for whatever arrives: over IPv6 a datagram is a little longer. */
export const RECEIVE_BUFFER = 65_535;

/** What moves bytes: the system's network, or one that is watched or worse. */
export interface Network {
  /**
   * Receives a datagram.
   *
   * @param buffer the memory to use; the next call may overwrite what is
   * returned
   * @returns undefined once the socket is closed
   */
  receive(
    socket: Deno.DatagramConn,
    buffer: Uint8Array,
  ): Promise<[bytes: Uint8Array, from: Address] | undefined>;
  /**
   * Sends a datagram; its bytes may be overwritten once that is settled.
   *
   * @param onSent called for each copy that leaves
   */
  transmit(
    socket: Deno.DatagramConn,
    bytes: Uint8Array,
    to: Address,
    onSent?: () => void,
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
   * Who is told what happens on a stream; undefined if nobody watches.
   *
   * @param isOurs whether this program has opened the connection
   */
  watch(conn: Deno.TcpConn, isOurs: boolean): StreamWatch | undefined;
  /** Whether each message is to be written by itself. */
  readonly isSlicing: boolean;
  /** Waits until everything still on its way has been sent. */
  settle(): Promise<void>;
}

/** The system's network. */
export const DIRECT: Network = {
  async receive(socket, buffer) {
    for (;;) {
      try {
        return await socket.receive(buffer) as [Uint8Array, Deno.NetAddr];
      } catch (error) {
        if (isClosed(error)) return undefined;
        // Windows reports here that an earlier datagram reached nobody: that
        // peer has gone, the others have not.
        if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
      }
    }
  },
  transmit(socket, bytes, { hostname, port }, onSent) {
    onSent?.();
    return socket.send(bytes, { transport: "udp", hostname, port });
  },
  read: (conn, buffer) => conn.read(buffer),
  async write(conn, bytes) {
    // A write takes as much as fits into the socket, perhaps not everything.
    for (let at = 0; at < bytes.length;) {
      at += await conn.write(bytes.subarray(at));
    }
  },
  watch: () => undefined,
  isSlicing: false,
  settle: () => Promise.resolve(),
};

/**
 * A closed socket fails one way while it is being read, another way afterwards.
 */
function isClosed(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted;
}
