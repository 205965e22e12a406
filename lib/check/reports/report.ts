/** What came of a check: a verdict for each case, and one for the program. */

/**
 * What became of a case: it holds; it does not, and the assignment demands it
 * (`fail`) or not (`note`); or it could not be played.
 */
export type Verdict = "ok" | "fail" | "note" | "skipped";

/** What came of one case. */
export interface CaseReport {
  /** In the assignment's words. */
  readonly name: string;
  /** What the assignment says; undefined for a note. */
  readonly sentence: string | undefined;
  readonly verdict: Verdict;
  /** What was done, and what came of it, in order. */
  readonly done: readonly string[];
  /** The rest is there if the case does not hold. */
  readonly expected?: string | undefined;
  readonly came?: string | undefined;
  /** What it probably is. */
  readonly hint?: string | undefined;
  /** The last lines of a program that ended by itself. */
  readonly lastLines?: readonly string[];
  /** Why it was skipped. */
  readonly reason?: string;
  /** Whether it was skipped for a reason that leaves the verdict open. */
  readonly blocked?: boolean;
  /** Whether it shows that the program speaks what no case can judge. */
  readonly unjudged?: boolean;
  /** The case before it that failed in the same way, by its name. */
  readonly sameAs?: string;
  /** What is worth saying though it does not count. */
  readonly remarks: readonly string[];
  /** How long it took, in milliseconds. */
  readonly milliseconds: number;
}

/** What came of a check. */
export interface Report {
  /** Which end was checked. */
  readonly subject: "server" | "client";
  readonly mode: string;
  /** The server's address, `127.0.0.1:12000`. */
  readonly address: string;
  /** The command that was run; undefined if the program ran already. */
  readonly command: readonly string[] | undefined;
  /** The same seed gives the same check. */
  readonly seed: number;
  readonly cases: readonly CaseReport[];
  /** How long it took, in milliseconds. */
  readonly milliseconds: number;
  /** Whether every required case holds that could be played. */
  readonly passed: boolean;
  /** Why the program cannot be judged, if that is so. */
  readonly unjudged?: string | undefined;
  /** What is left of the program and could not be ended, if that is so. */
  readonly left?: string | undefined;
}

/** How many of the required cases hold, and of how many that were played. */
export function count(
  cases: readonly CaseReport[],
): { ok: number; played: number; skipped: number; notes: number } {
  const required = cases.filter((each) => each.sentence !== undefined);
  const having = (verdict: Verdict) =>
    required.filter((each) => each.verdict === verdict).length;
  const ok = having("ok");
  return {
    ok,
    played: ok + having("fail"),
    skipped: having("skipped"),
    notes: cases.filter((each) => each.verdict === "note").length,
  };
}

/** What the verdicts of all cases come to; each fault and remark is told once. */
export function conclude(
  cases: readonly CaseReport[],
): Pick<Report, "cases" | "passed" | "unjudged"> {
  const unjudged = cases.find((each) => each.unjudged)?.reason;
  return {
    cases: withoutRepeatedRemarks(withCauses(cases)),
    passed: isPassed(cases),
    unjudged,
  };
}

/** Whether a program passes: no required case fails, and none was blocked. */
export function isPassed(cases: readonly CaseReport[]): boolean {
  const { ok, played } = count(cases);
  const isBlocked = cases.some((each) =>
    each.blocked === true && each.sentence !== undefined
  );
  return ok > 0 && ok === played && !isBlocked;
}

/**
 * Names the first case that failed in the same way: that which is the simplest.
 * What came is the same, or points to the same mistake.
 */
function withCauses(cases: readonly CaseReport[]): CaseReport[] {
  const causes: CaseReport[] = [];
  return cases.map((each) => {
    if (each.verdict !== "fail" && each.verdict !== "note") return each;
    const cause = causes.find((other) => isSame(other, each));
    if (cause !== undefined) return { ...each, sameAs: cause.name };
    if (each.verdict === "fail") causes.push(each);
    return each;
  });
}

function isSame(one: CaseReport, other: CaseReport): boolean {
  if (one.came === other.came) return true;
  if (one.hint !== undefined) return one.hint === other.hint;
  // An expectation in words, whichever text it is about.
  const words = kindOf(one.expected ?? "");
  return words.split(" ").length > 4 && words === kindOf(other.expected ?? "");
}

/** A sentence without the texts and the numbers in it. */
function kindOf(sentence: string): string {
  return sentence.replace(/"(?:[^"\\]|\\.)*"|\d+/g, "");
}

/** Remarks that differ in a text or a number only are one. */
function withoutRepeatedRemarks(cases: readonly CaseReport[]): CaseReport[] {
  const told = new Set<string>();
  const isNew = (remark: string) => {
    const kind = kindOf(remark);
    return !told.has(kind) && told.add(kind);
  };
  return cases.map((each) => ({
    ...each,
    remarks: each.remarks.filter(isNew),
  }));
}
