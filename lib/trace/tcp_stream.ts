/**
 * A TCP connection as the segments that carry it.
 *
 * A program sees a stream: bytes that it reads and writes, a beginning and an
 * end. What TCP does for that, the handshake, the numbers, the acknowledgements,
 * it does not see. They are made up here, as they are where nothing is lost: each
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

/** Is given each segment, in order. */
export type SegmentWriter = (
  from: Address,
  to: Address,
  segment: Segment,
  payload?: Uint8Array,
) => void;

/** One of the two ends of a connection. */
interface Side {
  readonly address: Address;
  /** The number of the next byte that it sends, modulo 2^32. */
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
   * @param serial which connection it is, from 1 on: two over the same addresses
   * would be taken for one if their numbers began alike
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

  /** Whether this end has sent its FIN, and can send no more. */
  hasEnded(from: Address): boolean {
    return this.#sideOf(from).ended;
  }

  /** Writes the segments that carry these bytes, and their acknowledgements. */
  data(from: Address, bytes: Uint8Array): void {
    const side = this.#sideOf(from);
    for (let at = 0; at < bytes.length; at += MAX_SEGMENT) {
      const payload = bytes.subarray(at, at + MAX_SEGMENT);
      const isLast = at + MAX_SEGMENT >= bytes.length;
      this.#send(side, isLast ? PSH | ACK : ACK, payload);
      this.#send(this.#other(side), ACK);
    }
  }

  /** Writes the FIN of this end, where it has not been, and its acknowledgement. */
  end(from: Address): void {
    this.#end(this.#sideOf(from));
  }

  /** Ends both directions, this end's first. */
  finish(first: Address = this.#client.address): void {
    const side = this.#sideOf(first);
    this.#end(side);
    this.#end(this.#other(side));
  }

  /** Writes the segment with which this end breaks the connection off. */
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
    // SYN and FIN are counted as if they were a byte.
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

/** The first number of each end is another, spread by Knuth's multiplier. */
function sideOf(address: Address, serial: number): Side {
  const next = Math.imul(serial, 0x9e3779b1) >>> 0;
  return { address, next, ended: false };
}
