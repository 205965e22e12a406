/**
 * The forms that a report can be written in, by their names on the command line.
 */
import type { Report } from "./report.ts";
import { gradescope } from "./gradescope.ts";
import { junit } from "./junit.ts";
import { tap } from "./tap.ts";
import { text } from "./text.ts";

/** What `--report` accepts; the first of them is the default. */
export const REPORT_FORMATS = ["text", "tap", "junit", "gradescope"] as const;

/** The name of a form of the report. */
export type ReportFormat = typeof REPORT_FORMATS[number];

const WRITERS: Readonly<Record<ReportFormat, (report: Report) => string>> = {
  text,
  tap,
  junit,
  gradescope,
};

/** @returns the report in that form, without a line feed at the end */
export function formatReport(format: ReportFormat, report: Report): string {
  return WRITERS[format](report);
}
