/** What listening to the two assignments over UDP has in common. */
import type { Expected, Hearing } from "./hearing.ts";

/** A datagram is an answer or it is not; each must have been asked for. */
export const DATAGRAMS = {
  isStream: false,
  asks: (text) => text,
  read(said: string, { text }: Expected) {
    const isSame = trimmed(said) === trimmed(text);
    return isSame ? { rest: "" } : { problem: "" };
  },
  unasked: () => "nothing has asked for it",
} satisfies Hearing;

/** Spaces, line endings and the padding of C programs do not matter. */
function trimmed(text: string): string {
  return text.replace(/^[\s\0]+|[\s\0]+$/g, "");
}
