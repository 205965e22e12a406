/**
 * Chat: X and Y talk to each other through a TCP server.
 *
 * The assignment: CST 311, Programming Assignment 2, the extra credit. It
 * begins as `sequence` does, acknowledgment included: see `pairing.ts`. In the
 * later edition, `--greeting`, it begins with the greetings.
 */
import {
  type Action,
  close,
  type Closer,
  connected,
  costOf,
  disconnected,
  Failure,
  INVALID_MESSAGE,
  log,
  type Peer,
  print,
  refuse,
  send,
  type ServerRules,
  stop,
  type StreamDialogue,
} from "./contract.ts";
import { streamMode } from "./mode.ts";
import { framing, MESSAGE } from "./options.ts";
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
  explainSilence,
  gone,
  greet,
  GREETING,
  introduce,
  type Member,
  Pairing,
  type Placement,
  SESSIONS,
  type Side,
} from "./pairing.ts";

/** The message that ends a chat, letter case ignored. */
export const BYE = "Bye";

/**
 * How much a client may say before its partner has come, in bytes as `costOf`
 * counts them. A client that has said that much has to wait.
 */
export const MAX_EARLY = 64 * 1024;
/** How much all who wait for a partner may have said together, in bytes. */
export const MAX_ALL_EARLY = 32 * 1024 * 1024;

/**
 * How long a client waits for the server to close after a Bye, in
 * milliseconds: it promises to be gone within a second, and takes a moment to
 * close.
 */
export const CLOSE_AFTER = 900;

function isBye(text: string): boolean {
  // Comparing lengths first is enough for nearly every message.
  return text.length === BYE.length && text.toUpperCase() === "BYE";
}

/** A member, what it said too early, and the partner once there is one. */
interface Chatter extends Member {
  partner?: Chatter;
  readonly early: string[];
  earlySize: number;
}

/** The server: pairs an X with a Y, then relays what each says to the other. */
export class ChatServer implements ServerRules {
  readonly #pairing: Pairing;
  readonly #greets: boolean;
  readonly #chatters = new Map<string, Chatter>();
  /** The sum of what all chatters have said too early. */
  #earlySize = 0;

  constructor(options: { sessions: number; greeting: boolean }) {
    this.#pairing = new Pairing(options.sessions);
    this.#greets = options.greeting;
  }

