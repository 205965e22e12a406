/**
 * A network for the lab, which can be watched and made as bad as one likes.
 */
import { type Address, addressOf } from "../rules/contract.ts";
import { Delayed, ITEM_OVERHEAD, MAX_HELD } from "./delayed.ts";
import { type FaultOptions, Faults, isFaulty, slices } from "./faults.ts";
import { DIRECT, type Network, RECEIVE_BUFFER, type Watcher } from "./wire.ts";
import type { Journal } from "./journal.ts";
import { StreamWatch, wireTime } from "./stream_watch.ts";
import { delay } from "./time.ts";

/** What a lab's network should do. */
export interface LabOptions {
  /** Is told of everything that happens. */
  readonly watcher: Watcher;
  /** What becomes of datagrams; on a stream, `delay` alone, before each write. */
  readonly faults: FaultOptions;
  /** The size of the pieces that messages on a stream are cut into, in bytes. */
  readonly slice: number | undefined;
  /** Whether only what is sent suffers: a relay would hit each datagram twice. */
  readonly isOneWay?: boolean;
  /** Where faults are logged. */
  readonly journal: Pick<Journal, "log">;
}

type Datagram = readonly [bytes: Uint8Array, from: Address];

/** Lets bytes through, or not, and tells a watcher. */
export class LabNetwork implements Network {
  readonly isSlicing: boolean;
  readonly #options: LabOptions;
  /** Undefined if nothing should go wrong. */
  readonly #faults: Faults | undefined;
  readonly #inbox = new Inbox();
  readonly #outgoing = new Delayed<() => void>((send) => send());

  constructor(options: LabOptions) {
    this.#options = options;
    this.isSlicing = options.slice !== undefined;
    const { faults } = options;
    this.#faults = isFaulty(faults) ? new Faults(faults) : undefined;
  }

  async receive(
    socket: Deno.DatagramConn,
    buffer: Uint8Array,
  ): Promise<[bytes: Uint8Array, from: Address] | undefined> {
    if (this.#faults && !this.#options.isOneWay) {
      return await this.#receiveFaulty(socket, this.#faults);
    }
    const datagram = await DIRECT.receive(socket, buffer);
    if (datagram) this.#tellArrival(socket, datagram);
    return datagram;
  }

  async transmit(
    socket: Deno.DatagramConn,
    bytes: Uint8Array,
    to: Address,
    onSent?: () => void,
  ): Promise<unknown> {
    const from = socket.addr as Deno.NetAddr;
    if (this.#faults === undefined) {
      this.#tell(from, to, bytes, 0);
      return await DIRECT.transmit(socket, bytes, to, onSent);
    }
    const copy = bytes.slice(); // the sender reuses its memory
    const send = () => {
      // A delayed datagram may find its socket closed, and is lost.
      DIRECT.transmit(socket, copy, to, onSent).catch(() => {});
    };
    const deliver = (delay: number) =>
      this.#outgoing.add(send, copy.length, delay);
    const fate = this.#faults.fate("out");
    this.#suffer(copy, { from, to, who: `to ${addressOf(to)}` }, fate, deliver);
  }

  read(conn: Deno.TcpConn, buffer: Uint8Array): Promise<number | null> {
    return conn.read(buffer);
  }

  async write(
    conn: Deno.TcpConn,
    bytes: Uint8Array,
    watch?: StreamWatch,
  ): Promise<void> {
    const { slice = bytes.length, faults } = this.#options;
    const pieces = slices(bytes, slice);
    for (const [i, piece] of pieces.entries()) {
      if (i > 0 || !this.isSlicing) await pause(faults.delay);
      await DIRECT.write(conn, piece);
      watch?.sent(piece);
    }
    if (!this.isSlicing) return;
    const to = addressOf(conn.remoteAddr);
    this.#log(`wrote ${sizeOf(bytes)} in ${pieces.length} pieces to ${to}`);
  }

  watch(conn: Deno.TcpConn, isOurs: boolean): StreamWatch {
    const { watcher } = this.#options;
    const watch = new StreamWatch(watcher, conn.localAddr, conn.remoteAddr);
    watch.opened(isOurs);
    return watch;
  }

  settle(): Promise<void> {
    return this.#outgoing.settle();
  }

  /** Forgets what is still on its way. */
  close(): void {
    this.#outgoing.clear();
    this.#inbox.close();
  }

