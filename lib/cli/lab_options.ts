/**
 * The options of the lab: to see the wire, and to make the network worse.
 */
import { MAX_DELAY, MAX_SEED, MAX_SLICE } from "../net/faults.ts";
import { integer, oneOf, type Option, port } from "../rules/options.ts";
import { TRACE_FORMATS } from "../trace/formats.ts";

export const TRACE = oneOf("trace", TRACE_FORMATS, {
  placeholder: "FORMAT",
  default: undefined,
  help: `write what goes over the wire: ${TRACE_FORMATS.join(", ")}`,
  check: true,
});

export const OUTPUT: Option<"output", string | undefined> = {
  name: "output",
  placeholder: "FILE",
  default: undefined,
  help: "write the trace, or else the report of a check, to this file",
  check: true,
  parse: (text) => text,
};

export const VIEW = port("view", {
  default: undefined,
  help: "show the wire in a browser at this port; 0 takes a free one",
  check: true,
});

export const LOSS = probability("loss", "lose datagrams, such as 30%");

export const LOSE_FIRST = integer("lose-first", {
  from: 0,
  to: 1_000,
  default: 0,
  help: "lose the first N datagrams in each direction",
});

export const DUPLICATE = probability(
  "duplicate",
  "deliver datagrams twice, such as 10%",
);

export const DELAY = milliseconds("delay", "deliver bytes this much later");

export const JITTER = milliseconds(
  "jitter",
  "vary the delay by up to this, so that datagrams overtake each other",
);

export const SLICE = integer("slice", {
  from: 1,
  to: MAX_SLICE,
  placeholder: "BYTES",
  default: undefined,
  help: "write each message of a stream in pieces, --delay apart",
});

export const SEED = integer("seed", {
  from: 0,
  to: MAX_SEED,
  default: undefined,
  help: "repeat the faults of an earlier run",
  check: true,
});

export const RETRIES = integer("retries", {
  from: 0,
  to: 1_000,
  default: 0,
  help: "ask again up to N times if no answer comes (UDP)",
});

/** To see the wire. */
export const SIGHT = [TRACE, OUTPUT, VIEW];
/** To make the network worse. */
export const FAULTS = [LOSS, LOSE_FIRST, DUPLICATE, DELAY, JITTER, SLICE, SEED];

/** Why an option has no effect over the other transport. */
export const REFUSED: Readonly<
  Record<"udp" | "tcp", ReadonlyMap<Option<string, unknown>, string>>
> = {
  tcp: new Map<Option<string, unknown>, string>([
    [LOSS, "TCP repeats what is lost, so a program never sees it"],
    [LOSE_FIRST, "TCP repeats what is lost, so a program never sees it"],
    [DUPLICATE, "TCP throws away what comes twice, so a program never sees it"],
    [JITTER, "TCP keeps the order, so a program never sees it change"],
    [RETRIES, "TCP repeats what is lost by itself"],
    [SEED, "nothing there is left to chance"],
  ]),
  udp: new Map<Option<string, unknown>, string>([
    [SLICE, "a datagram arrives whole or not at all"],
  ]),
};

function probability<const Name extends string>(
  name: Name,
  help: string,
): Option<Name, number> {
  const parse = parseProbability;
  return { name, placeholder: "P", help, default: 0, parse };
}

function milliseconds<const Name extends string>(
  name: Name,
  help: string,
): Option<Name, number> {
  const parse = parseMilliseconds;
  return {
    name,
    placeholder: "MS",
    help: `${help}, in milliseconds`,
    default: 0,
    parse,
  };
}

/**
 * Reads a probability, as `30%` or `0.3`.
 *
 * @returns 0..1
 * @throws {RangeError} saying what the text should have been
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
 * @throws {RangeError} saying what the text should have been
 */
export function parseMilliseconds(text: string): number {
  const number = decimal(text.replace(/ms$/, ""));
  if (number >= 0 && number <= MAX_DELAY) return number;
  throw new RangeError(`not a number of milliseconds from 0 to ${MAX_DELAY}`);
}

/** Digits, perhaps with a decimal point; NaN for anything else, even a sign. */
function decimal(text: string): number {
  return /^([0-9]+\.?[0-9]*|\.[0-9]+)$/.test(text) ? Number(text) : NaN;
}
