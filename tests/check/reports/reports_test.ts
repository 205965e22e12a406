/**
 * The reports, read back by parsers that others wrote: whatever a program
 * printed, harnesses, CI services and Gradescope get a whole report from which
 * they draw the conclusion of our own.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "../../support/fast_check.ts";
// Not named in deno.json, or they would be a part of each compiled program.
// deno-lint-ignore no-import-prefix
import { SaxesParser } from "npm:saxes@6.0.0";
// deno-lint-ignore no-import-prefix
import { Parser } from "npm:tap-parser@18.3.4";
import {
  type CaseReport,
  conclude,
  isPassed,
  type Report,
  type Verdict,
} from "../../../lib/check/reports/report.ts";
import { REPORT_FORMATS } from "../../../lib/check/reports/formats.ts";
import { formatReport } from "../../../lib/check/reports/reports.ts";

const SENTENCE = "The server also sends the sum of both numbers.";

function caseOf(verdict: Verdict, more: Partial<CaseReport> = {}): CaseReport {
  const rest = { done: [], remarks: [], milliseconds: 12.4 };
  return {
    name: "The sum is sent",
    sentence: SENTENCE,
    verdict,
    ...rest,
    ...more,
  };
}

function reportOf(...cases: CaseReport[]): Report {
  return {
    subject: "server",
    mode: "sum",
    address: "127.0.0.1:8000",
    command: ["python3", "server.py"],
    seed: 7,
    cases,
    milliseconds: 1234,
    passed: isPassed(cases),
  };
}

const OK = caseOf("ok");
const FAIL = caseOf("fail", {
  name: "The number 100",
  done: ['a client sends "Tomi,100"', "a client leaves"],
  expected: "a reply",
  came: "nothing",
  hint: "is 100 out of range?",
  lastLines: ["Traceback", "ValueError: 100"],
});
const NOTE = caseOf("note", {
  name: "A request in two segments",
  sentence: undefined,
  expected: "a reply",
  came: "nothing",
});
const SKIPPED = caseOf("skipped", { reason: "nobody started it again" });
const BLOCKED = caseOf("skipped", { reason: "time is over", blocked: true });

/** Reports, and whether each is passed. */
const REPORTS: { name: string; report: Report; passed: boolean }[] = [
  { name: "all hold", report: reportOf(OK, OK), passed: true },
  { name: "one fails", report: reportOf(OK, FAIL, OK), passed: false },
  { name: "a note does not hold", report: reportOf(OK, NOTE), passed: true },
  { name: "one is skipped", report: reportOf(OK, SKIPPED), passed: true },
  { name: "one is left open", report: reportOf(OK, BLOCKED), passed: false },
  {
    name: "a note is left open",
    report: reportOf(OK, { ...BLOCKED, sentence: undefined }),
    passed: true,
  },
  { name: "all are skipped", report: reportOf(SKIPPED, NOTE), passed: false },
  { name: "no cases", report: reportOf(), passed: false },
];

const parsers = { tap: readTap, junit: readXml, gradescope: readResults };

for (const [format, passes] of Object.entries(parsers)) {
  const form = format as keyof typeof parsers;
  Deno.test(`${format}: a reader comes to the verdict of the report`, async (t) => {
    for (const { name, report, passed } of REPORTS) {
      await t.step(name, () => {
        assertEquals(report.passed, passed);
        assertEquals(passes(formatReport(form, report)).passed, passed);
      });
    }
  });
}

/** What a test is, whoever reads it. */
interface Test {
  readonly name: string;
  readonly is: "passed" | "failed" | "skipped" | "todo";
  /** Everything else that is told of it. */
  readonly told: string;
}

interface Read {
  readonly passed: boolean;
  readonly tests: Test[];
}

function readTap(source: string): Read {
  const parser = new Parser({ strict: true });
  const tests: Test[] = [];
  // deno-lint-ignore no-explicit-any
  parser.on("assert", (result: any) => {
    const { ok, skip, todo, name, diag } = result;
    const is = skip ? "skipped" : todo ? "todo" : ok ? "passed" : "failed";
    tests.push({ name, is, told: JSON.stringify([skip, diag]) });
  });
  // deno-lint-ignore no-explicit-any
  let results: any;
  // deno-lint-ignore no-explicit-any
  parser.on("complete", (all: any) => results = all);
  parser.end(source + "\n");
  // What strict finds to be no TAP counts as a failure without a number.
  const broken = results.failures.filter((each: { id?: number }) =>
    each.id === undefined
  );
  assertEquals(broken, []);
  assertEquals(results.count, tests.length);
  return { passed: results.ok, tests };
}

