/** The UDP sockets of the check's clients, and what comes back to them. */
import { type Network, RECEIVE_BUFFER } from "../../net/wire.ts";
import type { Address } from "../../rules/contract.ts";
import type { Condition } from "./condition.ts";
import { Skip } from "./case.ts";
import type { Check } from "./run.ts";

/**
 * How long to wait for fixed ports that another program holds, in milliseconds:
 * it may be another check.
 */
const PORT_WAIT = 35_000;
/** How often to try whether they are free, in milliseconds. */
const LOOK = 50;

/** How many datagrams are kept; more than that is a flood. */
const MAX_KEPT = 1_000;

/** A datagram, and the port it came from. */
export interface Datagram {
  readonly bytes: Uint8Array;
  readonly port: number;
}

/** What a mailbox needs from its check. */
type Place = Pick<Check, "address" | "condition" | "network">;

/** A UDP socket on this machine that keeps what arrives. */
export class Mailbox {
  readonly address: Address;
  readonly #socket: Deno.DatagramConn;
  readonly #condition: Condition;
  readonly #network: Network;
  #datagrams: Datagram[] = [];
  #isClosed = false;

  /**
   * @param port 0 for any free port
   * @throws {Deno.errors.AddrInUse} if another program holds it
   */
  constructor({ address, condition, network }: Place, port: number) {
    const { hostname } = address;
    this.#condition = condition;
    this.#network = network;
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname, port });
    const local = this.#socket.addr as Deno.NetAddr;
    this.address = { hostname, port: local.port };
    this.#listen();
  }

  /** What has come and was not yet taken, oldest first. */
  get datagrams(): readonly Datagram[] {
    return this.#datagrams;
  }

  /** Takes the oldest. */
  take(): Datagram | undefined {
    return this.#datagrams.shift();
  }

  /** Takes one that is not the oldest. */
  remove(datagram: Datagram): void {
    this.#datagrams = this.#datagrams.filter((each) => each !== datagram);
  }

  /** Discards everything, such as late answers. */
  empty(): void {
    this.#datagrams = [];
  }

  async send(bytes: Uint8Array, to: Address): Promise<void> {
    await this.#network.transmit(this.#socket, bytes, to);
  }

  /** May be called twice: fixed ports are released before a run ends. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }

  /** Always has one receive pending: an abandoned one would swallow a datagram. */
  async #listen(): Promise<void> {
    const buffer = new Uint8Array(RECEIVE_BUFFER);
    for (;;) {
      const datagram = await this.#network.receive(this.#socket, buffer);
      if (datagram === undefined) return;
      const [bytes, { port }] = datagram;
      if (this.#datagrams.length < MAX_KEPT) {
        this.#datagrams.push({ bytes: bytes.slice(), port });
      }
      this.#condition.notify();
    }
  }
}

/** The client ports an assignment fixes; one check at a time holds them. */
export class FixedPorts {
  readonly #check: Place & Pick<Check, "timeouts">;
  readonly #held = new Map<number, Mailbox>();

  constructor(check: Place & Pick<Check, "timeouts">) {
    this.#check = check;
  }

  /**
   * Takes ports, and keeps them until `release`.
   *
   * @throws {Skip} if they do not become free
   */
  async take(ports: readonly number[]): Promise<void> {
    const { timeouts, condition } = this.#check;
    const latest = timeouts.spent + timeouts.atMost(PORT_WAIT);
    // Always in the same order: two checks must not wait for each other.
    for (const port of ports) {
      while (!this.#take(port)) {
        if (timeouts.spent >= latest || condition.isStopped) {
          this.release();
          throw new Skip(
            `client port ${port} is in use by another program: end that first`,
            true,
          );
        }
        await condition.until(() => false, LOOK);
      }
    }
  }

  /** The mailbox of a port that was taken. */
  get(port: number): Mailbox | undefined {
    return this.#held.get(port);
  }

  /** Releases all ports. */
  release(): void {
    for (const mailbox of this.#held.values()) mailbox.close();
    this.#held.clear();
  }

  #take(port: number): boolean {
    if (this.#held.has(port)) return true;
    try {
      this.#held.set(port, new Mailbox(this.#check, port));
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) return false;
      throw error;
    }
  }
}
