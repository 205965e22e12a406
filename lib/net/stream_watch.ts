/**
 * What a watcher is told about one TCP connection.
 */
import type { Address, MessageEnd, Watcher, WireEventBase } from "./wire.ts";

const encoder = new TextEncoder();

/** A message that was found in a stream, and how. */
export interface Found {
  /** Without its line ending. */
  readonly bytes: Uint8Array;
  readonly end: MessageEnd;
  /** How many reads brought its bytes. */
  readonly reads: number;
}

/** The time of an event: milliseconds since 1970-01-01 00:00 UTC. */
export function wireTime(): number {
  return performance.timeOrigin + performance.now();
}

/** How much of a peer's name is told with each event, in UTF-16 code units. */
const MAX_NAME = 64;

/** Tells a watcher what happens on one connection. */
export class StreamWatch {
  readonly #watcher: Watcher;
  readonly #local: Address;
  readonly #remote: Address;
  #isClosed = false;
  #isReset = false;
  #hasEnded = false;
  #about: { name?: string } = {};

  constructor(watcher: Watcher, local: Address, remote: Address) {
    this.#watcher = watcher;
    this.#local = local;
    this.#remote = remote;
  }

  /** @param isOurs whether this end has opened the connection */
  opened(isOurs: boolean): void {
    this.#watcher({ type: "open", ...isOurs ? this.#out() : this.#in() });
  }

  /** Names the peer if the rules know it: the events that follow say so. */
  named(name: string | undefined): void {
    if (name !== undefined) this.#about = { name: name.slice(0, MAX_NAME) };
  }

  /** One read has brought bytes. */
  received(bytes: Uint8Array): void {
    this.#watcher({ type: "data", ...this.#in(), bytes });
  }

  /** One write has taken bytes. */
  sent(bytes: Uint8Array): void {
    this.#watcher({ type: "data", ...this.#out(), bytes });
  }

  /** Messages were found in what the peer has sent, all in one look. */
  found(messages: readonly Found[]): void {
    this.#tellEach(messages, this.#in());
  }

  /** Messages have been written, together. */
  wrote(texts: readonly string[]): void {
    this.#tellSent(texts.map((text) => encoder.encode(text)));
  }

  /** Messages that were found elsewhere have been passed on, together. */
  passed(messages: readonly Found[]): void {
    this.#tellSent(messages.map(({ bytes }) => bytes));
  }

  #tellSent(all: readonly Uint8Array[]): void {
    const end = "sent";
    this.#tellEach(all.map((bytes) => ({ bytes, end, reads: 1 })), this.#out());
  }

  #tellEach(messages: readonly Found[], way: WireEventBase): void {
    const count = messages.length;
    for (const [i, message] of messages.entries()) {
      this.#watcher({
        type: "message",
        ...way,
        ...message,
        index: i + 1,
        count,
      });
    }
  }

  /** The peer will send nothing more. */
  ended(): void {
    if (this.#hasEnded) return; // a stream that is read again ends again
    this.#hasEnded = true;
    this.#watcher({ type: "end", ...this.#in() });
  }

  /** This end will send nothing more. */
  endedHere(): void {
    if (this.#isReset) return; // there is no stream to end any more
    this.#watcher({ type: "end", ...this.#out() });
  }

  /** The peer has reset the connection. */
  reset(): void {
    this.#isReset = true;
    this.#watcher({ type: "reset", ...this.#in() });
  }

  /** This end has closed the socket. */
  closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watcher({ type: "close", ...this.#out() });
  }

  #in() {
    const [from, to] = [this.#remote, this.#local];
    return { time: wireTime(), from, to, ...this.#about };
  }

  #out() {
    const [from, to] = [this.#local, this.#remote];
    return { time: wireTime(), from, to, ...this.#about };
  }
}
