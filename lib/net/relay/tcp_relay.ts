/**
 * Relays streams between other programs: one connection to the server for each
 * that comes in.
 */
import { addressOf } from "../../rules/contract.ts";
import { SETTLING } from "../../rules/listening/listener.ts";
import { Backlog } from "../backlog.ts";
import { type Endable, runUntilAborted } from "../ending.ts";
import { delay, GRACE, MAX_ENDING, untilQuiet } from "../time.ts";
import { Turns } from "../turns.ts";
import { Bridge, type BridgeOptions } from "./bridge.ts";

/** How long the end of a conversation takes to be judged, in milliseconds. */
const JUDGING = 3 * SETTLING;

/** How many connections are relayed at once; each takes two sockets. */
export const MAX_RELAYED = 1_024;

/** What a relay of streams is given besides its listener. */
export interface StreamRelayOptions extends Omit<BridgeOptions, "step"> {
  /** Whether it ends with the assignment, once no connection is left. */
  readonly endsByItself: boolean;
}

/**
 * Relays connections until the signal is aborted, or the last one wanted has
 * ended. Closes the listener and every connection.
 */
export async function relayStreams(
  listener: Deno.TcpListener,
  options: StreamRelayOptions,
): Promise<void> {
  const backlog = new Backlog(listener, options.journal);
  await runUntilAborted(new StreamRelay(backlog, options), options.signal);
}

class StreamRelay implements Endable {
  readonly #backlog: Backlog;
  readonly #options: StreamRelayOptions;
  /** The oldest is the first. */
  readonly #bridges = new Set<Bridge>();
  /** Each connection is read at both of its ends. */
  readonly #turns = new Turns(() => 2 * this.#bridges.size);
  #passed = 0;

  constructor(backlog: Backlog, options: StreamRelayOptions) {
    this.#backlog = backlog;
    this.#options = options;
  }

  async run(): Promise<void> {
    const relaying = new Set<Promise<void>>();
    for (;;) {
      const conn = await this.#backlog.next(() => this.#makeRoom());
      if (conn === undefined) break;
      const relayed = this.#relay(conn);
      relaying.add(relayed);
      relayed.finally(() => relaying.delete(relayed));
    }
    await Promise.all(relaying);
  }

  async #relay(conn: Deno.TcpConn): Promise<void> {
    const isFull = this.#bridges.size >= MAX_RELAYED;
    if (isFull && !this.#makeRoom()) return this.#turnAway(conn);
    const step = () => {
      this.#passed++;
      this.#turns.begin();
      return this.#turns.next();
    };
    const bridge = new Bridge(conn, { ...this.#options, step });
    this.#bridges.add(bridge);
    await bridge.run();
    this.#bridges.delete(bridge);
    this.#backlog.placeFreed();
    if (!this.#options.endsByItself) return;
    // The last words, and their absence, are judged a moment later.
    if (this.#isOver) await delay(JUDGING);
    if (this.#isOver) this.close();
  }

  get #isOver(): boolean {
    return this.#options.ear.isOver && this.#bridges.size === 0;
  }

  #turnAway(conn: Deno.TcpConn): void {
    const who = addressOf(conn.remoteAddr);
    const text = `All ${MAX_RELAYED} places are taken: ${who} turned away`;
    this.#options.journal.log("warning", "relay", text);
    conn.close();
  }

  /** Closes the oldest on which nothing has passed, if there is one. */
  #makeRoom(): boolean {
    const silent = this.#bridges.values().find((each) => !each.hasSpoken);
    silent?.close("nothing has passed, and its place is needed");
    return silent !== undefined;
  }

  /** Passes on what has arrived by now, and then closes everything. */
  async end(): Promise<void> {
    await untilQuiet(() => this.#passed, GRACE, MAX_ENDING);
    this.close();
  }

  close(): void {
    this.#backlog.close();
    for (const each of this.#bridges) each.close();
  }
}
