/** Listening to an `uppercase` server. */
import { DATAGRAMS } from "./datagrams.ts";
import type { Hearing } from "./hearing.ts";

/** Leaves open what becomes of letters beyond ASCII, and of spaces alone. */
export function uppercaseHearing(): Hearing {
  return {
    ...DATAGRAMS,
    settles: (_client, message) =>
      message !== undefined && /^[ -~]*[!-~][ -~]*$/.test(message),
  };
}
