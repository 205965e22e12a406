/**
 * Introduction: how a client of `sequence` or `chat` says which one it is,
 * `Client X: Alice`, and how it begins. The later edition of the assignment, in
 * which the server says it, is in `greeting.ts`.
 */
import {
  addressOf,
  Failure,
  type Framing,
  INVALID_MESSAGE,
  quote,
  type Received,
  type StreamDialogue,
  TOO_LONG,
} from "./contract.ts";
import { asked, askFor, oneOf, text } from "./options.ts";
import type { Side } from "./pairing.ts";

/** What the server expects, for the log. */
export const INTRODUCTION_FORM = "Client X: <name> or Client Y: <name>";

// Any number of spaces may follow the colon. The s flag: a name may hold any
// character, and is escaped when it is printed.
const INTRODUCTION = /^Client ([XY]):\s*(\S.*)$/s;

/** Reads an introduction; undefined if the message is not one. */
export function readIntroduction(
  received: Received,
): { side: Side; name: string } | undefined {
  if (typeof received !== "string") return undefined;
  const [, side, name] = INTRODUCTION.exec(received) ?? [];
  return side && name ? { side: side as Side, name } : undefined;
}

export const CLIENT = asked(
  oneOf("client", ["X", "Y"], {
    default: undefined,
    help: "which of the two clients to be",
  }),
  {
    prompt: "Client (X or Y): ",
    noun: "X or Y",
    complaint: (answer) => `Not X or Y: ${answer}`,
    // A greeting says it; without an introduction nobody needs to know.
    unless: ["greeting", "introduction"],
  },
);

export const NAME = asked(
  text("name", {
    placeholder: "NAME",
    default: undefined,
    help: "this program's name, as shown to the other side",
  }),
  {
    prompt: "Your name: ",
    noun: "a name",
    complaint: () => "A name has at least one letter",
    unless: ["introduction"],
  },
);

/** What the options say about a client to be paired. */
export interface Introduced {
  readonly client: Side | undefined;
  readonly name: string | undefined;
  readonly framing: Framing;
}

/** How a chat begins, on either end. */
export interface Edition {
  readonly greeting: boolean;
  readonly introduction: "none" | undefined;
}

/** How a client has begun. */
export interface Opening {
  /** Undefined if nobody has said. */
  readonly side: Side | undefined;
  /** What the client sent first; undefined if nothing. */
  readonly message: string | undefined;
}

/** Connects, and says who this client is: `Client X: Alice`. */
export async function introduceSelf(
  io: StreamDialogue,
  { client, name, framing }: Introduced,
): Promise<Opening> {
  const side = client ?? await askFor(io, CLIENT);
  const message = `Client ${side}: ${name ?? await askFor(io, NAME)}`;
  await connect(io, framing);
  await say(io, message);
  return { side, message };
}

/** Connects, and logs it. */
export async function connect(
  io: StreamDialogue,
  framing: Framing,
): Promise<void> {
  const server = await io.open(framing);
  io.log("debug", "client", `connected to ${addressOf(server)}`);
}

/** Sends the first message, and logs it. */
export async function say(io: StreamDialogue, message: string): Promise<void> {
  await io.send(message);
  io.log("debug", "client", `sent ${quote(message)}, waiting for the partner`);
}

/** What a server that has not answered an introduction may be waiting for. */
export function partnerHint(framing: Framing): string {
  const other = framing === "raw"
    ? "a line ending (--framing line)"
    : "text without a line ending (--framing raw)";
  return `the partner, or for ${other}`;
}

/** @throws {Failure} if the server's reply refuses this client */
export function throwIfRefused(reply: string): void {
  const isRefusal = reply === INVALID_MESSAGE || reply === TOO_LONG ||
    / already connected$/.test(reply);
  if (!isRefusal) return;
  throw new Failure(
    `The server refused: ${reply}. Try the other client, or wait and try again.`,
  );
}

/** The server ended the stream before it sent what we were waiting for. */
export function closedEarly(): Failure {
  return new Failure(
    "The server closed the connection before it acknowledged the message. Look at what it printed.",
  );
}
