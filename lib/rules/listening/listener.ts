/**
 * Listening: what would our own server have said?
 *
 * Between two other programs there is nothing for us to answer, so the server's
 * rules serve another purpose: they are told what each client says, and what
 * they would send is compared with what the server sends. There is no second
 * table of right answers. An assignment's `Hearing` knows what it leaves open.
 */
import {
  type Action,
  addressOf,
  type Peer,
  quote,
  type Received,
  type ServerRules,
} from "../contract.ts";
import {
  type Cause,
  type Expected,
  type Hearing,
  type Reading,
  type Remark,
  wordsOf,
} from "./hearing.ts";

/**
 * How long a server may take to do what is expected of it, in milliseconds. The
 * assignments set no limit; a person would have given up by then.
 */
export const OVERDUE = 3_000;

/** The same for a client that leaves: if it is less, it did not wait in vain. */
const GIVEN_UP = 2_000;

/**
 * How long words may precede what explains them, in milliseconds: a bare
 * message is complete only when its sender has been silent for a while.
 */
export const SETTLING = 300;

/** In place of `OVERDUE` when a relay ends: nobody waits any longer. */
export const LAST_CHANCE = 500;

/** How many answers to one client may be due at once. */
export const MAX_EXPECTED = 1_000;

/** How much unexplained text from a server is kept, in characters. */
export const MAX_SAID = 64 * 1024;

/** What is due, and since when a later question has been answered. */
interface Due extends Expected {
  passedAt?: number;
}

/** What passes between server and client. Times are in milliseconds. */
interface Conversation {
  readonly client: Peer;
  expected: Due[];
  /** What the server said that has not been explained. */
  said: string[];
  saidAt: number;
  /** Why the server has to close the connection. */
  closing: Cause | undefined;
  /** What had ended the server before the client spoke. */
  end: Cause | undefined;
  /** When each of the two ended its half. */
  readonly ended: { client?: number; server?: number };
  hasSpoken: boolean;
  /** Whether something was wrong already. */
  isNamed: boolean;
  /** Whether the server's end has been judged. */
  isJudged: boolean;
}

/** Compares what a server says with what ours would have said. */
export class Listener {
  readonly #rules: ServerRules;
  readonly #hearing: Hearing;
  readonly #conversations = new Map<string, Conversation>();
  /** What ended our server; undefined while it goes on. */
  #end: Cause | undefined;
  #lastSaid = -Infinity;
  /** Whether something has come that the assignment does not settle. */
  #isDoubtful = false;
  #isLost = false;
  #remarks: Remark[] = [];

  constructor(rules: ServerRules, hearing: Hearing) {
    this.#rules = rules;
    this.#hearing = hearing;
  }

  /** Whether our server would have ended by now. */
  get isOver(): boolean {
    return this.#end !== undefined;
  }

  /** Whether nothing is judged any more. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Stops judging: too much was said, or something was missed. */
  lose(): void {
    this.#isLost = true;
    this.#conversations.clear();
  }

  /** A client has connected. */
  opened(client: Peer, time: number): Remark[] {
    this.#conversationOf(client);
    const actions = this.#rules.opened?.(client) ?? [];
    return this.#react(actions, { client, message: undefined, time });
  }