interface Element {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

function parseXml(source: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new SaxesParser();
  parser.on("error", (error: Error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes, children: [], text: "" };
    open.at(-1)!.children.push(element as Element);
    open.push(element as Element);
  });
  parser.on("text", (text: string) => open.at(-1)!.text += text);
  parser.on("closetag", () => open.pop());
  parser.write(source).close();
  return root.children[0]!;
}

function readXml(source: string): Read {
  const suites = parseXml(source);
  assertEquals(suites.name, "testsuites");
  const [suite] = suites.children as [Element];
  const cases = suite.children.filter(({ name }) => name === "testcase");
  const tests = cases.map((each): Test => {
    const names = each.children.map(({ name }) => name);
    const fails = names.includes("failure") || names.includes("error");
    const is = fails
      ? "failed"
      : names.includes("skipped")
      ? "skipped"
      : "passed";
    const told = each.children.map(({ attributes, text }) =>
      Object.values(attributes).join() + text
    ).join();
    return { name: each.attributes.name!, is, told };
  });
  const { failures, errors, skipped, tests: all } = suite.attributes;
  const having = (is: Test["is"]) =>
    tests.filter((each) => each.is === is).length;
  assertEquals(Number(all), tests.length);
  assertEquals(Number(failures) + Number(errors), having("failed"));
  assertEquals(Number(skipped), having("skipped"));
  return { passed: failures === "0" && errors === "0", tests };
}

/** Gradescope shows a test as failed whose score is not the whole one. */
function readResults(source: string): Read {
  const results = JSON.parse(source);
  const fields = ["score", "execution_time", "output", "output_format"];
  assertEquals(Object.keys(results), [...fields, "visibility", "tests"]);
  let score = 0;
  let maxScore = 0;
  for (const test of results.tests) {
    score += test.score ?? 0;
    maxScore += test.max_score ?? 0;
    assertEquals(test.status, statusOf(test));
    assertEquals(test.visibility, "visible");
    assertEquals(test.output_format, "text");
  }
  assertEquals(results.score, score);
  const tests = results.tests.map((
    { name, output, status = "skipped" }: Record<string, string>,
  ) => ({ name, is: status, told: output }));
  return { passed: maxScore > 0 && score === maxScore, tests };
}

function statusOf(
  { score, max_score }: { score?: number; max_score?: number },
): string | undefined {
  if (max_score === undefined) return undefined;
  return score === max_score ? "passed" : "failed";
}

Deno.test("each case is what it is, in every form", () => {
  const source = reportOf(OK, FAIL, NOTE, SKIPPED, BLOCKED);
  const kinds = (format: keyof typeof parsers) =>
    parsers[format](formatReport(format, source)).tests.map(({ is }) => is);
  const tap = ["passed", "failed", "todo", "skipped", "failed"];
  assertEquals(kinds("tap"), tap as Test["is"][]);
  const others = tap.map((is) => is === "todo" ? "skipped" : is);
  assertEquals(kinds("junit"), others as Test["is"][]);
  assertEquals(kinds("gradescope"), others as Test["is"][]);
});

