/**
 * The report for a person: a line for each case, and under a failure what was
 * done, what was expected, what came, and what it probably is.
 */
import { type CaseReport, count, type Report } from "../report.ts";

const LABELS = {
  ok: "ok     ",
  fail: "FAIL   ",
  note: "note   ",
  skipped: "skipped",
} as const;

/** How many of the steps of a case are shown, the last of them. */
const MAX_STEPS = 8;

/** @returns the report, without a line feed at the end */
export function text(report: Report): string {
  const { subject, mode, address, command } = report;
  const what = command ? `: ${command.join(" ")}` : "";
  return [
    `Check of the ${subject} at ${address} (${mode})${what}`,
    "",
    ...report.cases.flatMap(linesOf),
    "",
    ...summary(report),
  ].join("\n");
}

function linesOf(each: CaseReport): string[] {
  const { name, verdict, reason, remarks } = each;
  const why = reason === undefined ? "" : ` (${reason})`;
  return [
    `${LABELS[verdict]} ${name}${why}`,
    ...verdict === "fail" || verdict === "note" ? details(each) : [],
    ...remarks.map((remark) => row("remark", remark)),
  ];
}

function details(each: CaseReport): string[] {
  const { sentence, done, expected, came, hint, lastLines = [] } = each;
  const left = done.length - MAX_STEPS;
  const cut = left > 0 ? [`(${left} steps before)`] : [];
  return [
    ...sentence === undefined ? [] : [row("text", sentence)],
    ...rows("done", [...cut, ...done.slice(-MAX_STEPS)]),
    ...expected === undefined ? [] : [row("expected", expected)],
    ...came === undefined ? [] : [row("came", came)],
    ...rows("it printed", lastLines),
    ...hint === undefined ? [] : [row("perhaps", hint)],
  ];
}

function rows(label: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => row(i === 0 ? label : "", line));
}

function row(label: string, line: string): string {
  return `          ${label.padEnd(10)}  ${line}`;
}

function summary({ cases, passed, seed, milliseconds }: Report): string[] {
  const { ok, played, skipped, notes } = count(cases);
  const rest = [
    skipped > 0 ? `${skipped} skipped` : "",
    notes > 0 ? `${notes} note${notes > 1 ? "s" : ""}` : "",
  ].filter((part) => part !== "").map((part) => `, ${part}`).join("");
  const seconds = (milliseconds / 1000).toFixed(1);
  return [
    `${
      passed ? "PASSED" : "FAILED"
    }: ${ok} of ${played} required cases hold${rest} (${seconds} s, --seed ${seed})`,
  ];
}
