/** The results of a check: a verdict for each case, and one for the program. */

/**
 * The result of a case: it holds; it does not, though the assignment demands it
 * (`fail`) or does not (`note`); or it could not be played.
 */
export type Verdict = "ok" | "fail" | "note" | "skipped";

/** The result of one case. */
export interface CaseReport {
  /** In the assignment's words. */
  readonly name: string;
  /** What the assignment says; undefined for a note. */
  readonly sentence: string | undefined;
  readonly verdict: Verdict;
  /** What was done and what came of it, in order. */
  readonly done: readonly string[];
  /** Present, like the next, if the case does not hold. */
  readonly expected?: string | undefined;
  readonly came?: string | undefined;
  /** The probable mistake. */
  readonly hint?: string | undefined;
  /** The program's last lines, if it ended by itself. */
  readonly lastLines?: readonly string[];
  /** Why it was skipped. */
  readonly reason?: string;
  /** Whether it was skipped for a reason that leaves the verdict open. */
  readonly blocked?: boolean;
  /** Whether it shows that the program speaks something no case can judge. */
  readonly unjudged?: boolean;
  /** The name of an earlier case that failed in the same way. */
  readonly sameAs?: string;
  /** What is worth saying but does not count. */
  readonly remarks: readonly string[];
  /** How long it took, in milliseconds. */
  readonly milliseconds: number;
}

/** The results of a check. */
export interface Report {
  /** Which end was checked. */
  readonly subject: "server" | "client";
  readonly mode: string;
  /** The server's address, `127.0.0.1:12000`. */
  readonly address: string;
  /** The command that was run; undefined if the program was already running. */
  readonly command: readonly string[] | undefined;
  /** The same seed gives the same check. */
  readonly seed: number;
  readonly cases: readonly CaseReport[];
  /** How long it took, in milliseconds. */
  readonly milliseconds: number;
  /** Whether all required cases hold that could be played. */
  readonly passed: boolean;
  /** Why the program cannot be judged, if it cannot. */
  readonly unjudged?: string | undefined;
  /** What is left of the program, if it could not be ended. */
  readonly left?: string | undefined;
}

/** How many required cases hold, out of how many that were played. */
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

/** Combines the verdicts of all cases, telling each fault and remark once. */
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

/** Whether a program passes: no required case failed or was blocked. */
export function isPassed(cases: readonly CaseReport[]): boolean {
  const { ok, played } = count(cases);
  const isBlocked = cases.some((each) =>
    each.blocked === true && each.sentence !== undefined
  );
  return ok > 0 && ok === played && !isBlocked;
}

/**
 * Links each failure to the first (and simplest) case that failed the same way:
 * with the same result, or one that points to the same mistake.
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
  // Compares the wording of expectations, without the texts they quote.
  const words = kindOf(one.expected ?? "");
  return words.split(" ").length > 4 && words === kindOf(other.expected ?? "");
}

/** A sentence without its quoted texts and numbers. */
function kindOf(sentence: string): string {
  return sentence.replace(/"(?:[^"\\]|\\.)*"|\d+/g, "");
}

/** Remarks that differ only in a text or a number count as one. */
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
