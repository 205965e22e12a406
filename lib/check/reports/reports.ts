/**
 * The forms that a report can be written in, by their names on the command line.
 */
import type { ReportFormat } from "./formats.ts";
import type { Report } from "./report.ts";
import { gradescope } from "./gradescope.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { tap } from "./tap.ts";
import { text } from "./text.ts";

const WRITERS: Readonly<Record<ReportFormat, (report: Report) => string>> = {
  text,
  json,
  tap,
  junit,
  gradescope,
};

/** @returns the report in that form, without a line feed at the end */
export function formatReport(format: ReportFormat, report: Report): string {
  return WRITERS[format](report);
}
