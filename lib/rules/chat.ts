/**
 * Chat: X and Y talk to each other through a TCP server.
 *
 * The assignment: CST 311, Programming Assignment 2, the extra credit. It
 * begins as `sequence` does, acknowledgment included.
 */
import {
  type Action,
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
import {
  askIntroduction,
  closedEarly,
  connected,
  INVALID_MESSAGE,
  left,
  type Member,
  Pairing,
  RECEIVED_BEFORE,
  throwIfRefused,
} from "./sequence.ts";

/** The message that ends a chat, letter case ignored. */
export const BYE = "Bye";

/**
 * How much one client may say before its partner has come, in characters and
 * one more for each message; then it has to wait. As much as one message.
 */
export const MAX_EARLY = 65_536;

/** How long a client waits for the server to close after a Bye, in milliseconds. */
export const LEAVE_AFTER = 900;

function isBye(text: string): boolean {
  // Its length first: nearly every message is done with that.
  return text.length === BYE.length && text.toUpperCase() === "BYE";
}

/** A member, what it said too early, and the partner once there is one. */
interface Chatter extends Member {
  partner?: Chatter;
  readonly early: string[];
  earlySize: number;
}

/** The server: pairs an X with a Y, then relays what each says to the other. */
export function chatServer(options: ServerOptions): ServerRules {
  const pairing = new Pairing(options.sessions ?? 1);
  const chatters = new Map<Peer, Chatter>();
  let finished = 0;

  function introduce(peer: Peer, text: string | undefined): Action[] {
    const { actions, member, partner } = pairing.introduce(peer, text);
    if (member === undefined) return actions;
    const chatter: Chatter = { ...member, early: [], earlySize: 0 };
    chatters.set(peer, chatter);
    const first = partner && chatters.get(partner.peer);
    if (first === undefined) return actions;
    first.partner = chatter;
    chatter.partner = first;
    return [...actions, ...catchUp(first, chatter)];
  }

  /** Delivers what the first of a pair said before the second had come. */
  function catchUp(first: Chatter, second: Chatter): Action[] {
    const actions: Action[] = [{ type: "release", peer: first.peer }];
    for (const text of first.early.splice(0)) {
      actions.push(...relay(first, second, text));
      if (isBye(text)) break;
    }
    return actions;
  }

  function keep(chatter: Chatter, text: string): Action[] {
    chatter.early.push(text);
    chatter.earlySize += text.length + 1;
    if (chatter.earlySize < MAX_EARLY) return [];
    return [{ type: "hold", peer: chatter.peer }];
  }

  function relay(from: Chatter, to: Chatter, text: string): Action[] {
    const relayed = [print(`${from.side}: ${text}`), send(to.peer, text)];
    return isBye(text) ? [...relayed, ...end(from, to)] : relayed;
  }

  function end(one: Chatter, other: Chatter): Action[] {
    chatters.delete(one.peer);
    chatters.delete(other.peer);
    finished++;
    const actions = [close(one.peer), close(other.peer)];
    if (finished === pairing.sessions) actions.push({ type: "stop" });
    return actions;
  }

  return {
    opened: connected,
    message(peer, text) {
      const chatter = chatters.get(peer);
      if (chatter === undefined) return introduce(peer, text);
      if (text === undefined) return [send(peer, INVALID_MESSAGE)];
      if (chatter.partner === undefined) return keep(chatter, text);
      return relay(chatter, chatter.partner, text);
    },
    closed(peer) {
      const chatter = chatters.get(peer);
      chatters.delete(peer);
      if (chatter?.partner === undefined) {
        return left(peer, pairing.leave(peer));
      }
      const who = `${chatter.side}: ${chatter.name}`;
      return [
        log("info", `${who} left without a ${BYE}`),
        ...end(chatter, chatter.partner),
      ];
    },
  };
}

/** The client: keyboard and socket at the same time, until a Bye. */
async function chatClient(io: Dialogue, options: ClientOptions): Promise<void> {
  const { side, introduction } = await askIntroduction(io, options);
  await io.open();
  await io.send(introduction);
  io.print(introduction);
  const chat = new Conversation(io, side, options.timeout);
  // The connection decides when the chat is over: the keyboard may be waiting
  // for a line that nobody will type, so of it only a failure counts.
  const speechFailed = new Promise<never>((_, fail) => {
    chat.speak().catch(fail);
  });
  await Promise.race([chat.hear(), speechFailed]);
}

/** What is said and what is heard, side by side, and how the two end. */
class Conversation {
  readonly #mine: string;
  readonly #theirs: string;
  readonly #acknowledged = Promise.withResolvers<void>();
  #begun = false;
  #over = false;

  constructor(
    readonly io: Dialogue,
    side: Side,
    readonly timeout: number,
  ) {
    this.#mine = `${side}: `;
    this.#theirs = side === "X" ? "Y: " : "X: ";
  }

  /** Prints what arrives, until the connection is closed. */
  async hear(): Promise<void> {
    for (;;) {
      const text = await this.io.receive(this.#begun ? "word" : "partner");
      if (text === undefined) break;
      const labelled = text.startsWith(this.#theirs);
      const asItIs = labelled || !this.#begun;
      this.io.print(asItIs ? text : this.#theirs + text);
      if (!this.#begun) this.#lookForAcknowledgment(text);
      if (isBye(labelled ? text.slice(this.#theirs.length) : text)) {
        this.#leave();
      }
    }
    if (this.#over) return;
    if (!this.#begun) throw closedEarly();
    this.io.log("warning", "client", `The chat was closed without a ${BYE}`);
  }

  /** Sends what is typed; the end of the input says Bye. */
  async speak(): Promise<void> {
    for (;;) {
      const line = await this.io.ask(this.#mine);
      if (this.#over) return;
      const text = line ?? BYE;
      const failure = isBye(text) ? await this.#partnerMissing() : undefined;
      await this.io.send(text);
      if (line === undefined) this.io.print(this.#mine + BYE);
      else this.io.echo(this.#mine, line);
      if (failure !== undefined) throw failure;
      if (isBye(text)) return this.#leave();
    }
  }

  /**
   * A pipe ends at once, perhaps before its partner has come, who should still
   * get what was said; so its Bye waits for the acknowledgment, for as long as
   * an answer may take. A person who says Bye means now.
   */
  async #partnerMissing(): Promise<Failure | undefined> {
    if (this.#begun || this.io.interactive) return undefined;
    const late = this.io.sleep(this.timeout);
    await Promise.race([this.#acknowledged.promise, late]);
    if (this.#begun) return undefined;
    const seconds = this.timeout / 1000;
    return new Failure(
      `No partner came within ${seconds} s. Start the other client, or wait longer with --timeout.`,
    );
  }

  #lookForAcknowledgment(text: string): void {
    throwIfRefused(text);
    this.#begun = text.includes(RECEIVED_BEFORE);
    if (this.#begun) this.#acknowledged.resolve();
  }

  /** The server closes after a Bye; one that does not is not waited for. */
  #leave(): void {
    this.#over = true;
    this.io.sleep(LEAVE_AFTER).then(() => this.io.close());
  }
}

export const chat: Mode = {
  name: "chat",
  summary: "X and Y talk to each other through the server",
  transport: "tcp",
  port: 12000,
  framing: "line",
  serverFlags: ["sessions"],
  clientFlags: ["client", "name", "message", "framing"],
  asks: ["client", "name"],
  server: chatServer,
  client: chatClient,
};
