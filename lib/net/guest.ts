/**
 * A peer that is connected to a TCP server.
 */
import type { Address, Peer } from "../rules/contract.ts";
import type { Connection } from "./connection.ts";

/** A TCP connection as the rules know it. */
export class StreamPeer implements Peer {
  static #count = 0;
  readonly id = `#${++StreamPeer.#count}`;
  readonly hostname: string;
  readonly port: number;

  constructor({ hostname, port }: Address) {
    this.hostname = hostname;
    this.port = port;
  }
}

/** A connected peer. */
export interface Guest {
  readonly peer: Peer;
  readonly connection: Connection;
  /** When it connected, on the clock of `performance.now`. */
  readonly since: number;
  /** Whether the rules want it to wait. */
  isHeld: boolean;
  /** Opened when it may be read on; undefined while it may. */
  gate: PromiseWithResolvers<void> | undefined;
  /** How many warnings the messages of the present read have caused. */
  warnings: number;
}
