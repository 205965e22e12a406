/**
 * The command line of both programs.
 *
 * `readFlags` checks everything up front: an option that does not exist, that
 * the mode does not have, or whose value cannot be right gives a one-line error
 * that says what to write instead.
 */
import { parseArgs } from "@std/cli/parse-args";
import { closestString } from "@std/text/closest-string";
import { type ModeName, MODES } from "../rules.ts";
import type { Address } from "../rules/contract.ts";
import type { Mode, Values } from "../rules/mode.ts";
import {
  type AnyOption,
  MESSAGE,
  type Option,
  propertyOf,
} from "../rules/options.ts";
import type { FaultOptions } from "../net/faults.ts";
import type { ReportFormat } from "../check/reports/formats.ts";
import type { TraceFormat } from "../trace/formats.ts";
import {
  checkOptions,
  DEFAULT_TIMEOUT,
  HOST,
  LOG_LEVEL,
  MODE,
  modesWith,
  optionsIn,
  optionsOf,
  ownOptions,
  type Program,
  SERVER_PORT,
  SHORT,
  TIMEOUT,
} from "./common_options.ts";
import { CHECK, REPORT } from "./check_options.ts";
import { help, title } from "./help.ts";
import {
  DELAY,
  DUPLICATE,
  JITTER,
  LOSE_FIRST,
  LOSS,
  OUTPUT,
  REFUSED,
  RETRIES,
  SEED,
  SLICE,
  TRACE,
  VIEW,
} from "./lab_options.ts";
import { ANSWERING, TOWARD, type Toward, UPSTREAM } from "./relay_options.ts";
import type { LogLevel } from "./terminal.ts";

/** The command line is wrong; the message says how to correct it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What to print, if that is all the user asked for. */
export interface Information {
  readonly information: string;
}

/** What the command line says, with the defaults filled in. */
export interface Settings {
  readonly modeName: ModeName;
  readonly mode: Mode;
  /** Where the server is, or will be. */
  readonly address: Address;
  readonly level: LogLevel;
  /** The values of the mode's options for this program's half. */
  readonly options: Values;
  /** How long a client waits for an answer, in milliseconds. */
  readonly timeout: number;
  /** Whether the user chose the timeout. */
  readonly isTimeoutGiven: boolean;
  readonly lab: LabSettings;
  /** The server behind this one; undefined if this one is not a relay. */
  readonly upstream: Address | undefined;
  /** The file for the trace, or otherwise for the report of a check. */
  readonly output: string | undefined;
  /** Undefined if no program is to be checked. */
  readonly check: CheckSettings | undefined;
  /** The client's messages; empty if they come from the keyboard. */
  readonly messages: readonly string[];
}

/** How to check a program. */
export interface CheckSettings {
  readonly report: ReportFormat;
  /** How to start it; empty if somebody does that by hand. */
  readonly command: readonly string[];
  /** The values of the mode's options that apply to a check. */
  readonly options: Values;
}

/** How to show the wire, and how bad to make the network. */
export interface LabSettings {
  readonly trace: TraceFormat | undefined;
  /** The port of the page; undefined for no page. */
  readonly view: number | undefined;
  /** Everything but the seed; that is undefined if one is to be drawn. */
  readonly faults: Omit<FaultOptions, "seed"> & { seed: number | undefined };
  /** The direction to make worse; undefined for both. */
  readonly toward: Toward | undefined;
  /** The size of pieces on a stream, in bytes. */
  readonly slice: number | undefined;
  /** How often a client retries over UDP. */
  readonly retries: number;
}

/**
 * Reads a command line.
 *
 * @throws {UsageError} if it is wrong
 */
export function readFlags(
  program: Program,
  args: readonly string[],
): Settings | Information {
  const { own, command } = splitCommand(args);
  const given = parse(program, own);
  if (given.has("help")) return { information: help(program) };
  if (given.has("version")) return { information: title(program) };
  const modeName = readMode(given.get(MODE.name)?.at(-1));
  checkMode(program, modeName, given);
  if (command !== undefined && !given.has(CHECK.name)) throw unexpected("--");
  const values = readValues(optionsIn(program, modeName), given);
  checkQuestions(program, modeName, given);
  checkTransport(MODES[modeName].transport, given);
  checkTheCheck(program, modeName, given);
  checkUpstream(given);
  checkOutput(given);
  return settings(program, modeName, values, command ?? []);
}

/** After `--` comes another program, with its own arguments. */
function splitCommand(
  args: readonly string[],
): { own: readonly string[]; command?: readonly string[] } {
  // `deno task server -- --mode chat`: that `--` is for the task.
  const own = args[0] === "--" ? args.slice(1) : args;
  const end = own.findIndex((arg, i) => arg === "--" && !isValue(own[i - 1]));
  if (end < 0) return { own };
  return { own: own.slice(0, end), command: own.slice(end + 1) };
}

/** Whether an argument is the value of the one before: `--message --`. */
function isValue(before: string | undefined): boolean {
  const { option, inline } = split(before ?? "");
  return option !== undefined && !isFlag(option.name) && inline === undefined;
}

