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
  close,
  Failure,
  type Framing,
  log,
  type Peer,
  print,
  quote,
  type Random,
  send,
  type ServerRules,
  stop,
  type StreamDialogue,
} from "./contract.ts";
import { streamMode } from "./mode.ts";
import {
  asked,
  askFor,
  framing,
  integer,
  type Option,
  text,
} from "./options.ts";
import {
  entryOf,
  type Problem,
  readObject,
  readRequest,
  type Request,
  SEED_FORM,
  shown,
  Template,
} from "./sum_format.ts";

/** The numbers of the assignment; any other from a client ends the server. */
export const MIN_NUMBER = 1;
export const MAX_NUMBER = 100;

export const SERVER_NAME = "Socket Lab Server";
export const CLIENT_NAME = "Socket Lab Client";

const NAME_HELP = "this program's name, as the other side gets to see it";

const SERVER_OPTIONS = [
  text("name", { placeholder: "NAME", default: SERVER_NAME, help: NAME_HELP }),
  integer("number", {
    from: MIN_NUMBER,
    to: MAX_NUMBER,
    default: undefined,
    help: "the server's number, in place of a random one for each client",
  }),
];

const NUMBER = asked(
  integer("number", {
    from: Number.MIN_SAFE_INTEGER,
    to: Number.MAX_SAFE_INTEGER,
    default: undefined,
    help: "the client's number",
  }),
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

/** Whom a number came from or is for, and the number. */
interface Half {
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
  /** A number of its own for each client, unless `--number` fixed it. */
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
    silent: (peer) => [
      log(
        "info",
        `${
          addressOf(peer)
        } has connected and said nothing: in this mode the client speaks first, with ${SEED_FORM}`,
      ),
    ],
    message(peer, text) {
      const request = readRequest(text);
      if ("error" in request) return refuse(peer, request);
      const heard = "Message recieved from client";
      const received = log("debug", heard, "handle_client");
      return inRange(request.number)
        ? [received, ...answer(peer, request)]
        : [received, ...terminate(request)];
    },
    closed: () => [log("debug", "Client connection closed", "handle_client")],
  };
}

/** A message that holds no name and number costs its sender the connection. */
function refuse(peer: Peer, { error: problem }: Problem): Action[] {
  const error = `${problem}; expected ${SEED_FORM}`;
  const mistake = `${addressOf(peer)}: ${error}`;
  return [
    { ...log("warning", mistake, "handle_client"), mistake },
    send(peer, JSON.stringify({ error })),
    close(peer),
  ];
}

/** A number out of range ends the server, and its sender gets no answer. */
function terminate({ written }: Request): Action[] {
  const number = written.length > 40 ? quote(written) : written;
  const warning = `Client int out of range: ${number}. Terminating the server.`;
  return [log("warning", warning, "handle_client"), stop()];
}

/** The reply in the format of the request; the sum is in the seed's own only. */
function replyTo({ format, number }: Request, own: Half): string {
  if (format) return format.fill(own.name, own.number);
  return JSON.stringify({
    server_name: own.name,
    server_number: own.number,
    sum: number + own.number,
  });
}

/** The two lines that both programs print. */
function transcript(source: string, client: Half, server: Half): string[] {
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

/** The client: sends its name and number, checks and prints the reply. */
async function sumClient(
  io: StreamDialogue,
  { name, number, format, framing }: ClientOptions,
): Promise<void> {
  const own: Half = { name, number: number ?? await askFor(io, NUMBER) };
  const say = (level: "debug" | "warning", text: string) =>
    io.log(level, "send_message", text);
  const server = await io.open(framing);
  say("debug", `Connected to server at ${addressOf(server)}`);
  await io.send(requestOf(own, format));
  if (!inRange(own.number)) {
    say("warning", "The integer input out of range. Terminating the server");
    return;
  }
  const text = await io.receive("answer");
  if (text === undefined) {
    throw new Failure(
      `The server closed the connection without a reply. Look at what it printed; ${OTHER_FORMAT}.`,
    );
  }
  const reply = readReply(text, own, format);
  if ("error" in reply) {
    throw new Failure(
      `The server's reply is broken: ${reply.error}. It was: ${quote(text)}`,
    );
  }
  transcript("send_message", own, reply).forEach((line) => io.print(line));
}

function requestOf({ name, number }: Half, format?: Template): string {
  if (format) return format.fill(name, number);
  return JSON.stringify({ client_name: name, client_number: number });
}

/** Reads the reply, and checks its sum where it has one. */
function readReply(
  text: string,
  own: Half,
  format: Template | undefined,
): Half | Problem {
  const fields = readObject(text);
  const object = fields && "object" in fields ? fields.object : {};
  if (object.error !== undefined) {
    return { error: `error: ${shown(object.error)}` };
  }
  const reply = format ? format.read(text) : readSeedReply(fields);
  if ("error" in reply) return reply;
  if (Number.isNaN(reply.number)) {
    return { error: `the number ${quote(reply.written)} is too large` };
  }
  const expected = own.number + reply.number;
  if (object.sum !== undefined && object.sum !== expected) {
    return { error: `sum is ${shown(object.sum)}, not ${expected}` };
  }
  return reply;
}

function readSeedReply(fields: ReturnType<typeof readObject>) {
  if (fields === undefined) return { error: `it is not JSON; ${OTHER_FORMAT}` };
  if ("error" in fields) return fields;
  const { object } = fields;
  const entry = entryOf(object, "server_name", "server_number");
  const isSeeds = "server_name" in object || "server_number" in object;
  const isOther = !isSeeds && Object.keys(object).length > 0;
  if (!("error" in entry) || !isOther) return entry;
  return { error: `${entry.error}; ${OTHER_FORMAT}` };
}

const OTHER_FORMAT = "if the server uses another format, name it with --format";

export const sum = streamMode({
  summary: "the client's number and the server's are added up",
  port: 8000,
  json: true,
  serverOptions: SERVER_OPTIONS,
  clientOptions: [
    text("name", {
      placeholder: "NAME",
      default: CLIENT_NAME,
      help: NAME_HELP,
    }),
    NUMBER,
    FORMAT,
    framing("raw"),
  ],
  server: sumServer,
  client: sumClient,
  hearing: async () => (await import("./listening/sum.ts")).sumHearing(),
});
