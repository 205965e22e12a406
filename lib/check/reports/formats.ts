/**
 * The forms of a report, by their names on the command line: always loaded,
 * whereas their writers are loaded only for a check.
 */

/** What `--report` accepts; the first of them is the default. */
export const REPORT_FORMATS = [
  "text",
  "json",
  "tap",
  "junit",
  "gradescope",
] as const;

/** The name of a form of the report. */
export type ReportFormat = typeof REPORT_FORMATS[number];
