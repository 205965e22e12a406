/**
 * All formats alike: where they go, and that what is written is whole.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import {
  TRACE_FORMATS,
  TRACE_OUTPUTS,
  type TraceFormat,
} from "../../lib/trace/formats.ts";
import { tracer } from "../../lib/trace/trace.ts";
import { anyEvents, START } from "./events.ts";

const permissions = "none";

const OUTPUTS: Record<TraceFormat, "stdout" | "stderr"> = {
  text: "stderr",
  hex: "stderr",
  json: "stdout",
  mermaid: "stdout",
  pcap: "stdout",
};

Deno.test("where each format goes", { permissions }, () => {
  assertEquals<typeof OUTPUTS>(TRACE_OUTPUTS, OUTPUTS);
});

Deno.test("text comes in whole lines, at each event", { permissions }, () => {
  const formats = TRACE_FORMATS.filter((format) => format !== "pcap");
  fc.assert(fc.property(anyEvents, (events) => {
    for (const format of formats) {
      const { begin, event, end } = tracer(format, { start: START });
      for (const part of [begin(), ...events.map(event), end()]) {
        assertEquals(typeof part, "string");
        assert(part === "" || `${part}`.endsWith("\n"), JSON.stringify(part));
      }
    }
  }));
});

Deno.test("two tracers know nothing of each other", { permissions }, () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      for (const format of TRACE_FORMATS) {
        const [one, two] = [0, 1].map(() => tracer(format, { start: START }));
        assertEquals(one!.begin(), two!.begin());
        for (const event of events) {
          assertEquals(one!.event(event), two!.event(event));
        }
        assertEquals(one!.end(), two!.end());
      }
    }),
    { numRuns: 20 },
  );
});
