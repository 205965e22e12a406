/**
 * Greeting: the later edition of the assignment of `sequence` and `chat`, in
 * which the server speaks first.
 *
 * The server waits for two connections, names them X and Y in order of arrival,
 * and tells each who it is: `Client X connected`. After that a message is any
 * text: `Alice` from X and `Bob` from Y are acknowledged with
 * `X: Alice received before Y: Bob`; so is `Client X: Alice`, the form in the
 * hand-out. A chat has no acknowledgment: it begins with the greetings.
 */
import {
  type Action,
  close,
  type Closer,
  connected,
  endOfSessions,
  Failure,
  fits,
  log,
  type Peer,
  print,
  printed,
  quote,
  type Received,
  refuse,
  send,
  type ServerRules,
  type StreamDialogue,
  TOO_LONG,
} from "./contract.ts";
import {
  connect,
  type Introduced,
  NAME,
  type Opening,
  readIntroduction,
  say,
  throwIfRefused,
} from "./introduction.ts";
import { askFor, flag } from "./options.ts";
import {
  describe,
  gone,
  MAX_NAME,
  type Member,
  type Pairing,
  refuseSecond,
  type Side,
  turnAway,
} from "./pairing.ts";

export const GREETING = flag(
  "greeting",
  "play the later edition, in which the server speaks first",
  { check: true },
);

/** The greeting for a client once both are there. */
export function greetingOf(side: Side): string {
  return `Client ${side} connected`;
}

/** The answer to a third client, which is then disconnected. */
export const BOTH_CONNECTED = "Client X and Client Y are already connected";

/** Greets a client; the server prints what it sends. */
export function greet({ peer, side }: Member): Action[] {
  const greeting = greetingOf(side);
  return [send(peer, greeting), print(greeting)];
}

/** A client, from its connection to its acknowledgment. */
interface Visitor {
  member: Member;
  partner?: Visitor;
  isGreeted: boolean;
  hasSpoken: boolean;
}

/** The server of `sequence`: greets two, and acknowledges their messages. */
export class GreetingServer implements ServerRules {
  readonly #visitors = new Map<string, Visitor>();

  /** @param acknowledge what is sent to a pair, and printed */
  constructor(
    readonly pairing: Pairing,
    readonly acknowledge: (one: Member, other: Member) => Action[],
  ) {}

  opened(peer: Peer): Action[] {
    const member = this.pairing.newcomer(peer);
    const placed = this.#place(member, this.pairing.join(member));
    return [connected(peer), ...placed];
  }

  message(peer: Peer, received: Received, arrival: number): Action[] {
    const visitor = this.#visitors.get(peer.id);
    if (visitor === undefined) return []; // turned away, and about to be closed
    if (visitor.hasSpoken) return refuseSecond(peer, received);
    if (typeof received !== "string") {
      return [printed(received), ...refuse(peer, received, "text in UTF-8")];
    }
    if (!fits(received, MAX_NAME)) {
      const expected = `${MAX_NAME} bytes at most`;
      const refusal = refuse(peer, received, expected, TOO_LONG);
      return [printed(received), ...refusal];
    }
    const name = nameIn(received, visitor.member.side);
    visitor.member = { ...visitor.member, name, arrival };
    visitor.hasSpoken = true;
    const { partner } = visitor;
    if (!partner?.hasSpoken) return [printed(received)];
    return [printed(received), ...this.#finish(visitor, partner)];
  }

  /** A client that has sent its message keeps its place when it leaves. */
  closed(peer: Peer, by: Closer): Action[] {
    const visitor = this.#visitors.get(peer.id);
    if (visitor?.hasSpoken && by === "peer") return keep(visitor.member);
    this.#visitors.delete(peer.id);
    const waiting = this.pairing.leave(peer);
    const left = gone(peer, by, visitor?.member ?? waiting);
    const partner = visitor?.partner;
    if (partner === undefined) return left;
    delete partner.partner;
    const { member } = partner;
    return [...left, ...this.#place(member, this.pairing.rejoin(member))];
  }

  nameOf({ id }: Peer): string | undefined {
    return this.#visitors.get(id)?.member.side;
  }

  /** Greets a pair once it is complete, and each client only once. */
  #place(member: Member, found: ReturnType<Pairing["join"]>): Action[] {
    if (found === "no place") return turnAway(member, BOTH_CONNECTED);
    const visitor = this.#visitorOf(member);
    if (found === "waits") return [];
    const other = this.#visitorOf(found);
    visitor.partner = other;
    other.partner = visitor;
    const newcomers = [other, visitor].filter((each) => !each.isGreeted);
    for (const each of newcomers) each.isGreeted = true;
    return newcomers.flatMap((each) => greet(each.member));
  }

  #visitorOf(member: Member): Visitor {
    const visitor = this.#visitors.get(member.peer.id) ??
      { member, isGreeted: false, hasSpoken: false };
    this.#visitors.set(member.peer.id, visitor);
    return visitor;
  }

