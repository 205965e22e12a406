/**
 * The options of both programs, which modes have them, and what `--help` says.
 */
import config from "../../deno.json" with { type: "json" };
import { MODES } from "../rules.ts";
import { LOOPBACK, type Mode } from "../rules/contract.ts";
import { LOG_LEVELS } from "./terminal.ts";

/** Which of the two programs a command line is for. */
export type Program = "server" | "client";

/** How long a client waits for an answer, in seconds. */
export const DEFAULT_TIMEOUT = 5;

/** Every option that takes a value: what that is, and what it does. */
export const OPTIONS: Record<string, [value: string, help: string]> = {
  "mode": ["MODE", "the assignment to play [permission]"],
  "host": ["ADDRESS", `the server's address [${LOOPBACK}]`],
  "port": [
    "PORT",
    "the server's port [the mode's]; a server's 0 takes a free one",
  ],
  "name": ["NAME", "this program's name, as the other side gets to see it"],
  "log-level": ["LEVEL", `${LOG_LEVELS.join(", ")} [debug]`],
  "max-clients": ["N", "end after N different clients [4]; 0 for no limit"],
  "sessions": ["N", "end after N sessions; 0 for no end"],
  "number": ["N", "this program's number"],
  "client-port": ["PORT", "the UDP port to send from; 0 takes a free one"],
  "client": ["X|Y", "which of the two clients to be"],
  "message": ["TEXT", "say this and end; may be repeated"],
  "framing": ["line|raw", "end messages with a line feed, or with nothing"],
  "timeout": [
    "SECONDS",
    `how long to wait for an answer [${DEFAULT_TIMEOUT}]`,
  ],
};

/** What both programs have in every mode; `timeout` is the client's alone. */
const COMMON = ["mode", "host", "port", "log-level"];

/** The options that have a short form, by its letter. */
export const SHORT: Record<string, string> = {
  m: "mode",
  p: "port",
  h: "help",
  V: "version",
};

/** Everything that a program has, in whatever mode. */
export function optionsOf(program: Program): string[] {
  return Object.keys(OPTIONS).filter((name) =>
    isCommon(program, name) || modesWith(program, name).length > 0
  );
}

/** Whether the program has this option in every mode. */
export function isCommon(program: Program, name: string): boolean {
  return COMMON.includes(name) || (program === "client" && name === "timeout");
}

/** The names of the modes that have this option of their own. */
export function modesWith(program: Program, name: string): string[] {
  const modes = [...MODES.values()];
  return modes.filter((mode) => flagsOf(program, mode).includes(name))
    .map((mode) => mode.name);
}

/** The options that the program has in this mode and not in all. */
export function flagsOf(program: Program, mode: Mode): readonly string[] {
  return program === "server" ? mode.serverFlags : mode.clientFlags;
}

/** What `--version` prints. */
export function title(program: Program): string {
  return `Socket Lab ${program} ${config.version}`;
}

/** What `--help` prints. */
export function help(program: Program): string {
  const run = `deno run --allow-net=127.0.0.1 ${program}.ts`;
  const example = program === "server"
    ? `${run} --mode chat`
    : `${run} --mode chat --client X --name Alice`;
  const modes = [...MODES.values()].map((mode) =>
    row(mode.name, `${mode.summary} (${mode.transport}, port ${mode.port})`)
  );
  return [
    `${
      title(program)
    }: plays the ${program}'s half of five socket assignments.`,
    "",
    `Usage:   ${run} [--mode MODE] [options]`,
    `Example: ${example}`,
    "",
    "Modes:",
    ...modes,
    "",
    "Options:",
    ...optionsOf(program).map((name) => optionRow(program, name)),
    row("-h, --help", "print this, and end"),
    row("-V, --version", "print the version, and end"),
    "",
    "Exit status: 0 done; 1 it could not be done; 2 wrong command line" +
    (program === "client" ? "; 130 Ctrl-C." : "."),
  ].join("\n");
}

function optionRow(program: Program, name: string): string {
  const [value, text] = OPTIONS[name]!;
  const short = Object.keys(SHORT).find((key) => SHORT[key] === name);
  const label = `${short ? `-${short}, ` : ""}--${name} ${value}`;
  if (isCommon(program, name)) return row(label, text);
  return row(label, `${text} (${modesWith(program, name).join(", ")})`);
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(22)}  ${text}`;
}
