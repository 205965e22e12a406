/**
 * The command line of both programs.
 *
 * `readFlags` checks everything before anything is done: an option that does
 * not exist, that the mode does not have, or whose value cannot be meant, is
 * an error of one line that says what to write instead.
 */
import { parseArgs } from "@std/cli/parse-args";
import { MODES } from "../rules.ts";
import {
  type ClientOptions,
  type Framing,
  LOOPBACK,
  type Mode,
  type Peer,
  type ServerOptions,
  type Side,
} from "../rules/contract.ts";
import {
  DEFAULT_TIMEOUT,
  flagsOf,
  help,
  isCommon,
  modesWith,
  OPTIONS,
  optionsOf,
  type Program,
  SHORT,
  title,
} from "./options.ts";
import { MOST_CLIENTS } from "../rules/permission.ts";
import { MAX_NUMBER, MIN_NUMBER } from "../rules/sum.ts";
import { LOG_LEVELS, type LogLevel } from "./terminal.ts";

const MAX_TIMEOUT = 24 * 60 * 60;
const MAX_PORT = 65_535;

/** The command line is wrong; the message says how to mend it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What to print, where that is all that was asked for. */
export interface Information {
  readonly information: string;
}

/** What the command line says, with the defaults filled in. */
export interface Settings {
  readonly mode: Mode;
  /** Where the server is, or is to be. */
  readonly address: Peer;
  readonly level: LogLevel;
  readonly server: Omit<ServerOptions, "random">;
  readonly client: ClientOptions;
  /** Whether the user chose the client's timeout. */
  readonly timeoutGiven: boolean;
  readonly framing: Framing;
  /** The client's messages, in place of the keyboard's. */
  readonly messages?: string[];
}

/**
 * Reads a command line.
 *
 * @throws {UsageError} where it is wrong
 */
export function readFlags(
  program: Program,
  args: readonly string[],
): Settings | Information {
  const flags = parse(program, args);
  if (flags.help) return { information: help(program) };
  if (flags.version) return { information: title(program) };
  const mode = readMode(flags.values.mode);
  checkMode(program, mode, flags.values, flags.messages);
  return settings(program, mode, flags.values, flags.messages);
}

type Values = Record<string, string | undefined>;

interface Flags {
  readonly help: boolean;
  readonly version: boolean;
  readonly values: Values;
  readonly messages: string[];
}

function parse(program: Program, args: readonly string[]): Flags {
  // `deno task server -- --mode chat`: those hyphens are meant for the task.
  const own = args[0] === "--" ? args.slice(1) : args;
  const parsed = parseArgs(joinValues(own), {
    string: optionsOf(program),
    boolean: ["help", "version"],
    collect: ["message"],
    alias: SHORT,
    unknown: (arg: string, key?: string) => {
      throw unknownOption(program, arg, key);
    },
  }) as Record<string, unknown>;
  const read = (value: unknown) => value === EMPTY ? "" : value;
  const values = Object.entries(parsed).map((
    [key, value],
  ) => [key, read(value)]);
  return {
    help: parsed.help === true,
    version: parsed.version === true,
    values: Object.fromEntries(values) as Values,
    messages: ((parsed.message ?? []) as string[]).map(read) as string[],
  };
}

/** Stands for an empty value; no argument of a program can hold this character. */
const EMPTY = "\0";

/**
 * Joins each option with its value, for `parseArgs` has three surprises: a value
 * that begins with a hyphen is an option to it (`--number -5`), a missing value
 * is an empty one, and `--name=` is an option called `name=`.
 */
function joinValues(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const [, long, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const name = long ?? SHORT[/^-(.)$/.exec(arg)?.[1] ?? ""];
    if (arg === "--") throw unexpected(arg);
    if (name === undefined || !Object.hasOwn(OPTIONS, name)) {
      joined.push(arg);
      continue;
    }
    const value = inline ?? args[++i];
    if (value === undefined) {
      throw new UsageError(
        `${arg} needs a value: ${arg} ${OPTIONS[name]![0]}. See --help.`,
      );
    }
    joined.push(`--${name}=${value || EMPTY}`);
  }
  return joined;
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
  if (optionsOf(other).includes(key)) {
    return new UsageError(
      `The ${program} has no option ${option}: it is the ${other}'s. See --help.`,
    );
  }
  const known = [...optionsOf(program), "help", "version"];
  return new UsageError(
    `Unknown option ${option}. Did you mean --${
      nearest(key, known)
    }? See --help.`,
  );
}

function readMode(name = "permission"): Mode {
  const mode = MODES.get(name);
  if (mode !== undefined) return mode;
  const known = [...MODES.keys()];
  throw new UsageError(
    `Unknown mode ${name}. Did you mean ${
      nearest(name, known)
    }? The modes are ${known.join(", ")}.`,
  );
}

