/**
 * What came of a check: a verdict for each case, and one for the program.
 */

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
  /** The rest is there where the case does not hold. */
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
  /** The command that was run; undefined where the program ran already. */
  readonly command: readonly string[] | undefined;
  /** The same seed gives the same check. */
  readonly seed: number;
  readonly cases: readonly CaseReport[];
  /** How long it took, in milliseconds. */
  readonly milliseconds: number;
  /** Whether every required case holds that could be played. */
  readonly passed: boolean;
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

/** Whether a program passes: no required case fails, and none was blocked. */
export function isPassed(cases: readonly CaseReport[]): boolean {
  const { ok, played } = count(cases);
  const isBlocked = cases.some((each) =>
    each.blocked === true && each.sentence !== undefined
  );
  return ok > 0 && ok === played && !isBlocked;
}
