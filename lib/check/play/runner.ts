/**
 * Plays the cases of a check one after the other, and writes down what came of
 * each. Whatever the program does, every case gets a verdict.
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

/**
 * Begins a run, and with it perhaps the program.
 *
 * @throws {NotBegun} where the program does not start, or cannot be started
 */
export type Begin<S extends Run> = (
  suite: Suite<S>,
  isFirst: boolean,
) => Promise<S>;

const OUT_OF_TIME = "the time for the whole check is over";
const NOTHING_BEFORE = "the case before did not come so far";
const NEVER_STARTED = "the program did not start";
const NOT_JUDGED = "the program cannot be judged";

/** Hears how a check goes. */
interface Listener {
  readonly onBegin?: (name: string) => void;
  readonly onCase?: (report: CaseReport) => void;
}

/** Plays suites until all cases have a verdict. */
export class Runner<S extends Run> {
  readonly #check: Check;
  readonly #begin: Begin<S>;
  readonly #listener: Listener;
  readonly #reports = new Map<Case<S>, CaseReport>();
  #hasBegun = false;
  #neverStarted = false;
  #aborted: string | undefined;

  /**
   * @param begin begins a run
   * @param listener is told each case and its verdict as they come
   */
  constructor(
    check: Check,
    begin: Begin<S>,
    listener: Listener = {},
  ) {
    this.#check = check;
    this.#begin = begin;
    this.#listener = listener;
  }

  /** Leaves out whatever has not been played, and says why. */
  abort(reason: string): void {
    this.#aborted = reason;
    this.#check.condition.stop();
  }

  /** The verdicts so far, in the order of these suites. */
  reports(suites: readonly Suite<S>[]): CaseReport[] {
    return suites.flatMap(({ cases }) => cases)
      .map((each) =>
        this.#reports.get(each) ?? skipped(each, OUT_OF_TIME, true)
      );
  }

  /** Plays the cases of one suite, in as many starts of the program as it takes. */
  async play(suite: Suite<S>): Promise<void> {
    let run: S | undefined;
    let isSpoiled = false;
    try {
      for (const each of this.#inOrder(suite)) {
        if ((run?.isOver || isSpoiled) && !each.afterwards) {
          await run?.end();
          run = undefined;
        }
        const started = this.#check.timeouts.spent;
        const attempt = new Attempt<S>(run);
        const report = await this.#playOne(each, suite, attempt);
        const milliseconds = this.#check.timeouts.spent - started;
        this.#write(each, { ...report, milliseconds });
        run = attempt.run;
        isSpoiled = this.#isSpoiled(report);
      }
    } finally {
      await run?.end();
    }
  }

  #inOrder({ cases, anyOrder = cases.length }: Suite<S>): Case<S>[] {
    const isLast = (each: Case<S>) => each.isLast || each.afterwards;
    const others = cases.slice(anyOrder);
    const drawn = others.filter((each) => !isLast(each));
    return [
      ...cases.slice(0, anyOrder),
      ...this.#check.random.shuffled(drawn),
      ...others.filter(isLast),
    ];
  }

  /**
   * Whether the next case needs a program that has not been through this one: it
   * is to be judged for itself, as long as there is time for that.
   */
  #isSpoiled({ verdict }: CaseReport): boolean {
    const { launcher, timeouts } = this.#check;
    const hasFailed = verdict === "fail" || verdict === "note";
    return hasFailed && launcher !== undefined &&
      timeouts.left > PLAY_LIMIT / 2;
  }

  #write(each: Case<S>, report: CaseReport): void {
    this.#reports.set(each, report);
    this.#listener.onCase?.(report);
  }

  async #playOne(
    each: Case<S>,
    suite: Suite<S>,
    attempt: Attempt<S>,
  ): Promise<CaseReport> {
    const why = this.#whyNot();
    if (why !== undefined) return skipped(each, why, true);
    if (each.afterwards && attempt.run === undefined) {
      return skipped(each, NOTHING_BEFORE, false);
    }
    this.#listener.onBegin?.(each.name);
    try {
      attempt.run ??= await this.#enter(suite, attempt);
      await attempt.run.beginCase();
      await each.play(attempt.run);
      return attempt.report(each, undefined);
    } catch (error) {
      if (error instanceof Unjudged) this.#aborted ??= NOT_JUDGED;
      // What did not come because nobody waited any more tells nothing.
      const cut = error instanceof Finding ? this.#whyNot() : undefined;
      return cut === undefined || this.#neverStarted
        ? attempt.report(each, error)
        : skipped(each, cut, true);
    }
  }

  async #enter(suite: Suite<S>, attempt: Attempt<S>): Promise<S> {
    const isFirst = !this.#hasBegun;
    try {
      const run = await this.#begin(suite, isFirst);
      this.#hasBegun = true;
      return run;
    } catch (error) {
      if (error instanceof NotBegun) attempt.failed = error.run;
      const isFinding = causeOf(error) instanceof Finding;
      this.#neverStarted = isFirst && isFinding && this.#aborted === undefined;
      throw causeOf(error);
    }
  }

  #whyNot(): string | undefined {
    if (this.#aborted !== undefined) return this.#aborted;
    if (this.#neverStarted) return NEVER_STARTED;
    return this.#check.timeouts.left === 0 ? OUT_OF_TIME : undefined;
  }
}

/** A run that could not begin; its run knows the program's last words. */
export class NotBegun extends Error {
  constructor(readonly run: Run, cause: unknown) {
    super("the run did not begin", { cause });
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof NotBegun ? error.cause : error;
}

/** What a case was played on, and what is to be told of it. */
class Attempt<S extends Run> {
  /** A run that did not begin, for its last words. */
  failed: Run | undefined;

  constructor(public run: S | undefined) {}

  /** @param error what the case threw; undefined where it holds */
  report(each: Case<S>, error: unknown): CaseReport {
    const run = this.run ?? this.failed;
    const { name, sentence } = each;
    const told = {
      name,
      sentence,
      done: run?.steps ?? [],
      remarks: run?.remarks ?? [],
      milliseconds: 0,
    };
    if (error === undefined) return { ...told, verdict: "ok" };
    if (error instanceof Skip) {
      const { reason, blocks } = error;
      const unjudged = error instanceof Unjudged;
      const why = { reason, blocked: blocks, unjudged };
      return { ...told, verdict: "skipped", ...why };
    }
    if (!(error instanceof Finding)) throw error; // a bug of ours
    if (error instanceof NotPrinted && run?.hasShownAll === false) {
      return { ...told, verdict: "skipped", reason: run.notShown };
    }
    const { expected, came, hint } = error;
    const lastLines = run?.lastLines() ?? [];
    const verdict = sentence === undefined ? "note" : "fail";
    return { ...told, verdict, expected, came, hint, lastLines };
  }
}

function skipped<S>(
  { name, sentence }: Case<S>,
  reason: string,
  blocked: boolean,
): CaseReport {
  const rest = { done: [], remarks: [], milliseconds: 0 };
  return { name, sentence, verdict: "skipped", reason, blocked, ...rest };
}
