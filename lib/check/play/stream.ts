/** A TCP connection of the check, at either end. */
import type { Network } from "../../net/wire.ts";
import type { Found, StreamWatch } from "../../net/stream_watch.ts";
import type { Condition } from "./condition.ts";
import type { Check } from "./run.ts";
import { textOf } from "../reports/quote.ts";

/** How much to read from a connection, in bytes; more than that is a flood. */
const MAX_READ = 1024 * 1024;

const LINE_FEED = 10;

const encoder = new TextEncoder();

/** What has come, as one message for observers. */
function foundIn(bytes: Uint8Array): Found[] {
  if (bytes.length === 0) return [];
  const end = bytes.at(-1) === LINE_FEED ? "line feed" : "end of read";
  const length = end === "line feed" ? bytes.length - 1 : bytes.length;
  return [{ bytes: bytes.slice(0, length), end, reads: 1 }];
}

/** Sends, and collects what comes. */
export class Stream {
  readonly #conn: Deno.TcpConn;
  readonly #condition: Condition;
  readonly #network: Network;
  readonly #watch: StreamWatch | undefined;
  #bytes = new Uint8Array(0);
  #taken = 0;
  #ended = false;
  #reset = false;
  #closed = false;

  /** @param isOurs whether the check opened the connection */
  constructor(
    conn: Deno.TcpConn,
    { condition, network }: Pick<Check, "condition" | "network">,
    isOurs: boolean,
  ) {
    this.#conn = conn;
    this.#condition = condition;
    this.#network = network;
    this.#watch = network.watch(conn, isOurs);
    // Otherwise the system holds small messages back to join them.
    conn.setNoDelay(true);
    this.#collect();
  }

  /** Everything that has come; bytes that are not UTF-8 become U+FFFD. */
  get text(): string {
    return textOf(this.#bytes);
  }

  /** What has come and was not yet taken. */
  get unread(): string {
    return textOf(this.#bytes.subarray(this.#taken));
  }

  /** Takes what has come. */
  take(): string {
    const text = this.unread;
    this.#watch?.found(foundIn(this.#bytes.subarray(this.#taken)));
    this.#taken = this.#bytes.length;
    return text;
  }

  /** Whether the other end has closed, cleanly or not. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the connection was reset. */
  get reset(): boolean {
    return this.#reset;
  }

  /** Whether more came than we read. */
  get flooded(): boolean {
    return this.#bytes.length >= MAX_READ;
  }

  /** Sends a text, in one write. @returns whether it could be sent */
  async send(text: string | Uint8Array): Promise<boolean> {
    const bytes = typeof text === "string" ? encoder.encode(text) : text;
    try {
      await this.#network.write(this.#conn, bytes, this.#watch);
      const message = typeof text === "string" ? text.trimEnd() : "";
      if (message !== "") this.#watch?.wrote([message]);
      return true;
    } catch {
      return false; // the other end is gone
    }
  }

  /** Ends our half of the stream; we can still receive. */
  async endSending(): Promise<void> {
    await this.#conn.closeWrite().catch(() => {});
    this.#watch?.endedHere();
  }

  /**
   * Closes the connection. If the other end closed first, its system would hold
   * the port for a minute, and a server could not restart on it; sending it
   * data that nobody can read any more prevents that.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#ended && !this.#reset) await this.send("\n");
    this.#conn.close();
    this.#watch?.closed();
  }

  async #collect(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      while (!this.flooded) {
        const count = await this.#network.read(this.#conn, buffer);
        if (count === null) {
          this.#watch?.ended();
          break;
        }
        this.#add(buffer.subarray(0, count));
      }
    } catch {
      this.#reset = !this.#closed;
      if (this.#reset) this.#watch?.reset();
    }
    this.#ended = !this.flooded;
    this.#condition.notify();
  }

  #add(bytes: Uint8Array): void {
    const all = new Uint8Array(this.#bytes.length + bytes.length);
    all.set(this.#bytes);
    all.set(bytes, this.#bytes.length);
    this.#bytes = all;
    this.#watch?.received(bytes);
    this.#condition.notify();
  }
}
