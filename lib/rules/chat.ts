/**
 * Chat: X and Y talk to each other through a TCP server.
 *
 * The assignment: CST 311, Programming Assignment 2, the extra credit. It
 * begins like `sequence`, acknowledgment included. After that, every message
 * from X is relayed to Y, unchanged and in order, and vice versa; the server
 * prints `X: hello`. `Bye` is relayed, and then both connections are closed.
 * The later edition, `--greeting`, begins with the greetings instead; with
 * `--introduction none` the chat begins at the second connection, unannounced.
 * What X and Y print, and under which label, is in `chat_labels.ts`.
 */
import { chatClient } from "./chat_client.ts";
import { BYE, isBye } from "./chat_labels.ts";
import {
  type Action,
  close,
  type Closer,
  connected,
  costOf,
  disconnected,
  endOfSessions,
  log,
  type Peer,
  print,
  type Received,
  refuse,
  send,
  type ServerRules,
} from "./contract.ts";
import { BOTH_CONNECTED, greet, GREETING } from "./greeting.ts";
import {
  CLIENT,
  type Edition,
  NAME,
  readIntroduction,
} from "./introduction.ts";
import { streamMode } from "./mode.ts";
import { framing, MESSAGE, MESSAGE_END, type Option } from "./options.ts";
import {
  gone,
  type Member,
  Pairing,
  SESSIONS,
  titleOf,
  turnAway,
} from "./pairing.ts";
import { explainSilence, introduce, type Placement } from "./sequence.ts";

/**
 * How much a client may say before its partner has come, in bytes as `costOf`
 * counts them. A client that reaches the limit has to wait.
 */
export const MAX_EARLY = 64 * 1024;
/** The same for all clients without a partner together, in bytes. */
export const MAX_ALL_EARLY = 32 * 1024 * 1024;

/** What the command line sets for the server. */
interface ServerOptions extends Edition {
  readonly sessions: number;
}

/** A member, what it said too early, and its partner once there is one. */
interface Chatter extends Member {
  partner?: Chatter;
  readonly early: string[];
  earlySize: number;
}

/** What a refused introduction may mean; logged once. */
const OTHER_BEGINNINGS =
  "if the clients just talk, without an introduction, start this server with " +
  "--introduction none; if they wait to be greeted, with --greeting";

/** The server: pairs an X with a Y, then relays what each says to the other. */
export class ChatServer implements ServerRules {
  readonly #pairing: Pairing;
  readonly #greets: boolean;
  /** Whether a client has to say who it is. */
  readonly #asks: boolean;
  readonly #chatters = new Map<string, Chatter>();
  /** The total of what all chatters have said too early. */
  #earlySize = 0;
  #hasExplained = false;

  constructor({ sessions, greeting, introduction }: ServerOptions) {
    this.#pairing = new Pairing(sessions);
    this.#greets = greeting;
    this.#asks = !greeting && introduction !== "none";
  }