/** The texts given for each option, by its name, in order. */
type Given = ReadonlyMap<string, readonly string[]>;

function parse(program: Program, args: readonly string[]): Given {
  const names = optionsOf(program).map(({ name }) => name);
  const parsed = parseArgs(joinValues(args), {
    string: names.filter((name) => !isFlag(name)),
    boolean: names.filter(isFlag),
    collect: names.filter((name) => !isFlag(name)),
    alias: SHORT,
    unknown: (arg: string, key?: string) => {
      throw unknownOption(program, arg, key);
    },
  }) as Record<string, unknown>;
  const given = new Map<string, string[]>();
  for (const name of names) {
    const value = parsed[name];
    if (value === true) given.set(name, [""]);
    if (!Array.isArray(value) || value.length === 0) continue;
    given.set(name, value.map((each) => each === EMPTY ? "" : each));
  }
  return given;
}

/** Stands for an empty value; no argument can contain this character. */
const EMPTY = "\0";

/** Every option of either program, by name. */
const KNOWN: ReadonlyMap<string, AnyOption> = new Map(
  [...optionsOf("server"), ...optionsOf("client")].map((each) => [
    each.name,
    each,
  ]),
);

/** Whether an option takes no value. */
function isFlag(name: string): boolean {
  return KNOWN.get(name)?.placeholder === undefined;
}

/**
 * Joins each option with its value, because `parseArgs` has three surprises: it
 * takes a value that begins with a hyphen for an option (`--number -5`), a
 * missing value for an empty one, and `--name=` for an option called `name=`.
 */
function joinValues(args: readonly string[]): string[] {
  const joined: string[] = [];
  const rest = [...args];
  for (let arg; (arg = rest.shift()) !== undefined;) {
    const { option, inline } = split(arg);
    if (option === undefined) joined.push(arg);
    else if (isFlag(option.name)) joined.push(checkedFlag(arg, inline));
    else joined.push(joinValue(arg, option, inline ?? rest.shift()));
  }
  return joined;
}

