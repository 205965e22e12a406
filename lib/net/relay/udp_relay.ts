/**
 * Relays datagrams between other programs.
 *
 * The server has to tell its clients apart, so each has a socket here that
 * speaks to the server for it. What comes back to that socket goes to the
 * client, from the address that the client asked.
 */
import { type Address, addressOf, NOT_TEXT } from "../../rules/contract.ts";
import { bind, isNumeric } from "../address.ts";
import { type Endable, runUntilAborted, SIGNAL_DRAIN } from "../ending.ts";
import { reasonOf } from "../errors.ts";
import { type Network, RECEIVE_BUFFER } from "../wire.ts";
import { decode } from "../text.ts";
import { GRACE, MAX_ENDING, untilQuiet, within } from "../time.ts";
import type { Party } from "./ear.ts";
import type { RelayOptions } from "./relay.ts";

/** How many clients have a socket at once; the one silent longest makes room. */
export const MAX_CLIENTS = 256;

/** After how long a silent client's socket is closed, in milliseconds. */
export const IDLE = 60_000;

/** What a relay of datagrams is given besides. */
export interface DatagramRelayOptions extends RelayOptions {
  /** Where to send a client's datagrams from. */
  ownAddress(client: Address): Address;
}

/**
 * Relays datagrams until the signal is aborted. Closes the socket.
 */
export async function relayDatagrams(
  socket: Deno.DatagramConn,
  options: DatagramRelayOptions,
): Promise<void> {
  await runUntilAborted(new DatagramRelay(socket, options), options.signal);
}

/** A client, and the socket that speaks for it. */
interface Leg extends Party {
  readonly socket: Deno.DatagramConn;
  usedAt: number;
}

class DatagramRelay implements Endable {
  readonly #socket: Deno.DatagramConn;
  readonly #options: DatagramRelayOptions;
  /** The one silent longest is the first. */
  readonly #legs = new Map<string, Leg>();
  readonly #timer: ReturnType<typeof setInterval>;
  #received = 0;
  #isClosed = false;

  constructor(socket: Deno.DatagramConn, options: DatagramRelayOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#timer = setInterval(() => this.#closeIdle(), IDLE / 10);
  }

  async run(): Promise<void> {
    const { toServer, upstream, ear } = this.#options;
    await this.#pass(this.#socket, toServer, (bytes, from) => {
      const leg = this.#legOf(from);
      if (leg === undefined) return undefined;
      const message = decode(bytes) ?? { byteLength: bytes.length };
      const onSent = () => ear.said(leg, message);
      return { socket: leg.socket, to: upstream, onSent };
    });
  }

  async #hear(leg: Leg): Promise<void> {
    const { toClient, ear } = this.#options;
    await this.#pass(leg.socket, toClient, (bytes, from) => {
      if (!this.#isServer(from)) return undefined;
      ear.heard(leg, decode(bytes) ?? NOT_TEXT);
      return { socket: this.#socket, to: leg };
    });
  }

  /** Passes on what one socket receives, one datagram at a time. */
  async #pass(
    socket: Deno.DatagramConn,
    network: Network,
    route: (bytes: Uint8Array, from: Address) => Route | undefined,
  ): Promise<void> {
    const buffer = new Uint8Array(RECEIVE_BUFFER);
    for (;;) {
      const datagram = await network.receive(socket, buffer);
      if (datagram === undefined || this.#isClosed) return;
      this.#received++;
      const [bytes, from] = datagram;
      const way = route(bytes, from);
      try {
        if (way) await network.transmit(way.socket, bytes, way.to, way.onSent);
      } catch (error) {
        const what = `${bytes.length} bytes from ${addressOf(from)}`;
        this.#warn(`Cannot pass on ${what}: ${reasonOf(error)}`);
      }
    }
  }

  /** A host given by name can only be recognized by its port. */
  #isServer({ hostname, port }: Address): boolean {
    const { upstream } = this.#options;
    const isHost = !isNumeric(upstream.hostname) ||
      hostname === upstream.hostname;
    return port === upstream.port && isHost;
  }

  /** @returns undefined if there is no socket to be had */
  #legOf(client: Address): Leg | undefined {
    const id = addressOf(client);
    const leg = this.#legs.get(id) ?? this.#open(id, client);
    if (leg === undefined) return undefined;
    leg.usedAt = Date.now();
    this.#legs.delete(id);
    this.#legs.set(id, leg);
    return leg;
  }

  #open(id: string, { hostname, port }: Address): Leg | undefined {
    const { ownAddress, upstream, journal } = this.#options;
    const [oldest] = this.#legs.values();
    if (oldest && this.#legs.size >= MAX_CLIENTS) this.#close(oldest);
    const client = { hostname, port };
    try {
      const socket = bind(ownAddress(client));
      const own = socket.addr as Deno.NetAddr;
      const ways = {
        client: { from: client, to: this.#socket.addr as Deno.NetAddr },
        server: { from: upstream, to: own },
      };
      const leg = { id, hostname, port, socket, usedAt: 0, ways };
      const text = `${id} speaks to the server as ${addressOf(own)}`;
      journal.log("debug", "relay", text);
      this.#hear(leg);
      return leg;
    } catch (error) {
      this.#warn(`${id} is not passed on: ${reasonOf(error)}`);
      return undefined;
    }
  }

  #closeIdle(): void {
    for (const leg of this.#legs.values()) {
      if (Date.now() - leg.usedAt > IDLE) this.#close(leg);
    }
  }

  #close(leg: Leg): void {
    this.#legs.delete(leg.id);
    this.#options.ear.forget(leg);
    leg.socket.close();
  }

  /** Passes on what has arrived by now, and then closes every socket. */
  async end(): Promise<void> {
    const { toServer, toClient } = this.#options;
    await untilQuiet(() => this.#received, GRACE, MAX_ENDING);
    const settled = Promise.all([toServer.settle(), toClient.settle()]);
    await within(settled, SIGNAL_DRAIN);
    this.close();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#socket.close();
    // Not forgotten: their missing answers have yet to be reported.
    for (const { socket } of this.#legs.values()) socket.close();
  }

  #warn(text: string): void {
    this.#options.journal.log("warning", "relay", text);
  }
}

/** Where a datagram goes next. */
interface Route {
  readonly socket: Deno.DatagramConn;
  readonly to: Address;
  /** Called for each copy that leaves. */
  readonly onSent?: () => void;
}
