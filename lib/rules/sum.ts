/**
 * Sum: a TCP client sends a name and a number, the server adds its own.
 *
 * One request and one reply per connection: the server then closes it, and
 * drops anything that followed the request. A number outside 1..100 ends both
 * programs, with status 0. A message that is not a request also ends the
 * connection. The formats of a request are in `sum_format.ts`.
 *
 * The assignment: "Computer Networking: Socket programming assignment", Dr.
 * Bazmi, implemented by Amirreza Yarahmadi. The log lines, spelling included,
 * are those of its sample output; INFO lines are "the main output", that is,
 * the transcript, and are printed whatever `--log-level` says.
 */
import {
  type Action,
  addressOf,
  close,
  Failure,
  type Framing,
  type Level,
  log,
  type Peer,
  print,
  quote,
  type Random,
  type Received,
  send,
  type ServerRules,
  speaksFirst,
  type StreamDialogue,
} from "./contract.ts";
import { streamMode } from "./mode.ts";
import { oddityOf } from "./oddity.ts";
import {
  asked,
  askFor,
  framing,
  integer,
  MESSAGE_END,
  type Option,
  text,
} from "./options.ts";
import {
  type Entry,
  ERROR,
  isUnfinished,
  type Problem,
  readRequest,
  type Request,
  SEED_FORM,
  Template,
} from "./sum_format.ts";
import { noReply, readReply } from "./sum_result.ts";

/** The assignment's range; a client's number outside it ends the server. */
export const MIN_NUMBER = 1;
export const MAX_NUMBER = 100;

export const SERVER_NAME = "Socket Lab Server";
const CLIENT_NAME = "Socket Lab Client";

const NAME = {
  placeholder: "NAME",
  help: "this program's name, as shown to the other side",
};

const SERVER_OPTIONS = [
  text("name", { ...NAME, default: SERVER_NAME }),
  integer("number", {
    from: MIN_NUMBER,
    to: MAX_NUMBER,
    default: undefined,
    help: "the server's number, in place of a random one for each client",
  }),
  MESSAGE_END,
];

const INTEGER = integer("number", {
  from: Number.MIN_SAFE_INTEGER,
  to: Number.MAX_SAFE_INTEGER,
  default: undefined,
  help: "the client's number",
});

const NUMBER = asked(
  { ...INTEGER, parse: (text) => INTEGER.parse(inDigits(text)) },
  {
    prompt: `Enter an integer between ${MIN_NUMBER} and ${MAX_NUMBER}: `,
    noun: "a number",
    complaint: (answer) => `Not an integer: ${answer}`,
  },
);

const FORMAT: Option<"format", Template | undefined> = {
  name: "format",
  placeholder: "TEMPLATE",
  help: "the messages' form, such as NAME,NUMBER; by default the assignment's",
  default: undefined,
  check: true,
  parse: (text) => new Template(text),
};

