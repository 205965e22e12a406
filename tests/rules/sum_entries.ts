/**
 * What the tests of sum's formats share: what came of reading a message.
 */
import { assert } from "@std/assert";
import type { Entry, Problem } from "../../lib/rules/sum_format.ts";

/** What was wrong; fails where nothing was. */
export function problemIn(result: Entry | Problem): string {
  assert("error" in result, JSON.stringify(result));
  return (result as Problem).error;
}

/** The name and the number; fails where there are none. */
export function entryIn(result: Entry | Problem): Entry {
  assert(!("error" in result), JSON.stringify(result));
  const { name, number, written } = result as Entry;
  return { name, number, written };
}
