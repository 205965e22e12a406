/**
 * A check without a program, for what is tested by itself.
 */
import { Condition } from "../../lib/check/play/condition.ts";
import type { Check } from "../../lib/check/play/run.ts";
import { Shared } from "../../lib/check/play/shared.ts";
import { SeededRandom } from "../../lib/check/play/seeded_random.ts";
import { Timeouts } from "../../lib/check/play/timeouts.ts";
import { DIRECT } from "../../lib/net/wire.ts";

/** @param parts what is to be different */
export function aCheck(parts: Partial<Check> = {}): Check {
  return {
    mode: "uppercase",
    address: { hostname: "127.0.0.1", port: 1 },
    condition: new Condition(),
    network: DIRECT,
    timeouts: new Timeouts(),
    random: new SeededRandom(1),
    launcher: undefined,
    person: undefined,
    options: {},
    shared: new Shared(),
    ...parts,
  };
}
