/** Listening to a `permission` server. */
import { DATAGRAMS } from "./datagrams.ts";
import type { Hearing } from "./hearing.ts";

/** This many digits fit the integers of every language. */
const MAX_DIGITS = 9;
/** How many numbers that servers may have read differently are remembered. */
const MAX_DOUBTFUL = 1_000;

const EXACT = /^[a-z]+(?:0|[1-9][0-9]*)$/i;
// One of the words, a number, and no other letter.
const NEARLY = /^\s*(?:permission|request)(?=.*\p{N})[^\p{L}]*$/isu;

/** Leaves open whether 007 is 7, and what may stand beside a number. */
export function permissionHearing(): Hearing {
  const doubtful = new Set<string>();
  return {
    ...DATAGRAMS,
    endsServer: true,
    settles(_client, message) {
      if (!message || doubtful.size > MAX_DOUBTFUL) return false;
      const numbers = (message.match(/\p{N}+/gu) ?? []).map(withoutZeros);
      const isPlain = EXACT.test(message) &&
        numbers.every(({ length }) => length <= MAX_DIGITS);
      if (!isPlain && NEARLY.test(message)) {
        for (const each of numbers) doubtful.add(each);
      }
      return !numbers.some((each) => doubtful.has(each));
    },
  };
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=.)/, "");
}
