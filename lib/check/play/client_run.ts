/**
 * A client under check: started, typed to as a user would, and read.
 *
 * A program may ask for anything in any order, so the check looks at what was
 * printed last and types what it seems to ask for.
 */
import { addressOf } from "../../rules/contract.ts";
import { Finding, Skip } from "./case.ts";
import { Model } from "./expectation.ts";
import { START } from "./timeouts.ts";
import {
  askedBy,
  type Field,
  fieldFor,
  joinedAnswer,
  knownFields,
  lastLine,
  WHOLE_PROMPT,
} from "./prompts.ts";
import { quote } from "../reports/quote.ts";
import type { IdlePeriod } from "./idle_period.ts";
import { type Check, Run } from "./run.ts";

/**
 * How long a program's first prompt may take, in milliseconds, while it is
 * unknown whether it shows any.
 */
const FIRST_PROMPT = 1_200;
/** The same, if programs ask in different orders and a guess may be wrong. */
const DOUBTFUL_PROMPT = 3_000;
/** The same, for a program known to show prompts. */
const KNOWN_PROMPT = 5_500;
/** The same, for a program that has shown none before. */
const NO_PROMPT = 1_000;
/** How long the next prompt may take, in milliseconds. */
const NEXT_PROMPT = 2_000;
const NEXT_LINE = 300;
/** How long to wait for output that should come at once, in milliseconds. */
const SHOWN = 1_000;

/** How long starting a client by hand may take, in milliseconds. */
const BY_HAND = 20_000;

/** How long to wait for another client unannounced, in milliseconds. */
const NEXT = 3_000;

/** What first runs found out about a client, so that later ones wait less. */
class Habits {
  showsPrompts: boolean | undefined;
  /** Whether it shows what it receives only when it ends. */
  showsLate = false;
  /** Whether it has ever sent nothing before the deadline. */
  neverCame = false;
}

/** One run of a client under check, and the server that the check plays. */
export abstract class ClientRun extends Run {
  readonly idlePeriod: IdlePeriod;
  /** What our own server would do with the same messages. */
  readonly model: Model;
  /** What the client has asked for and been given in this run. */
  readonly given = new Set<Field>();
  /** The lines typed in this run. */
  readonly typed = new Set<string>();
  /** Whether the client has sent anything in this run. */
  protected hasSpoken = false;
  protected hasTyped = false;
  /** How long the output was when something was last typed. */
  #seen = 0;
  /** What it has asked for beyond what the case gives it. */
  readonly #asked = new Set<string>();

  constructor(check: Check, idlePeriod: IdlePeriod) {
    super(check);
    this.idlePeriod = idlePeriod;
    this.model = new Model(check);
  }

  /**
   * Starts the client, or has a person start it.
   *
   * @throws {Skip} if nobody starts it again
   */
  async begin(isFirst: boolean): Promise<void> {
    const { launcher, person, condition, address } = this.check;
    if (launcher) {
      this.program = await launcher.start(condition);
    } else if (person) {
      const where = addressOf(address);
      person.tell(`Start your client now; the server is at ${where}.`);
    } else if (!isFirst && !await this.waits(() => this.hasCome, NEXT)) {
      throw new Skip("it takes another start of the client");
    }
  }

  protected get habits(): Habits {
    return this.check.shared.get(Habits, () => new Habits());
  }

  /** Whether a client has come that belongs to no other run. */
  protected abstract get hasCome(): boolean;

  /** Whether anyone, the check or a person, can type to the client. */
  get canType(): boolean {
    return this.program !== undefined || this.check.person !== undefined;
  }

  /** @throws {Skip} if nobody can type */
  needsKeyboard(): void {
    if (this.canType) return;
    throw new Skip(
      "it has to be typed to: give its command after --, or run the check at a terminal",
    );
  }

  /**
   * How long the client's first message may take, in milliseconds; undefined
   * means as long as an answer.
   */
  get startLimit(): number | undefined {
    if (this.program === undefined) return BY_HAND;
    if (this.hasSpoken || this.habits.neverCame) return undefined;
    return START;
  }

  /** Types a line. */
  type(line: string, what = "a line"): void {
    const { program } = this;
    this.#seen = program?.output.text.length ?? 0;
    this.hasTyped = true;
    this.typed.add(line);
    this.did(`types ${quote(line)}`);
    if (program) program.type(line);
    else this.check.person?.tell(`Type ${what}: ${line}`);
  }

