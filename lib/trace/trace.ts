/**
 * `--trace`: what was seen on the wire, written in one of five formats.
 *
 * A tracer is told each event and returns what is to be written; it writes
 * nothing itself. Whatever has been written so far and `end` after it make a
 * whole: a program that is stopped leaves a file that can be read.
 */
import type { WireEvent } from "../net/wire.ts";
import type { TraceFormat } from "./formats.ts";
import { jsonTracer } from "./json.ts";
import { mermaidTracer } from "./mermaid.ts";
import { pcapTracer } from "./pcap.ts";
import { hexTracer, textTracer } from "./text.ts";

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

/** The tracer for a format. */
export function tracer(format: TraceFormat, options: TracerOptions): Tracer {
  switch (format) {
    case "text":
      return textTracer(options);
    case "hex":
      return hexTracer(options);
    case "json":
      return jsonTracer(options);
    case "mermaid":
      return mermaidTracer(options);
    case "pcap":
      return pcapTracer();
  }
}
