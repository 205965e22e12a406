/**
 * Uppercase: a UDP server that answers each message in upper case.
 *
 * The assignment: "A client/server application that communicate based on port
 * number", Introduction To Networks, 2021; the same exchange is the UDP example
 * of Kurose and Ross.
 */
import {
  type Action,
  type DatagramDialogue,
  INVALID_MESSAGE,
  log,
  NOT_TEXT,
  print,
  READY,
  refuse,
  send,
  type ServerRules,
  splitLineEnding,
  stop,
} from "./contract.ts";
import { datagramMode } from "./mode.ts";
import { integer, MESSAGE } from "./options.ts";

/** What the upper-cased message is when a client ends its session. */
export const QUIT = "QUIT";
export const CLOSED = "CONNECTION CLOSED";

const SESSIONS = integer("sessions", {
  from: 0,
  to: Number.MAX_SAFE_INTEGER,
  default: 0,
  help: "end after N quits; 0 for no end",
});

/** The server; with `sessions` it ends after that many `quit`s. */
export function uppercaseServer(
  { sessions }: { sessions: number },
): ServerRules {
  let quits = 0;

  /** UDP has no connection to close: the server only says so, and goes on. */
  function announceClosing(): Action[] {
    return [print(CLOSED), print("====="), print(READY)];
  }

  function countSession(): Action[] {
    quits++;
    if (quits !== sessions) return [];
    const text = `session ${quits} of ${sessions} is over: the end`;
    return [log("info", text), stop()];
  }

  return {
    message(peer, text) {
      if (text === undefined) {
        const refusal = refuse(peer, text, "text in UTF-8", INVALID_MESSAGE);
        return [print(NOT_TEXT), ...refusal];
      }
      // `nc -u` sends a line ending: no part of the message, but answered, so
      // that nc shows a line.
      const [message, ending] = splitLineEnding(text);
      const upper = message.toUpperCase();
      const answer = send(peer, upper + ending);
      if (upper !== QUIT) return [print(message), answer];
      const closing = announceClosing();
      return [print(message), ...closing, answer, ...countSession()];
    },
  };
}

/** The client: sentence after sentence, until the user says `quit`. */
async function uppercaseClient(io: DatagramDialogue): Promise<void> {
  await io.open();
  for (;;) {
    const message = await io.ask("Input lowercase sentence: ");
    if (message === undefined) return;
    const answer = await io.request(message);
    // A person has been told that no answer came, and may ask again; where
    // nobody is there to do so, the request has failed and so has the client.
    if (answer === undefined) continue;
    io.print(splitLineEnding(answer)[0]);
    if (message.toUpperCase() !== QUIT) continue;
    io.close();
    io.print(CLOSED);
    return;
  }
}

export const uppercase = datagramMode({
  summary: "the server answers each message in upper case",
  port: 12000,
  serverOptions: [SESSIONS],
  clientOptions: [MESSAGE],
  server: uppercaseServer,
  client: uppercaseClient,
  hearing: async () =>
    (await import("./listening/uppercase.ts")).uppercaseHearing(),
});
