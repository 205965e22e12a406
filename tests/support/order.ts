/**
 * Two clients who introduce themselves one after the other, in every way that
 * programs do: bare or with a line feed, close together or further apart.
 */
import { assert } from "@std/assert";
import { RawStream } from "./harness.ts";

/** How two clients introduce themselves. */
export interface Introductions {
  /** Which of the two comes first. */
  first: "X" | "Y";
  /** What each of them ends its message with. */
  endings: readonly [first: string, second: string];
  /** How long after the first the second one speaks, in milliseconds. */
  gap: number;
}

/** How many pairs there have been: each has names of its own. */
let pairs = 0;

/**
 * Has two clients introduce themselves, and checks that both are told the order
 * in which they spoke. It does not matter whose partner each of them becomes.
 */
export async function checkOrder(
  port: number,
  { first, endings, gap }: Introductions,
): Promise<void> {
  const second = first === "X" ? "Y" : "X";
  const names = [`Early ${++pairs}`, `Late ${pairs}`];
  using early = await RawStream.connect(port);
  using late = await RawStream.connect(port);
  await early.send(`Client ${first}: ${names[0]}${endings[0]}`);
  await new Promise((resolve) => setTimeout(resolve, gap));
  await late.send(`Client ${second}: ${names[1]}${endings[1]}`);
  const text = `${first}: ${names[0]} received before ${second}: ${names[1]}`;
  await Promise.all([early, late].map((each) => each.receives(" before ")));
  for (const { received } of [early, late]) {
    assert(received.startsWith(text), `${received}; expected ${text}`);
  }
}
