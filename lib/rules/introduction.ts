/**
 * Introduction: how a client of `sequence` or `chat` begins, in either edition
 * of the assignment. See `pairing.ts`.
 */
import {
  addressOf,
  Failure,
  type Framing,
  INVALID_MESSAGE,
  quote,
  type StreamDialogue,
  TOO_LONG,
} from "./contract.ts";
import { asked, askFor, oneOf, text } from "./options.ts";
import { alreadyConnected, GREETING, type Side } from "./pairing.ts";

/** What tells an acknowledgment from all else: many misspell the word before. */
export const ORDER_MARK = " before ";

export const CLIENT = asked(
  oneOf("client", ["X", "Y"], {
    default: undefined,
    help: "which of the two clients to be",
  }),
  {
    prompt: "Client (X or Y): ",
    noun: "X or Y",
    complaint: (answer) => `Not X or Y: ${answer}`,
    // There the server says it.
    unless: GREETING.name,
  },
);

export const NAME = asked(
  text("name", {
    placeholder: "NAME",
    default: undefined,
    help: "this program's name, as the other side gets to see it",
  }),
  {
    prompt: "Your name: ",
    noun: "a name",
    complaint: () => "A name has at least one letter",
  },
);

/** What the options say of a client that is to be paired. */
export interface Introduced {
  readonly client: Side | undefined;
  readonly name: string | undefined;
  readonly greeting: boolean;
  readonly framing: Framing;
}

async function connect(io: StreamDialogue, framing: Framing): Promise<void> {
  const server = await io.open(framing);
  io.log("debug", "client", `connected to ${addressOf(server)}`);
}

/** A client's first message, and what led to it. */
export interface Opening {
  readonly side: Side | undefined;
  readonly message: string;
  /** What the server said before; undefined where the client spoke first. */
  readonly greeting: string | undefined;
}

/**
 * Says who this client is, in either edition: connects, and sends the first
 * message.
 *
 * @throws {Failure} where the input ends before all is known, or the server
 * closes before it has greeted
 */
export async function open(
  io: StreamDialogue,
  options: Introduced,
): Promise<Opening> {
  const opening = options.greeting
    ? await answerGreeting(io, options)
    : await speakFirst(io, options);
  await io.send(opening.message);
  const sent = quote(opening.message);
  io.log("debug", "client", `sent ${sent}, waiting for the partner`);
  return opening;
}

async function speakFirst(
  io: StreamDialogue,
  { client, name, framing }: Introduced,
): Promise<Opening> {
  const side = client ?? await askFor(io, CLIENT);
  const message = `Client ${side}: ${name ?? await askFor(io, NAME)}`;
  await connect(io, framing);
  return { side, message, greeting: undefined };
}

async function answerGreeting(
  io: StreamDialogue,
  { client, name, framing }: Introduced,
): Promise<Opening> {
  await connect(io, framing);
  io.log("debug", "client", "waiting for the server's greeting");
  const greeting = await io.receive("partner");
  if (greeting === undefined) {
    throw new Failure(
      "The server closed the connection before it greeted. Look at what it printed.",
    );
  }
  throwIfRefused(greeting);
  const [, side = client] = /\bclient ([xy])\b/i.exec(greeting) ?? [];
  io.print(greeting);
  const message = name ?? await askFor(io, NAME);
  return { side: side?.toUpperCase() as Side | undefined, message, greeting };
}

/** @throws {Failure} where the server's reply says that there is no place */
export function throwIfRefused(reply: string): void {
  const refusals = [
    INVALID_MESSAGE,
    TOO_LONG,
    alreadyConnected("X"),
    alreadyConnected("Y"),
  ];
  if (!refusals.includes(reply)) return;
  throw new Failure(
    `The server refused: ${reply}. Try the other client, or wait and try again.`,
  );
}

/** The server ended the stream, and what was waited for has not come. */
export function closedEarly(): Failure {
  return new Failure(
    "The server closed the connection before it acknowledged the message. Look at what it printed.",
  );
}
