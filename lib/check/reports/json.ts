/**
 * The report as a JSON object, with everything the text has. README.md of
 * `lib/check` documents its fields.
 */
import { summaryOf } from "./details.ts";
import { escape } from "../../rules/escape.js";
import { count, type Report } from "./report.ts";

/** @returns the report, without a line feed at the end */
export function json(report: Report): string {
  const { passed, unjudged, cases, ...about } = report;
  const verdict = unjudged !== undefined
    ? "cannot be judged"
    : passed
    ? "passed"
    : "failed";
  return JSON.stringify(
    {
      verdict,
      summary: summaryOf(report),
      reason: unjudged,
      ...count(cases),
      ...about,
      cases: cases.map(({ unjudged: _, ...each }) => ({
        required: each.sentence !== undefined,
        ...each,
      })),
    },
    (_, value) => typeof value === "string" ? escape(value) : value,
    2,
  );
}
