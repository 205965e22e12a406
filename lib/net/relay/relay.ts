/**
 * Relaying between two other programs: what both transports need.
 */
import type { Address } from "../../rules/contract.ts";
import type { Network } from "../wire.ts";
import type { Journal } from "../journal.ts";
import type { Ear } from "./ear.ts";

/** What a relay is given besides its socket. */
export interface RelayOptions {
  /** Where the server is. */
  readonly upstream: Address;
  /** The network on the way to the server, and on the way to the client. */
  readonly toServer: Network;
  readonly toClient: Network;
  /** What listens to both. */
  readonly ear: Ear;
  readonly journal: Journal;
  /** Ends the relay when it is aborted. */
  readonly signal: AbortSignal;
}
