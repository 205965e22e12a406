/**
 * Sequence: two TCP clients, X and Y, are told whose message came first.
 *
 * The assignment: CST 311, Programming Assignment 2. Each client connects and
 * sends `Client X: Alice`. Once the server has a message from an X and one from
 * a Y, it sends both `X: Alice received before Y: Bob`, or the other way round,
 * prints that, and closes both connections. A client sends one message and
 * waits; if it leaves, its place is free again. The extra credit is in
 * `chat.ts`, the later edition in `greeting.ts`.
 */
import {
  type Action,
  close,
  endOfSessions,
  Failure,
  fits,
  type Peer,
  print,
  printed,
  type Received,
  refuse,
  send,
  type ServerRules,
  speaksFirst,
  type StreamDialogue,
  TOO_LONG,
} from "./contract.ts";
import {
  answerGreeting,
  GREETING,
  GreetingServer,
  wrongEdition,
} from "./greeting.ts";
import {
  CLIENT,
  closedEarly,
  type Introduced,
  introduceSelf,
  INTRODUCTION_FORM,
  NAME,
  partnerHint,
  readIntroduction,
  throwIfRefused,
} from "./introduction.ts";
import { streamMode } from "./mode.ts";
import { oddityOf } from "./oddity.ts";
import { framing, MESSAGE_END } from "./options.ts";
import {
  gone,
  MAX_NAME,
  type Member,
  Pairing,
  refuseSecond,
  SESSIONS,
  type Side,
  titleOf,
  turnAway,
} from "./pairing.ts";

/** The acknowledgment: the two in the order in which their messages arrived. */
export function acknowledgment(
  first: Pick<Member, "side" | "name">,
  second: Pick<Member, "side" | "name">,
): string {
  return `${first.side}: ${first.name} received before ${second.side}: ${second.name}`;
}

/** What marks an acknowledgment: many servers misspell `received`. */
export const ORDER_MARK = " before ";

/** What the server prints once it has sent both the acknowledgment. */
export const BOTH_ACKNOWLEDGED = "Sent acknowledgment to both X and Y";

/**
 * The answer to a second X while the first waits, and to everybody once there
 * is a pair, unless more pairs are wanted; the connection is then closed.
 */
function alreadyConnected(side: Side): string {
  return `Client ${side} is already connected`;
}

/** The server, in the edition asked for. */
export function sequenceServer(
  { sessions, greeting }: { sessions: number; greeting: boolean },
): ServerRules {
  const pairing = new Pairing(sessions);
  return greeting
    ? new GreetingServer(pairing, acknowledge)
    : introductionServer(pairing);
}

/** The client says who it is: pairs an X with a Y, acknowledges, closes both. */
function introductionServer(pairing: Pairing): ServerRules {
  /** The clients with a place. */
  const members = new Map<string, Member>();
  return {
    silent: explainSilence,
    message(peer, received, arrival) {
      if (members.has(peer.id)) return refuseSecond(peer, received);
      const { actions, member, partner } = introduce(
        pairing,
        peer,
        received,
        arrival,
      );
      if (member !== undefined) members.set(peer.id, member);
      if (partner === undefined) return actions;
      const closing = [close(partner.peer), close(peer)];
      const ending = pairing.isComplete ? endOfSessions(pairing.sessions) : [];
      return [...actions, ...closing, ...ending];
    },
    closed(peer, by) {
      members.delete(peer.id);
      return gone(peer, by, pairing.leave(peer));
    },
    nameOf({ id }) {
      const member = members.get(id);
      return member && titleOf(member);
    },
  };
}

/** The result of an introduction: a place for a `member`, or even a pair. */
export interface Placement {
  readonly actions: Action[];
  readonly member?: Member;
  readonly partner?: Member;
}

/**
 * Prints and reads a client's introduction, and acknowledges a pair. A client
 * whose introduction has the wrong form stays connected and may try again.
 */
export function introduce(
  pairing: Pairing,
  peer: Peer,
  received: Received,
  arrival: number,
): Placement {
  const shown = printed(received);
  const introduction = readIntroduction(received);
  if (introduction === undefined) {
    const expected = INTRODUCTION_FORM + oddityOf(received);
    return { actions: [shown, ...refuse(peer, received, expected)] };
  }
  if (!fits(introduction.name, MAX_NAME)) {
    const expected = `a name of ${MAX_NAME} bytes at most`;
    const refusal = refuse(peer, received, expected, TOO_LONG);
    return { actions: [shown, ...refusal] };
  }
  const member = { peer, ...introduction, arrival };
  const found = pairing.join(member);
  if (found === "waits") return { actions: [shown], member };
  if (found === "no place") {
    const answer = alreadyConnected(member.side);
    return { actions: [shown, ...turnAway(member, answer)] };
  }
  const actions = [shown, ...acknowledge(member, found)];
  return { actions, member, partner: found };
}

/** Acknowledges a pair in the order in which their bytes arrived. */
export function acknowledge(one: Member, other: Member): Action[] {
  const [first, second] = one.arrival < other.arrival
    ? [one, other]
    : [other, one];
  const text = acknowledgment(first, second);
  const both = [send(first.peer, text), send(second.peer, text)];
  return [...both, print(text), print(BOTH_ACKNOWLEDGED)];
}

/** Tells the owner of a silent client what we are waiting for. */
export function explainSilence(peer: Peer): Action[] {
  const hint =
    ". If it waits for the server to greet it, start this server with --greeting.";
  return [speaksFirst(peer, INTRODUCTION_FORM, hint)];
}

/** What the command line sets for the client. */
interface ClientOptions extends Introduced {
  readonly greeting: boolean;
}

/**
 * The client: says who it is, waits for its partner, then prints its own
 * message and everything the server says. A stream that ends without an
 * acknowledgment is a failure.
 */
async function sequenceClient(
  io: StreamDialogue,
  options: ClientOptions,
): Promise<void> {
  const { greeting, framing } = options;
  const { message } = greeting
    ? await answerGreeting(io, options)
    : await introduceSelf(io, options);
  const receive = () => io.receive("partner", partnerHint(framing));
  let reply = await receive();
  if (reply !== undefined) io.print(message!);
  // Some servers say other things first: these are printed, too.
  for (; reply !== undefined; reply = await receive()) {
    io.print(reply);
    const problem = greeting ? undefined : wrongEdition(reply);
    if (problem !== undefined) throw new Failure(problem);
    if (reply.includes(ORDER_MARK)) return;
    throwIfRefused(reply);
  }
  throw closedEarly();
}

export const sequence = streamMode({
  summary: "X and Y are told whose message came first",
  port: 12000,
  serverOptions: [SESSIONS, GREETING, MESSAGE_END],
  clientOptions: [CLIENT, NAME, framing("raw"), GREETING],
  server: sequenceServer,
  client: sequenceClient,
  hearing: async () =>
    (await import("./listening/sequence.ts")).sequenceHearing(),
});
