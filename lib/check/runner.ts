/**
 * Plays the cases of a check one after the other, and writes down what came of
 * each. Whatever the program does, every case gets a verdict.
 */
import { type Case, Finding, type Life, Skip } from "./case.ts";
import type { CaseReport } from "./report.ts";
import type { Stage, World } from "./stage.ts";

/**
 * Begins a life, and with it perhaps the program.
 *
 * @throws {NotBegun} where the program does not start, or cannot be started
 */
export type Begin<S extends Stage> = (
  life: Life<S>,
  isFirst: boolean,
) => Promise<S>;

const OUT_OF_TIME = "the time for the whole check is over";
const NOTHING_BEFORE = "the case before did not come so far";
const NEVER_STARTED = "the program did not start";

/** Plays lives until all cases have a verdict. */
export class Runner<S extends Stage> {
  readonly #world: World;
  readonly #begin: Begin<S>;
  readonly #tell: (report: CaseReport) => void;
  readonly #reports = new Map<Case<S>, CaseReport>();
  #hasBegun = false;
  #neverStarted = false;
  #aborted: string | undefined;

  /**
   * @param begin begins a life
   * @param tell is told each verdict as it comes
   */
  constructor(
    world: World,
    begin: Begin<S>,
    tell: (report: CaseReport) => void = () => {},
  ) {
    this.#world = world;
    this.#begin = begin;
    this.#tell = tell;
  }

  /** Leaves out whatever has not been played, and says why. */
  abort(reason: string): void {
    this.#aborted = reason;
    this.#world.bell.stop();
  }

  /** The verdicts so far, in the order of these lives. */
  reports(lives: readonly Life<S>[]): CaseReport[] {
    return lives.flatMap(({ cases }) => cases)
      .map((each) =>
        this.#reports.get(each) ?? skipped(each, OUT_OF_TIME, true)
      );
  }

  /** Plays the cases of one life, in as many starts of the program as it takes. */
  async play(life: Life<S>): Promise<void> {
    let stage: S | undefined;
    try {
      for (const each of life.cases) {
        if (stage?.isOver && !each.afterwards) {
          await stage.end();
          stage = undefined;
        }
        const started = this.#world.patience.spent;
        const scene = new Scene<S>(stage);
        const report = await this.#playOne(each, life, scene);
        const milliseconds = this.#world.patience.spent - started;
        this.#write(each, { ...report, milliseconds });
        stage = scene.stage;
      }
    } finally {
      await stage?.end();
    }
  }

  #write(each: Case<S>, report: CaseReport): void {
    this.#reports.set(each, report);
    this.#tell(report);
  }

  async #playOne(
    each: Case<S>,
    life: Life<S>,
    scene: Scene<S>,
  ): Promise<CaseReport> {
    const why = this.#whyNot();
    if (why !== undefined) return skipped(each, why, true);
    if (each.afterwards && scene.stage === undefined) {
      return skipped(each, NOTHING_BEFORE, false);
    }
    try {
      scene.stage ??= await this.#enter(life, scene);
      await scene.stage.beginCase();
      await each.play(scene.stage);
      return scene.report(each, undefined);
    } catch (error) {
      // What did not come because nobody waited any more tells nothing.
      const cut = error instanceof Finding ? this.#whyNot() : undefined;
      return cut === undefined || this.#neverStarted
        ? scene.report(each, error)
        : skipped(each, cut, true);
    }
  }

  async #enter(life: Life<S>, scene: Scene<S>): Promise<S> {
    const isFirst = !this.#hasBegun;
    try {
      const stage = await this.#begin(life, isFirst);
      this.#hasBegun = true;
      return stage;
    } catch (error) {
      if (error instanceof NotBegun) scene.failed = error.stage;
      if (isFirst && causeOf(error) instanceof Finding) {
        this.#neverStarted = true;
      }
      throw causeOf(error);
    }
  }

  #whyNot(): string | undefined {
    if (this.#aborted !== undefined) return this.#aborted;
    if (this.#neverStarted) return NEVER_STARTED;
    return this.#world.patience.left === 0 ? OUT_OF_TIME : undefined;
  }
}

/** A life that could not begin; its stage knows the program's last words. */
export class NotBegun extends Error {
  constructor(readonly stage: Stage, cause: unknown) {
    super("the life did not begin", { cause });
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof NotBegun ? error.cause : error;
}

/** What a case was played on, and what is to be told of it. */
class Scene<S extends Stage> {
  /** A life that did not begin, for its last words. */
  failed: Stage | undefined;

  constructor(public stage: S | undefined) {}

  /** @param error what the case threw; undefined where it holds */
  report(each: Case<S>, error: unknown): CaseReport {
    const stage = this.stage ?? this.failed;
    const { name, sentence } = each;
    const told = {
      name,
      sentence,
      done: stage?.steps ?? [],
      remarks: stage?.remarks ?? [],
      milliseconds: 0,
    };
    if (error === undefined) return { ...told, verdict: "ok" };
    if (error instanceof Skip) {
      const { reason, blocks } = error;
      return { ...told, verdict: "skipped", reason, blocked: blocks };
    }
    if (!(error instanceof Finding)) throw error; // a bug of ours
    const { expected, came, hint } = error;
    const lastLines = stage?.lastLines() ?? [];
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
