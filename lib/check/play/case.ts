/**
 * The vocabulary that the cases are written in.
 *
 * A case is one sentence of an assignment, and what is done to find out whether
 * a program keeps it. It is played on a run of the program, which knows sockets, programs
 * and deadlines; what the run knows nothing of is the assignment.
 */

import type { Values } from "../../rules/mode.ts";
import type { SeededRandom } from "./seeded_random.ts";
import { quoteBoth } from "../reports/quote.ts";

/** What is said and done to find out about one sentence of an assignment. */
export interface Case<Run> {
  /** In the assignment's words. */
  readonly name: string;
  /** What the assignment says; a case without it is a note. */
  readonly sentence: string | undefined;
  /**
   * Plays it.
   *
   * @throws {Finding} if the program does not do what it should
   * @throws {Skip} if that cannot be found out
   */
  play(run: Run): Promise<void>;
  /** Whether it judges what a run has left behind, and needs no living program. */
  readonly afterwards?: boolean;
  /** Whether it ends the run, and so is played after all others. */
  readonly isLast?: boolean;
}

/**
 * Cases for one start of the program, in this order. Each of them can also be
 * played alone, on a program that has just been started: if a program ends
 * too early, it is started again for the next one.
 */
export interface Suite<Run> {
  readonly cases: readonly Case<Run>[];
  /** The fixed ports that it needs on this machine. */
  readonly ports?: readonly number[];
  /**
   * Whether the program may be one that has been through other runs, where
   * nobody can start it again.
   */
  readonly used?: boolean;
  /** Whether it has a long pause, during which the other suites are played. */
  readonly pauses?: boolean;
  /**
   * The seed draws the order of the cases after this many, the simplest: a program
   * that knows the answers by their numbers is found out.
   */
  readonly anyOrder?: number;
}

/** What a file of cases exports; the options are those that `--check` takes. */
export type Suites<Run> =
  | readonly Suite<Run>[]
  | ((options: Values, random: SeededRandom) => readonly Suite<Run>[]);

/** What is done to find out about cases, by their names. */
export type Plays<Run> = Readonly<Record<string, (run: Run) => Promise<void>>>;

/** Cases that the assignment's text demands: `sentence` is that text. */
export function required<Run>(
  sentence: string,
  plays: Plays<Run>,
  when: Pick<Case<Run>, "afterwards" | "isLast"> = {},
): Case<Run>[] {
  return Object.entries(plays)
    .map(([name, play]) => ({ name, sentence, play, ...when }));
}

/** The same, judged by what the run before them has left behind. */
export function requiredAfterwards<Run>(
  sentence: string,
  plays: Plays<Run>,
): Case<Run>[] {
  return required(sentence, plays, { afterwards: true });
}

/** Cases of good practice, which no text demands: they never count against. */
export function notes<Run>(plays: Plays<Run>): Case<Run>[] {
  return Object.entries(plays)
    .map(([name, play]) => ({ name, sentence: undefined, play }));
}

/** The program did not do what it should. */
export class Finding extends Error {
  override readonly name = "Finding";

  /** What should have come, and what came: cut around where they differ. */
  static between(
    expected: string,
    came: string,
    hint?: string | undefined,
  ): Finding {
    return new Finding(...quoteBoth(expected, came), hint);
  }

  /** @param hint what it probably is, if what was seen points to one mistake */
  constructor(
    readonly expected: string,
    readonly came: string,
    readonly hint?: string | undefined,
  ) {
    super(`expected ${expected}, came ${came}`);
  }
}

/** The program did not print what it should, as far as that could be seen. */
export class NotPrinted extends Finding {}

/** A case could not be played. */
export class Skip extends Error {
  override readonly name: string = "Skip";

  /** @param blocks whether that keeps the whole check from being passed */
  constructor(readonly reason: string, readonly blocks = false) {
    super(reason);
  }
}

/** The program speaks what no case can judge, such as a binary protocol. */
export class Unjudged extends Skip {
  override readonly name = "Unjudged";
  /** @param looksLike what was seen of it */
  constructor(looksLike: string) {
    super(looksLike, true);
  }
}
