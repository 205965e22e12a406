/**
 * The modes by their transport, and their options as they are typed.
 */
import { type ModeName, MODES } from "../../lib/rules.ts";
import type { DatagramMode, StreamMode } from "../../lib/rules/mode.ts";
import { MODE_TESTS } from "../modes.ts";

type NameOf<M> = {
  [Name in ModeName]: typeof MODES[Name] extends M ? Name : never;
}[ModeName];

/** The modes over TCP. */
export type StreamModeName = NameOf<StreamMode>;
/** The modes over UDP. */
export type DatagramModeName = NameOf<DatagramMode>;

/** The command line of a server that goes on however many it has served. */
export function endless(mode: ModeName): string[] {
  const options = Object.entries(MODE_TESTS[mode].endless);
  return [
    "--mode",
    mode,
    ...options.flatMap(([name, value]) => [
      `--${optionName(name)}`,
      String(value),
    ]),
  ];
}

/** An option's name on the command line, by the name that the rules have for it. */
export function optionName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