Deno.test("a failure says all of it, in every form", async (t) => {
  for (const format of REPORT_FORMATS) {
    await t.step(format, () => {
      const source = formatReport(format, reportOf(OK, FAIL));
      const told = format === "text" || format === "json"
        ? source
        : parsers[format](source).tests[1]!.told;
      // TAP quotes what is quoted already.
      const plain = told.replaceAll(/\\+"/g, '"');
      for (
        const part of [
          SENTENCE,
          'a client sends "Tomi,100"',
          "a client leaves",
          "a reply",
          "nothing",
          "is 100 out of range?",
          "ValueError: 100",
        ]
      ) assertStringIncludes(plain, part);
    });
  }
});

Deno.test("a skipped case says why, in every form", async (t) => {
  for (const format of REPORT_FORMATS) {
    for (const each of [SKIPPED, BLOCKED]) {
      await t.step(`${format}, ${each.reason}`, () => {
        const source = formatReport(format, reportOf(OK, each));
        assertStringIncludes(source, each.reason!);
      });
    }
  }
});

Deno.test("remarks are told though the case holds", async (t) => {
  const remarked = caseOf("ok", { remarks: ["prints it in capitals"] });
  for (const format of REPORT_FORMATS) {
    await t.step(format, () => {
      const source = formatReport(format, reportOf(remarked));
      assertStringIncludes(source, "prints it in capitals");
    });
  }
});

Deno.test("the command and the seed are in every form", async (t) => {
  for (const format of REPORT_FORMATS) {
    await t.step(format, () => {
      const source = formatReport(format, reportOf(OK));
      const isList = format === "json";
      assertStringIncludes(
        source,
        isList ? '"server.py"' : "python3 server.py",
      );
      assertStringIncludes(source, "--seed 7");
    });
  }
});

Deno.test("JSON has everything that the text has", () => {
  const report = reportOf(OK, FAIL, NOTE, SKIPPED, BLOCKED);
  const read = JSON.parse(formatReport("json", report));
  const { passed: _, cases, ...about } = report;
  assertEquals(read, {
    verdict: "failed",
    summary:
      "FAILED: 1 of 2 required cases hold, 2 skipped, 1 note (1.2 s, --seed 7)",
    ...{ ok: 1, played: 2, skipped: 2, notes: 1 },
    ...about,
    cases: cases.map((each) =>
      JSON.parse(
        JSON.stringify({ required: each.sentence !== undefined, ...each }),
      )
    ),
  });
});

Deno.test("what cannot be judged is told in every form, and is not passed", async (t) => {
  const reason = "it looks like four bytes of length before the text";
  const unjudged = { ...BLOCKED, reason, unjudged: true };
  const report = { ...reportOf(OK), ...conclude([OK, unjudged]) };
  assertEquals([report.passed, report.unjudged], [false, reason]);
  for (const format of REPORT_FORMATS) {
    await t.step(format, () => {
      const source = formatReport(format, report);
      const verdict = format === "json"
        ? '"verdict": "cannot be judged"'
        : `CANNOT BE JUDGED: ${reason}`;
      assertStringIncludes(source, verdict);
    });
  }
});

Deno.test("one fault is told once, with the case that shows it first", async (t) => {
  const failing = (name: string, came: string, hint?: string) =>
    caseOf("fail", { name, expected: "x", came, hint });
  const told = (...cases: CaseReport[]) =>
    conclude(cases).cases.map(({ name, sameAs }) => [name, sameAs]);
  const rows: [
    name: string,
    one: CaseReport,
    other: CaseReport,
    same: boolean,
  ][] = [
    ["the same came", failing("a", "nothing"), failing("b", "nothing"), true],
    ["the same hint", failing("a", "1", "h"), failing("b", "2", "h"), true],
    ["something else", failing("a", "1"), failing("b", "2"), false],
    ["a note", failing("a", "1"), { ...NOTE, name: "b", came: "1" }, true],
    ["after a note", { ...NOTE, name: "a" }, failing("b", "nothing"), false],
  ];
  for (const [name, one, other, same] of rows) {
    await t.step(name, () => {
      const sameAs = same ? "a" : undefined;
      assertEquals(told(one, other), [["a", undefined], ["b", sameAs]]);
    });
  }
});

Deno.test("a text report begins with what fails most", () => {
  const silent = ["b", "c", "d"]
    .map((name) => caseOf("fail", { name, expected: "x", came: "nothing" }));
  const cases = [caseOf("ok", { name: "a" }), ...silent];
  const report = { ...reportOf(), ...conclude(cases) };
  const lines = formatReport("text", report).split("\n");
  assertEquals(lines.slice(2), [
    "FAIL    b",
    `          text        ${SENTENCE}`,
    "          expected    x",
    "          came        nothing",
    "          2 more cases fail in the same way: c; d",
    "",
    "ok      a",
    "",
    "FAILED: 1 of 4 required cases hold (1.2 s, --seed 7)",
  ]);
});

Deno.test("a remark is told once, whichever text it is about", () => {
  const remarks = ['2 NUL bytes after "a"', '14 NUL bytes after "b\\""', "c"];
  const [one, other] = conclude([
    caseOf("ok", { remarks: remarks.slice(0, 1) }),
    caseOf("ok", { remarks: remarks.slice(1) }),
  ]).cases;
  assertEquals(one?.remarks, remarks.slice(0, 1));
  assertEquals(other?.remarks, ["c"]);
});

Deno.test("the points of Gradescope are those of the required cases", () => {
  const report = reportOf(OK, OK, FAIL, NOTE, SKIPPED, BLOCKED);
  const { score, tests } = JSON.parse(formatReport("gradescope", report));
  assertEquals(score, 2);
  const points = tests.map((
    { score, max_score }: { score?: number; max_score?: number },
  ) => [score, max_score]);
  const none = [undefined, undefined];
  assertEquals(points, [[1, 1], [1, 1], [0, 1], none, none, [0, 1]]);
});

Deno.test("TAP, byte for byte", () => {
  const failed = caseOf("fail", {
    name: "C# and \\",
    expected: '"a\\n"',
    came: "b # SKIP",
    milliseconds: 2,
  });
  assertEquals(
    formatReport("tap", reportOf(failed)),
    [
      "TAP version 14",
      "1..1",
      "# Check of the server at 127.0.0.1:8000 (sum): python3 server.py",
      "not ok 1 - C\\# and \\\\",
      "  ---",
      "  duration_ms: 2",
      `  sentence: "${SENTENCE}"`,
      '  expected: "\\"a\\\\n\\""',
      '  came: "b # SKIP"',
      "  ...",
      "# FAILED: 0 of 1 required cases hold (1.2 s, --seed 7)",
    ].join("\n"),
  );
});

const HOSTILE = [
  "ok 2 - not a test",
  "1..0 # SKIP everything",
  "Bail out!",
  "pragma +strict",
  "# TODO later",
  "\\# SKIP",
  "  ...\nok 3",
  "---",
  "]]></failure><failure>",
  "&lt;&#0;&nonsense;",
  '"quoted" <tag attribute="1">',
  "\0\x01\b\x1b[2J\x7f\x85\x9f",
  "\u2028\u2029\ufeff\ufffe\uffff",
  "\ud800 and \udc00",
  "\u202egnp.exe",
  "\r\n\t",
  "naïve 日本 🙂",
  " ",
  "",
];

/** Texts as programs of students, and of attackers, print them. */
const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "binary", maxLength: 30 }),
  // Any UTF-16 unit, among them halves of characters.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
);

