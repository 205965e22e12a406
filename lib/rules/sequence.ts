/**
 * Sequence: two TCP clients, X and Y, are told whose message came first.
 *
 * The assignment: CST 311, Programming Assignment 2. What it shares with its
 * extra credit, a chat, is in `pairing.ts`: names, places, the acknowledgment.
 */
import {
  type Action,
  close,
  type Closer,
  connected,
  fits,
  INVALID_MESSAGE,
  NOT_TEXT,
  type Peer,
  print,
  refuse,
  type ServerRules,
  stop,
  type StreamDialogue,
  TOO_LONG,
} from "./contract.ts";
import { streamMode } from "./mode.ts";
import { framing } from "./options.ts";
import {
  CLIENT,
  closedEarly,
  type Introduced,
  NAME,
  open,
  ORDER_MARK,
  throwIfRefused,
} from "./introduction.ts";
import {
  acknowledge,
  explainSilence,
  gone,
  greet,
  GREETING,
  introduce,
  MAX_NAME,
  type Member,
  Pairing,
  type Placement,
  SESSIONS,
} from "./pairing.ts";

/** What the command line sets for the server. */
interface ServerOptions {
  readonly sessions: number;
  readonly greeting: boolean;
}

/** The server, in the edition that is asked for. */
export function sequenceServer(options: ServerOptions): ServerRules {
  const pairing = new Pairing(options.sessions);
  return options.greeting
    ? new GreetingServer(pairing)
    : introductionServer(pairing);
}

/** The client says who it is: pairs an X with a Y, acknowledges, closes both. */
function introductionServer(pairing: Pairing): ServerRules {
  /** The clients that wait: a second introduction of theirs is refused. */
  const waiting = new Set<string>();
  return {
    opened: (peer) => [connected(peer)],
    silent: explainSilence,
    message(peer, text, arrival) {
      if (waiting.has(peer.id)) return refuseSecond(peer, text);
      const placed = introduce(pairing, peer, text, arrival);
      if (placed.member !== undefined) waiting.add(peer.id);
      if (placed.partner === undefined) return placed.actions;
      const closing = [close(placed.partner.peer), close(peer)];
      const actions = [...placed.actions, ...closing];
      return pairing.isComplete ? [...actions, stop()] : actions;
    },
    closed(peer, by) {
      waiting.delete(peer.id);
      return gone(peer, by, pairing.leave(peer));
    },
  };
}

/** A client may say one thing, then it waits. */
function refuseSecond(peer: Peer, text: string | undefined): Action[] {
  const expected = "nothing more before the partner has come";
  const refusal = refuse(peer, text, expected, INVALID_MESSAGE);
  return [print(text ?? NOT_TEXT), ...refusal];
}

/** A client that has been greeted, or will be once its partner has connected. */
interface Guest {
  member: Member;
  partner?: Guest;
  isGreeted: boolean;
  hasSpoken: boolean;
}

/** The server says who the client is: greets two, acknowledges their messages. */
class GreetingServer implements ServerRules {
  readonly #pairing: Pairing;
  readonly #guests = new Map<string, Guest>();

  constructor(pairing: Pairing) {
    this.#pairing = pairing;
  }

  opened(peer: Peer): Action[] {
    return [connected(peer), ...this.#place(this.#pairing.seat(peer))];
  }

  message(peer: Peer, text: string | undefined, arrival: number): Action[] {
    const guest = this.#guests.get(peer.id);
    if (guest === undefined) return []; // refused, and about to be closed
    if (guest.hasSpoken) return refuseSecond(peer, text);
    const printed = print(text ?? NOT_TEXT);
    if (text === undefined) {
      return [printed, ...refuse(peer, text, "text in UTF-8", INVALID_MESSAGE)];
    }
    if (!fits(text, MAX_NAME)) {
      const expected = `${MAX_NAME} bytes at most`;
      return [printed, ...refuse(peer, text, expected, TOO_LONG)];
    }
    guest.member = { ...guest.member, name: text, arrival };
    guest.hasSpoken = true;
    if (!guest.partner?.hasSpoken) return [printed];
    return [printed, ...this.#finish(guest, guest.partner)];
  }

  closed(peer: Peer, by: Closer): Action[] {
    const guest = this.#guests.get(peer.id);
    this.#guests.delete(peer.id);
    const partner = guest?.partner;
    if (!partner) {
      this.#pairing.leave(peer);
      return gone(peer, by, guest?.member);
    }
    delete partner.partner;
    const placement = this.#pairing.rejoin(partner.member);
    return [...gone(peer, by, guest.member), ...this.#place(placement)];
  }

  /** Greets a pair once it is there; who has been greeted before is not again. */
  #place({ actions, member, partner }: Placement): Action[] {
    if (member === undefined) return actions;
    const guest = this.#guestOf(member);
    if (partner === undefined) return actions;
    const other = this.#guestOf(partner);
    guest.partner = other;
    other.partner = guest;
    const newcomers = [other, guest].filter((each) => !each.isGreeted);
    for (const each of newcomers) each.isGreeted = true;
    return newcomers.flatMap((each) => greet(each.member));
  }

  #guestOf(member: Member): Guest {
    const guest = this.#guests.get(member.peer.id) ??
      { member, isGreeted: false, hasSpoken: false };
    this.#guests.set(member.peer.id, guest);
    return guest;
  }

  #finish(one: Guest, other: Guest): Action[] {
    const members = [one.member, other.member] as const;
    for (const { peer } of members) this.#guests.delete(peer.id);
    const closing = members.map(({ peer }) => close(peer));
    const actions = [...acknowledge(...members), ...closing];
    return this.#isOver() ? [...actions, stop()] : actions;
  }

  /** Whether all pairs that are wanted have been formed, and none is open. */
  #isOver(): boolean {
    const guests = [...this.#guests.values()];
    return this.#pairing.isComplete && guests.every((each) => !each.partner);
  }
}

/** The client: says who it is, waits for its partner, prints both messages. */
async function sequenceClient(
  io: StreamDialogue,
  options: Introduced,
): Promise<void> {
  const { message } = await open(io, options);
  let reply = await io.receive("partner");
  if (reply !== undefined) io.print(message);
  // Some servers greet first: what they say is shown until it is the answer.
  for (; reply !== undefined; reply = await io.receive("partner")) {
    io.print(reply);
    if (reply.includes(ORDER_MARK)) return;
    throwIfRefused(reply);
  }
  throw closedEarly();
}

export const sequence = streamMode({
  summary: "X and Y are told whose message came first",
  port: 12000,
  serverOptions: [SESSIONS, GREETING],
  clientOptions: [CLIENT, NAME, framing("raw"), GREETING],
  server: sequenceServer,
  client: sequenceClient,
  hearing: async () =>
    (await import("./listening/sequence.ts")).sequenceHearing(),
});
