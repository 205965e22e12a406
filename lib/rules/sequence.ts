/**
 * Sequence: two TCP clients, X and Y, are told whose message came first.
 *
 * The assignment: CST 311, Programming Assignment 2. Its extra credit, a chat,
 * begins in the same way: `chat.ts` uses the pairing and the opening of here.
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
  type Side,
} from "./contract.ts";

export const INVALID_MESSAGE = "Invalid Message";
export const SENT = "Sent acknowledgment to both X and Y";
/** What tells an acknowledgment from anything else that a server may say. */
export const RECEIVED_BEFORE = "received before";

/** The acknowledgment: the two in the order in which their messages came. */
export function acknowledgment(first: Member, second: Member): string {
  return `${first.side}: ${first.name} ${RECEIVED_BEFORE} ${second.side}: ${second.name}`;
}

/** How a second X is refused while one X is all that the server wants. */
export function alreadyConnected(side: Side): string {
  return `Client ${side} is already connected`;
}

// The s flag: a name may hold any character, and is escaped where printed.
const INTRODUCTION = /^Client ([XY]): (.*\S.*)$/s;

/** A client that has said who it is. */
export interface Member {
  readonly peer: Peer;
  readonly side: Side;
  readonly name: string;
}

/** Who waits for whom. The first to wait is the first to be paired. */
export class Pairing {
  readonly #waiting: Record<Side, Map<Peer, Member>> = {
    X: new Map(),
    Y: new Map(),
  };
  #pairs = 0;

  /** @param sessions how many pairs are wanted; 0 for no end */
  constructor(readonly sessions: number) {}

  /** Reads an introduction; a pair is complete where its partner waited. */
  introduce(peer: Peer, text: string | undefined): Introduction {
    const actions = [print(text ?? "(not UTF-8)")];
    const [, side, name] = text?.match(INTRODUCTION) ?? [];
    if ((side !== "X" && side !== "Y") || !name || this.#waits(peer)) {
      return { actions: [...actions, send(peer, INVALID_MESSAGE)] };
    }
    const member = { peer, side, name } as const;
    if (this.#isFull(side)) {
      const refusal = [send(peer, alreadyConnected(side)), close(peer)];
      return { actions: [...actions, ...refusal] };
    }
    const [partner] = this.#waiting[side === "X" ? "Y" : "X"].values();
    if (partner === undefined) {
      this.#waiting[side].set(peer, member);
      return { actions, member };
    }
    this.leave(partner.peer);
    this.#pairs++;
    return {
      actions: [...actions, ...greet(partner, member)],
      member,
      partner,
    };
  }

  /** Gives a waiting client's place back; undefined where it had none. */
  leave(peer: Peer): Member | undefined {
    for (const places of Object.values(this.#waiting)) {
      const member = places.get(peer);
      places.delete(peer);
      if (member !== undefined) return member;
    }
    return undefined;
  }

  #waits(peer: Peer): boolean {
    return this.#waiting.X.has(peer) || this.#waiting.Y.has(peer);
  }

  /** Whether a new X (or Y) could never be served, or stands in another's place. */
  #isFull(side: Side): boolean {
    if (this.sessions === 0) return false;
    return this.#pairs >= this.sessions ||
      (this.sessions === 1 && this.#waiting[side].size > 0);
  }
}

/** What came of an introduction: accepted with a `member`, paired with both. */
export interface Introduction {
  readonly actions: Action[];
  readonly member?: Member;
  readonly partner?: Member;
}

/** Acknowledges a complete pair: the one who waited had spoken first. */
function greet(first: Member, second: Member): Action[] {
  const text = acknowledgment(first, second);
  const both = [send(first.peer, text), send(second.peer, text)];
  return [...both, print(text), print(SENT)];
}

/** The server: pairs an X with a Y, acknowledges both, closes both. */
export function sequenceServer(options: ServerOptions): ServerRules {
  const pairing = new Pairing(options.sessions ?? 1);
  let finished = 0;
  return {
    opened: connected,
    message(peer, text) {
      const { actions, partner } = pairing.introduce(peer, text);
      if (partner === undefined) return actions;
      finished++;
      actions.push(close(partner.peer), close(peer));
      if (finished === pairing.sessions) actions.push({ type: "stop" });
      return actions;
    },
    closed: (peer) => left(peer, pairing.leave(peer)),
  };
}

export function connected(peer: Peer): Action[] {
  return [log("debug", `${addressOf(peer)} connected`)];
}

/** Tells of a connection's end; `waiting` is the place that it gave back. */
export function left(peer: Peer, waiting: Member | undefined): Action[] {
  if (waiting === undefined) return [log("debug", `${addressOf(peer)} left`)];
  const who = `${waiting.side}: ${waiting.name} (${addressOf(peer)})`;
  return [log("info", `${who} left before its pair was complete`)];
}

/** The client: says who it is, waits for its partner, prints both messages. */
async function sequenceClient(
  io: Dialogue,
  options: ClientOptions,
): Promise<void> {
  const { introduction } = await askIntroduction(io, options);
  await io.open();
  await io.send(introduction);
  let reply = await io.receive("partner");
  if (reply === undefined) throw closedEarly();
  io.print(introduction);
  // Some servers greet first: what they say is shown until it is the answer.
  while (reply !== undefined) {
    io.print(reply);
    if (reply.includes(RECEIVED_BEFORE)) return;
    throwIfRefused(reply);
    reply = await io.receive("partner");
  }
}

/** Who this client is: as the options say, or else as the user answers. */
export async function askIntroduction(
  io: Dialogue,
  options: ClientOptions,
): Promise<{ side: Side; introduction: string }> {
  const side = options.client ?? await askSide(io);
  const name = options.name ?? await askName(io);
  return { side, introduction: `Client ${side}: ${name}` };
}

async function askSide(io: Dialogue): Promise<Side> {
  for (;;) {
    const answer = await io.ask("Client (X or Y): ");
    if (answer === undefined) throw endedBefore("X or Y", "--client");
    const side = answer.trim().toUpperCase();
    if (side === "X" || side === "Y") return side;
    io.log("error", "client", `Not X or Y: ${answer}`);
  }
}

async function askName(io: Dialogue): Promise<string> {
  for (;;) {
    const answer = await io.ask("Your name: ");
    if (answer === undefined) throw endedBefore("a name", "--name");
    if (answer.trim() !== "") return answer.trim();
    io.log("error", "client", "A name has at least one letter");
  }
}

function endedBefore(what: string, option: string): Failure {
  return new Failure(
    `The input ended before ${what} was given. Give it with ${option}.`,
  );
}

/** @throws {Failure} where the server's reply says that there is no place */
export function throwIfRefused(reply: string): void {
  const refused = reply === INVALID_MESSAGE ||
    reply === alreadyConnected("X") || reply === alreadyConnected("Y");
  if (!refused) return;
  throw new Failure(
    `The server refused: ${reply}. Try the other client, or wait and try again.`,
  );
}

export function closedEarly(): Failure {
  return new Failure(
    "The server closed the connection before it acknowledged the message. Look at what it printed.",
  );
}

export const sequence: Mode = {
  name: "sequence",
  summary: "X and Y are told whose message came first",
  transport: "tcp",
  port: 12000,
  framing: "raw",
  serverFlags: ["sessions"],
  clientFlags: ["client", "name", "framing"],
  asks: ["client", "name"],
  server: sequenceServer,
  client: sequenceClient,
};
