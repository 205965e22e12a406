/**
 * Packets as they are on a wire: IPv4 or IPv6, with UDP or TCP inside.
 *
 * A program never sees the headers around its data: the system adds and removes
 * them. They are made up here, with lengths and checksums, so that a program
 * that reads packets finds nothing wrong. The layouts are those of RFC 791
 * (IPv4), RFC 8200 (IPv6), RFC 768 (UDP) and RFC 9293 (TCP).
 */
import type { Address } from "../net/wire.ts";
import { sameFamily } from "./ip_address.ts";

/**
 * The most a TCP segment carries, in bytes: with two headers of 20 bytes, the
 * longest IPv4 packet, as on the loopback interface of Linux.
 */
export const MAX_SEGMENT = 65_535 - 20 - 20;

/** The flags of a TCP segment. */
export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;

/** What is on the outside of a packet. */
export interface Envelope {
  readonly from: Address;
  readonly to: Address;
  /** What tells IPv4 packets apart, 0..65535. */
  readonly id: number;
}

/** What the header of a TCP segment says. */
export interface Segment {
  /** The number of its first byte, 0..2^32-1. */
  readonly sequence: number;
  /** The number of the next byte expected; meaningless without `ACK`. */
  readonly acknowledgement: number;
  readonly flags: number;
}

const UDP = 17;
const TCP = 6;
const UDP_HEADER = 8;
const TCP_HEADER = 20;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
/** How many hops a packet may take; Linux's initial value. */
const TIME_TO_LIVE = 64;
const DO_NOT_FRAGMENT = 0x4000;
/** The room a receiver says it has, in bytes: the most that fits the field. */
const WINDOW = 65_535;

/**
 * A UDP datagram in an IP packet.
 *
 * @throws {TypeError} if a hostname is not an address
 * @throws {RangeError} if it is too long for a datagram
 */
export function udpPacket(
  envelope: Envelope,
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { packet, body, view } = ipPacket(
    envelope,
    UDP,
    UDP_HEADER + payload.length,
  );
  view.setUint16(4, body.length);
  body.set(payload, UDP_HEADER);
  // Zero would mean no checksum; in the sum, 0xffff counts the same.
  view.setUint16(6, checksum(body, pseudoHeader(packet, UDP, body)) || 0xffff);
  return packet;
}

/**
 * A TCP segment in an IP packet.
 *
 * @param payload no more than `MAX_SEGMENT` bytes
 * @throws {TypeError} if a hostname is not an address
 */
export function tcpPacket(
  envelope: Envelope,
  segment: Segment,
  payload: Uint8Array = new Uint8Array(0),
): Uint8Array<ArrayBuffer> {
  const options = segment.flags & SYN ? MAXIMUM_SEGMENT_SIZE : [];
  const header = TCP_HEADER + options.length;
  const length = header + payload.length;
  const { packet, body, view } = ipPacket(envelope, TCP, length);
  view.setUint32(4, segment.sequence);
  view.setUint32(8, segment.acknowledgement);
  view.setUint8(12, header / 4 << 4);
  view.setUint8(13, segment.flags);
  view.setUint16(14, WINDOW);
  body.set(options, TCP_HEADER);
  body.set(payload, header);
  view.setUint16(16, checksum(body, pseudoHeader(packet, TCP, body)));
  return packet;
}

const MAXIMUM_SEGMENT_SIZE = [2, 4, MAX_SEGMENT >> 8, MAX_SEGMENT & 0xff];

/** A packet with its addresses, and the part of it after the IP header. */
interface Unfinished {
  readonly packet: Uint8Array<ArrayBuffer>;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
}

function ipPacket(
  { from, to, id }: Envelope,
  protocol: number,
  length: number,
): Unfinished {
  const [source, target] = sameFamily(from.hostname, to.hostname);
  const isIpv4 = source.length === 4;
  const header = isIpv4 ? IPV4_HEADER : IPV6_HEADER;
  const room = isIpv4 ? 65_535 - IPV4_HEADER : 65_535;
  if (length > room) throw new RangeError(`no packet holds ${length} bytes`);
  const packet = new Uint8Array(header + length);
  if (isIpv4) writeIpv4(packet, id, protocol);
  else writeIpv6(packet, protocol);
  packet.set(source, header - 2 * source.length);
  packet.set(target, header - source.length);
  if (isIpv4) viewOf(packet).setUint16(10, checksum(packet.subarray(0, 20)));
  const body = packet.subarray(header);
  const view = viewOf(body);
  // UDP and TCP begin alike.
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  return { packet, body, view };
}

function writeIpv4(packet: Uint8Array, id: number, protocol: number): void {
  const view = viewOf(packet);
  view.setUint8(0, 4 << 4 | IPV4_HEADER / 4);
  view.setUint16(2, packet.length);
  view.setUint16(4, id);
  view.setUint16(6, DO_NOT_FRAGMENT);
  view.setUint8(8, TIME_TO_LIVE);
  view.setUint8(9, protocol);
}

function writeIpv6(packet: Uint8Array, protocol: number): void {
  const view = viewOf(packet);
  view.setUint8(0, 6 << 4);
  view.setUint16(4, packet.length - IPV6_HEADER);
  view.setUint8(6, protocol);
  view.setUint8(7, TIME_TO_LIVE);
}

/** The sum of what a UDP or TCP checksum covers besides their own bytes. */
function pseudoHeader(
  packet: Uint8Array,
  protocol: number,
  body: Uint8Array,
): number {
  const header = packet.length - body.length;
  const start = header === IPV4_HEADER ? 12 : 8;
  return sum(packet.subarray(start, header)) + protocol + body.length;
}

/** The Internet checksum (RFC 1071): makes the sum of all words 0xffff. */
function checksum(bytes: Uint8Array, start = 0): number {
  let total = start + sum(bytes);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return ~total & 0xffff;
}

/** The sum of the 16-bit words, not folded: a packet's fits in 32 bits. */
function sum(bytes: Uint8Array): number {
  let total = 0;
  const even = bytes.length & ~1;
  for (let i = 0; i < even; i += 2) total += bytes[i]! << 8 | bytes[i + 1]!;
  return even < bytes.length ? total + (bytes[even]! << 8) : total;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
