/**
 * The formats of a trace, by their names on the command line: known to every
 * run, whereas what writes them is loaded only if it is asked for.
 */

/**
 * Where each format belongs: lines for a person to read go with the log,
 * everything else is for a file or a pipe.
 */
export const TRACE_OUTPUTS = {
  text: "stderr",
  hex: "stderr",
  json: "stdout",
  mermaid: "stdout",
  pcap: "stdout",
} as const satisfies Record<string, "stdout" | "stderr">;

export type TraceFormat = keyof typeof TRACE_OUTPUTS;

/** Every format, as it is written after `--trace`. */
export const TRACE_FORMATS = Object.keys(TRACE_OUTPUTS) as TraceFormat[];
