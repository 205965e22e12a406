/**
 * Sum: a TCP client sends a name and a number, the server adds its own.
 *
 * The assignment: "Computer Networking: Socket programming assignment", Dr.
 * Bazmi, implemented by Amirreza Yarahmadi. The log lines, spelling included,
 * are those of its sample output; INFO lines are "the main output", that is,
 * the transcript.
 */
import {
  type Action,
  addressOf,
  type ClientOptions,
  close,
  type Dialogue,
  Failure,
  log,
  type Mode,
  type Peer,
  print,
  send,
  type ServerOptions,
  type ServerRules,
} from "./contract.ts";

/** The numbers of the assignment; any other from a client ends the server. */
export const MIN_NUMBER = 1;
export const MAX_NUMBER = 100;

export const SERVER_NAME = "Socket Lab Server";
export const CLIENT_NAME = "Socket Lab Client";

/** What the client sends. */
export interface Request {
  readonly client_name: string;
  readonly client_number: number;
}

/** What the server answers; the programs of the seed leave `sum` out. */
export interface Reply {
  readonly server_name: string;
  readonly server_number: number;
  readonly sum?: number;
}

function inRange(number: number): boolean {
  return number >= MIN_NUMBER && number <= MAX_NUMBER;
}

/** The server: answers each client's number with its own and the sum. */
export function sumServer(options: ServerOptions): ServerRules {
  const server_name = options.name ?? SERVER_NAME;

  /** A number of its own for each client, unless `--number` fixed it. */
  function pick(): number {
    const span = MAX_NUMBER - MIN_NUMBER + 1;
    return options.number ?? MIN_NUMBER + Math.floor(options.random() * span);
  }

  function answer(peer: Peer, request: Request): Action[] {
    const server_number = pick();
    const sum = request.client_number + server_number;
    const reply: Reply = { server_name, server_number, sum };
    return [
      ...transcript("handle_client", request, reply).map(print),
      log("debug", "Sending client response", "handle_client"),
      send(peer, JSON.stringify(reply)),
      close(peer),
    ];
  }

  function refuse(peer: Peer, error: string): Action[] {
    return [
      log("warning", `${addressOf(peer)}: ${error}`, "handle_client"),
      send(peer, JSON.stringify({ error })),
      close(peer),
    ];
  }

  return {
    opened(peer) {
      const who = `('${peer.hostname}', ${peer.port})`;
      return [log("debug", `Connection accepted from ${who}`, "start_server")];
    },
    message(peer, text) {
      const request = readRequest(text);
      if (typeof request === "string") return refuse(peer, request);
      const received = log(
        "debug",
        "Message recieved from client",
        "handle_client",
      );
      if (inRange(request.client_number)) {
        return [received, ...answer(peer, request)];
      }
      const warning =
        `Client int out of range: ${request.client_number}. Terminating the server.`;
      return [received, log("warning", warning, "handle_client"), {
        type: "stop",
      }];
    },
    closed: () => [log("debug", "Client connection closed", "handle_client")],
  };
}

/** The two lines that both programs print. */
function transcript(source: string, request: Request, reply: Reply): string[] {
  const { client_name, client_number } = request;
  const { server_name, server_number } = reply;
  const sum = client_number + server_number;
  return [
    `[INFO] [${source}]: Client Name: ${client_name} | Server Name: ${server_name}`,
    `[INFO] [${source}]: Client Number: ${client_number} | Server Number: ${server_number} | Sum: ${sum}`,
  ];
}

/** @returns the request, or what is wrong with it */
function readRequest(text: string | undefined): Request | string {
  const request = readObject(text);
  if (typeof request === "string") return request;
  const { client_name, client_number } = request;
  if (typeof client_name !== "string") return "client_name is not a string";
  if (!isInteger(client_number)) return "client_number is not an integer";
  return { client_name, client_number };
}

/** @returns the reply, or what is wrong with it */
function readReply(text: string, request: Request): Reply | string {
  const reply = readObject(text);
  if (typeof reply === "string") return reply;
  const { server_name, server_number, sum, error } = reply;
  if (error !== undefined) return `error: ${JSON.stringify(error)}`;
  if (typeof server_name !== "string") return "server_name is not a string";
  if (!isInteger(server_number)) return "server_number is not an integer";
  const expected = request.client_number + server_number;
  if (sum !== undefined && sum !== expected) {
    return `sum is ${JSON.stringify(sum)}, not ${expected}`;
  }
  return { server_name, server_number };
}

/** @returns the fields of a JSON object, or what the text is instead */
function readObject(
  text: string | undefined,
): Record<string, unknown> | string {
  if (text === undefined) return "the message is not UTF-8";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "the message is not JSON";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return "the message is not a JSON object";
  }
  return { ...value };
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

/** The client: sends its name and number, checks and prints the reply. */
async function sumClient(io: Dialogue, options: ClientOptions): Promise<void> {
  const request: Request = {
    client_name: options.name ?? CLIENT_NAME,
    client_number: options.number ?? await askNumber(io),
  };
  const say = (level: "debug" | "warning", text: string) =>
    io.log(level, "send_message", text);
  const server = await io.open();
  say("debug", `Connected to server at ${addressOf(server)}`);
  await io.send(JSON.stringify(request));
  if (!inRange(request.client_number)) {
    say("warning", "The integer input out of range. Terminating the server");
    return;
  }
  const text = await io.receive();
  if (text === undefined) {
    throw new Failure(
      "The server closed the connection without a reply. Look at what it printed.",
    );
  }
  const reply = readReply(text, request);
  if (typeof reply === "string") {
    throw new Failure(
      `The server's reply is broken: ${reply}. It was: ${text.slice(0, 200)}`,
    );
  }
  transcript("send_message", request, reply).forEach((line) => io.print(line));
}

async function askNumber(io: Dialogue): Promise<number> {
  const prompt = `Enter an integer between ${MIN_NUMBER} and ${MAX_NUMBER}: `;
  for (;;) {
    const answer = await io.ask(prompt);
    if (answer === undefined) {
      throw new Failure(
        "The input ended before a number was given. Give it with --number.",
      );
    }
    const number = Number(answer);
    if (/^\s*[+-]?[0-9]+\s*$/.test(answer) && Number.isSafeInteger(number)) {
      return number;
    }
    io.log("error", "client", `Not an integer: ${answer}`);
  }
}

export const sum: Mode = {
  name: "sum",
  summary: "the client's number and the server's are added up",
  transport: "tcp",
  port: 8000,
  format: "json",
  framing: "raw",
  serverFlags: ["name", "number"],
  clientFlags: ["name", "number"],
  asks: ["number"],
  server: sumServer,
  client: sumClient,
};
