/**
 * What `--help` and `--version` print.
 */
import config from "../../deno.json" with { type: "json" };
import { MODE_NAMES, MODES } from "../rules.ts";
import type { AnyOption } from "../rules/options.ts";
import {
  checkOptions,
  COMMON,
  modesWith,
  optionsIn,
  optionsOf,
  type Program,
  SHORT,
} from "./common_options.ts";

/** The program's full name: `Socket Lab server 1.0.0`. */
export function title(program: Program): string {
  return `Socket Lab ${program} ${config.version}`;
}

/** What `--help` prints. */
export function help(program: Program): string {
  const { sight, faults, between } = COMMON[program];
  const check = MODE_NAMES.flatMap((mode) => checkOptions(program, mode));
  const lab = [...sight, ...faults, ...between, ...check];
  const others = optionsOf(program).filter((each) => !lab.includes(each));
  const run = `deno run --allow-net=127.0.0.1 ${program}.ts`;
  const example = program === "server"
    ? `${run} --mode chat`
    : `${run} --mode chat --client X`;
  return [
    `${
      title(program)
    }: plays the ${program}'s half of ${MODE_NAMES.length} socket assignments.`,
    "",
    `Usage:   ${run} [--mode MODE] [options]`,
    `         ${run} --check [options] [-- COMMAND]`,
    `Example: ${example}`,
    "",
    "Modes:",
    ...modeRows(),
    "",
    "Options:",
    ...optionRows(program, others),
    "",
    "To see the wire:",
    ...optionRows(program, sight),
    "",
    "To make the network worse:",
    ...optionRows(program, faults),
    "",
    ...between.length === 0 ? [] : [
      "To stand between two programs:",
      ...optionRows(program, between),
      "",
    ],
    "To check a program:",
    ...optionRows(program, check),
    "",
    "Exit status: 0 success; 1 failure; 2 wrong command line" +
    (program === "client" ? "; 130 Ctrl-C." : "."),
  ].join("\n");
}

function modeRows(): string[] {
  return MODE_NAMES.map((name) => {
    const { summary, transport, port } = MODES[name];
    return wrapped(row(name, `${summary} (${transport}, port ${port})`));
  });
}

/** A row per option, or per meaning if modes differ. */
function optionRows(
  program: Program,
  options: readonly AnyOption[],
): string[] {
  const byText = new Map<string, AnyOption[]>();
  const names = new Set(options.map(({ name }) => name));
  const ordered = [...names].flatMap((name) =>
    options.filter((each) => each.name === name)
  );
  for (const option of ordered) {
    const text = row(label(option), explanation(option));
    byText.set(text, [...byText.get(text) ?? [], option]);
  }
  return [...byText].map(([text, options]) =>
    wrapped(text + modesOf(program, options))
  );
}

function label({ name, placeholder }: AnyOption): string {
  const short = Object.keys(SHORT).find((key) => SHORT[key] === name);
  const value = placeholder === undefined ? "" : ` ${placeholder}`;
  return `${short ? `-${short}, ` : ""}--${name}${value}`;
}

/** What it does, and its default if it has one that can be written. */
function explanation({ help, default: value }: AnyOption): string {
  const isWritten = typeof value === "number" || typeof value === "string";
  return isWritten ? `${help} [${value}]` : help;
}

/** The modes that have one of these; nothing if all do. */
function modesOf(program: Program, options: AnyOption[]): string {
  if (modesWith(program, options[0]!.name).length === 0) return "";
  const modes = MODE_NAMES.filter((mode) =>
    optionsIn(program, mode).some((option) => options.includes(option))
  );
  return ` (${modes.join(", ")})`;
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(INDENT - 4)}  ${text}`;
}

/** How wide the help is, and where its right column begins, in characters. */
const WIDTH = 80;
const INDENT = 28;

/** A row, wrapped if need be. */
function wrapped(row: string): string {
  const end = row.lastIndexOf(" ", WIDTH);
  if (row.length <= WIDTH || end <= INDENT) return row;
  const rest = " ".repeat(INDENT) + row.slice(end + 1);
  return `${row.slice(0, end)}\n${wrapped(rest)}`;
}
