/**
 * The options that both programs have in every mode, declared the same way as a
 * mode's own; and how to list all the options of a program.
 */
import { MODE_NAMES, type ModeName, MODES } from "../rules.ts";
import {
  type AnyOption,
  flag,
  oneOf,
  type Option,
  port,
} from "../rules/options.ts";
import { hasCases } from "../check/modes.ts";
import { LOOPBACK } from "../net/address.ts";
import { CHECK, REPORT } from "./check_options.ts";
import { FAULTS, RETRIES, SIGHT } from "./lab_options.ts";
import { BETWEEN } from "./relay_options.ts";
import { LOG_LEVELS } from "./terminal.ts";

/** Which of the two programs a command line is for. */
export type Program = "server" | "client";

/** How long a client waits for an answer unless told otherwise, in seconds. */
export const DEFAULT_TIMEOUT = 5;
/** The longest timeout: a day, in seconds. */
const MAX_TIMEOUT = 24 * 60 * 60;

export const MODE = oneOf("mode", MODE_NAMES, {
  placeholder: "MODE",
  default: MODE_NAMES[0]!,
  help: "the assignment to play",
  check: true,
});

export const HOST: Option<"host", string> = {
  name: "host",
  placeholder: "ADDRESS",
  default: LOOPBACK,
  help: "the server's address",
  check: true,
  parse: readHost,
};

export const SERVER_PORT = port("port", {
  default: undefined,
  help: "the port to listen on [the mode's]; 0 takes a free one",
  check: true,
});

export const SERVERS_PORT = port("port", {
  from: 1,
  default: undefined,
  help: "the server's port [the mode's]",
  check: true,
});

export const LOG_LEVEL = oneOf("log-level", LOG_LEVELS, {
  placeholder: "LEVEL",
  default: "debug",
  help: LOG_LEVELS.join(", "),
  check: true,
});

export const TIMEOUT: Option<"timeout", number | undefined> = {
  name: "timeout",
  placeholder: "SECONDS",
  default: undefined,
  help: `how long to wait for a connection or an answer [${DEFAULT_TIMEOUT}]`,
  parse: readSeconds,
};

export const HELP = flag("help", "print this help and exit", { check: true });
export const VERSION = flag("version", "print the version and exit", {
  check: true,
});

/** A program's options in every mode, under the headings of `--help`. */
export const COMMON: Readonly<Record<Program, Readonly<CommonOptions>>> = {
  server: {
    plain: [MODE, HOST, SERVER_PORT, LOG_LEVEL],
    sight: SIGHT,
    faults: FAULTS,
    between: BETWEEN,
  },
  client: {
    plain: [MODE, HOST, SERVERS_PORT, LOG_LEVEL, TIMEOUT],
    sight: SIGHT,
    faults: [...FAULTS, RETRIES],
    between: [],
  },
};

interface CommonOptions {
  readonly plain: readonly AnyOption[];
  readonly sight: readonly AnyOption[];
  readonly faults: readonly AnyOption[];
  readonly between: readonly AnyOption[];
}

function common(program: Program): AnyOption[] {
  return Object.values(COMMON[program]).flat();
}

/** The options with a short form, by its letter. */
export const SHORT: Readonly<Record<string, string>> = {
  m: MODE.name,
  p: SERVER_PORT.name,
  h: HELP.name,
  V: VERSION.name,
};

/** The options of a program in one mode. */
export function optionsIn(program: Program, mode: ModeName): AnyOption[] {
  const own = [...ownOptions(program, mode), ...checkOptions(program, mode)];
  return [...common(program), ...own, HELP, VERSION];
}

/** A mode's own options. */
export function ownOptions(
  program: Program,
  mode: ModeName,
): readonly AnyOption[] {
  const { serverOptions, clientOptions } = MODES[mode];
  return program === "server" ? serverOptions : clientOptions;
}

/**
 * The options for a check in one mode: none if it has no cases. A program
 * checks the other half, so it takes that half's options for edition and form.
 */
export function checkOptions(program: Program, mode: ModeName): AnyOption[] {
  if (!hasCases(mode)) return [];
  const other = ownOptions(program === "server" ? "client" : "server", mode);
  const own = ownOptions(program, mode).map(({ name }) => name);
  const theirs = other.filter(({ name, check }) =>
    check && !own.includes(name)
  );
  return [CHECK, REPORT, ...theirs];
}

/** Every option of a program, in any mode; some names have several. */
export function optionsOf(program: Program): AnyOption[] {
  return [...new Set(MODE_NAMES.flatMap((mode) => optionsIn(program, mode)))];
}

/** The modes with an option of this name; none if every mode has it. */
export function modesWith(program: Program, name: string): ModeName[] {
  const modes = MODE_NAMES.filter((mode) =>
    optionsIn(program, mode).some((option) => option.name === name)
  );
  return modes.length < MODE_NAMES.length ? modes : [];
}

/** An IPv6 address before a port is written in brackets. */
function readHost(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, "$1");
  const [, before, port] = /^([^:]+|\[.*\]):([0-9]+)$/.exec(text) ?? [];
  if (port !== undefined) {
    throw new RangeError(
      `an address and a port: write --host ${before} --port ${port}`,
    );
  }
  if (isHost(host)) return host;
  throw new RangeError(`not an address. Try ${LOOPBACK}`);
}

/** Whether it fits in a URL, and its parts are valid in DNS. */
function isHost(host: string): boolean {
  const isIPv6 = host.includes(":");
  // A URL may have empty parts, as in a..b: Deno throws what looks like a bug.
  if (!isIPv6 && !/^[\w-]{1,63}(\.[\w-]{1,63})*\.?$/.test(host)) return false;
  return URL.canParse(`http://${isIPv6 ? `[${host}]` : host}/`);
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  const isDecimal = /^[0-9]*\.?[0-9]+$/.test(text);
  if (isDecimal && seconds > 0 && seconds <= MAX_TIMEOUT) return seconds;
  throw new RangeError(
    `not a number of seconds above 0 and up to ${MAX_TIMEOUT}`,
  );
}
