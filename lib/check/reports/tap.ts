/**
 * The report in the Test Anything Protocol, version 14: for `prove` and other
 * harnesses. Each case is a test point, with its details in a YAML block below.
 */
import type { Report } from "./report.ts";
import { summaryOf, titleOf } from "./details.ts";
import { judge, type Judged } from "./outcome.ts";
import { escape } from "../../rules/escape.js";

/** @returns the report, without a line feed at the end */
export function tap(report: Report): string {
  const cases = judge(report);
  return [
    "TAP version 14",
    `1..${cases.length}`,
    `# ${titleOf(report)}`,
    ...cases.flatMap((each, i) => [point(each, i + 1), ...diagnosis(each)]),
    `# ${summaryOf(report)}`,
  ].join("\n");
}

/** A test point; TODO is the directive for a failure that does not count. */
function point(each: Judged, number: number): string {
  const { name, outcome, reason = "" } = each;
  const isOk = outcome === "passed" || outcome === "skipped";
  const start = `${isOk ? "ok" : "not ok"} ${number} - ${unmarked(name)}`;
  if (outcome === "skipped") return `${start} # SKIP ${unmarked(reason)}`;
  return outcome === "note" ? `${start} # TODO good practice` : start;
}

/** Escapes `#`, which would begin a directive. */
function unmarked(text: string): string {
  return escape(text).replace(/[\\#]/g, "\\$&");
}

/** The YAML block of a test point. */
function diagnosis(each: Judged): string[] {
  const { outcome, sentence, done, expected, came, hint } = each;
  const { reason, lastLines = [], remarks, milliseconds } = each;
  const isTold = outcome === "failed" || outcome === "note";
  return [
    "  ---",
    `  duration_ms: ${Math.round(milliseconds)}`,
    ...isTold
      ? [
        ...scalar("sentence", sentence),
        ...scalar("same_as", each.sameAs),
        ...sequence("done", done),
        ...scalar("expected", expected),
        ...scalar("came", came),
        ...sequence("printed", lastLines),
        ...scalar("hint", hint),
      ]
      : [],
    ...scalar("reason", reason),
    ...sequence("remarks", remarks),
    "  ...",
  ];
}

function scalar(key: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`  ${key}: ${quoted(value)}`];
}

function sequence(key: string, values: readonly string[]): string[] {
  if (values.length === 0) return [];
  return [`  ${key}:`, ...values.map((value) => `    - ${quoted(value)}`)];
}

/** A printable JSON string is a YAML string, too. */
function quoted(text: string): string {
  return JSON.stringify(escape(text));
}
