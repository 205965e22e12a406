/**
 * Uppercase: a UDP server that answers each message in upper case.
 *
 * `quit` ends a client, and what the server calls a connection; the server goes
 * on. An answer can be longer than its message (`ß` becomes `SS`): if it does
 * not fit a datagram, `Message too long` is sent instead. The assignment: "A
 * client/server application that communicate based on port number",
 * Introduction To Networks, 2021; the same exchange is the UDP example of
 * Kurose and Ross.
 */
import {
  type Action,
  type DatagramDialogue,
  endOfSessions,
  print,
  printed,
  quote,
  READY,
  refuse,
  send,
  type ServerRules,
  splitLineEnding,
} from "./contract.ts";
import { datagramMode } from "./mode.ts";
import { integer, MESSAGE } from "./options.ts";

/** The message that ends a client's session, in upper case. */
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
    return quits === sessions ? endOfSessions(sessions) : [];
  }

  return {
    message(peer, received) {
      if (typeof received !== "string") {
        return [printed(received), ...refuse(peer, received, "text in UTF-8")];
      }
      // `nc -u` sends the line ending as well: it is not part of the message,
      // but the answer keeps it so that nc shows a line.
      const [message, ending] = splitLineEnding(received);
      const upper = message.toUpperCase();
      const answer = send(peer, upper + ending);
      if (upper !== QUIT) return [print(message), answer];
      const closing = announceClosing();
      return [print(message), ...closing, answer, ...countSession()];
    },
  };
}

/**
 * The client: sentence after sentence, until the user says `quit` or the input
 * ends. It waits up to `--timeout` for an answer.
 */
async function uppercaseClient(io: DatagramDialogue): Promise<void> {
  await io.open();
  for (;;) {
    const message = await io.ask("Input lowercase sentence: ");
    if (message === undefined) return;
    const answer = await io.request(message);
    // A person has been told that no answer came, and may try again. On a pipe
    // nobody can: `request` has thrown, and the client exits with 1.
    if (answer === undefined) continue;
    const [line] = splitLineEnding(answer);
    io.print(line);
    const upper = message.toUpperCase();
    if (line !== upper) {
      const warning = `the answer is not the message in upper case: came ${
        quote(line)
      }, expected ${quote(upper)}`;
      io.log("warning", "client", warning);
    }
    if (upper !== QUIT) continue;
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
