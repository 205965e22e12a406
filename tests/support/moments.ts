/**
 * Moments in the lives of clients of more than one mode.
 */
import type { Moment } from "./mode_tests.ts";

/** A wrong answer at a prompt is refused, and the prompt comes again. */
export function refused(answer: string, line: string): Moment["lead"] {
  return async (client) => {
    await client.type(`${answer}\n`);
    await client.prints(line, client.stderr);
  };
}

/** Says something over UDP, and has it answered or not. */
function said(isAnswered: boolean): Moment["lead"] {
  return async (client, { udp }) => {
    await client.type("hello\n");
    const { port } = await udp.receive();
    if (!isAnswered) return;
    await udp.send("HELLO", port);
    await client.prints("HELLO\n");
  };
}

/** At a client over UDP. */
export const ASKING: Moment[] = [
  {
    name: "asked for a message",
    args: [],
    lead: said(true),
    endOfInput: { status: 0 },
  },
  { name: "waiting for an answer", args: [], lead: said(false) },
];
