/**
 * The vocabulary that the cases are written in.
 *
 * A case is one sentence of an assignment, and what is done to find out whether
 * a program keeps it. It is played on a run of the program, which knows sockets, programs
 * and deadlines; what the run knows nothing of is the assignment.
 */

/** What is said and done to find out about one sentence of an assignment. */
export interface Case<Run> {
  /** In the assignment's words. */
  readonly name: string;
  /** What the assignment says; a case without it is a note. */
  readonly sentence: string | undefined;
  /**
   * Plays it.
   *
   * @throws {Finding} where the program does not do what it should
   * @throws {Skip} where that cannot be found out
   */
  play(run: Run): Promise<void>;
  /** Whether it judges what a run has left behind, and needs no living program. */
  readonly afterwards?: boolean;
}

/**
 * Cases for one start of the program, in this order. Each of them can also be
 * played alone, on a program that has just been started: where a program ends
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
}

/** A case that the assignment's text demands: `sentence` is that text. */
export function required<Run>(
  name: string,
  sentence: string,
  play: (run: Run) => Promise<void>,
): Case<Run> {
  return { name, sentence, play };
}

/** The same, judged by what the run before it has left behind. */
export function requiredAfterwards<Run>(
  name: string,
  sentence: string,
  play: (run: Run) => Promise<void>,
): Case<Run> {
  return { name, sentence, play, afterwards: true };
}

/** A case of good practice, which no text demands: it never counts against. */
export function note<Run>(
  name: string,
  play: (run: Run) => Promise<void>,
): Case<Run> {
  return { name, sentence: undefined, play };
}

/** What a known mistake looks like from outside, and what it probably is. */
export interface Hint {
  /**
   * Whether what came, where something else was expected, is this mistake.
   *
   * @param came "" for no answer
   * @param ended whether the program had ended
   */
  readonly shows: (came: string, expected: string, ended: boolean) => boolean;
  readonly means: string;
}

/** A mistake that shows in what the answer begins with. */
export function answered(...beginnings: string[]): Hint["shows"] {
  return (came) => beginnings.some((each) => came.startsWith(each));
}

/** A mistake that shows in no answer at all. */
export function silent(came: string): boolean {
  return came === "";
}

/** A mistake that shows in a program that has ended. */
export function ended(_: string, __: string, hasEnded: boolean): boolean {
  return hasEnded;
}

/** A mistake that shows in an answer whose end is missing. */
export function cutOff(came: string, expected: string): boolean {
  return came !== "" && came.length < expected.length &&
    expected.startsWith(came);
}

/** A mistake that shows in an answer that goes on after its end. */
export function goesOn(came: string, expected: string): boolean {
  return came.length > expected.length && came.startsWith(expected);
}

/** The program did not do what it should. */
export class Finding extends Error {
  override readonly name = "Finding";

  /** @param hint what it probably is, where what was seen points to one mistake */
  constructor(
    readonly expected: string,
    readonly came: string,
    readonly hint?: string | undefined,
  ) {
    super(`expected ${expected}, came ${came}`);
  }
}

/** A case could not be played. */
export class Skip extends Error {
  override readonly name = "Skip";

  /** @param blocks whether that keeps the whole check from being passed */
  constructor(readonly reason: string, readonly blocks = false) {
    super(reason);
  }
}

/** The first hint that what came points to. */
export function hintFor(
  came: string,
  expected: string,
  hints: readonly Hint[],
  hasEnded: boolean,
): string | undefined {
  return hints.find((hint) => hint.shows(came, expected, hasEnded))?.means;
}
