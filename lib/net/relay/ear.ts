/**
 * An ear between two programs: what a listener finds is reported at once, in
 * the log and to any watcher.
 */
import type { Address, Peer, Received } from "../../rules/contract.ts";
import type { Remark } from "../../rules/listening/hearing.ts";
import type { Listener } from "../../rules/listening/listener.ts";
import type { Journal } from "../journal.ts";
import { wireTime } from "../stream_watch.ts";
import type { Watcher } from "../wire.ts";

/** How often to look for what is overdue, in milliseconds. */
const SWEEP = 100;

/**
 * How much is listened to in a second, in bytes. Passing bytes on is many times
 * as fast as understanding them; people who test their programs send less.
 */
export const MAX_HEARD = 1024 * 1024;

/** How many remarks are told at once; more are only counted. */
const MAX_TOLD = 20;

/** A client, and the ways from it and from the server to this program. */
export interface Party extends Peer {
  readonly ways: Readonly<Record<Remark["by"], Way>>;
}

/** From one of the two programs to this one. */
export interface Way {
  readonly from: Address;
  readonly to: Address;
}

/** When and how something came. */
export interface Speech {
  /** Grows with each. */
  readonly arrival: number;
  /** In milliseconds, as `performance.now` tells it. */
  readonly time: number;
  /** Whether nothing of it had come before. */
  readonly isWhole: boolean;
}

/** Passes what it hears on to the listener, until it is too much. */
export class Ear {
  readonly #listener: Listener;
  readonly #journal: Pick<Journal, "log">;
  readonly #watcher: Watcher;
  readonly #timer: ReturnType<typeof setInterval>;
  #heard = 0;
  #told = 0;
  #hasSaidLost = false;
  #arrivals = 0;

  constructor(
    listener: Listener,
    journal: Pick<Journal, "log">,
    watcher: Watcher,
  ) {
    this.#listener = listener;
    this.#journal = journal;
    this.#watcher = watcher;
    this.#timer = setInterval(() => this.#sweep(), SWEEP);
  }

  /** Whether what passes is still listened to. */
  get listens(): boolean {
    return !this.#listener.isLost;
  }

  /** Whether the assignment is over. */
  get isOver(): boolean {
    return this.#listener.isOver;
  }

  /** Something has come, whole or not. */
  speech(isWhole = true): Speech {
    return { arrival: ++this.#arrivals, time: performance.now(), isWhole };
  }

  opened(client: Party): void {
    this.#tell(this.#listener.opened(client, performance.now()));
  }

  /** @param speech when and how it came; a datagram comes in one piece, now */
  said(
    client: Party,
    received: Received,
    { arrival, time, isWhole }: Speech = this.speech(),
  ): void {
    const length = typeof received === "string" ? received.length : 0;
    if (this.#hasRoomFor(length)) {
      const listener = this.#listener;
      this.#tell(listener.said(client, received, arrival, time, isWhole));
    }
  }

  nameOf(client: Party): string | undefined {
    return this.#listener.nameOf(client);
  }

  heard(client: Party, text: string, time = performance.now()): void {
    if (this.#hasRoomFor(text.length)) {
      this.#tell(this.#listener.heard(client, text, time));
    }
  }

  ended(client: Party, by: Remark["by"]): void {
    this.#listener.ended(client, by, performance.now());
  }

  forget(client: Party): void {
    this.#listener.forget(client);
  }

  /** Stops listening: it is too much, or something was missed. */
  lose(): void {
    this.#listener.lose();
    this.#tell([]);
  }

  /** Judges what is left. */
  close(): void {
    clearInterval(this.#timer);
    this.#tell(this.#listener.finish(performance.now()));
  }

  #hasRoomFor(size: number): boolean {
    this.#heard += size;
    if (this.#heard > MAX_HEARD * SWEEP / 1000) this.lose();
    return this.listens;
  }

  #sweep(): void {
    const omitted = this.#told - MAX_TOLD;
    if (omitted > 0) {
      const text = `${omitted} more remarks at this moment`;
      this.#journal.log("warning", "rules", text);
    }
    this.#heard = 0;
    this.#told = 0;
    this.#tell(this.#listener.sweep(performance.now()));
  }

  #tell(remarks: readonly Remark[]): void {
    for (const { by, client, text, isSilence } of remarks) {
      if (++this.#told > MAX_TOLD) continue;
      this.#journal.log("warning", "rules", text);
      const { from, to } = (client as Party).ways[by];
      // A missing answer is shown at the message that should have been
      // answered.
      const way = isSilence ? { from: to, to: from } : { from, to };
      this.#watcher({ type: "remark", time: wireTime(), ...way, text });
    }
    if (this.listens || this.#hasSaidLost) return;
    this.#hasSaidLost = true;
    this.#journal.log("info", "rules", "nothing is judged from here on");
  }
}