  opened(peer: Peer): Action[] {
    if (this.#asks) return [connected(peer)];
    const placement = this.#seat(this.#pairing.newcomer(peer));
    return [connected(peer), ...this.#place(placement)];
  }

  /** Gives a place to a client that does not have to say who it is. */
  #seat(member: Member): Placement {
    const found = this.#pairing.join(member);
    if (found === "waits") return { actions: [], member };
    if (found === "no place") {
      return { actions: turnAway(member, BOTH_CONNECTED) };
    }
    const greetings = this.#greets ? [...greet(found), ...greet(member)] : [];
    return { actions: greetings, member, partner: found };
  }

  silent(peer: Peer): Action[] {
    return this.#asks ? explainSilence(peer) : [];
  }

  message(peer: Peer, received: Received, arrival: number): Action[] {
    const chatter = this.#chatters.get(peer.id);
    if (chatter === undefined) {
      return this.#asks ? this.#introduce(peer, received, arrival) : [];
    }
    if (typeof received !== "string") {
      return refuse(peer, received, "text in UTF-8");
    }
    // In a chat, a second introduction is a message like any other.
    if (chatter.partner === undefined) return this.#keep(chatter, received);
    return this.#relay(chatter, chatter.partner, received);
  }

  #introduce(peer: Peer, received: Received, arrival: number): Action[] {
    const placement = introduce(this.#pairing, peer, received, arrival);
    if (readIntroduction(received) || this.#hasExplained) {
      return this.#place(placement);
    }
    this.#hasExplained = true;
    return [...placement.actions, log("info", OTHER_BEGINNINGS)];
  }

  closed(peer: Peer, by: Closer): Action[] {
    const chatter = this.#chatters.get(peer.id);
    this.#forget(chatter);
    const waiting = this.#pairing.leave(peer);
    const partner = chatter?.partner;
    if (partner === undefined) return gone(peer, by, waiting);
    const told = by === "peer"
      ? log("info", `${titleOf(chatter!)} left without a ${BYE}`)
      : disconnected(peer, by);
    return [told, ...this.#end(chatter!, partner)];
  }

  nameOf({ id }: Peer): string | undefined {
    const chatter = this.#chatters.get(id);
    return chatter && titleOf(chatter);
  }

  /** Admits a client; once it has a partner, delivers what was said too early. */
  #place({ actions, member, partner }: Placement): Action[] {
    if (member === undefined) return actions;
    const chatter: Chatter = { ...member, early: [], earlySize: 0 };
    this.#chatters.set(member.peer.id, chatter);
    const waiting = partner && this.#chatters.get(partner.peer.id);
    if (waiting === undefined) return actions;
    waiting.partner = chatter;
    chatter.partner = waiting;
    return [...actions, ...this.#catchUp(waiting, chatter)];
  }

  #catchUp(waiting: Chatter, newcomer: Chatter): Action[] {
    const actions: Action[] = [{ type: "release", peer: waiting.peer }];
    this.#earlySize -= waiting.earlySize;
    waiting.earlySize = 0;
    for (const text of waiting.early.splice(0)) {
      actions.push(...this.#relay(waiting, newcomer, text));
      if (isBye(text)) break;
    }
    return actions;
  }

  #keep(chatter: Chatter, text: string): Action[] {
    const cost = costOf(text);
    chatter.early.push(text);
    chatter.earlySize += cost;
    this.#earlySize += cost;
    const hasRoom = chatter.earlySize < MAX_EARLY &&
      this.#earlySize < MAX_ALL_EARLY;
    return hasRoom ? [] : [{ type: "hold", peer: chatter.peer }];
  }

  #relay(from: Chatter, to: Chatter, text: string): Action[] {
    const relayed = [print(`${from.side}: ${text}`), send(to.peer, text)];
    return isBye(text) ? [...relayed, ...this.#end(from, to)] : relayed;
  }

  /** Ends a chat; the last one wanted ends the server, too. */
  #end(one: Chatter, other: Chatter): Action[] {
    this.#forget(one);
    this.#forget(other);
    const actions = [close(one.peer), close(other.peer)];
    const isTalking = ({ partner }: Chatter) => partner !== undefined;
    const isOver = this.#pairing.isComplete &&
      ![...this.#chatters.values()].some(isTalking);
    const { sessions } = this.#pairing;
    return isOver ? [...actions, ...endOfSessions(sessions)] : actions;
  }

  #forget(chatter: Chatter | undefined): void {
    if (chatter === undefined) return;
    this.#chatters.delete(chatter.peer.id);
    this.#earlySize -= chatter.earlySize;
    chatter.earlySize = 0;
  }
}

/** Whether, and how, a client says who it is. */
const INTRODUCTION: Option<"introduction", "none" | undefined> = {
  name: "introduction",
  placeholder: "none",
  default: undefined,
  help: "play with programs that just talk: everything is a message",
  check: true,
  parse(text) {
    if (text.toLowerCase() === "none") return "none";
    throw new RangeError("unknown: the only one is none");
  },
};

export const chat = streamMode({
  summary: "X and Y talk to each other through the server",
  port: 12000,
  serverOptions: [SESSIONS, GREETING, INTRODUCTION, MESSAGE_END],
  clientOptions: [
    CLIENT,
    NAME,
    framing("auto"),
    GREETING,
    INTRODUCTION,
    MESSAGE,
  ],
  server: (options: ServerOptions) => new ChatServer(options),
  client: chatClient,
  hearing: async () => (await import("./listening/chat.ts")).chatHearing(),
});