  async #receiveFaulty(
    socket: Deno.DatagramConn,
    faults: Faults,
  ): Promise<[bytes: Uint8Array, from: Address] | undefined> {
    this.#inbox.begin(socket, ([bytes, from]) => {
      const to = socket.addr as Deno.NetAddr;
      const way = { from, to, who: `from ${addressOf(from)}` };
      const deliver = (delay: number) => this.#inbox.add([bytes, from], delay);
      this.#suffer(bytes, way, faults.fate("in"), deliver);
    });
    return await this.#inbox.next();
  }

  /** Delivers each copy of a datagram as its fate says, and reports it. */
  #suffer(
    bytes: Uint8Array,
    { from, to, who }: { from: Address; to: Address; who: string },
    fate: readonly number[],
    deliver: (delay: number) => boolean,
  ): void {
    if (fate.length === 0) return this.#lose(bytes, from, to, who);
    for (const [i, delay] of fate.entries()) {
      if (!deliver(delay)) {
        this.#lose(bytes, from, to, who);
        continue;
      }
      const isCopy = i > 0;
      this.#tell(from, to, bytes, delay, false, isCopy);
      if (isCopy) this.#log(`duplicated ${sizeOf(bytes)} ${who}`);
      if (delay > 0) {
        this.#log(
          `delayed ${sizeOf(bytes)} ${who} by ${delay.toFixed(1)} ms`,
        );
      }
    }
  }

  #lose(bytes: Uint8Array, from: Address, to: Address, who: string): void {
    this.#tell(from, to, bytes, 0, true);
    this.#log(`lost ${sizeOf(bytes)} ${who}`);
  }

  #tellArrival(socket: Deno.DatagramConn, [bytes, from]: Datagram): void {
    this.#tell(from, socket.addr as Deno.NetAddr, bytes, 0);
  }

  #tell(
    { hostname, port }: Address,
    to: Address,
    bytes: Uint8Array,
    delay: number,
    lost = false,
    duplicate = false,
  ): void {
    this.#options.watcher({
      type: "datagram",
      time: wireTime(),
      from: { hostname, port },
      to: { hostname: to.hostname, port: to.port },
      bytes,
      lost,
      duplicate,
      delay,
    });
  }

  #log(text: string): void {
    this.#options.journal.log("debug", "network", text);
  }
}

/** Datagrams that have arrived at the socket but not yet at the program. */
class Inbox {
  readonly #ready: Datagram[] = [];
  /** What they cost, in bytes: a program that is busy takes none for a while. */
  #cost = 0;
  readonly #delayed = new Delayed<Datagram>((each) => this.#put(each));
  #hasBegun = false;
  #isClosed = false;
  #wake: (() => void) | undefined;

  /** Receives everything that comes, from the first call on. */
  begin(socket: Deno.DatagramConn, take: (datagram: Datagram) => void): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#pump(socket, take);
  }

  /** @returns whether there was room for it */
  add(datagram: Datagram, delay: number): boolean {
    if (this.#isClosed || this.#cost >= MAX_HELD) return false;
    return this.#delayed.add(datagram, datagram[0].length, delay);
  }

  /** @returns undefined once the socket is closed */
  async next(): Promise<[bytes: Uint8Array, from: Address] | undefined> {
    for (;;) {
      const datagram = this.#ready.shift();
      if (datagram) {
        this.#cost -= costOf(datagram);
        return [...datagram];
      }
      if (this.#isClosed) return undefined;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#delayed.clear();
    this.#wake?.();
  }

  async #pump(
    socket: Deno.DatagramConn,
    take: (datagram: Datagram) => void,
  ): Promise<void> {
    const buffer = new Uint8Array(RECEIVE_BUFFER);
    for (;;) {
      const datagram = await DIRECT.receive(socket, buffer);
      if (datagram === undefined) return this.close();
      take([datagram[0].slice(), datagram[1]]);
    }
  }

  #put(datagram: Datagram): void {
    this.#cost += costOf(datagram);
    this.#ready.push(datagram);
    this.#wake?.();
  }
}

function costOf([bytes]: Datagram): number {
  return bytes.length + ITEM_OVERHEAD;
}

function sizeOf({ length }: Uint8Array): string {
  return length === 1 ? "1 byte" : `${length} bytes`;
}

/** No timer if nothing is delayed: it would cost a turn of the event loop. */
async function pause(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await delay(milliseconds);
}