  #finish(one: Visitor, other: Visitor): Action[] {
    const members = [one.member, other.member] as const;
    for (const { peer } of members) this.#visitors.delete(peer.id);
    const closing = members.map(({ peer }) => close(peer));
    const actions = [...this.acknowledge(...members), ...closing];
    const { sessions } = this.pairing;
    return this.#isOver() ? [...actions, ...endOfSessions(sessions)] : actions;
  }

  /** Whether all the pairs wanted have been formed, and none is open. */
  #isOver(): boolean {
    const visitors = [...this.#visitors.values()];
    return this.pairing.isComplete && visitors.every((each) => !each.partner);
  }
}

/** The hand-out's own clients say `Client X: Alice`, and mean `Alice`. */
function nameIn(text: string, own: Side): string {
  const { side, name } = readIntroduction(text) ?? {};
  return side === own && name !== undefined ? name : text;
}

/** Keeps the connection open: perhaps only the peer's half has ended. */
function keep(member: Member): Action[] {
  const text = `${
    describe(member)
  } has left, or ended its half: its message counts`;
  return [log("info", text), { type: "hold", peer: member.peer }];
}

/** The client: waits to be told who it is, and only then says its name. */
export async function answerGreeting(
  io: StreamDialogue,
  { client, name, framing }: Introduced,
  { isSilent = false } = {},
): Promise<Opening> {
  await connect(io, framing);
  io.log("debug", "client", "waiting for the server's greeting");
  const greeting = await io.receive("partner", BEFORE_GREETING);
  if (greeting === undefined) throw new Failure(CLOSED_BEFORE_GREETING);
  throwIfRefused(greeting);
  io.print(greeting);
  const side = sideIn(greeting) ?? client;
  if (isSilent) return { side, message: undefined };
  const message = name ?? await askFor(io, NAME);
  await say(io, message);
  return { side, message };
}

const BEFORE_GREETING =
  "the second client, or for this one to speak first (leave --greeting out)";
const CLOSED_BEFORE_GREETING =
  "The server closed the connection before it greeted. Look at what it printed.";

/** Which client a greeting is for; undefined if it names none. */
function sideIn(greeting: string): Side | undefined {
  // "Connected to client Y" names the partner.
  const [, side] =
    /(?<!\b(?:to|with|for|from|by)\s+)\bclient ([xy])\b/i.exec(greeting) ?? [];
  return side?.toUpperCase() as Side | undefined;
}

/**
 * What is wrong if the server greets a client that was started without
 * `--greeting`; undefined if it does not greet.
 */
export function wrongEdition(reply: string): string | undefined {
  if (!/\bclient [xy] (?:is |has )?connected/i.test(reply)) return undefined;
  return `The server greets its clients (${quote(reply)}), as in the later ` +
    "edition of the assignment: start this client with --greeting.";
}