/** Refuses what this mode has no use for, and misses what nobody can be asked. */
function checkMode(
  program: Program,
  mode: Mode,
  values: Values,
  messages: string[],
): void {
  const given = optionsOf(program).filter((name) =>
    name === "message" ? messages.length > 0 : values[name] !== undefined
  );
  const allowed = flagsOf(program, mode);
  const strange = given.find((name) =>
    !isCommon(program, name) && !allowed.includes(name)
  );
  if (strange !== undefined) {
    const modes = modesWith(program, strange).join(", ");
    throw new UsageError(
      `Mode ${mode.name} has no option --${strange}. Leave it out, or choose a mode that has it: ${modes}.`,
    );
  }
  const missing = mode.asks.find((name) => !given.includes(name));
  if (messages.length > 0 && missing !== undefined) {
    throw new UsageError(
      `With --message nothing is asked: give --${missing} ${
        OPTIONS[missing]![0]
      } as well.`,
    );
  }
}

function settings(
  program: Program,
  mode: Mode,
  values: Values,
  messages: string[],
): Settings {
  const read = new Reader(values);
  const name = read.text("name");
  const number = program === "server"
    ? read.integer("number", MIN_NUMBER, MAX_NUMBER)
    : read.integer("number", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const sessions = read.integer("sessions", 0, Number.MAX_SAFE_INTEGER);
  const maxClients = read.integer("max-clients", 0, MOST_CLIENTS);
  const client = read.choice("client", ["X", "Y"]);
  const clientPort = read.integer("client-port", 0, MAX_PORT);
  const timeout = read.seconds("timeout");
  const lowestPort = program === "server" ? 0 : 1;
  return {
    mode,
    address: {
      hostname: read.host("host") ?? LOOPBACK,
      port: read.integer("port", lowestPort, MAX_PORT) ?? mode.port,
    },
    level: read.choice("log-level", LOG_LEVELS) ?? "debug",
    server: given({ name, sessions, maxClients, number }),
    client: {
      ...given({
        name,
        client: client as Side | undefined,
        clientPort,
        number,
      }),
      timeout: (timeout ?? DEFAULT_TIMEOUT) * 1000,
    },
    timeoutGiven: timeout !== undefined,
    framing: read.choice("framing", ["line", "raw"]) ?? mode.framing ?? "line",
    ...given({ messages: messages.length > 0 ? messages : undefined }),
  };
}

/** The fields that have a value: an option that was not given is not there. */
function given<T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields);
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** Turns what was written into what it means; undefined where nothing was. */
class Reader {
  constructor(readonly values: Values) {}

  text(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value.trim() !== "") return value;
    throw new UsageError(`--${name} is empty: give it at least one letter.`);
  }

  integer(name: string, least: number, most: number): number | undefined {
    const value = this.values[name];
    if (value === undefined) return undefined;
    const number = Number(value);
    const isInteger = /^[+-]?[0-9]+$/.test(value);
    if (isInteger && number >= least && number <= most) return number;
    throw new UsageError(
      `--${name} ${value} is not a whole number from ${least} to ${most}.`,
    );
  }

  seconds(name: string): number | undefined {
    const value = this.values[name];
    if (value === undefined) return undefined;
    const seconds = Number(value);
    const isDecimal = /^[0-9]*\.?[0-9]+$/.test(value);
    if (isDecimal && seconds > 0 && seconds <= MAX_TIMEOUT) return seconds;
    throw new UsageError(
      `--${name} ${value} is not a number of seconds above 0 and up to ${MAX_TIMEOUT}.`,
    );
  }

  host(name: string): string | undefined {
    const value = this.values[name]?.replace(/^\[(.*)\]$/, "$1");
    if (value === undefined || /^[a-z0-9.:_-]+$/i.test(value)) return value;
    throw new UsageError(
      `--${name} ${value} is not an address. Try ${LOOPBACK}.`,
    );
  }

  /** One of a few words, letter case ignored. */
  choice<T extends string>(name: string, words: readonly T[]): T | undefined {
    const value = this.values[name];
    if (value === undefined) return undefined;
    const word = words.find((word) =>
      word.toLowerCase() === value.toLowerCase()
    );
    if (word !== undefined) return word;
    throw new UsageError(
      `--${name} ${value} is none of ${words.join(", ")}. Did you mean ${
        nearest(value, words)
      }?`,
    );
  }
}

/** The word that takes the fewest changes of a letter to get to. */
function nearest(word: string, words: readonly string[]): string {
  const distances = words.map((each) => distance(word, each));
  return words[distances.indexOf(Math.min(...distances))]!;
}

/** Levenshtein's distance: letters to insert, delete or replace. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
