/** Checks that what a user types into a client over UDP arrives unchanged. */
import { Finding } from "../play/case.ts";
import type {
  DatagramClientRun,
  Received,
} from "../play/datagram_client_run.ts";
import type { Field } from "../play/prompts.ts";
import { type Hint, hintFor } from "../play/hints.ts";
import { withoutPadding } from "../play/run.ts";
import { quote } from "../reports/quote.ts";

const NEXT_INT =
  "nextInt (or cin >>) leaves the end of the line in the input, which is then read as an empty message: read the rest of the line first";
const OWN_TEXT =
  "what was typed has to be sent, and not a text of the program's own";
const LETTER_CASE: Hint = {
  shows: (came, typed) => came.toLowerCase() === typed.toLowerCase(),
  means: "it may change the letter case: what is sent is what was typed",
};

/** The hint for a line ending that a program leaves in a message. */
export const KEEPS_LINE_ENDING =
  "the line ending is a part of what it read (fgets, readline): cut it off before comparing";

/**
 * @returns the message, without padding or line ending
 * @throws {Finding} if it is not what was typed
 */
export function asTyped(
  run: DatagramClientRun,
  { text, port }: Received,
  typed: string,
): Received {
  const message = withoutPadding(run, text, "message");
  if (message === typed) return { text: message, port };
  const isEmpty = message === "";
  if (run.typed.has(message)) {
    throw new Finding(
      "each message once",
      `it sends ${quote(message)} once more`,
    );
  }
  if (run.program !== undefined && !run.typed.has(typed)) {
    throw new Finding(
      "nothing before the user has typed a message",
      `it sends ${quote(text)}`,
      isEmpty ? NEXT_INT : undefined,
    );
  }
  throw Finding.between(
    typed,
    message,
    isEmpty ? NEXT_INT : hintFor(message, typed, [LETTER_CASE]) ?? OWN_TEXT,
  );
}

/**
 * Types a message; a client that was answered must go on.
 *
 * @param ends what ends the client; nothing else must
 * @throws {Finding} if no message comes
 */
export async function hearsNext(
  run: DatagramClientRun,
  fields: readonly Field[],
  ends: string,
): Promise<Received> {
  try {
    return await run.hears(...fields);
  } catch (error) {
    const hasEnded = run.program?.ownExit?.code === 0;
    const endedEarly = hasEnded && run.replies.length > 0;
    if (!(error instanceof Finding) || !endedEarly) throw error;
    const hint = `only ${ends} ends the client: ask for the next in a loop`;
    throw new Finding(error.expected, error.came, hint);
  }
}
