/**
 * What every case is played on: the program under check, its deadlines, and a
 * record of each step for the report.
 */
import type { Network } from "../../net/wire.ts";
import type { Values } from "../../rules/mode.ts";
import type { Address } from "../../rules/contract.ts";
import type { Condition } from "./condition.ts";
import { Finding, Skip } from "./case.ts";
import type { SeededRandom } from "./seeded_random.ts";
import type { ModeName } from "../../rules.ts";
import { END, type Timeouts } from "./timeouts.ts";
import type { Launcher } from "../program/launcher.ts";
import type { Program } from "../program/program.ts";
import { Shared } from "./shared.ts";
import { oneLine } from "../reports/quote.ts";

/** A person at a terminal, who starts what the check cannot. */
export interface Person {
  /** Shows what to do. */
  tell(text: string): void;
  /** Shows what to do, and waits for Enter; false at end of input. */
  confirm(text: string): Promise<boolean>;
}

/** What all runs of a check share. */
export interface Check {
  readonly mode: ModeName;
  /** Where the server is, whichever end is checked. */
  readonly address: Address;
  readonly condition: Condition;
  /** Everything sent and received goes through this. */
  readonly network: Network;
  readonly timeouts: Timeouts;
  readonly random: SeededRandom;
  /** Starts the program; undefined if a person does. */
  readonly launcher: Launcher | undefined;
  /** Undefined if nobody is at a terminal. */
  readonly person: Person | undefined;
  /** The mode's own options that `--check` takes. */
  readonly options: Values;
  /** What the cases have found out about the program. */
  readonly shared: Shared;
}

/** Why a case about a program's output was not judged. */
export const NOT_SEEN =
  "what it prints can be seen only where its command is given after --";

/** How long a program may take to end before we give up, in milliseconds. */
const LATE_END = 8_000;

/** How often to poll what does not notify, in milliseconds. */
const LOOK = 20;

/** How many of the program's last lines a report shows. */
const LAST_LINES = 6;

/** How long a program's last output may take, in milliseconds. */
const LAST_PRINTED = 1_200;

/** One run of the program under check. */
export abstract class Run {
  program: Program | undefined;
  /** What was done and what came of it, one line each. */
  steps: string[] = [];
  /** What is worth saying but does not count. */
  remarks: string[] = [];
  /** What the cases of this run share. */
  readonly shared = new Shared();
  /** Whether it has begun, so that cases can be played. */
  hasBegun = false;
  #ended = false;

  constructor(readonly check: Check) {}

  get random(): SeededRandom {
    return this.check.random;
  }

  get timeouts(): Timeouts {
    return this.check.timeouts;
  }

  /** Records what was done. */
  did(step: string): void {
    this.steps.push(step);
  }

  /** Records something that does not count against the program. */
  remark(text: string): void {
    if (!this.remarks.includes(text)) this.remarks.push(text);
  }

  /** Clears the record. */
  clear(): void {
    this.steps = [];
    this.remarks = [];
  }

  /** Begins a case, with an empty record. */
  beginCase(): Promise<void> {
    this.clear();
    return Promise.resolve();
  }

  /** Whether this run is over, so that the next case needs another. */
  get isOver(): boolean {
    return this.#ended || this.hasDied || this.#floods;
  }

  /** Whether the program has ended by itself. */
  get hasDied(): boolean {
    return this.program?.isOver === true;
  }

  /** Whether we have seen all that the program printed. */
  get hasShownAll(): boolean {
    const { program } = this;
    return !program || this.check.launcher?.hasShownAll(program) === true;
  }

  /** Why a case was not judged whose output we may not have seen. */
  get notShown(): string {
    return `what it prints may stay in a buffer: allow a terminal (${this.check.launcher?.wanted}), or flush it (fflush(stdout), stdbuf -oL)`;
  }