  /**
   * A client's message is on its way to the server.
   *
   * @param arrival as `ServerRules.message` is told
   * @param time when its last byte came
   * @param isWhole whether it came in one piece; if not, the answer is open
   */
  said(
    client: Peer,
    received: Received,
    arrival: number,
    time: number,
    isWhole = true,
  ): Remark[] {
    const message = typeof received === "string" ? received : undefined;
    // A line ending that comes late belongs to the message before it.
    if (this.#hearing.isStream && message === "") return [];
    // A server may take a piece for the whole, and go on from there.
    if (!isWhole) this.#doubt();
    const conversation = this.#conversationOf(client);
    conversation.hasSpoken = true;
    if (this.#isOverdue(this.#end, time, SETTLING)) {
      if (this.#hearing.endsServer) conversation.end = this.#end;
      return [];
    }
    const isSettled = (this.#hearing.settles?.(client, message) ?? true) &&
      isWhole;
    const actions = this.#rules.message(client, received, arrival);
    const remarks = this.#react(actions, { client, message, time }, isSettled);
    this.#isDoubtful ||= !isSettled;
    this.#lastSaid = time;
    return remarks;
  }

  /** Who a client has turned out to be, as our server would know it. */
  nameOf(client: Peer): string | undefined {
    return this.#rules.nameOf?.(client);
  }

  /** The server has said something to a client. */
  heard(client: Peer, text: string, time: number): Remark[] {
    const conversation = this.#conversationOf(client);
    const { said } = conversation;
    if (this.#hearing.isStream) said[0] = (said[0] ?? "") + text;
    else said.push(text);
    conversation.saidAt = time;
    this.#settle(conversation);
    if (said.reduce((sum, { length }) => sum + length, 0) > MAX_SAID) {
      this.#remark(client, "says more and more that nothing has asked for");
      said.length = 0;
    }
    return this.#take();
  }

  /** One end of a connection will say nothing more. */
  ended({ id }: Peer, by: "client" | "server", time: number): void {
    const conversation = this.#conversations.get(id);
    if (conversation === undefined) return;
    conversation.ended[by] ??= time;
    if (by === "client") this.#judgeSilence(conversation, time, GIVEN_UP);
    // A server may have taken it for one of the two, though it was silent.
    const isMute = by === "client" && !conversation.hasSpoken;
    if (isMute) this.#doubt();
  }

  /** A client has gone. */
  forget({ id }: Peer): void {
    this.#conversations.delete(id);
  }

  /** Finds what is overdue; to be called regularly. */
  sweep(time: number): Remark[] {
    for (const each of this.#conversations.values()) {
      this.#sweep(each, time, OVERDUE);
    }
    return this.#take();
  }

  /** Judges what is still missing at the end. */
  finish(time: number): Remark[] {
    for (const each of this.#conversations.values()) {
      // A server that ends at the same moment was stopped together with us.
      const { server = -Infinity, client } = each.ended;
      if (time - server < SETTLING) {
        this.#settle(each, true);
        if (!client) this.#judgeSilence(each, server, LAST_CHANCE);
        continue;
      }
      // Whatever has come by now has had time to settle.
      this.#sweep(each, time + 3 * SETTLING, LAST_CHANCE + 3 * SETTLING);
    }
    return this.#take();
  }

  #sweep(conversation: Conversation, time: number, patience: number): void {
    const { client, closing, ended, saidAt } = conversation;
    if (time - saidAt > SETTLING) {
      this.#settle(conversation, true);
      this.#judgeRest(conversation);
    }
    if (ended.server !== undefined || ended.client !== undefined) {
      return this.#sweepEnded(conversation, time);
    }
    this.#judgeSilence(conversation, time, patience);
    // Whether anything but a message closes a connection is left open.
    if (
      closing?.message === undefined ||
      !this.#isOverdue(closing, time, patience)
    ) {
      return;
    }
    const why = `after ${wordsOf(closing)}`;
    this.#remark(client, `keeps the connection open ${why}`);
    conversation.closing = undefined;
  }

  /** What had been said by then may be understood only now. */
  #sweepEnded(conversation: Conversation, time: number): void {
    const { client, ended, isJudged } = conversation;
    const { server: byServer = Infinity, client: byClient = Infinity } = ended;
    const isOver = time - Math.max(byServer, byClient) > SETTLING;
    const isDue = isOver || time - byServer > 2 * SETTLING;
    // A client that has left need not be answered.
    if (isDue && byServer < byClient && !isJudged) {
      conversation.isJudged = true;
      this.#judgeEnd(conversation, byServer);
    }
    if (!isOver) return;
    const actions = this.#rules.closed?.(client, "peer") ?? [];
    const cause = { client, message: undefined, time };
    this.#remarks.push(...this.#react(actions, cause));
    this.forget(client);
  }

  #isOverdue(cause: Cause | undefined, now: number, limit: number): boolean {
    return cause !== undefined && now - cause.time > limit;
  }

  #judgeSilence(
    conversation: Conversation,
    time: number,
    patience: number,
  ): void {
    const { client, expected, said } = conversation;
    const [late, rest] = [[], []] as [Due[], Due[]];
    for (const each of expected) {
      const { cause, passedAt = Infinity } = each;
      const isLate = this.#isOverdue(cause, time, patience) ||
        time - passedAt > SETTLING;
      (isLate ? late : rest).push(each);
    }
    conversation.expected = rest;
    const words = said.join("").trim();
    const what = words ? `has only said ${quote(words)}` : "has not answered";
    for (const each of late) this.#miss(client, what, each);
  }

