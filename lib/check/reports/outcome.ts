/**
 * What a case counts as, for programs that read reports: they know passed,
 * failed and skipped tests, but no notes.
 */
import type { CaseReport, Report } from "./report.ts";

/**
 * What a case counts as. An `unplayed` case is required, but was skipped for a
 * reason that leaves the verdict open, so it counts against the program; a
 * `note` does not hold, but does not count.
 */
export type Outcome = "passed" | "failed" | "unplayed" | "skipped" | "note";

/** A case, and what it counts as. */
export interface Judged extends CaseReport {
  readonly outcome: Outcome;
}

/**
 * The cases of a report. At least one counts against the program exactly when
 * the report does not pass: if no required case could be played, an extra one
 * says so.
 */
export function judge({ cases, passed }: Report): Judged[] {
  const judged = cases.map((each) => ({ ...each, outcome: outcomeOf(each) }));
  const isFailed = judged.some(({ outcome }) => countsAgainst(outcome));
  return passed || isFailed ? judged : [...judged, NOTHING_PLAYED];
}

/** Whether such a case keeps the program from passing. */
export function countsAgainst(outcome: Outcome): boolean {
  return outcome === "failed" || outcome === "unplayed";
}

function outcomeOf({ verdict, sentence, blocked }: CaseReport): Outcome {
  switch (verdict) {
    case "ok":
      return "passed";
    case "note":
      return "note";
    case "fail":
      return "failed";
    case "skipped":
      return blocked === true && sentence !== undefined
        ? "unplayed"
        : "skipped";
  }
}

const NOTHING_PLAYED: Judged = {
  name: "Required cases can be played",
  sentence: undefined,
  verdict: "fail",
  outcome: "failed",
  done: [],
  expected: "at least one required case that can be played",
  came: "none",
  remarks: [],
  milliseconds: 0,
};
