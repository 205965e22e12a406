/**
 * The assignments, each by the name that `--mode` knows them by.
 *
 * Both programs start from this table. A new assignment is a file in `rules/`
 * and a line here.
 */
import { chat } from "./rules/chat.ts";
import type { Mode } from "./rules/mode.ts";
import { permission } from "./rules/permission.ts";
import { sequence } from "./rules/sequence.ts";
import { sum } from "./rules/sum.ts";
import { uppercase } from "./rules/uppercase.ts";

/** Every mode by its name, in the order of `--help`; the first is the default. */
export const MODES = {
  permission,
  uppercase,
  sequence,
  chat,
  sum,
} satisfies Record<string, Mode>;

/** The name of a mode: a table by mode has a line for each of these. */
export type ModeName = keyof typeof MODES;

/** The names, in the order of `--help`. */
export const MODE_NAMES = Object.keys(MODES) as ModeName[];
