/**
 * The report as JUnit XML, which CI services and editors show as a table. There
 * is no standard; this keeps to what common readers agree on: a suite of test
 * cases, each with at most a failure, an error or a reason to skip.
 */
import type { Report } from "./report.ts";
import { detailsOf, row, summaryOf, titleOf } from "./details.ts";
import { judge, type Judged, type Outcome } from "./outcome.ts";
import { escape } from "../../rules/escape.js";

/** @returns the report, without a line feed at the end */
export function junit(report: Report): string {
  const { subject, mode, seed, command } = report;
  const cases = judge(report);
  const name = titleOf(report);
  const counts = attributes({ ...countsOf(cases), time: seconds(report) });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name })}${counts}>`,
    `  <testsuite${attributes({ name })}${counts}>`,
    "    <properties>",
    property("seed", String(seed)),
    ...command ? [property("command", command.join(" "))] : [],
    "    </properties>",
    ...cases.flatMap((each) => testCase(each, `${mode}.${subject}`)),
    `    <system-out>${xml(summaryOf(report))}</system-out>`,
    "  </testsuite>",
    "</testsuites>",
  ].join("\n");
}

function countsOf(cases: readonly Judged[]): Record<string, string> {
  const count = (...wanted: Outcome[]) =>
    String(cases.filter(({ outcome }) => wanted.includes(outcome)).length);
  return {
    tests: String(cases.length),
    failures: count("failed"),
    errors: count("unplayed"),
    skipped: count("skipped", "note"),
  };
}

function testCase(each: Judged, classname: string): string[] {
  const { name } = each;
  const start = attributes({ classname, name, time: seconds(each) });
  return [
    `    <testcase${start}>`,
    ...result(each),
    "    </testcase>",
  ];
}

/** A note that does not hold counts as skipped, because nothing else is neutral. */
function result(each: Judged): string[] {
  const { outcome, reason = "", expected = "", came = "" } = each;
  const finding = `expected ${expected}, came ${came}`;
  const out = element("system-out", {}, details(each));
  switch (outcome) {
    case "failed":
      return [element("failure", { message: finding }, details(each))];
    case "unplayed":
      return [element("error", { message: reason }, ""), ...out ? [out] : []];
    case "skipped":
      return [element("skipped", { message: reason }, "")];
    case "note":
      return [element("skipped", { message: `a note: ${finding}` }, ""), out];
    case "passed":
      return each.remarks.length > 0 ? [out] : [];
  }
}

function details(each: Judged): string {
  return detailsOf(each).map(row).join("\n");
}

function property(name: string, value: string): string {
  return `      <property${attributes({ name, value })}/>`;
}

/** @param body its text, in printable lines */
function element(
  name: string,
  values: Readonly<Record<string, string>>,
  body: string,
): string {
  const start = `      <${name}${attributes(values)}`;
  return body === ""
    ? `${start}/>`
    : `${start}>${body.split("\n").map(xml).join("\n")}</${name}>`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(value)}"`).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function xml(text: string): string {
  return escape(text).replace(/[&<>"]/g, (each) => ENTITIES[each]!);
}

function seconds({ milliseconds }: { readonly milliseconds: number }): string {
  return (milliseconds / 1000).toFixed(3);
}
