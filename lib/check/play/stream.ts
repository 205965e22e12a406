/**
 * One TCP connection of the check's own, at either end.
 */
import type { Condition } from "./condition.ts";
import { textOf } from "../reports/quote.ts";

/** How much is read of one connection, in bytes: a flood is more than that. */
const MAX_READ = 1024 * 1024;

const encoder = new TextEncoder();

/** Sends, and collects what comes. */
export class Stream {
  readonly #conn: Deno.TcpConn;
  readonly #condition: Condition;
  #bytes = new Uint8Array(0);
  #taken = 0;
  #ended = false;
  #reset = false;
  #closed = false;

  constructor(conn: Deno.TcpConn, condition: Condition) {
    this.#conn = conn;
    this.#condition = condition;
    // Without this the system holds small messages back to join them.
    conn.setNoDelay(true);
    this.#collect();
  }

  /** Everything that has come; a byte that is not UTF-8 stands as U+FFFD. */
  get text(): string {
    return textOf(this.#bytes);
  }

  /** What has come and was not taken. */
  get unread(): string {
    return textOf(this.#bytes.subarray(this.#taken));
  }

  /** Takes what has come. */
  take(): string {
    const text = this.unread;
    this.#taken = this.#bytes.length;
    return text;
  }

  /** Whether the other end has closed, in order or not. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the connection was broken off. */
  get reset(): boolean {
    return this.#reset;
  }

  /** Whether more came than is read. */
  get flooded(): boolean {
    return this.#bytes.length >= MAX_READ;
  }

  /** Sends a text, in one write. @returns whether it could be sent */
  async send(text: string | Uint8Array): Promise<boolean> {
    let bytes = typeof text === "string" ? encoder.encode(text) : text;
    try {
      while (bytes.length > 0) {
        bytes = bytes.subarray(await this.#conn.write(bytes));
      }
      return true;
    } catch {
      return false; // the other end has gone
    }
  }

  /** Ends this side's half of the stream, and can still receive. */
  async endSending(): Promise<void> {
    await this.#conn.closeWrite().catch(() => {});
  }

  /**
   * Closes the connection. Where the other end has closed first, its system
   * would keep the port for a minute, and a server could not be started again
   * on it; unless something comes that nobody can read any more.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#ended && !this.#reset) await this.send("\n");
    this.#conn.close();
  }

  async #collect(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      while (!this.flooded) {
        const count = await this.#conn.read(buffer);
        if (count === null) break;
        this.#add(buffer.subarray(0, count));
      }
    } catch {
      this.#reset = !this.#closed;
    }
    this.#ended = !this.flooded;
    this.#condition.notify();
  }

  #add(bytes: Uint8Array): void {
    const all = new Uint8Array(this.#bytes.length + bytes.length);
    all.set(this.#bytes);
    all.set(bytes, this.#bytes.length);
    this.#bytes = all;
    this.#condition.notify();
  }
}
