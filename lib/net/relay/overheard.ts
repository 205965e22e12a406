/**
 * One direction of a relayed connection, as messages: for those who watch and
 * for the ear. The bytes themselves bypass it.
 */
import { NOT_TEXT } from "../../rules/contract.ts";
import type { Remark } from "../../rules/listening/hearing.ts";
import { Deframer, type Message, QUIET } from "../framing.ts";
import type { StreamWatch } from "../stream_watch.ts";
import type { Ear, Party, Speech } from "./ear.ts";

/** Who speaks in one direction, and who listens. */
export interface Source {
  readonly ear: Ear;
  readonly party: Party;
  readonly by: Remark["by"];
  /** Whether messages are JSON objects. */
  readonly json: boolean;
  /** Who watches the connection that it comes from, and the one it goes to. */
  readonly from: StreamWatch | undefined;
  readonly to: StreamWatch | undefined;
}

/** Finds messages in what passes, as our own server would. */
export class Overheard {
  readonly #source: Source;
  readonly #deframer: Deframer;
  /** Finds the same messages for those who watch; undefined if nobody does. */
  readonly #shown: Deframer | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The latest read. */
  #speech: Speech | undefined;

  constructor(source: Source) {
    const { json, from, to } = source;
    this.#source = source;
    this.#deframer = new Deframer({ json });
    this.#shown = from && new Deframer({ json }, (found) => {
      from.found(found);
      to?.passed(found);
    });
  }

  /**
   * Takes in what one read gave.
   *
   * @param more whether the read filled its buffer
   */
  take(bytes: Uint8Array, more: boolean): void {
    const { ear, from } = this.#source;
    if (!ear.listens && !from) return;
    // A line ending that comes later does not make a piece of what came before.
    const isLateEnding = this.#deframer.pending && bytes.every(isLineEnding);
    if (!isLateEnding) this.#speech = ear.speech(!this.#deframer.pending);
    this.#shown?.push(bytes, more);
    this.#tell(this.#deframer.push(bytes, more));
    clearTimeout(this.#timer);
    if (!this.#deframer.pending && !this.#shown?.pending) return;
    this.#timer = setTimeout(() => this.#quiet(), QUIET);
  }

  /**
   * It was answered: what has been said is a message, however short the pause.
   */
  answered(): void {
    // An object marks its own end, whatever comes meanwhile.
    if (this.#source.json || !this.#deframer.pending) return;
    this.#tell(this.#deframer.quiet());
  }

  /** Nothing more will come. */
  end(): void {
    clearTimeout(this.#timer);
    this.#shown?.end();
    this.#tell(this.#deframer.end());
    const { ear, party, by } = this.#source;
    ear.ended(party, by);
  }

  #quiet(): void {
    this.#shown?.quiet();
    this.#tell(this.#deframer.quiet());
  }

  #tell(messages: Iterable<Message>): void {
    const { ear, party, by, from } = this.#source;
    for (const message of messages) {
      const text = typeof message === "string" ? message : undefined;
      if (typeof message !== "string" && message.problem === "too long") {
        ear.lose();
      } else if (by === "server") {
        ear.heard(party, text ?? NOT_TEXT, this.#speech?.time);
      } else {
        ear.said(party, message, this.#speech);
        from?.named(ear.nameOf(party));
      }
    }
  }
}

function isLineEnding(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d;
}
