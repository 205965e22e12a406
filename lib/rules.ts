/**
 * The five assignments, by the name that `--mode` knows them by.
 *
 * Both programs start from this table. A new assignment is a file in `rules/`
 * and a line here.
 */
import { chat } from "./rules/chat.ts";
import type { Mode } from "./rules/contract.ts";
import { permission } from "./rules/permission.ts";
import { sequence } from "./rules/sequence.ts";
import { sum } from "./rules/sum.ts";
import { uppercase } from "./rules/uppercase.ts";

/** Every mode by its name, in the order of `--help`; the first is the default. */
export const MODES: ReadonlyMap<string, Mode> = new Map(
  [permission, uppercase, sequence, chat, sum].map((mode) => [mode.name, mode]),
);
