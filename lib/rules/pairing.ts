/**
 * Pairing: what `sequence` and `chat` share. Two clients, X and Y, find each
 * other through a server, which acknowledges both.
 *
 * The assignment: CST 311, Programming Assignment 2. It has two editions. In
 * the first the client speaks first and says who it is: `Client X: Alice`. In
 * the later one, `--greeting`, the server speaks first: it tells each of two
 * clients `Client X connected` or `Client Y connected`.
 */
import {
  type Action,
  addressOf,
  close,
  type Closer,
  disconnected,
  fits,
  INVALID_MESSAGE,
  log,
  MAX_MESSAGE,
  NOT_TEXT,
  type Peer,
  print,
  refuse,
  send,
  TOO_LONG,
} from "./contract.ts";
import { flag, integer } from "./options.ts";

/** One of the two clients. */
export type Side = "X" | "Y";

/** What the server prints once both have their acknowledgment. */
export const BOTH_ACKNOWLEDGED = "Sent acknowledgment to both X and Y";

/** What the server expects of a client that speaks first, for the log. */
export const INTRODUCTION_FORM = "Client X: <name> or Client Y: <name>";

// The blanks after the colon are not counted. The s flag: a name may hold any
// character, and is escaped where it is printed.
const INTRODUCTION = /^Client ([XY]):\s*(\S.*)$/s;

/** The longest name, in bytes: an acknowledgment carries two, and a few words. */
export const MAX_NAME = MAX_MESSAGE / 2 - 64;

/** The acknowledgment: the two in the order in which their messages came. */
export function acknowledgment(
  first: Pick<Member, "side" | "name">,
  second: Pick<Member, "side" | "name">,
): string {
  return `${first.side}: ${first.name} received before ${second.side}: ${second.name}`;
}

/** How a client is refused that finds no place. */
export function alreadyConnected(side: Side): string {
  return `Client ${side} is already connected`;
}

/** How the later edition greets a client. */
export function greetingOf(side: Side): string {
  return `Client ${side} connected`;
}

/** A client that has a place. */
export interface Member {
  readonly peer: Peer;
  readonly side: Side;
  readonly name: string;
  /** When its message came, as `ServerRules.message` is told. */
  readonly arrival: number;
}

/** What came of it: refused without a `member`, paired where there is a `partner`. */
export interface Placement {
  readonly actions: Action[];
  readonly member?: Member;
  readonly partner?: Member;
}

/** Who waits for whom. The first to wait is the first to be paired. */
export class Pairing {
  readonly #waiting: Record<Side, Map<string, Member>> = {
    X: new Map(),
    Y: new Map(),
  };
  #pairs = 0;

  /** @param sessions how many pairs are wanted; 0 for no end */
  constructor(readonly sessions: number) {}

  /** Whether as many pairs have been formed as are wanted. */
  get isComplete(): boolean {
    return this.sessions > 0 && this.#pairs >= this.sessions;
  }

  /** Gives a client a place, and its partner where one waits. */
  join(member: Member): Placement {
    const { peer, side } = member;
    if (this.#isFull(side)) {
      const refusal = alreadyConnected(side);
      const named = member.name && ` (${side}: ${member.name})`;
      const who = addressOf(peer) + named;
      const why = log("warning", `${who} finds no place; answered ${refusal}`);
      return { actions: [why, send(peer, refusal), close(peer)] };
    }
    const [partner] = this.#waiting[side === "X" ? "Y" : "X"].values();
    if (partner === undefined) {
      this.#waiting[side].set(peer.id, member);
      return { actions: [], member };
    }
    this.leave(partner.peer);
    this.#pairs++;
    return { actions: [], member, partner };
  }

  /** Gives a client a place that did not say which side it is. */
  seat(peer: Peer): Placement {
    const side = this.#waiting.X.size > this.#waiting.Y.size ? "Y" : "X";
    return this.join({ peer, side, name: "", arrival: 0 });
  }

  /** Takes a pair apart whose other half has left: this one waits again. */
  rejoin(member: Member): Placement {
    this.#pairs--;
    return this.join(member);
  }

  /** Frees a waiting client's place; undefined where it had none. */
  leave(peer: Peer): Member | undefined {
    for (const places of Object.values(this.#waiting)) {
      const member = places.get(peer.id);
      places.delete(peer.id);
      if (member !== undefined) return member;
    }
    return undefined;
  }

  /**
   * Whether a newcomer has to be refused. Where one pair is wanted, a second X
   * is refused while the first one waits, and so is everybody once the pair has
   * been formed. Where more are wanted, a second X waits for a Y of its own; it
   * may wait in vain if there are more of them than pairs wanted.
   */
  #isFull(side: Side): boolean {
    if (this.isComplete) return true;
    return this.sessions === 1 && this.#waiting[side].size > 0;
  }
}

/** Reads a client's introduction, and finds its place and its partner. */
export function introduce(
  pairing: Pairing,
  peer: Peer,
  text: string | undefined,
  arrival: number,
): Placement {
  const printed = print(text ?? NOT_TEXT);
  const [, side, name] = text?.match(INTRODUCTION) ?? [];
  if ((side !== "X" && side !== "Y") || !name) {
    const refusal = refuse(peer, text, INTRODUCTION_FORM, INVALID_MESSAGE);
    return { actions: [printed, ...refusal] };
  }
  if (!fits(name, MAX_NAME)) {
    const expected = `a name of ${MAX_NAME} bytes at most`;
    return { actions: [printed, ...refuse(peer, text, expected, TOO_LONG)] };
  }
  const placement = pairing.join({ peer, side, name, arrival });
  const { actions, member, partner } = placement;
  if (!member || !partner) {
    return { ...placement, actions: [printed, ...actions] };
  }
  return {
    member,
    partner,
    actions: [printed, ...acknowledge(member, partner)],
  };
}

/** Acknowledges a pair, in the order in which the bytes of the two arrived. */
export function acknowledge(one: Member, other: Member): Action[] {
  const [first, second] = one.arrival < other.arrival
    ? [one, other]
    : [other, one];
  const text = acknowledgment(first, second);
  const both = [send(first.peer, text), send(second.peer, text)];
  return [...both, print(text), print(BOTH_ACKNOWLEDGED)];
}

/** Tells a client who it is. */
export function greet({ peer, side }: Member): Action[] {
  const greeting = greetingOf(side);
  return [send(peer, greeting), print(greeting)];
}

/** Tells of a connection's end; `waiting` is the place that became free. */
export function gone(
  peer: Peer,
  by: Closer,
  waiting: Member | undefined,
): Action[] {
  if (waiting === undefined || by === "server") return [disconnected(peer, by)];
  const name = waiting.name && `: ${waiting.name}`;
  const who = `${waiting.side}${name} (${addressOf(peer)})`;
  return [log("info", `${who} left before its pair was complete`)];
}

/** Tells the owner of a client that waits in silence what we wait for. */
export function explainSilence(peer: Peer): Action[] {
  return [
    log(
      "info",
      `${addressOf(peer)} has connected and said nothing: in this mode the ` +
        `client speaks first, with ${INTRODUCTION_FORM}. If it waits for the ` +
        "server to greet it, start this server with --greeting.",
    ),
  ];
}

/** How many pairs a server serves. */
export const SESSIONS = integer("sessions", {
  from: 0,
  to: Number.MAX_SAFE_INTEGER,
  default: 1,
  help: "end after N sessions; 0 for no end",
});

export const GREETING = flag(
  "greeting",
  "play the later edition, in which the server speaks first",
  { check: true },
);
