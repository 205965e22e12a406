/**
 * Pairing: who waits for whom in `sequence` and `chat`. First come, first
 * paired. What the clients are told is in those files.
 */
import {
  type Action,
  addressOf,
  close,
  type Closer,
  disconnected,
  log,
  MAX_MESSAGE,
  type Peer,
  printed,
  type Received,
  refuse,
  send,
} from "./contract.ts";
import { integer } from "./options.ts";

/** One of the two clients. */
export type Side = "X" | "Y";

/** The longest name, in bytes: an acknowledgment holds two, and a few words. */
export const MAX_NAME = MAX_MESSAGE / 2 - 64;

/** A client that has a place. */
export interface Member {
  readonly peer: Peer;
  readonly side: Side;
  /** Empty until the client has said it. */
  readonly name: string;
  /** When its message arrived, as `ServerRules.message` is told. */
  readonly arrival: number;
}

/** Who is waiting, and how many pairs there have been. */
export class Pairing {
  readonly #waiting: Record<Side, Map<string, Member>> = {
    X: new Map(),
    Y: new Map(),
  };
  #pairs = 0;

  /** @param sessions how many pairs are wanted; 0 for no limit */
  constructor(readonly sessions: number) {}

  /** Whether all the pairs wanted have been formed. */
  get isComplete(): boolean {
    return this.sessions > 0 && this.#pairs >= this.sessions;
  }

  /** A client that does not say its side: X if nobody is waiting, otherwise Y. */
  newcomer(peer: Peer): Member {
    const side = this.#waiting.X.size > this.#waiting.Y.size ? "Y" : "X";
    return { peer, side, name: "", arrival: 0 };
  }

  /** @returns its partner, if one is waiting */
  join(member: Member): Member | "waits" | "no place" {
    const { peer, side } = member;
    if (this.#isFull(side)) return "no place";
    const [partner] = this.#waiting[side === "X" ? "Y" : "X"].values();
    if (partner === undefined) {
      this.#waiting[side].set(peer.id, member);
      return "waits";
    }
    this.leave(partner.peer);
    this.#pairs++;
    return partner;
  }

  /** Takes back a member whose partner has left. */
  rejoin(member: Member): Member | "waits" | "no place" {
    this.#pairs--;
    return this.join(member);
  }

  /** Frees a waiting client's place; undefined if it had none. */
  leave(peer: Peer): Member | undefined {
    for (const places of Object.values(this.#waiting)) {
      const member = places.get(peer.id);
      places.delete(peer.id);
      if (member !== undefined) return member;
    }
    return undefined;
  }

  /**
   * If one pair is wanted, there is no place for a second X while the first
   * waits, or for anybody once the pair is formed. If more are wanted, a second
   * X waits for another Y; in vain if there are more Xs than pairs.
   */
  #isFull(side: Side): boolean {
    if (this.isComplete) return true;
    return this.sessions === 1 && this.#waiting[side].size > 0;
  }
}

/** Sends away a client for which there is no place. */
export function turnAway(member: Member, answer: string): Action[] {
  const { peer } = member;
  const who = member.name ? describe(member) : addressOf(peer);
  const warning = `no place for ${who}; answered ${answer}`;
  return [log("warning", warning), send(peer, answer), close(peer)];
}

/** Refuses a message from a client that has said all it may. */
export function refuseSecond(peer: Peer, received: Received): Action[] {
  const expected = "nothing more before the partner has come";
  return [printed(received), ...refuse(peer, received, expected)];
}

/** Logs the end of a connection, which may have been `waiting` for a partner. */
export function gone(
  peer: Peer,
  by: Closer,
  waiting: Member | undefined,
): Action[] {
  if (waiting === undefined || by === "server") return [disconnected(peer, by)];
  const text = `${describe(waiting)} left before its pair was complete`;
  return [log("info", `${text}. ${HALF_CLOSE}`)];
}

// From here it looks the same as a program that has gone.
const HALF_CLOSE =
  "To end one's half counts as leaving, as ncat does when its input ends";

/** A member as far as it is known: `X: Alice`, or `X`. */
export function titleOf({ side, name }: Member): string {
  return name ? `${side}: ${name}` : side;
}

/** A member for the log: `X: Alice (127.0.0.1:50000)`. */
export function describe(member: Member): string {
  return `${titleOf(member)} (${addressOf(member.peer)})`;
}

/** How many pairs a server serves. */
export const SESSIONS = integer("sessions", {
  from: 0,
  to: Number.MAX_SAFE_INTEGER,
  default: 1,
  help: "end after N sessions; 0 for no end",
});
