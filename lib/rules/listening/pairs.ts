/** Listening to a server of `sequence` or `chat`: what both begin with. */
import { Acknowledgment, looksAcknowledged } from "../acknowledgment.ts";
import { greetingOf } from "../greeting.ts";
import type { Side } from "../pairing.ts";
import type { Expected, Reading } from "./hearing.ts";

/** Messages that come closer together have no order, in milliseconds. */
const TOGETHER = 100;

const SIDES: readonly Side[] = ["X", "Y"];

/** Whether this is how our server greets. */
export function isGreeting(text: string): boolean {
  return SIDES.some((side) => text === greetingOf(side));
}

const GREETED = /\bclient\s+(X|Y)\b.*?connect(?:ed)?/is;

/** Looks for a greeting, in whatever words; a relayed message may follow it. */
export function readGreeting(said: string, { text }: Expected): Reading {
  const found = GREETED.exec(said);
  if (found === null) return undefined;
  const isRight = text === greetingOf(found[1]!.toUpperCase() as Side);
  if (!isRight) return { problem: "" };
  return { rest: said.slice(found.index + found[0].length) };
}

/** Looks for an acknowledgment, in whatever words. */
export function readAcknowledgment(
  said: string,
  { text, gap }: Expected,
  isWhole: boolean,
): Reading {
  const expected = new Acknowledgment(text);
  const isReversed = expected.isReversedIn(said);
  const isAnyOrder = isReversed && gap < TOGETHER;
  if (expected.isIn(said) || isAnyOrder) return { rest: "" };
  const isAnother = isReversed || isWhole && looksAcknowledged(said);
  return isAnother ? { problem: "" } : undefined;
}
