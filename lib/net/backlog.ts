/**
 * The connections waiting to be accepted, and what can go wrong with them.
 */
import { reasonOf } from "./errors.ts";
import type { Journal } from "./journal.ts";
import { isOutOfFiles, isReset } from "./system.ts";
import { delay, within } from "./time.ts";

/**
 * How long to wait if the system refuses and nobody makes room, in
 * milliseconds.
 */
const ACCEPT_AGAIN = 20;

/** Two refusals within this time are one shortage, in milliseconds. */
const SHORTAGE = 100;
/** How many peers at most are disconnected at once, however long a shortage. */
const MOST_AT_ONCE = 32;

type MakeRoom = (count: number) => boolean;

/** Accepts connections, one after another. */
export class Backlog {
  readonly #listener: Deno.TcpListener;
  readonly #journal: Pick<Journal, "log">;
  #isClosed = false;
  #hasWarned = false;
  #refusedAt = -Infinity;
  /** How many to disconnect at the next refusal. */
  #wanted = 1;
  /** Ends the wait for a file to be closed. */
  #retry: (() => void) | undefined;

  constructor(listener: Deno.TcpListener, journal: Pick<Journal, "log">) {
    this.#listener = listener;
    this.#journal = journal;
  }

  /**
   * Waits for the next connection.
   *
   * @param makeRoom called if the system is out of files: disconnects up to
   * that many peers, and returns whether there were any
   * @returns undefined once the listener is closed
   */
  async next(makeRoom: MakeRoom): Promise<Deno.TcpConn | undefined> {
    while (!this.#isClosed) {
      try {
        const conn = await this.#listener.accept();
        this.#hasWarned = false;
        if (!this.#isClosed) return conn;
        conn.close(); // it came just before the listener was closed
      } catch (error) {
        await this.#recover(error, makeRoom);
      }
    }
    return undefined;
  }

  /** A file has been closed: the system may have room for a connection again. */
  placeFreed(): void {
    this.#retry?.();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listener.close();
    this.#retry?.();
  }

  /** Makes room only if the system refuses to open more files. */
  async #recover(error: unknown, makeRoom: MakeRoom): Promise<void> {
    // A peer that was reset before it was accepted is nobody's fault.
    if (this.#isClosed || isReset(error)) return;
    this.#warn(error);
    // A closed socket is released in the next turn of the event loop.
    const hasRoom = isOutOfFiles(error) && makeRoom(this.#countWanted());
    if (hasRoom) return await delay(0);
    const freed = new Promise<void>((resolve) => this.#retry = resolve);
    await within(freed, ACCEPT_AGAIN);
    this.#retry = undefined;
  }

  /**
   * One for each newcomer; but when many come at once, one per turn would keep
   * everybody waiting.
   */
  #countWanted(): number {
    const now = performance.now();
    const goesOn = now - this.#refusedAt < SHORTAGE;
    this.#refusedAt = now;
    this.#wanted = goesOn ? Math.min(2 * this.#wanted, MOST_AT_ONCE) : 1;
    return this.#wanted;
  }

  /** Warns once, until a connection is accepted again. */
  #warn(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const text = `Cannot accept a connection: ${reasonOf(error)}`;
    this.#journal.log("warning", "server", text);
  }
}