/** Splits `--port=80` and `-p=80` into an option and its value. */
function split(arg: string): { option?: AnyOption; inline?: string } {
  const [, dashes, key, inline] =
    /^(--|-(?=.(?:=|$)))([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
  if (key === undefined) return {};
  const option = KNOWN.get(dashes === "--" ? key : SHORT[key] ?? "");
  return {
    ...option && { option },
    ...inline !== undefined && { inline },
  };
}

function checkedFlag(arg: string, inline: string | undefined): string {
  if (inline === undefined) return arg;
  const option = arg.replace(/=.*$/s, "");
  throw new UsageError(`${option} takes no value: write it alone. See --help.`);
}

function joinValue(
  arg: string,
  { name, placeholder }: AnyOption,
  value: string | undefined,
): string {
  if (value !== undefined) return `--${name}=${value || EMPTY}`;
  throw new UsageError(
    `${arg} needs a value: ${arg} ${placeholder}. See --help.`,
  );
}

function unexpected(arg: string): UsageError {
  return new UsageError(
    `Unexpected argument ${arg}: every value follows its option. See --help.`,
  );
}

function unknownOption(
  program: Program,
  arg: string,
  key: string | undefined,
): UsageError {
  if (key === undefined) return unexpected(arg);
  const option = arg.replace(/=.*$/s, "");
  const other = program === "server" ? "client" : "server";
  if (optionsOf(other).some(({ name }) => name === key)) {
    return new UsageError(
      `The ${program} has no option ${option}: it is the ${other}'s. See --help.`,
    );
  }
  const names = optionsOf(program).map(({ name }) => name);
  return new UsageError(
    `Unknown option ${option}. Did you mean --${
      nearest(key, names)
    }? See --help.`,
  );
}

function readMode(name: string | undefined): ModeName {
  if (name === undefined) return MODE.default;
  const known = MODE.words;
  const mode = known.find((each) => each === name);
  if (mode !== undefined) return mode;
  throw new UsageError(
    `Unknown mode ${name}. Did you mean ${
      nearest(name, known)
    }? The modes are ${known.join(", ")}.`,
  );
}

/** Refuses what this mode cannot use. */
function checkMode(program: Program, mode: ModeName, given: Given): void {
  const allowed = optionsIn(program, mode).map(({ name }) => name);
  for (const name of given.keys()) {
    if (allowed.includes(name)) continue;
    const modes = modesWith(program, name).join(", ");
    throw new UsageError(
      `Mode ${mode} has no option --${name}. Leave it out, or choose a mode that has it: ${modes}.`,
    );
  }
}

/** With `--message`, requires what nobody will be asked for. */
function checkQuestions(program: Program, mode: ModeName, given: Given): void {
  if (!given.has(MESSAGE.name)) return;
  for (const { name, placeholder, question } of ownOptions(program, mode)) {
    if (question === undefined || given.has(name)) continue;
    if (question.unless?.some((each) => given.has(each))) continue;
    throw new UsageError(
      `With --message nothing is asked: give --${name} ${placeholder} as well.`,
    );
  }
}

/** Refuses what a check cannot use, and what only a check can. */
function checkTheCheck(program: Program, mode: ModeName, given: Given): void {
  if (!given.has(CHECK.name)) {
    for (const { name } of checkOptions(program, mode)) {
      if (!given.has(name)) continue;
      throw new UsageError(`--${name} has no effect without --check: add it.`);
    }
    return;
  }
  for (const { name, check } of optionsIn(program, mode)) {
    if (check || !given.has(name)) continue;
    throw new UsageError(`--${name} has no effect with --check: leave it out.`);
  }
}

/** Refuses what a relay cannot use, and what only a relay can. */
function checkUpstream(given: Given): void {
  if (!given.has(UPSTREAM.name)) {
    if (!given.has(TOWARD.name)) return;
    throw new UsageError("--toward has no effect without --upstream: add it.");
  }
  const name = ANSWERING.find((each) => given.has(each));
  if (name === undefined) return;
  throw new UsageError(
    `--${name} has no effect with --upstream: the server there answers. Leave it out.`,
  );
}

/** The file is for either the trace or the report. */
function checkOutput(given: Given): void {
  const isUsed = given.has(TRACE.name) || given.has(CHECK.name);
  if (isUsed || !given.has(OUTPUT.name)) return;
  throw new UsageError(
    "--output has no effect without --trace or --check: add one of them.",
  );
}

/** Refuses what the transport cannot use, and says why: it is a lesson. */
function checkTransport(transport: Mode["transport"], given: Given): void {
  for (const [{ name }, reason] of REFUSED[transport]) {
    const isForCheck = name === SEED.name && given.has(CHECK.name);
    if (!given.has(name) || isForCheck) continue;
    throw new UsageError(
      `--${name} has no effect over ${transport.toUpperCase()}: ${reason}. Leave it out, or choose another mode.`,
    );
  }
}

/** The value of each option, by the option itself. */
function readValues(
  options: readonly AnyOption[],
  given: Given,
): Map<AnyOption, unknown> {
  return new Map(options.map((option) => {
    const texts = given.get(option.name);
    if (texts === undefined) return [option, option.default];
    const values = texts.map((text) => parseValue(option, text));
    return [option, option.repeats ? values : values.at(-1)];
  }));
}

function parseValue(option: AnyOption, text: string): unknown {
  try {
    return option.parse(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const value = text.trim() === "" ? "" : ` ${text}`;
    const { words } = option as { words?: readonly string[] };
    const hint = words ? `. Did you mean ${nearest(text, words)}?` : ".";
    throw new UsageError(`--${option.name}${value} is ${error.message}${hint}`);
  }
}

function settings(
  program: Program,
  modeName: ModeName,
  values: ReadonlyMap<AnyOption, unknown>,
  command: readonly string[],
): Settings {
  const named = new Map([...values].map(([{ name }, value]) => [name, value]));
  const mode: Mode = MODES[modeName];
  const port = named.get(SERVER_PORT.name) as number | undefined;
  const timeout = named.get(TIMEOUT.name) as number | undefined;
  const own = ownOptions(program, modeName).filter((each) => each !== MESSAGE);
  return {
    modeName,
    mode,
    address: { hostname: values.get(HOST) as string, port: port ?? mode.port },
    level: values.get(LOG_LEVEL) as LogLevel,
    options: valuesOf(own, values),
    timeout: (timeout ?? DEFAULT_TIMEOUT) * 1000,
    isTimeoutGiven: timeout !== undefined,
    lab: labSettings(values),
    upstream: values.get(UPSTREAM) as Address | undefined,
    output: values.get(OUTPUT) as string | undefined,
    check: values.get(CHECK)
      ? {
        report: values.get(REPORT) as ReportFormat,
        command,
        options: valuesOf(checkedOptions(program, modeName), values),
      }
      : undefined,
    messages: (values.get(MESSAGE) ?? []) as string[],
  };
}

/** The values of some options, by property name. */
function valuesOf(
  options: readonly AnyOption[],
  values: ReadonlyMap<AnyOption, unknown>,
): Values {
  return Object.fromEntries(
    options.map((each) => [propertyOf(each), values.get(each)]),
  );
}

/** A mode's own options that apply to a check, of either half. */
function checkedOptions(program: Program, mode: ModeName): AnyOption[] {
  const all = [...ownOptions(program, mode), ...checkOptions(program, mode)];
  const general: AnyOption[] = [CHECK, REPORT];
  return all.filter((each) => each.check && !general.includes(each));
}

function labSettings(values: ReadonlyMap<AnyOption, unknown>): LabSettings {
  const read = <T>(option: Option<string, T>) => values.get(option) as T;
  return {
    trace: read(TRACE),
    view: read(VIEW),
    faults: {
      loss: read(LOSS),
      loseFirst: read(LOSE_FIRST),
      duplicate: read(DUPLICATE),
      delay: read(DELAY),
      jitter: read(JITTER),
      seed: read(SEED),
    },
    toward: read(TOWARD),
    slice: read(SLICE),
    retries: read(RETRIES) ?? 0,
  };
}

/** The most similar word. */
function nearest(word: string, words: readonly string[]): string {
  return closestString(word, [...words]);
}
