/**
 * The report for people: a line per case, and under each failure what was done,
 * what was expected, what came, and the probable mistake.
 */
import type { CaseReport, Report } from "./report.ts";
import { detailsOf, row, summaryOf, titleOf } from "./details.ts";
import { escape } from "../../rules/escape.js";

const LABELS = {
  ok: "ok     ",
  fail: "FAIL   ",
  note: "note   ",
  skipped: "skipped",
} as const;

const INDENT = " ".repeat(10);

/**
 * Tells each fault once; those that fail several cases come first.
 *
 * @returns the report, without a line feed at the end
 */
export function text(report: Report): string {
  const { cases } = report;
  const causes = new Set(cases.flatMap(({ sameAs }) => sameAs ?? []));
  const isCause = ({ name }: CaseReport) => causes.has(name);
  // The last line says why nothing is judged.
  const isTold = ({ verdict }: CaseReport) =>
    report.unjudged === undefined || verdict !== "skipped";
  const others = cases.filter((each) =>
    !isCause(each) && !each.sameAs && isTold(each)
  );
  return [
    titleOf(report),
    "",
    ...cases.filter(isCause).flatMap((each) => causeLines(each, cases)),
    ...others.flatMap(linesOf),
    "",
    summaryOf(report),
  ].join("\n");
}

/** A fault, and the other cases that it fails. */
function causeLines(each: CaseReport, cases: readonly CaseReport[]): string[] {
  const others = cases.filter(({ sameAs }) => sameAs === each.name);
  const [more, fail] = others.length === 1
    ? ["1 more case", "fails"]
    : [`${others.length} more cases`, "fail"];
  const names = others.map(({ name }) => escape(name)).join("; ");
  return [
    ...linesOf(each),
    `${INDENT}${more} ${fail} in the same way: ${names}`,
    "",
  ];
}

function linesOf(each: CaseReport): string[] {
  const { name, verdict, reason } = each;
  const why = reason === undefined ? "" : ` (${reason})`;
  return [
    `${LABELS[verdict]} ${escape(name + why)}`,
    ...detailsOf(each).map((detail) => INDENT + row(detail)),
  ];
}
