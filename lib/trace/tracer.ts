/**
 * What each format of a trace is: it is told events and returns what to write.
 */
import type { WireEvent } from "../net/wire.ts";

export interface TracerOptions {
  /** When the program started, in milliseconds since 1970-01-01 00:00 UTC. */
  readonly start: number;
}

/** What a tracer returns: whole lines of text, or bytes; perhaps none. */
export type Traced = string | Uint8Array<ArrayBuffer>;

/** Turns events into what is to be written. */
export interface Tracer<T extends Traced = Traced> {
  /** What comes first; to be written at once, though nothing has happened. */
  begin(): T;
  /**
   * What one event adds. The events come in the order of their times, and their
   * bytes may be overwritten afterwards.
   */
  event(event: WireEvent): T;
  /** What comes last; nothing may be traced after it. */
  end(): T;
}