  get #floods(): boolean {
    return this.program?.output.flooded === true;
  }

  /**
   * Waits for something that the program should do.
   *
   * @param most the longest wait, in milliseconds; by default that for an
   * answer
   * @returns whether it came
   */
  async waits(predicate: () => boolean, most?: number): Promise<boolean> {
    const { condition, timeouts } = this.check;
    const limit = most === undefined ? timeouts.answer : timeouts.atMost(most);
    const started = performance.now();
    const over = () => predicate() || this.hasDied || this.#floods;
    await condition.until(over, limit);
    // What it sent before it ended may still be on its way.
    const held = predicate() || await condition.until(predicate, 50);
    if (most !== undefined) return held;
    if (held) timeouts.answered(performance.now() - started);
    else timeouts.unanswered();
    return held;
  }

  /**
   * Polls until something is so, or the program ends.
   *
   * @param limit the longest wait, in milliseconds
   * @returns whether it is so
   */
  async polls(look: () => Promise<boolean>, limit: number): Promise<boolean> {
    const { condition } = this.check;
    const latest = performance.now() + this.timeouts.atMost(limit);
    while (!await look()) {
      const isLate = performance.now() > latest;
      if (isLate || this.isOver || condition.isStopped) return false;
      await this.pause(LOOK);
    }
    return true;
  }

  /** Waits until nothing has happened for this many milliseconds. */
  async quiet(milliseconds: number, most = milliseconds * 10): Promise<void> {
    const { condition, timeouts } = this.check;
    await condition.quiet(milliseconds, timeouts.atMost(most));
  }

  /** Lets time pass. */
  async pause(milliseconds: number): Promise<void> {
    const { condition, timeouts } = this.check;
    await condition.until(() => false, timeouts.atMost(milliseconds));
  }

  /** How to describe that nothing came. */
  nothing(): string {
    if (this.#floods) return "nothing but a flood of output";
    const exit = this.program?.ownExit;
    return exit === undefined
      ? "nothing"
      : `nothing: the program had ended, ${describeExit(exit)}`;
  }

  /** Ends this run: closes everything of ours, then ends the program. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.close();
    if (this.program) await this.check.launcher?.end(this.program);
  }

  /**
   * Begins the run, which may start the program.
   *
   * @param isFirst whether no run has begun before
   * @throws {Finding} if the program does not start
   */
  abstract begin(isFirst: boolean): Promise<void>;

  /** Closes everything of ours. */
  protected abstract close(): void | Promise<void>;

  /**
   * Ends the program, as some print what they buffered only then, and returns
   * everything it printed.
   *
   * @param last texts to wait for before ending it
   * @throws {Skip} if the output is on somebody else's screen
   */
  async printed(...last: string[]): Promise<string> {
    const { program } = this;
    if (program === undefined) {
      throw new Skip(NOT_SEEN);
    }
    const isDone = () =>
      program.exit !== undefined ||
      last.every((text) => program.output.text.includes(text));
    if (last.length > 0) await this.waits(isDone, LAST_PRINTED);
    await this.quiet(20, 200);
    await this.end();
    const { text } = program.output;
    // Skips the source lines that a traceback quotes.
    if (/^(?! {4})[^\n]*(?<![\w'"(])b(['"])[^\n]*\1/m.test(text)) {
      this.remark("it prints bytes, as b'...': decode() makes a text of them");
    }
    return text;
  }

  /**
   * Checks that the program, with nothing left to do, ends.
   *
   * @param why what should make it end: "the fourth client"
   * @throws {Finding} if it does not end by itself
   */
  async mustEnd(why: string, hint?: string): Promise<void> {
    const { program } = this;
    if (program === undefined) return;
    const started = performance.now();
    const limit = this.timeouts.hasFailed("end")
      ? this.timeouts.for("end", END)
      : this.timeouts.atMost(LATE_END);
    const hasEnded = await this.waits(() => program.exit !== undefined, limit);
    const taken = performance.now() - started;
    if (hasEnded && taken > END) {
      this.remark(`it ends ${seconds(taken)} after ${why}`);
    }
    if (hasEnded) return;
    this.timeouts.failed("end");
    const came = `it still runs ${seconds(taken)} later`;
    throw new Finding(`the program to end after ${why}`, came, hint);
  }

  /** Remarks on an exit status other than 0. */
  remarkOnExit(): void {
    const exit = this.program?.ownExit;
    if (exit?.code) this.remark(`it ends with ${describeExit(exit)}, not 0`);
  }

  /** The last lines that the program printed by itself. */
  lastLines(): string[] {
    return this.program?.lastLines(LAST_LINES).map(oneLine) ?? [];
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** How a program ended, in words. */
export function describeExit(
  { code, signal }: { code: number; signal: string | null },
): string {
  return signal === null ? `exit status ${code}` : `by ${signal}`;
}

/**
 * A message or answer without trailing NULs: C programs may send their string's
 * terminator, or their whole buffer.
 */
export function withoutNuls(run: Run, text: string, what: string): string {
  const [nuls = ""] = /\0[\r\n\0]*$/.exec(text) ?? [];
  if (nuls === "") return text;
  const bytes = nuls.length === 1 ? "a NUL byte" : `${nuls.length} NUL bytes`;
  run.remark(`${bytes} after the ${what}: send as many bytes as the text has`);
  return text.slice(0, text.length - nuls.length);
}

/** The same, also without a line ending, which over UDP deserves a remark. */
export function withoutPadding(run: Run, text: string, what: string): string {
  const bare = withoutNuls(run, text, what);
  const [ending = ""] = /[\r\n]+$/.exec(bare) ?? [];
  if (ending !== "") run.remark(`a line ending after the ${what}`);
  return bare.slice(0, bare.length - ending.length);
}