const optional = fc.option(text, { nil: undefined });
const texts = fc.array(text, { maxLength: 3 });

const anyCase: fc.Arbitrary<CaseReport> = fc.record({
  name: text,
  done: texts,
  remarks: texts,
  expected: optional,
  came: optional,
  hint: optional,
  lastLines: texts,
  milliseconds: fc.double({ min: 0, max: 60_000, noNaN: true }),
  kind: fc.constantFrom(
    { verdict: "ok" as const, sentence: SENTENCE },
    { verdict: "fail" as const, sentence: SENTENCE },
    { verdict: "ok" as const, sentence: undefined },
    { verdict: "note" as const, sentence: undefined },
    { verdict: "skipped" as const, sentence: SENTENCE, reason: "#\\" },
    { verdict: "skipped" as const, sentence: undefined, blocked: true },
    {
      verdict: "skipped" as const,
      sentence: SENTENCE,
      reason: HOSTILE.join(""),
      blocked: true,
    },
  ),
}).map(({ kind, ...rest }) => ({ ...rest, ...kind }));

const anyReport = fc.record({
  cases: fc.array(anyCase, { maxLength: 4 }),
  command: texts,
}).map(({ cases, command }) => ({ ...reportOf(...cases), command }));

/** Characters that move a cursor, hide, or that an XML parser refuses. */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\ufeff\ufffe\uffff]/u;

for (const format of ["tap", "junit", "gradescope"] as const) {
  Deno.test(`${format}: any text leaves the report whole`, () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const source = formatReport(format, report);
        const { passed, tests } = parsers[format](source);
        assertEquals(passed, report.passed);
        const more = report.cases.some(({ verdict, sentence, blocked }) =>
          verdict === "fail" || (blocked && sentence !== undefined)
        );
        const extra = report.passed || more ? 0 : 1;
        assertEquals(tests.length, report.cases.length + extra);
      }),
      { numRuns: 200 },
    );
  });
}

for (const format of REPORT_FORMATS) {
  Deno.test(`${format}: nothing in it moves a cursor or hides`, () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const lines = formatReport(format, report).split("\n");
        const bad = lines.find((line) => UNSAFE.test(line));
        assertEquals(bad, undefined);
      }),
      { numRuns: 200 },
    );
  });
}

for (const format of ["tap", "junit", "gradescope"] as const) {
  Deno.test(`${format}: the name of a case comes back`, () => {
    fc.assert(fc.property(fc.constantFrom(...HOSTILE), (name) => {
      const isPlain = !UNSAFE.test(name) && name.trim() !== "";
      fc.pre(isPlain);
      const report = reportOf(caseOf("fail", { name }));
      const [test] = parsers[format](formatReport(format, report)).tests;
      assertEquals(test?.name, name.trim());
    }));
  });
}
