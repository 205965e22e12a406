/**
 * What each format of a trace does: is told events, returns what to write.
 */
import type { WireEvent } from "../net/wire.ts";

export interface TracerOptions {
  /** When the program started, in milliseconds since 1970-01-01 00:00 UTC. */
  readonly start: number;
}

/** What a tracer returns: whole lines of text, or bytes; maybe none. */
export type Traced = string | Uint8Array<ArrayBuffer>;

/** Turns events into output. */
export interface Tracer<T extends Traced = Traced> {
  /** What comes first; written at once, before anything has happened. */
  begin(): T;
  /**
   * What one event adds. Events come in order of time, and their bytes may be
   * overwritten afterwards.
   */
  event(event: WireEvent): T;
  /** What comes last; nothing may be traced after it. */
  end(): T;
}
