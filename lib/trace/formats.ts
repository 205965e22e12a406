/**
 * The formats of a trace, by their names on the command line: every run knows
 * them, but loads the code that writes one only when it is asked for.
 */

/**
 * Which output each format goes to: lines for a person go with the log,
 * everything else goes to a file or a pipe.
 */
export const TRACE_OUTPUTS = {
  text: "stderr",
  hex: "stderr",
  json: "stdout",
  mermaid: "stdout",
  pcap: "stdout",
} as const satisfies Record<string, "stdout" | "stderr">;

export type TraceFormat = keyof typeof TRACE_OUTPUTS;

/** Every format, as written after `--trace`. */
export const TRACE_FORMATS = Object.keys(TRACE_OUTPUTS) as TraceFormat[];
