/**
 * A trace as a packet capture, for Wireshark and everything else that reads
 * pcap files: the classic format, with times in microseconds and IP packets.
 *
 * It shows the network as the receivers see it, as `tcpdump` does beside netem:
 * a datagram that the simulated network loses is missing, a delayed one appears
 * at its time of arrival, a duplicated one twice. A stream has a handshake,
 * acknowledgements and an end, made up if the program did not see them. What
 * framing made of the bytes is not shown.
 */
import { DelayQueue, MAX_HELD } from "../net/delayed.ts";
import type { Address, DatagramEvent, WireEvent } from "../net/wire.ts";
import { addressOf } from "../rules/contract.ts";
import { tcpPacket, udpPacket } from "./packet.ts";
import { type SegmentWriter, TcpStream } from "./tcp_stream.ts";
import type { Tracer } from "./tracer.ts";

const MAGIC = 0xa1b2c3d4;
const VERSION = [2, 4] as const;
/** The longest packet, in bytes; Wireshark's own limit. */
const SNAPSHOT_LENGTH = 262_144;
/** Each packet begins with its IP header, of either version. */
const LINKTYPE_RAW = 101;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * A packet capture. Its `event` throws a `TypeError` if a hostname is a name
 * and not an address: see `hasAddress`.
 */
export function pcapTracer(): Tracer<Bytes> {
  const capture = new Capture();
  return {
    begin: fileHeader,
    event: (event) => capture.add(event),
    end: () => capture.end(),
  };
}

/** A datagram that has not arrived yet. */
interface Delayed {
  readonly packet: Bytes;
  readonly due: number;
}

class Capture {
  /** The open connections, by their addresses. */
  readonly #streams = new Map<string, TcpStream>();
  /** Room for what both queues of the simulated network hold, with headers. */
  readonly #delayed = new DelayQueue<Delayed>(3 * MAX_HELD);
  #records: Bytes[] = [];
  /** When the last packet was seen: time never goes back in a capture. */
  #time = 0;
  #packets = 0;
  #opened = 0;

  add(event: WireEvent): Bytes {
    this.#arrive(event.time);
    this.#advance(event.time);
    if (event.type === "datagram") this.#datagram(event);
    else this.#streamEvent(event);
    return this.#take();
  }

  end(): Bytes {
    this.#arrive(Infinity);
    for (const stream of this.#streams.values()) stream.finish();
    this.#streams.clear();
    return this.#take();
  }

  #datagram({ time, from, to, bytes, lost, delay }: DatagramEvent): void {
    if (lost) return;
    const packet = udpPacket({ from, to, id: this.#nextId() }, bytes);
    const due = time + delay;
    const waits = delay > 0 &&
      this.#delayed.add({ packet, due }, packet.length, due);
    if (!waits) this.#record(packet);
  }

  /** Records the delayed datagrams that have arrived by then. */
  #arrive(time: number): void {
    for (const { packet, due } of this.#delayed.deliver(time)) {
      this.#advance(due);
      this.#record(packet);
    }
  }

  #streamEvent(event: Exclude<WireEvent, DatagramEvent>): void {
    const { from, to } = event;
    switch (event.type) {
      case "open":
        this.#streamOf(from, to)?.finish();
        this.#open(from, to);
        return;
      case "data":
        return this.#sender(from, to).data(from, event.bytes);
      case "end":
        this.#streamOf(from, to)?.end(from);
        break;
      case "reset":
        this.#streamOf(from, to)?.reset(from);
        this.#streams.delete(keyOf(from, to));
        return;
      case "close":
        this.#streamOf(from, to)?.finish(from);
        break;
      case "message":
      case "remark":
        return;
    }
    if (this.#streamOf(from, to)?.isOver) this.#streams.delete(keyOf(from, to));
  }

  /** The stream on which this end can send; a new one if need be. */
  #sender(from: Address, to: Address): TcpStream {
    const stream = this.#streamOf(from, to);
    if (stream && !stream.hasEnded(from)) return stream;
    stream?.finish();
    return this.#open(from, to);
  }

  #streamOf(from: Address, to: Address): TcpStream | undefined {
    return this.#streams.get(keyOf(from, to));
  }

  #open(client: Address, server: Address): TcpStream {
    const stream = new TcpStream(client, server, ++this.#opened, this.#segment);
    this.#streams.set(keyOf(client, server), stream);
    return stream;
  }

  readonly #segment: SegmentWriter = (from, to, segment, payload) => {
    const envelope = { from, to, id: this.#nextId() };
    this.#record(tcpPacket(envelope, segment, payload));
  };

  #nextId(): number {
    return ++this.#packets & 0xffff;
  }

  #advance(time: number): void {
    this.#time = Math.max(this.#time, time);
  }

  #record(packet: Bytes): void {
    this.#records.push(recordHeader(this.#time, packet.length), packet);
  }

  #take(): Bytes {
    const bytes = concat(this.#records);
    this.#records = [];
    return bytes;
  }
}

/** The same for both directions of a connection. */
function keyOf(from: Address, to: Address): string {
  return [addressOf(from), addressOf(to)].sort().join(" ");
}

function fileHeader(): Bytes {
  const view = new DataView(new ArrayBuffer(FILE_HEADER));
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION[0], true);
  view.setUint16(6, VERSION[1], true);
  view.setUint32(16, SNAPSHOT_LENGTH, true);
  view.setUint32(20, LINKTYPE_RAW, true);
  return new Uint8Array(view.buffer);
}

/** @param time in milliseconds since 1970-01-01 00:00 UTC */
function recordHeader(time: number, length: number): Bytes {
  const microseconds = Math.round(time * 1000);
  const view = new DataView(new ArrayBuffer(RECORD_HEADER));
  view.setUint32(0, Math.floor(microseconds / 1e6), true);
  view.setUint32(4, microseconds % 1e6, true);
  view.setUint32(8, length, true);
  view.setUint32(12, length, true);
  return new Uint8Array(view.buffer);
}

function concat(parts: Bytes[]): Bytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