  /** Judges words that nothing asked for. */
  #judgeRest({ client, expected, said }: Conversation): void {
    if (expected.length > 0) return;
    for (const text of said.splice(0)) {
      const problem = this.#hearing.unasked?.(client, text);
      if (problem) this.#remark(client, `says ${quote(text)}: ${problem}`);
    }
  }

  #judgeEnd(conversation: Conversation, time: number): void {
    if (this.#isDoubtful) return;
    const { client, expected, closing } = conversation;
    this.#settle(conversation, true);
    const isMissed = expected.some(({ isOpen }) => !isOpen);
    const what = "has closed the connection";
    for (const each of expected) this.#miss(client, what, each);
    this.#judgeRest(conversation);
    const hasLeft = this.#conversations.values().some(({ ended }) =>
      ended.client !== undefined && ended.client <= time
    );
    const isExplained = closing || this.#end || hasLeft;
    if (isMissed || isExplained || conversation.isNamed) return;
    const problem = this.#hearing.ended?.(client);
    if (problem) this.#remark(client, `${what}: ${problem}`);
  }

  /** Compares what the server has said with what it should have said. */
  #settle(conversation: Conversation, isWhole = false): void {
    const { expected, said, end } = conversation;
    if (end && said.length > 0) this.#judgeAfterEnd(conversation, end);
    while (said.length > 0 && expected.length > 0) {
      if (!this.#settleOne(conversation, said[0]!, isWhole)) return;
    }
  }

  /** @returns whether it was explained */
  #settleOne(
    { client, expected, said, saidAt }: Conversation,
    text: string,
    isWhole: boolean,
  ): boolean {
    const [at, reading] = this.#read(text, expected, isWhole);
    if (reading === undefined) return false;
    const [each] = expected.splice(at, 1);
    said.shift();
    if ("problem" in reading) {
      this.#miss(client, `says ${quote(text)}${reading.problem}`, each!);
      return true;
    }
    for (const passed of expected.slice(0, at)) passed.passedAt ??= saidAt;
    this.#hearing.met?.(client, each!.text);
    if (reading.rest) said.unshift(reading.rest);
    return true;
  }

  /** Finds what is met, or else what is wrong with the first that is due. */
  #read(
    text: string,
    expected: readonly Expected[],
    isWhole: boolean,
  ): [at: number, reading: Reading] {
    const readings = expected.map((each) =>
      each.isOpen ? undefined : this.#hearing.read(text, each, isWhole)
    );
    const met = readings.findIndex((each) => each && "rest" in each);
    // Anything that nothing else explains meets what is open.
    const open = expected.findIndex(({ isOpen }) => isOpen);
    if (met < 0 && open >= 0) return [open, { rest: "" }];
    return [Math.max(met, 0), readings[Math.max(met, 0)]];
  }

  #judgeAfterEnd(conversation: Conversation, end: Cause): void {
    const text = conversation.said.join("");
    if (!(this.#hearing.isAnswer?.(text) ?? true)) return;
    conversation.said.length = 0;
    conversation.end = undefined;
    const why = `though the server has to end after ${wordsOf(end)}`;
    this.#remark(conversation.client, `says ${quote(text)}, ${why}`);
  }

  /** Expects of this server what ours would do. */
  #react(
    actions: readonly Action[],
    cause: Cause,
    isSettled = true,
  ): Remark[] {
    if (this.#isLost) return [];
    const stops = actions.some(({ type }) => type === "stop");
    // A server that has to end need not answer first.
    const isOpen = !isSettled || stops && this.#hearing.endsServer === true;
    for (const action of actions) {
      if (action.type === "send") this.#expect(action, cause, isOpen);
      else if (action.type === "close") this.#mustClose(action.peer, cause);
      else if (action.type === "log" && action.mistake && isSettled) {
        this.#blame(cause.client, action.mistake);
      }
    }
    if (stops) this.#stop(cause, actions);
    return this.#take();
  }

  #expect(
    { to, text }: Action & { type: "send" },
    cause: Cause,
    isOpen: boolean,
  ): void {
    const asked = this.#hearing.asks(text, cause);
    if (asked === undefined) return;
    const conversation = this.#conversationOf(to);
    const gap = cause.time - this.#lastSaid;
    conversation.expected.push({ text: asked, cause, gap, isOpen });
    if (conversation.expected.length > MAX_EXPECTED) this.lose();
    this.#settle(conversation);
  }

  #mustClose({ id }: Peer, cause: Cause): void {
    const conversation = this.#conversations.get(id);
    if (conversation && this.#hearing.closes) conversation.closing = cause;
  }

  #stop(cause: Cause, actions: readonly Action[]): void {
    this.#end = cause;
    const isAnswered = actions.some(({ type }) => type === "send");
    if (!this.#hearing.endsServer || isAnswered) return;
    const conversation = this.#conversationOf(cause.client);
    conversation.end = cause;
    this.#mustClose(cause.client, cause);
    this.#settle(conversation);
  }

  #blame(client: Peer, mistake: string): void {
    const isSilence = false;
    this.#remarks.push({ by: "client", client, text: mistake, isSilence });
    // A server may accept the message anyway, and go on from there.
    this.#doubt();
  }

  /** After this a server may do anything, even end. */
  #doubt(): void {
    this.#isDoubtful = true;
    if (this.#hearing.needsForm) this.lose();
  }

  #miss(client: Peer, what: string, { text, cause, isOpen }: Expected): void {
    if (isOpen) return;
    const why = `expected ${quote(text)}, after ${wordsOf(cause)}`;
    this.#remark(client, `${what}; ${why}`, !what.startsWith("says"));
  }

  #remark(client: Peer, what: string, isSilence = false): void {
    const text = `to ${addressOf(client)} the server ${what}`;
    this.#conversationOf(client).isNamed = true;
    this.#remarks.push({ by: "server", client, text, isSilence });
  }

  #take(): Remark[] {
    return this.#remarks.splice(0);
  }

  #conversationOf(client: Peer): Conversation {
    const known = this.#conversations.get(client.id);
    if (known !== undefined) return known;
    const conversation: Conversation = {
      client,
      expected: [],
      said: [],
      saidAt: Infinity,
      closing: undefined,
      end: undefined,
      ended: {},
      hasSpoken: false,
      isNamed: false,
      isJudged: false,
    };
    if (!this.#isLost) this.#conversations.set(client.id, conversation);
    return conversation;
  }
}