  opened(peer: Peer): Action[] {
    if (!this.#greets) return [connected(peer)];
    const placement = this.#pairing.seat(peer);
    const { member, partner } = placement;
    const greetings = member && partner
      ? [...greet(partner), ...greet(member)]
      : [];
    return [connected(peer), ...this.#place(placement, greetings)];
  }

  silent(peer: Peer): Action[] {
    return this.#greets ? [] : explainSilence(peer);
  }

  message(peer: Peer, text: string | undefined, arrival: number): Action[] {
    const chatter = this.#chatters.get(peer.id);
    if (chatter === undefined) {
      if (this.#greets) return []; // refused, and about to be closed
      return this.#place(introduce(this.#pairing, peer, text, arrival));
    }
    if (text === undefined) {
      return refuse(peer, text, "text in UTF-8", INVALID_MESSAGE);
    }
    // A second introduction is a message like any other: this is a chat.
    if (chatter.partner === undefined) return this.#keep(chatter, text);
    return this.#relay(chatter, chatter.partner, text);
  }

  closed(peer: Peer, by: Closer): Action[] {
    const chatter = this.#chatters.get(peer.id);
    this.#forget(chatter);
    const waiting = this.#pairing.leave(peer);
    const partner = chatter?.partner;
    if (partner === undefined) return gone(peer, by, waiting);
    const { side, name } = chatter!;
    const who = name ? `${side}: ${name}` : side;
    const told = by === "peer"
      ? log("info", `${who} left without a ${BYE}`)
      : disconnected(peer, by);
    return [told, ...this.#end(chatter!, partner)];
  }

  /** Takes a client up, and a pair; what was said too early is delivered now. */
  #place(placement: Placement, greetings: Action[] = []): Action[] {
    const { member, partner } = placement;
    const actions = [...placement.actions, ...greetings];
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

  /** Ends a chat; the server ends with the last one that is wanted. */
  #end(one: Chatter, other: Chatter): Action[] {
    this.#forget(one);
    this.#forget(other);
    const actions = [close(one.peer), close(other.peer)];
    const isTalking = ({ partner }: Chatter) => partner !== undefined;
    const isOver = this.#pairing.isComplete &&
      ![...this.#chatters.values()].some(isTalking);
    return isOver ? [...actions, stop()] : actions;
  }

  #forget(chatter: Chatter | undefined): void {
    if (chatter === undefined) return;
    this.#chatters.delete(chatter.peer.id);
    this.#earlySize -= chatter.earlySize;
    chatter.earlySize = 0;
  }
}

/** The client: keyboard and socket at the same time, until a Bye. */
async function chatClient(
  io: StreamDialogue,
  options: Introduced,
): Promise<void> {
  const { side, message, greeting } = await open(io, options);
  io.print(message);
  const chat = new Conversation(io, side, greeting !== undefined);
  // The connection decides when the chat is over: the keyboard may be waiting
  // for a line that nobody will type, so of it only a failure counts.
  const speechFailed = new Promise<never>((_, fail) => {
    chat.speak().catch(fail);
  });
  await Promise.race([chat.hear(), speechFailed]);
}

// Some servers label what they relay, some send back what they were sent.
const LABELLED = /^(?:Client )?[XY]: /;

/** What is said and what is heard, side by side, and how the two end. */
class Conversation {
  readonly #io: StreamDialogue;
  readonly #mine: string;
  readonly #theirs: string;
  /** Settled once the server has said anything: then the chat has begun. */
  readonly #beginning = Promise.withResolvers<void>();
  #hasBegun = false;
  /** Whether what comes now is the partner's, and no longer the server's. */
  #isRelayed: boolean;
  #isOver = false;

  constructor(io: StreamDialogue, side: Side | undefined, isGreeted: boolean) {
    this.#io = io;
    this.#mine = side ? `${side}: ` : "";
    this.#theirs = side ? (side === "X" ? "Y: " : "X: ") : "";
    this.#isRelayed = isGreeted;
    if (isGreeted) this.#begin();
  }

  /** Prints what arrives, until the connection is closed. */
  async hear(): Promise<void> {
    for (;;) {
      const text = await this.#receive();
      if (text === undefined) break;
      const isLabelled = LABELLED.test(text);
      const asItIs = isLabelled || !this.#isRelayed;
      this.#io.print(asItIs ? text : this.#theirs + text);
      if (!this.#hasBegun) throwIfRefused(text);
      this.#begin();
      this.#isRelayed ||= text.includes(ORDER_MARK);
      if (isBye(text.replace(LABELLED, ""))) this.#leave();
    }
    if (this.#isOver) return;
    if (!this.#hasBegun) throw closedEarly();
    this.#io.log("warning", "client", `The chat was closed without a ${BYE}`);
  }

  /** Sends what is typed; the end of the input says Bye. */
  async speak(): Promise<void> {
    for (;;) {
      const line = await this.#io.ask(this.#mine);
      if (this.#isOver) return;
      const text = line ?? BYE;
      const failure = isBye(text) ? await this.#waitForPartner() : undefined;
      if (this.#isOver) return;
      await this.#io.send(text);
      if (line === undefined) this.#io.print(this.#mine + BYE);
      else this.#io.echo(this.#mine, line);
      if (failure !== undefined) throw failure;
      if (isBye(text)) return this.#leave();
    }
  }

  /** After a Bye a connection may end as it likes. */
  async #receive(): Promise<string | undefined> {
    try {
      return await this.#io.receive(this.#hasBegun ? "line" : "partner");
    } catch (error) {
      if (this.#isOver && error instanceof Failure) return undefined;
      throw error;
    }
  }

  /**
   * A pipe ends at once, perhaps before its partner has come, who should still
   * get what was said; so its Bye waits until the server has said something, for
   * as long as an answer may take. A person who says Bye means now.
   */
  async #waitForPartner(): Promise<Failure | undefined> {
    if (this.#hasBegun || this.#io.interactive) return undefined;
    const { timeout } = this.#io;
    await Promise.race([this.#beginning.promise, this.#io.sleep(timeout)]);
    if (this.#hasBegun) return undefined;
    return new Failure(
      `No partner came within ${
        timeout / 1000
      } s. Start the other client, or wait longer with --timeout.`,
    );
  }

  #begin(): void {
    this.#hasBegun = true;
    this.#beginning.resolve();
  }

  /** The server closes after a Bye; one that does not is not waited for. */
  #leave(): void {
    this.#isOver = true;
    this.#io.sleep(CLOSE_AFTER).then(() => this.#io.close());
  }
}

export const chat = streamMode({
  summary: "X and Y talk to each other through the server",
  port: 12000,
  serverOptions: [SESSIONS, GREETING],
  clientOptions: [CLIENT, NAME, framing("auto"), GREETING, MESSAGE],
  server: (options: { sessions: number; greeting: boolean }) =>
    new ChatServer(options),
  client: chatClient,
  hearing: async () => (await import("./listening/chat.ts")).chatHearing(),
});
