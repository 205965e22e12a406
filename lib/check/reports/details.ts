/**
 * What all forms of a report share: what was checked, the details of each case,
 * and how many cases hold.
 */
import { type CaseReport, count, type Report } from "./report.ts";
import { escape } from "../../rules/escape.js";

/** How many of a case's last steps are shown. */
const MAX_STEPS = 8;

/** What was checked, on one line. */
export function titleOf({ subject, mode, address, command }: Report): string {
  const what = command ? `: ${command.join(" ")}` : "";
  return escape(`Check of the ${subject} at ${address} (${mode})${what}`);
}

/** How the check ended, on one line. */
export function summaryOf(report: Report): string {
  const { cases, passed, unjudged, left, seed, milliseconds } = report;
  const seconds = (milliseconds / 1000).toFixed(1);
  const more = left === undefined ? "" : `; ${left}`;
  const end = `(${seconds} s, --seed ${seed})${more}`;
  if (unjudged !== undefined) {
    return escape(`CANNOT BE JUDGED: ${unjudged} ${end}`);
  }
  const { ok, played, skipped, notes } = count(cases);
  const rest = [
    skipped > 0 ? `, ${skipped} skipped` : "",
    notes > 0 ? `, ${notes} note${notes > 1 ? "s" : ""}` : "",
  ].join("");
  const verdict = passed ? "PASSED" : "FAILED";
  return `${verdict}: ${ok} of ${played} required cases hold${rest} ${end}`;
}

/** A line about a case, with its label. */
interface Detail {
  /** Empty if the line continues the one before. */
  readonly label: string;
  readonly line: string;
}

/** The details of a case, if it does not hold, and its remarks. */
export function detailsOf(each: CaseReport): Detail[] {
  const { verdict, remarks } = each;
  const isTold = verdict === "fail" || verdict === "note";
  return [
    ...isTold ? findingOf(each) : [],
    ...remarks.map((remark) => detail("remark", remark)),
  ];
}

function findingOf(each: CaseReport): Detail[] {
  if (each.sameAs !== undefined) {
    return one("failed", `in the same way as “${each.sameAs}”`);
  }
  const { sentence, done, expected, came, hint, lastLines = [] } = each;
  const left = done.length - MAX_STEPS;
  const cut = left > 0
    ? [`(${left} ${left === 1 ? "step" : "steps"} before)`]
    : [];
  return [
    ...one("text", sentence),
    ...list("done", [...cut, ...done.slice(-MAX_STEPS)]),
    ...one("expected", expected),
    ...one("came", came),
    ...list("it printed", lastLines),
    ...one("perhaps", hint),
  ];
}

function one(label: string, line: string | undefined): Detail[] {
  return line === undefined ? [] : [detail(label, line)];
}

function list(label: string, lines: readonly string[]): Detail[] {
  return lines.map((line, i) => detail(i === 0 ? label : "", line));
}

function detail(label: string, line: string): Detail {
  return { label, line: escape(line) };
}

/** A detail, with its label in a column. */
export function row({ label, line }: Detail): string {
  return `${label.padEnd(10)}  ${line}`;
}
