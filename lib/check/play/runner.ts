/**
 * Plays the cases of a check in turn and records the results. Whatever the
 * program does, every case gets a verdict.
 */
import {
  type Case,
  Finding,
  NotPrinted,
  Skip,
  type Suite,
  Unjudged,
} from "./case.ts";
import type { CaseReport } from "../reports/report.ts";
import type { Check, Run } from "./run.ts";
import { PLAY_LIMIT } from "./timeouts.ts";

const OUT_OF_TIME = "the time for the whole check is over";
const NOTHING_BEFORE = "the case before did not come so far";
const NEVER_STARTED = "the program did not start";
const NOT_JUDGED = "the program cannot be judged";

/** Told how a check goes. */
interface Listener {
  readonly onBegin?: (name: string) => void;
  readonly onCase?: (report: CaseReport) => void;
}

/** Plays suites until all cases have a verdict. */
export class Runner<R extends Run> {
  readonly #reports = new Map<Case<R>, CaseReport>();
  #hasBegun = false;
  #neverStarted = false;
  #aborted: string | undefined;

  /**
   * @param make makes a run of a suite, not yet begun
   * @param listener told of each case and its verdict as they come
   */
  constructor(
    readonly check: Check,
    readonly make: (suite: Suite<R>) => R,
    readonly listener: Listener = {},
  ) {}

  /** Skips every case not yet played, for this reason. */
  abort(reason: string): void {
    this.#aborted = reason;
    this.check.condition.stop();
  }

  /** The verdicts so far, in the order of these suites. */
  reports(suites: readonly Suite<R>[]): CaseReport[] {
    return suites.flatMap(({ cases }) => cases)
      .map((each) =>
        this.#reports.get(each) ?? skipped(each, OUT_OF_TIME, true)
      );
  }

  /** Plays the cases of a suite, in as many runs as that takes. */
  async play(suite: Suite<R>): Promise<void> {
    let run: R | undefined;
    let isSpoiled = false;
    try {
      for (const each of this.#inOrder(suite)) {
        if ((run?.isOver || isSpoiled) && !each.afterwards) {
          await run?.end();
          run = undefined;
        }
        const started = this.check.timeouts.spent;
        const why = this.#whyNot();
        const report = why !== undefined
          ? skipped(each, why, true)
          : each.afterwards && run === undefined
          ? skipped(each, NOTHING_BEFORE, false)
          : await this.#playOne(each, run ??= this.make(suite));
        const milliseconds = this.check.timeouts.spent - started;
        this.#write(each, { ...report, milliseconds });
        isSpoiled = this.#isSpoiled(report);
        if (run?.hasBegun !== false) continue;
        await run.end();
        run = undefined;
      }
    } finally {
      await run?.end();
    }
  }

  #inOrder({ cases, anyOrder = cases.length }: Suite<R>): Case<R>[] {
    const isLast = (each: Case<R>) => each.isLast || each.afterwards;
    const others = cases.slice(anyOrder);
    const drawn = others.filter((each) => !isLast(each));
    return [
      ...cases.slice(0, anyOrder),
      ...this.check.random.shuffled(drawn),
      ...others.filter(isLast),
    ];
  }

  /**
   * Whether the next case needs a fresh program because this one failed, as
   * long as there is time for that.
   */
  #isSpoiled({ verdict }: CaseReport): boolean {
    const { launcher, timeouts } = this.check;
    const hasFailed = verdict === "fail" || verdict === "note";
    return hasFailed && launcher !== undefined &&
      timeouts.left > PLAY_LIMIT / 2;
  }

  #write(each: Case<R>, report: CaseReport): void {
    this.#reports.set(each, report);
    this.listener.onCase?.(report);
  }

  async #playOne(each: Case<R>, run: R): Promise<CaseReport> {
    this.listener.onBegin?.(each.name);
    try {
      if (!run.hasBegun) await this.#begin(run);
      await run.beginCase();
      await each.play(run);
      return reportOf(each, run);
    } catch (error) {
      if (error instanceof Unjudged) this.#aborted ??= NOT_JUDGED;
      // If the wait was cut short, a missing answer means nothing.
      const isCut = error instanceof Finding && !this.#neverStarted;
      const why = isCut ? this.#whyNot() : undefined;
      return why === undefined
        ? reportOf(each, run, error)
        : skipped(each, why, true);
    }
  }

  async #begin(run: R): Promise<void> {
    const isFirst = !this.#hasBegun;
    try {
      await run.begin(isFirst);
      this.#hasBegun = run.hasBegun = true;
    } catch (error) {
      const isFinding = error instanceof Finding;
      this.#neverStarted = isFirst && isFinding && this.#aborted === undefined;
      throw error;
    }
  }

  #whyNot(): string | undefined {
    if (this.#aborted !== undefined) return this.#aborted;
    if (this.#neverStarted) return NEVER_STARTED;
    return this.check.timeouts.left === 0 ? OUT_OF_TIME : undefined;
  }
}

/** @param error what the case threw; undefined if it holds */
function reportOf<R extends Run>(
  { name, sentence }: Case<R>,
  run: R,
  error?: unknown,
): CaseReport {
  const { steps: done, remarks } = run;
  const told = { name, sentence, done, remarks, milliseconds: 0 };
  if (error === undefined) return { ...told, verdict: "ok" };
  if (error instanceof Skip) {
    const { reason, blocks: blocked } = error;
    const unjudged = error instanceof Unjudged;
    return { ...told, verdict: "skipped", reason, blocked, unjudged };
  }
  if (!(error instanceof Finding)) throw error; // our own bug
  if (error instanceof NotPrinted && !run.hasShownAll) {
    return { ...told, verdict: "skipped", reason: run.notShown };
  }
  const { expected, came, hint } = error;
  const verdict = sentence === undefined ? "note" : "fail";
  const lastLines = run.lastLines();
  return { ...told, verdict, expected, came, hint, lastLines };
}

function skipped<R>(
  { name, sentence }: Case<R>,
  reason: string,
  blocked: boolean,
): CaseReport {
  const rest = { done: [], remarks: [], milliseconds: 0 };
  return { name, sentence, verdict: "skipped", reason, blocked, ...rest };
}
