/**
 * The modes by their transport, for tables with a line for each of them: one
 * that is missing does not pass the type check.
 */
import { type ModeName, MODES } from "../../lib/rules.ts";
import type { DatagramMode, StreamMode } from "../../lib/rules/mode.ts";

type NameOf<M> = {
  [Name in ModeName]: typeof MODES[Name] extends M ? Name : never;
}[ModeName];

/** The modes over TCP. */
export type StreamModeName = NameOf<StreamMode>;
/** The modes over UDP. */
export type DatagramModeName = NameOf<DatagramMode>;

/** What a test sets of a mode's options, by name; the others are as by default. */
export type Options = Readonly<Record<string, unknown>>;

/** What keeps a server going however many clients it has served. */
export const ENDLESS: Record<ModeName, Options> = {
  permission: { maxClients: 0 },
  uppercase: { sessions: 0 },
  sequence: { sessions: 0 },
  chat: { sessions: 0 },
  sum: {},
};

/** The same on the command line. */
export function endless(mode: ModeName): string[] {
  const options = Object.entries(ENDLESS[mode]);
  return [
    "--mode",
    mode,
    ...options.flatMap(([name, value]) => [
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      String(value),
    ]),
  ];
}
