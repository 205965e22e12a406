/**
 * The vocabulary of the cases.
 *
 * A case is one sentence of an assignment, and the steps that test whether a
 * program obeys it. It is played on a run, which knows about sockets, programs
 * and deadlines, but nothing about the assignment.
 */

import type { Values } from "../../rules/mode.ts";
import type { SeededRandom } from "./seeded_random.ts";
import { quoteBoth } from "../reports/quote.ts";

/** A test of one sentence of an assignment. */
export interface Case<Run> {
  /** In the assignment's words. */
  readonly name: string;
  /** What the assignment says; undefined makes the case a note. */
  readonly sentence: string | undefined;
  /**
   * Plays it.
   *
   * @throws {Finding} if the program does something wrong
   * @throws {Skip} if that cannot be found out
   */
  play(run: Run): Promise<void>;
  /** Whether it judges what a run left behind, and needs no running program. */
  readonly afterwards?: boolean;
  /** Whether it ends the run, and so has to be played last. */
  readonly isLast?: boolean;
}

/**
 * Cases for one start of the program, in this order. Each also works alone on a
 * fresh program: if the program ends too early, it is started again for the
 * next case.
 */
export interface Suite<Run> {
  readonly cases: readonly Case<Run>[];
  /** The fixed ports that it needs on this machine. */
  readonly ports?: readonly number[];
  /**
   * Whether a program that has been through other runs will do, if nobody can
   * start it again.
   */
  readonly used?: boolean;
  /** Whether it has a long pause, during which other suites are played. */
  readonly pauses?: boolean;
  /**
   * The cases after this many (the simplest) are shuffled by the seed, which
   * catches programs that answer by message number.
   */
  readonly anyOrder?: number;
}

/** What a file of cases exports; the options are those that `--check` takes. */
export type Suites<Run> =
  | readonly Suite<Run>[]
  | ((options: Values, random: SeededRandom) => readonly Suite<Run>[]);

/** How to play cases, by name. */
export type Plays<Run> = Readonly<Record<string, (run: Run) => Promise<void>>>;

/** Cases that the assignment demands, in this sentence. */
export function required<Run>(
  sentence: string,
  plays: Plays<Run>,
  when: Pick<Case<Run>, "afterwards" | "isLast"> = {},
): Case<Run>[] {
  return Object.entries(plays)
    .map(([name, play]) => ({ name, sentence, play, ...when }));
}

/** The same, but judged by what the run before them left behind. */
export function requiredAfterwards<Run>(
  sentence: string,
  plays: Plays<Run>,
): Case<Run>[] {
  return required(sentence, plays, { afterwards: true });
}

/** Cases of good practice: no assignment demands them, so they never count. */
export function notes<Run>(plays: Plays<Run>): Case<Run>[] {
  return Object.entries(plays)
    .map(([name, play]) => ({ name, sentence: undefined, play }));
}

/** The program did not do what it should. */
export class Finding extends Error {
  override readonly name = "Finding";

  /** Expected and received text, both cut around their first difference. */
  static between(
    expected: string,
    came: string,
    hint?: string | undefined,
  ): Finding {
    return new Finding(...quoteBoth(expected, came), hint);
  }

  /** @param hint the probable mistake, if the symptoms point to one */
  constructor(
    readonly expected: string,
    readonly came: string,
    readonly hint?: string | undefined,
  ) {
    super(`expected ${expected}, came ${came}`);
  }
}

/** The program did not print what it should, as far as could be seen. */
export class NotPrinted extends Finding {}

/** The case could not be played. */
export class Skip extends Error {
  override readonly name: string = "Skip";

  /** @param blocks whether it keeps the whole check from passing */
  constructor(readonly reason: string, readonly blocks = false) {
    super(reason);
  }
}

/** The program speaks what no case can judge, such as a binary protocol. */
export class Unjudged extends Skip {
  override readonly name = "Unjudged";
  /** @param looksLike what its messages look like */
  constructor(looksLike: string) {
    super(looksLike, true);
  }
}
