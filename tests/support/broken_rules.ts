/**
 * Rules with a bug: they throw, at the place that a test chooses.
 */
import {
  type Action,
  log,
  print,
  type ServerRules,
} from "../../lib/rules/contract.ts";

/** Where the bug is. */
export type Place = "opened" | "message" | "closed" | "silent";

/** What the rules throw. */
export class Bug extends TypeError {}

/** Rules that throw when a peer says `strike`, or at another place at once. */
export function brokenRules(place: Place): ServerRules {
  const strike = (at: Place, isTime = true): Action[] => {
    if (at === place && isTime) throw new Bug(`the bug in ${at}`);
    return [print(`${at} went well`), log("info", `${at} went well`)];
  };
  return {
    opened: () => strike("opened"),
    message: (_, text) => strike("message", text === "strike"),
    closed: () => strike("closed"),
    silent: () => strike("silent"),
  };
}
