/**
 * How faults are written on a command line: `--loss 30%`, `--delay 50`.
 *
 * Each function reads one value, and says what any other text is not.
 */
import { MAX_DELAY } from "./faults.ts";

/**
 * Reads a probability, as `30%` or `0.3`.
 *
 * @returns 0..1
 * @throws {RangeError} that says what the text is not
 */
export function parseProbability(text: string): number {
  const isPercentage = text.endsWith("%");
  const number = decimal(isPercentage ? text.slice(0, -1) : text);
  const probability = isPercentage ? number / 100 : number;
  if (probability >= 0 && probability <= 1) return probability;
  const hint = !isPercentage && number <= 100 ? ` (as in ${text}%)` : "";
  throw new RangeError(
    `not a number from 0 to 1 or a percentage up to 100%${hint}`,
  );
}

/**
 * Reads a number of milliseconds, as `50`, `2.5` or `50ms`.
 *
 * @returns 0..`MAX_DELAY`
 * @throws {RangeError} that says what the text is not
 */
export function parseMilliseconds(text: string): number {
  const number = decimal(text.replace(/ms$/, ""));
  if (number >= 0 && number <= MAX_DELAY) return number;
  throw new RangeError(`not a number of milliseconds from 0 to ${MAX_DELAY}`);
}

/** Digits, perhaps with a point; anything else, a sign too, is NaN. */
function decimal(text: string): number {
  return /^([0-9]+\.?[0-9]*|\.[0-9]+)$/.test(text) ? Number(text) : NaN;
}