/** An integer counts by its value, as in JSON: 25.0 is 25, 1e2 is 100. */
function inDigits(text: string): string {
  const isNumber = /^[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?$/i.test(text);
  return isNumber && Number.isSafeInteger(Number(text))
    ? String(Number(text))
    : text;
}

/** One of the two programs: its name and its number. */
interface Party {
  readonly name: string;
  readonly number: number;
}

function inRange(number: number): boolean {
  return number >= MIN_NUMBER && number <= MAX_NUMBER;
}

/** The server: answers each client's number with its own and the sum. */
export function sumServer(
  { name, number }: { name: string; number: number | undefined },
  random: Random,
): ServerRules {
  /** A new number for each client, unless `--number` fixed it. */
  function pick(): number {
    const span = MAX_NUMBER - MIN_NUMBER + 1;
    return number ?? MIN_NUMBER + Math.floor(random() * span);
  }

  function answer(peer: Peer, request: Request): Action[] {
    const own = { name, number: pick() };
    return [
      ...transcript("handle_client", request, own).map(print),
      log("debug", "Sending client response", "handle_client"),
      send(peer, replyTo(request, own)),
      close(peer),
    ];
  }

  return {
    opened(peer) {
      const who = `('${peer.hostname}', ${peer.port})`;
      return [log("debug", `Connection accepted from ${who}`, "start_server")];
    },
    silent: (peer) => [speaksFirst(peer, SEED_FORM)],
    message(peer, received) {
      const request = readRequest(received);
      if ("error" in request) return refuse(peer, received, request);
      const heard = "Message recieved from client";
      return [
        log("debug", heard, "handle_client"),
        ...tellOfText(peer, request),
        ...inRange(request.number) ? answer(peer, request) : terminate(request),
      ];
    },
    closed: () => [log("debug", "Client connection closed", "handle_client")],
  };
}

/** Answers a broken request in JSON with JSON, and closes the connection. */
function refuse(
  peer: Peer,
  received: Received,
  { error: problem }: Problem,
): Action[] {
  const error = `${problem}; expected ${SEED_FORM}`;
  const odd = oddityOf(received) || cutShort(received);
  const isJson = typeof received === "string" && /^\s*\{/.test(received);
  const mistake = `${addressOf(peer)}: ${error}${odd}`;
  return [
    { ...log("warning", mistake, "handle_client"), mistake },
    send(peer, isJson ? JSON.stringify({ error }) : ERROR),
    close(peer),
  ];
}

/** What the log says about a name alone, or half an object. */
function cutShort(received: Received): string {
  const isCut = typeof received === "string" &&
    (isUnfinished(received) || /^[^0-9{}]+$/.test(received));
  return isCut ? " (it is not whole, and no more of it came in time)" : "";
}

/** Many programs send what `input` returned without converting it. */
function tellOfText(peer: Peer, { isText, written }: Entry): Action[] {
  if (!isText) return [];
  const text = `${addressOf(peer)} sent the number as a text, "${written}": ` +
    "taken for a number, which JSON has without quotation marks";
  return [log("info", text, "handle_client")];
}

/** A number out of range ends the server, and its sender gets no answer. */
function terminate({ written }: Request): Action[] {
  const number = written.length > 40 ? quote(written) : written;
  const warning = `Client int out of range: ${number}. Terminating the server.`;
  return [log("warning", warning, "handle_client"), { type: "stop" }];
}

/** The reply in the request's format; only the assignment's own has a sum. */
function replyTo({ format, number }: Request, own: Party): string {
  if (format) return format.fill(own.name, own.number);
  return JSON.stringify({
    server_name: own.name,
    server_number: own.number,
    sum: number + own.number,
  });
}

/** The two lines that both programs print. */
function transcript(source: string, client: Party, server: Party): string[] {
  const sum = client.number + server.number;
  return [
    `[INFO] [${source}]: Client Name: ${client.name} | Server Name: ${server.name}`,
    `[INFO] [${source}]: Client Number: ${client.number} | Server Number: ${server.number} | Sum: ${sum}`,
  ];
}

/** What the command line sets for the client. */
interface ClientOptions {
  readonly name: string;
  readonly number: number | undefined;
  readonly format: Template | undefined;
  readonly framing: Framing;
}

/**
 * The client: sends its name and number, checks and prints the reply. A reply
 * that fails the check is a failure.
 */
async function sumClient(
  io: StreamDialogue,
  { name, number, format, framing }: ClientOptions,
): Promise<void> {
  const own: Party = { name, number: number ?? await askFor(io, NUMBER) };
  const say = (level: Level, text: string) =>
    io.log(level, "send_message", text);
  const server = await io.open(framing);
  say("debug", `Connected to server at ${addressOf(server)}`);
  await io.send(requestOf(own, format));
  if (!inRange(own.number)) {
    say("warning", "The integer input out of range. Terminating the server");
    return await seeTheEnd(io, framing, (text) => say("warning", text));
  }
  const text = await receiveReply(io, format, framing);
  if (text === undefined) throw new Failure(noReply(format));
  const reply = readReply(text, own.number, format);
  if ("error" in reply) {
    throw new Failure(
      `The server's reply is broken: ${reply.error}. It was: ${quote(text)}`,
    );
  }
  if (reply.isText) {
    say("info", `The server sent its number as a text, "${reply.written}"`);
  }
  transcript("send_message", own, reply).forEach((line) => io.print(line));
}

/** How long a server may take to end after a number out of range, in ms. */
const END_WITHIN = 500;

/**
 * A number out of range should end the server without a reply: warns if this
 * one replies, keeps the connection open, or goes on listening.
 */
async function seeTheEnd(
  io: StreamDialogue,
  framing: Framing,
  warn: (text: string) => void,
): Promise<void> {
  const [seen] = await Promise.all([listen(io), io.sleep(END_WITHIN)]);
  if (seen === SILENCE) return warn("The server has not closed the connection");
  if (seen !== undefined) {
    return warn(`The server answered a number out of range: ${quote(seen)}`);
  }
  const isListening = await io.open(framing).then(() => true, () => false);
  if (!isListening || await listen(io) !== SILENCE) return;
  warn("The server goes on: it still accepts connections");
}

/** Stands for an open connection on which nothing comes. */
const SILENCE = Symbol();

/** What the server says; undefined once it has closed the connection. */
async function listen(
  io: StreamDialogue,
): Promise<string | typeof SILENCE | undefined> {
  const reply = io.receive("line").catch(() => undefined);
  const silence = io.sleep(END_WITHIN).then((): typeof SILENCE => SILENCE);
  return await Promise.race([reply, silence]);
}

/** Receives a reply, which has two lines if its format has. */
async function receiveReply(
  io: StreamDialogue,
  format: Template | undefined,
  framing: Framing,
): Promise<string | undefined> {
  const ending = framing === "raw" ? ["a line ending (--framing line)"] : [];
  const other = format ? [] : ["another format (--format)"];
  const hint = [...ending, ...other].join(", or for ");
  const first = await io.receive("answer", hint);
  const hasTwo = format?.text.trim().includes("\n") ?? false;
  if (!hasTwo || !first || first.trim().includes("\n")) return first;
  return `${first.trimEnd()}\n${await io.receive("answer", hint) ?? ""}`;
}

function requestOf({ name, number }: Party, format?: Template): string {
  if (format) return format.fill(name, number);
  return JSON.stringify({ client_name: name, client_number: number });
}

export const sum = streamMode({
  summary: "the client's number and the server's are added up",
  port: 8000,
  json: true,
  isUnfinished,
  serverOptions: SERVER_OPTIONS,
  clientOptions: [
    text("name", { ...NAME, default: CLIENT_NAME }),
    NUMBER,
    FORMAT,
    framing("raw"),
  ],
  server: sumServer,
  client: sumClient,
  hearing: async () => (await import("./listening/sum.ts")).sumHearing(),
});
