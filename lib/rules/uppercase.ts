/**
 * Uppercase: a UDP server that answers each message in upper case.
 *
 * The assignment: "A client/server application that communicate based on port
 * number", Introduction To Networks, 2021; the same exchange is the UDP example
 * of Kurose and Ross.
 */
import {
  type Action,
  type Dialogue,
  log,
  type Mode,
  print,
  send,
  type ServerOptions,
  type ServerRules,
} from "./contract.ts";

/** What the upper-cased message is when a client takes its leave. */
export const QUIT = "QUIT";
export const READY = "The server is ready to receive";
export const CLOSED = "CONNECTION CLOSED";
export const INVALID_MESSAGE = "Invalid Message";

/** The server; with `sessions` it ends after that many `quit`s. */
export function uppercaseServer(options: ServerOptions): ServerRules {
  const sessions = options.sessions ?? 0;
  let quits = 0;

  /** UDP has no connection to close: the server only says so, and goes on. */
  function quit(): Action[] {
    return [print(CLOSED), print("====="), print(READY)];
  }

  function end(): Action[] {
    quits++;
    if (quits !== sessions) return [];
    return [log("info", `session ${quits} of ${sessions} is over: the end`), {
      type: "stop",
    }];
  }

  return {
    message(peer, text) {
      if (text === undefined) {
        return [print("(not UTF-8)"), send(peer, INVALID_MESSAGE)];
      }
      const [message, ending] = splitEnding(text);
      const upper = message.toUpperCase();
      const answer = send(peer, upper + ending);
      if (upper !== QUIT) return [print(message), answer];
      return [print(message), ...quit(), answer, ...end()];
    },
  };
}

/** `nc -u` sends a line ending: answered, so that nc shows a line, not meant. */
function splitEnding(text: string): [message: string, ending: string] {
  if (!text.endsWith("\n")) return [text, ""];
  const end = text.endsWith("\r\n") ? -2 : -1;
  return [text.slice(0, end), text.slice(end)];
}

/** The client: sentence after sentence, until the user says `quit`. */
async function uppercaseClient(io: Dialogue): Promise<void> {
  await io.open();
  for (;;) {
    const message = await io.ask("Input lowercase sentence: ");
    if (message === undefined) return;
    const answer = await io.request(message);
    if (answer === undefined) continue;
    io.print(answer);
    if (message.toUpperCase() !== QUIT) continue;
    io.close();
    io.print(CLOSED);
    return;
  }
}

export const uppercase: Mode = {
  name: "uppercase",
  summary: "the server answers each message in upper case",
  transport: "udp",
  port: 12000,
  serverFlags: ["sessions"],
  clientFlags: ["message"],
  asks: [],
  server: uppercaseServer,
  client: uppercaseClient,
};
