/**
 * Reads a packet capture, and checks every field on the way that Wireshark
 * would complain about: lengths, checksums, times, and the numbers of each
 * stream. Written from the RFCs, not from the code that writes captures.
 */
import { assert, assertEquals } from "@std/assert";

/** One packet of a capture. */
export interface Packet {
  /** In microseconds since 1970-01-01 00:00 UTC. */
  readonly time: number;
  /** Address and port, such as `7f000001:12000`. */
  readonly from: string;
  readonly to: string;
  /** Undefined for UDP. */
  readonly tcp?: { sequence: number; acknowledgement: number; flags: string };
  readonly payload: Uint8Array;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;

/** The packets of a capture, all of it. */
export function readCapture(capture: Uint8Array): Packet[] {
  checkFileHeader(viewOf(capture));
  const packets: Packet[] = [];
  let before = 0;
  for (let at = FILE_HEADER; at < capture.length;) {
    const view = viewOf(capture.subarray(at, at + RECORD_HEADER));
    const microseconds = view.getUint32(4, true);
    assert(microseconds < 1e6);
    const time = view.getUint32(0, true) * 1e6 + microseconds;
    assert(time >= before, "time goes back");
    before = time;
    const length = view.getUint32(8, true);
    assertEquals(view.getUint32(12, true), length, "a packet cut short");
    const start = at + RECORD_HEADER;
    at = start + length;
    assert(at <= capture.length, "a record cut short");
    packets.push(readPacket(capture.subarray(start, at), time));
  }
  return packets;
}

function checkFileHeader(view: DataView): void {
  assertEquals(view.getUint32(0, true), 0xa1b2c3d4);
  assertEquals([view.getUint16(4, true), view.getUint16(6, true)], [2, 4]);
  assertEquals([view.getUint32(8, true), view.getUint32(12, true)], [0, 0]);
  assert(view.getUint32(16, true) >= 65_575, "room for the longest packet");
  assertEquals(view.getUint32(20, true), 101);
}

/** What the header of either version of IP says. */
interface IpHeader {
  source: Uint8Array;
  target: Uint8Array;
  protocol: number;
  body: Uint8Array;
}

function readPacket(packet: Uint8Array, time: number): Packet {
  const version = packet[0]! >> 4;
  assert(version === 4 || version === 6);
  const ip = version === 4 ? readIpv4(packet) : readIpv6(packet);
  assert(ip.protocol === 6 || ip.protocol === 17);
  checkBodySum(ip);
  const view = viewOf(ip.body);
  const from = `${hexOf(ip.source)}:${view.getUint16(0)}`;
  const to = `${hexOf(ip.target)}:${view.getUint16(2)}`;
  const rest = ip.protocol === 17 ? readUdp(ip.body) : readTcp(ip.body);
  return { time, from, to, ...rest };
}

function readIpv4(packet: Uint8Array): IpHeader {
  const view = viewOf(packet);
  const length = (packet[0]! & 0xf) * 4;
  assertEquals(length, 20);
  assertEquals(view.getUint16(2), packet.length, "total length");
  assertEquals(view.getUint16(6), 0x4000, "no fragment");
  assert(packet[8]! > 0, "time to live");
  assertEquals(sumOf(packet.subarray(0, length)), 0xffff, "header checksum");
  return {
    protocol: packet[9]!,
    source: packet.subarray(12, 16),
    target: packet.subarray(16, 20),
    body: packet.subarray(length),
  };
}

function readIpv6(packet: Uint8Array): IpHeader {
  assertEquals(
    viewOf(packet).getUint16(4),
    packet.length - 40,
    "payload length",
  );
  assert(packet[7]! > 0, "hop limit");
  return {
    protocol: packet[6]!,
    source: packet.subarray(8, 24),
    target: packet.subarray(24, 40),
    body: packet.subarray(40),
  };
}

/** The pseudo header of RFC 8200; for IPv4 its sum is that of RFC 768. */
function checkBodySum({ source, target, protocol, body }: IpHeader): void {
  const pseudo = new Uint8Array(8);
  viewOf(pseudo).setUint32(0, body.length);
  pseudo[7] = protocol;
  const covered = [...source, ...target, ...pseudo, ...body];
  assertEquals(sumOf(Uint8Array.from(covered)), 0xffff, "checksum");
}

function readUdp(body: Uint8Array): Pick<Packet, "payload"> {
  const view = viewOf(body);
  assertEquals(view.getUint16(4), body.length, "UDP length");
  assert(view.getUint16(6) !== 0, "no UDP checksum");
  return { payload: body.subarray(8) };
}

const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK"];

function readTcp(body: Uint8Array): Pick<Packet, "payload" | "tcp"> {
  const view = viewOf(body);
  const header = (body[12]! >> 4) * 4;
  assert(header >= 20 && header <= body.length, "TCP header length");
  assert(view.getUint16(14) > 0, "window");
  const flags = FLAGS.filter((_, i) => body[13]! >> i & 1).join(" ");
  const tcp = {
    sequence: view.getUint32(4),
    acknowledgement: view.getUint32(8),
    flags,
  };
  return { tcp, payload: body.subarray(header) };
}

/** The sum of RFC 1071, carried at each step. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) {
    sum += bytes[i]! * 256 + (bytes[i + 1] ?? 0);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return sum;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Two digits for each byte. */
export function hexOf(bytes: Uint8Array): string {
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
  return digits.join("");
}

/** A character for each byte: long texts compare faster than long arrays. */
export function charactersOf(bytes: Uint8Array): string {
  // Every byte is another character in this encoding.
  return new TextDecoder("windows-1252").decode(bytes);
}

/** A connection as a receiver puts it together again. */
export interface Connection {
  readonly client: string;
  readonly server: string;
  /** What each end has sent, a character for each byte. */
  readonly sent: Map<string, string>;
  /** The number that each end's next byte has. */
  readonly next: Map<string, number>;
  /** What each end's last segment acknowledged. */
  readonly acknowledged: Map<string, number>;
  /** Who has sent a FIN. */
  readonly ended: Set<string>;
  reset: boolean;
}

/**
 * The connections of a capture, each with handshake, no gap, nothing that is
 * not acknowledged, and an end.
 */
export function readConnections(packets: readonly Packet[]): Connection[] {
  const connections: Connection[] = [];
  const open = new Map<string, Connection>();
  for (const packet of packets) {
    if (packet.tcp === undefined) continue;
    const key = [packet.from, packet.to].sort().join(" ");
    if (packet.tcp.flags === "SYN") {
      assert(isOver(open.get(key)), "a handshake on an open connection");
      open.set(key, begin(packet));
      connections.push(open.get(key)!);
    } else {
      const connection = open.get(key);
      assert(connection, "a segment without a handshake");
      take(connection!, packet);
    }
  }
  for (const connection of connections) checkEnd(connection);
  return connections;
}

function begin({ from, to, tcp, payload }: Packet): Connection {
  assertEquals([tcp!.acknowledgement, payload.length], [0, 0]);
  return {
    client: from,
    server: to,
    sent: new Map([[from, ""], [to, ""]]),
    next: new Map([[from, (tcp!.sequence + 1) % 2 ** 32]]),
    acknowledged: new Map(),
    ended: new Set(),
    reset: false,
  };
}

function take(connection: Connection, packet: Packet): void {
  const { from, to, payload } = packet;
  const { sequence, acknowledgement, flags } = packet.tcp!;
  const { sent, next, acknowledged, ended } = connection;
  assert(!connection.reset, "a segment after a reset");
  const isAnswer = flags === "SYN ACK";
  assertEquals(isAnswer, !next.has(connection.server), "the handshake");
  if (isAnswer) next.set(from, sequence);
  assertEquals(sequence, next.get(from), "a gap or a repetition");
  assertEquals(acknowledgement, next.get(to), "what is acknowledged");
  assert(flags.endsWith("ACK"));
  assert(payload.length === 0 || !ended.has(from), "bytes after a FIN");
  acknowledged.set(from, acknowledgement);
  sent.set(from, sent.get(from)! + charactersOf(payload));
  if (flags.startsWith("FIN")) ended.add(from);
  const counted = isAnswer || flags.startsWith("FIN") ? 1 : 0;
  next.set(from, (sequence + payload.length + counted) % 2 ** 32);
  connection.reset = flags.includes("RST");
}

function isOver(connection: Connection | undefined): boolean {
  return connection === undefined || connection.reset ||
    connection.ended.size === 2;
}

function checkEnd(connection: Connection): void {
  const { client, server, next, acknowledged, reset } = connection;
  assert(isOver(connection), "no end");
  if (reset) return;
  assertEquals(acknowledged.get(server), next.get(client));
  assertEquals(acknowledged.get(client), next.get(server));
}
