/**
 * Messages on their way to peers: gathered, and sent in few writes.
 */
import { fits, MAX_MESSAGE, TOO_LONG } from "../rules/contract.ts";
import type { Connection } from "./connection.ts";

/** What has been put in line for peers since the last `flush`. */
export class Deliveries {
  readonly #unflushed = new Set<Connection>();
  /** Those of them that have more in line than they should. */
  #congested: Connection[] = [];

  /** Whether whoever has caused the latest messages should wait. */
  get areCongested(): boolean {
    return this.#congested.length > 0;
  }

  /**
   * Puts a message in line.
   *
   * @returns false where it was too long, and only that was said
   */
  add(connection: Connection, text: string): boolean {
    const isSendable = fits(text, MAX_MESSAGE);
    connection.send(isSendable ? text : TOO_LONG);
    this.#unflushed.add(connection);
    if (connection.outbox.isFull) this.#congested.push(connection);
    return isSendable;
  }

  /** What one read brought about leaves in one write for each receiver. */
  flush(): void {
    for (const connection of this.#unflushed) connection.outbox.flush();
    this.#unflushed.clear();
    this.#congested = [];
  }

  /** Flushes, and waits for those who do not keep up. */
  async congestionOver(): Promise<void> {
    const congested = this.#congested;
    this.flush();
    await Promise.all(congested.map(({ outbox }) => outbox.sent()));
  }
}
