/**
 * What waits to be written to one peer.
 *
 * It is bounded: whoever causes more of it has to wait, so that a slow reader
 * slows its writer down, and nothing is thrown away.
 */
import { costOf } from "../rules/contract.ts";
import { type Delimiter, frame } from "./framing.ts";
import { DIRECT, type Network } from "./wire.ts";
import type { StreamWatch } from "./stream_watch.ts";

/**
 * What may wait for one peer, in bytes as `costOf` counts them, before whoever
 * causes more of it has to wait.
 */
export const MAX_UNSENT = 128 * 1024;

/** What may wait for all peers together, in the same bytes. */
export const MAX_ALL_UNSENT = 64 * 1024 * 1024;

/** A sum of what waits in many places. */
export class Budget {
  used = 0;

  constructor(readonly limit: number) {}

  get isSpent(): boolean {
    return this.used >= this.limit;
  }
}

/** What an outbox is given besides its socket. */
export interface OutboxOptions {
  /** How to end the messages that are written next. */
  readonly delimiter: () => Delimiter;
  readonly budget: Budget;
  readonly network?: Network;
  readonly watch?: StreamWatch | undefined;
}

/** The messages in line for one peer. */
export class Outbox {
  readonly #conn: Deno.TcpConn;
  readonly #options: OutboxOptions;
  readonly #network: Network;
  #texts: string[] = [];
  #size = 0;
  /** Resolved when nothing is in line any more; undefined where nothing is. */
  #sent: PromiseWithResolvers<void> | undefined;
  #failure: unknown;

  constructor(conn: Deno.TcpConn, options: OutboxOptions) {
    this.#conn = conn;
    this.#options = options;
    this.#network = options.network ?? DIRECT;
  }

  /** Whether so much is in line that whoever adds to it has to wait. */
  get isFull(): boolean {
    if (this.#size >= MAX_UNSENT) return true;
    return this.#size > 0 && this.#options.budget.isSpent;
  }

  /** Why nothing can be sent any more; undefined while it can. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Puts a message in line, to be sent by `flush`.
   *
   * @returns whether it is the first there
   */
  add(text: string): boolean {
    if (this.#failure !== undefined) return false;
    this.#resize(costOf(text));
    return this.#texts.push(text) === 1;
  }

  /** Begins to send what is in line, unless that is going on already. */
  flush(): void {
    if (this.#texts.length === 0 || this.#sent) return;
    this.#sent = Promise.withResolvers<void>();
    this.#writeAll();
  }

  /** Waits until nothing is in line any more. */
  async sent(): Promise<void> {
    await this.#sent?.promise;
  }

  /** Gives up what is in line: the socket has been closed. */
  abandon(): void {
    this.#fail(this.#failure ?? new Deno.errors.BadResource("closed"));
    this.#finish(); // in Deno 2.5 a pending write would not end
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#texts.length > 0) await this.#write(this.#texts.splice(0));
    } catch (error) {
      // The peer has gone, and what it was to get is of no use to anybody; the
      // reading end finds out by itself.
      this.#fail(error);
    }
    this.#finish();
  }

  async #write(texts: string[]): Promise<void> {
    const size = this.#size;
    const delimiter = this.#options.delimiter();
    // Bare messages share no write either: see `frame`.
    const isEachApart = this.#network.isSlicing || delimiter === "";
    const together = isEachApart ? texts.map((text) => [text]) : [texts];
    for (const group of together) await this.#writeGroup(group, delimiter);
    if (this.#failure === undefined) this.#resize(-size);
  }

  async #writeGroup(texts: string[], delimiter: Delimiter): Promise<void> {
    for (const bytes of frame(texts, delimiter)) {
      await this.#network.write(this.#conn, bytes, this.#options.watch);
    }
    this.#options.watch?.wrote(texts);
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#texts = [];
    this.#resize(-this.#size);
  }

  #finish(): void {
    this.#sent?.resolve();
    this.#sent = undefined;
  }

  #resize(change: number): void {
    this.#size += change;
    this.#options.budget.used += change;
  }
}
