/** Listening to a `sequence` server. */
import { looksAcknowledged } from "../acknowledgment.ts";
import type { Hearing } from "./hearing.ts";
import { isGreeting, readAcknowledgment, readGreeting } from "./pairs.ts";

/** Leaves open the words around an acknowledgment, and what else is said. */
export function sequenceHearing(): Hearing {
  /** Clients that have sent a message and were not acknowledged yet. */
  const waiting = new Set<string>();
  return {
    isStream: true,
    needsForm: true,
    settles(client) {
      waiting.add(client.id);
      return true;
    },
    asks: (text) =>
      looksAcknowledged(text) || isGreeting(text) ? text : undefined,
    read: (said, expected, isWhole) =>
      isGreeting(expected.text)
        ? readGreeting(said, expected)
        : readAcknowledgment(said, expected, isWhole),
    met(client, text) {
      if (!isGreeting(text)) waiting.delete(client.id);
    },
    unasked: (_client, said) =>
      looksAcknowledged(said)
        ? "the messages of X and Y have not both come"
        : undefined,
    ended: (client) =>
      waiting.delete(client.id) ? "its message is not acknowledged" : undefined,
  };
}