  /**
   * Types what the program asks for until `predicate` holds.
   *
   * @param fields in the order to type them if the program shows no prompts
   * @returns whether it holds
   */
  async enters(
    fields: readonly Field[],
    done: () => boolean,
  ): Promise<boolean> {
    if (!this.program) {
      if (this.canType) this.#dictate(fields);
      return await this.waits(done, BY_HAND);
    }
    let rest = [...fields];
    // It may ask the same thing over and over: give up at some point.
    for (let times = 0; times < fields.length + 6; times++) {
      const prompt = await this.#prompt(done, fields);
      if (done() || this.isOver) break;
      const line = lastLine(prompt);
      if (this.#typesWhatIsKnown(line, fields)) continue;
      // If nothing comes of it, the next rounds type a line for each.
      const joined = joinedAnswer(line, fields);
      if (joined !== undefined) {
        this.type(joined);
        continue;
      }
      const asked = fieldFor(prompt, rest, fields);
      const field = asked ?? rest.find((each) => !each.isOptional);
      if (field === undefined) break;
      if (asked) this.given.add(asked);
      rest = rest.filter((each) => each !== field);
      this.type(field.answer, field.name);
    }
    return done() || await this.waits(done, this.startLimit);
  }

  /**
   * Answers a prompt that has nothing to do with the case.
   *
   * @returns whether it was such a prompt
   */
  #typesWhatIsKnown(line: string, fields: readonly Field[]): boolean {
    const { address } = this.check;
    const hasPort = fields.some(({ name }) => name.endsWith("port"));
    const known = knownFields(address, hasPort)
      // Once it has sent something, it has asked for all it needs.
      .filter(({ name, answer }) =>
        !this.hasSpoken || answer === "" || this.#asked.has(name)
      );
    const field = askedBy(line, known, fields);
    if (field === undefined) return false;
    this.#asked.add(field.name);
    this.type(field.answer, field.name);
    return true;
  }

  /** Tells a person what to type. */
  #dictate(fields: readonly Field[]): void {
    for (const field of fields) {
      this.type(field.answer, field.name);
      this.given.add(field);
    }
  }

  /** Waits for a prompt. @returns what was printed since the last line typed */
  async #prompt(
    done: () => boolean,
    fields: readonly Field[],
  ): Promise<string> {
    const { condition, timeouts } = this.check;
    const { output } = this.program!;
    const isNew = () => output.text.length > this.#seen;
    const over = () => done() || isNew() || this.isOver;
    await condition.until(over, timeouts.atMost(this.#promptLimit(fields)));
    if (!this.hasTyped && !done()) {
      this.habits.showsPrompts = isNew();
    }
    while (!done() && !this.isOver) {
      const { length } = output.text;
      const grows = () => done() || output.text.length > length;
      if (!await condition.until(grows, WHOLE_PROMPT)) break;
    }
    return output.text.slice(this.#seen);
  }

  #promptLimit(fields: readonly Field[]): number {
    const { showsPrompts } = this.habits;
    if (this.hasTyped) return showsPrompts === false ? NEXT_LINE : NEXT_PROMPT;
    if (showsPrompts === undefined) {
      const isDoubtful = fields.some((each) => each.anywhere);
      return isDoubtful ? DOUBTFUL_PROMPT : FIRST_PROMPT;
    }
    return showsPrompts ? KNOWN_PROMPT : NO_PROMPT;
  }

  /**
   * Waits a moment for the program to show something. Some show it only when
   * they end, so this judges nothing: see `printed`.
   *
   * @returns whether it is shown
   */
  async shows(text: string): Promise<boolean> {
    const { program, habits } = this;
    if (program === undefined || habits.showsLate) return false;
    const from = this.#seen;
    const isThere = () => program.output.text.indexOf(text, from) >= 0;
    if (await this.waits(isThere, this.timeouts.for("shown", SHOWN))) {
      // Wait for what it prints along with it, such as the next prompt.
      await this.quiet(WHOLE_PROMPT, SHOWN);
      return true;
    }
    this.timeouts.failed("shown");
    habits.showsLate ||= program.output.text.length === from;
    return false;
  }

  /** The finding for a client that sends nothing. */
  silence(expected: string, hint?: string): Finding | Skip {
    if (this.program?.exit === undefined) {
      this.habits.neverCame = true;
      // It may have shown a prompt that we could not see.
      if (!this.hasShownAll) return new Skip(this.notShown, true);
    }
    return new Finding(expected, this.nothing(), hint);
  }

  /** Lets the user be idle for a while. */
  async rest(): Promise<void> {
    const what = "types nothing for more than five seconds";
    await this.idle(what, "a program that waits for its user");
  }

  /**
   * Waits while nothing should happen.
   *
   * @throws {Finding} if the program ends meanwhile
   */
  async idle(what: string, expected: string): Promise<void> {
    if (this.hasDied) throw new Finding("one more question", this.nothing());
    this.did(what);
    await this.idlePeriod.pass();
    if (!this.hasDied) return;
    throw new Finding(
      expected,
      this.nothing(),
      "it may have a timeout: settimeout, signal.alarm, or select with a limit",
    );
  }
}
