/**
 * A TCP connection as its segments.
 *
 * A program sees a stream: bytes that it reads and writes, a beginning and an
 * end. It does not see what TCP does for that: the handshake, the numbers, the
 * acknowledgements. They are made up here as if nothing were ever lost: each
 * segment is acknowledged at once.
 */
import type { Address } from "../net/wire.ts";
import { addressOf } from "../rules/contract.ts";
import {
  ACK,
  FIN,
  MAX_SEGMENT,
  PSH,
  RST,
  type Segment,
  SYN,
} from "./packet.ts";

/** Called with each segment, in order. */
export type SegmentWriter = (
  from: Address,
  to: Address,
  segment: Segment,
  payload?: Uint8Array,
) => void;

/** One end of a connection. */
interface Side {
  readonly address: Address;
  /** The number of the next byte it sends, modulo 2^32. */
  next: number;
  /** Whether it has sent its FIN. */
  ended: boolean;
}

/** One connection, from its handshake to its end. */
export class TcpStream {
  readonly #client: Side;
  readonly #server: Side;
  readonly #write: SegmentWriter;

  /**
   * Writes the handshake.
   *
   * @param serial which connection it is, from 1 on: if the numbers of two over
   * the same addresses began alike, they would be taken for one
   */
  constructor(
    client: Address,
    server: Address,
    serial: number,
    write: SegmentWriter,
  ) {
    this.#client = sideOf(client, 2 * serial);
    this.#server = sideOf(server, 2 * serial + 1);
    this.#write = write;
    this.#send(this.#client, SYN);
    this.#send(this.#server, SYN | ACK);
    this.#send(this.#client, ACK);
  }

  /** Whether both ends have sent their FIN. */
  get isOver(): boolean {
    return this.#client.ended && this.#server.ended;
  }

  /** Whether this end has sent its FIN and can send no more. */
  hasEnded(from: Address): boolean {
    return this.#sideOf(from).ended;
  }

  /** Writes the segments for these bytes, and their acknowledgements. */
  data(from: Address, bytes: Uint8Array): void {
    const side = this.#sideOf(from);
    for (let at = 0; at < bytes.length; at += MAX_SEGMENT) {
      const payload = bytes.subarray(at, at + MAX_SEGMENT);
      const isLast = at + MAX_SEGMENT >= bytes.length;
      this.#send(side, isLast ? PSH | ACK : ACK, payload);
      this.#send(this.#other(side), ACK);
    }
  }

  /** Writes this end's FIN, unless written already, and its acknowledgement. */
  end(from: Address): void {
    this.#end(this.#sideOf(from));
  }

  /** Ends both directions, this end's first. */
  finish(first: Address = this.#client.address): void {
    const side = this.#sideOf(first);
    this.#end(side);
    this.#end(this.#other(side));
  }

  /** Writes the segment with which this end resets the connection. */
  reset(from: Address): void {
    this.#send(this.#sideOf(from), RST | ACK);
  }

  #end(side: Side): void {
    if (side.ended) return;
    this.#send(side, FIN | ACK);
    side.ended = true;
    this.#send(this.#other(side), ACK);
  }

  #send(from: Side, flags: number, payload?: Uint8Array): void {
    const to = this.#other(from);
    const sequence = from.next;
    const acknowledgement = flags & ACK ? to.next : 0;
    const segment = { sequence, acknowledgement, flags };
    this.#write(from.address, to.address, segment, payload);
    // SYN and FIN each count as a byte.
    const length = (payload?.length ?? 0) + (flags & (SYN | FIN) ? 1 : 0);
    from.next = (sequence + length) >>> 0;
  }

  #other(side: Side): Side {
    return side === this.#client ? this.#server : this.#client;
  }

  #sideOf(address: Address): Side {
    const isServer = addressOf(address) === addressOf(this.#server.address);
    return isServer ? this.#server : this.#client;
  }
}

/** Each end starts at a different number, spread by Knuth's multiplier. */
function sideOf(address: Address, serial: number): Side {
  const next = Math.imul(serial, 0x9e3779b1) >>> 0;
  return { address, next, ended: false };
}
