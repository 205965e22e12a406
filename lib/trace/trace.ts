/**
 * `--trace`: what was seen on the wire, in one of five formats.
 *
 * A tracer is told each event and returns what to write; it writes nothing
 * itself. Whatever has been written so far, followed by `end`, is complete: a
 * program that is stopped leaves a readable file.
 */
import type { TraceFormat } from "./formats.ts";
import { jsonTracer } from "./json.ts";
import { mermaidTracer } from "./mermaid.ts";
import { pcapTracer } from "./pcap.ts";
import { hexTracer, textTracer } from "./text.ts";
import type { Tracer, TracerOptions } from "./tracer.ts";

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
