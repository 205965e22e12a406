/**
 * The report for a person: a line for each case, and under a failure what was
 * done, what was expected, what came, and what it probably is.
 */
import type { CaseReport, Report } from "./report.ts";
import { detailsOf, row, summaryOf, titleOf } from "./details.ts";
import { printable } from "./printable.ts";

const LABELS = {
  ok: "ok     ",
  fail: "FAIL   ",
  note: "note   ",
  skipped: "skipped",
} as const;

const INDENT = " ".repeat(10);

/** @returns the report, without a line feed at the end */
export function text(report: Report): string {
  return [
    titleOf(report),
    "",
    ...report.cases.flatMap(linesOf),
    "",
    summaryOf(report),
  ].join("\n");
}

function linesOf(each: CaseReport): string[] {
  const { name, verdict, reason } = each;
  const why = reason === undefined ? "" : ` (${reason})`;
  return [
    `${LABELS[verdict]} ${printable(name + why)}`,
    ...detailsOf(each).map((detail) => INDENT + row(detail)),
  ];
}
