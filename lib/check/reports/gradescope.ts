/**
 * The report as the `results.json` that an autograder of Gradescope leaves in
 * `/autograder/results`: one test per case, and one point per required case
 * that holds.
 */
import type { Report } from "./report.ts";
import { detailsOf, row, summaryOf, titleOf } from "./details.ts";
import { countsAgainst, judge, type Judged } from "./outcome.ts";
import { escape } from "../../rules/escape.js";

/** What one required case is worth. */
const POINTS = 1;

/** Gradescope's documented fields, as far as they are used. */
interface Results {
  readonly score: number;
  /** In seconds. */
  readonly execution_time: number;
  readonly output: string;
  readonly output_format: "text";
  readonly visibility: "visible";
  readonly tests: readonly Test[];
}

interface Test {
  readonly name: string;
  readonly output: string;
  readonly output_format: "text";
  readonly visibility: "visible";
  /** Absent, like the rest, if a case does not count. */
  readonly score?: number;
  readonly max_score?: number;
  readonly status?: "passed" | "failed";
}

/** @returns the report, without a line feed at the end */
export function gradescope(report: Report): string {
  const tests = judge(report).map(testOf);
  const results: Results = {
    score: tests.reduce((sum, { score = 0 }) => sum + score, 0),
    execution_time: Number((report.milliseconds / 1000).toFixed(3)),
    output: `${titleOf(report)}\n${summaryOf(report)}`,
    output_format: "text",
    visibility: "visible",
    tests,
  };
  return JSON.stringify(results, undefined, 2);
}

function testOf(each: Judged): Test {
  const { name, sentence, outcome, reason } = each;
  const isNote = sentence === undefined && !countsAgainst(outcome);
  const why = reason === undefined ? [] : [`skipped     ${escape(reason)}`];
  return {
    name: escape(isNote ? `Note: ${name}` : name),
    output: [...why, ...detailsOf(each).map(row)].join("\n"),
    output_format: "text",
    visibility: "visible",
    ...isNote ? {} : pointsOf(each),
  };
}

function pointsOf({ outcome }: Judged): Partial<Test> {
  if (outcome === "skipped") return {};
  const isPassed = outcome === "passed";
  return {
    score: isPassed ? POINTS : 0,
    max_score: POINTS,
    status: isPassed ? "passed" : "failed",
  };
}
