/**
 * The modes, each with what the tests have to know of it. A new mode is a file in
 * `tests/modes` and a line here; one that is missing does not pass the type check.
 */
import type { ModeName, MODES } from "../lib/rules.ts";
import { chat } from "./modes/chat.ts";
import { permission } from "./modes/permission.ts";
import { sequence } from "./modes/sequence.ts";
import { sum } from "./modes/sum.ts";
import { uppercase } from "./modes/uppercase.ts";
import type { TestsOf } from "./support/mode_tests.ts";
import type { Scenario } from "./support/scenarios.ts";

/** In the order of `--help`. */
export const MODE_TESTS: {
  readonly [Name in ModeName]: TestsOf<typeof MODES[Name]>;
} = {
  permission,
  uppercase,
  sequence,
  chat,
  sum,
};

/** What the scripts play, mode by mode. */
export const SCENARIOS: readonly Scenario[] = Object.values(MODE_TESTS)
  .flatMap(({ scenarios }) => scenarios);
