/**
 * Chat's client: sends what is typed while printing what arrives.
 */
import { BYE, isBye, Labels } from "./chat_labels.ts";
import { Failure, type StreamDialogue } from "./contract.ts";
import { answerGreeting, wrongEdition } from "./greeting.ts";
import {
  closedEarly,
  connect,
  type Edition,
  type Introduced,
  introduceSelf,
  type Opening,
  partnerHint,
  throwIfRefused,
} from "./introduction.ts";
import { ORDER_MARK } from "./sequence.ts";

/**
 * How long a client waits for the server to close after a Bye, in milliseconds:
 * the client promises to exit within a second, and needs a moment to close.
 */
export const CLOSE_AFTER = 900;

/** What the command line sets for the client. */
interface ClientOptions extends Introduced, Edition {}

/** Begins the way both ends are told to. */
async function open(
  io: StreamDialogue,
  options: ClientOptions,
): Promise<Opening> {
  const isSilent = options.introduction === "none";
  if (options.greeting) return await answerGreeting(io, options, { isSilent });
  if (!isSilent) return await introduceSelf(io, options);
  await connect(io, options.framing);
  return { side: options.client, message: undefined };
}

/** The client: keyboard and socket at the same time, until a Bye. */
export async function chatClient(
  io: StreamDialogue,
  given: ClientOptions,
): Promise<void> {
  // Programs that just talk expect no line feed: it would spoil their Bye.
  const isBare = given.introduction === "none" && given.framing === "auto";
  const options = { ...given, ...isBare && { framing: "raw" as const } };
  const opening = await open(io, options);
  if (opening.message !== undefined) io.print(opening.message);
  const chat = new Conversation(io, opening, options);
  // The connection decides when the chat is over: the keyboard may be waiting
  // for a line that nobody will type, so only its failure counts.
  const speechFailed = new Promise<never>((_, fail) => {
    chat.speak().catch(fail);
  });
  await Promise.race([chat.hear(), speechFailed]);
}

/** Sending and receiving, side by side, and how both end. */
class Conversation {
  readonly #io: StreamDialogue;
  readonly #options: ClientOptions;
  readonly #labels: Labels;
  /** Settled once the server says anything: that begins the chat. */
  readonly #beginning = Promise.withResolvers<void>();
  #hasBegun = false;
  /** Whether what comes now is from the partner, no longer from the server. */
  #isRelayed: boolean;
  #isOver = false;
  #isClosed = false;
  /** What is wrong with a chat that goes on anyway. */
  #problem: string | undefined;

  constructor(io: StreamDialogue, opening: Opening, options: ClientOptions) {
    this.#io = io;
    this.#options = options;
    this.#labels = new Labels(opening.side, opening.message);
    this.#isRelayed = options.greeting || options.introduction === "none";
    if (options.greeting) this.#begin();
  }

  /** Prints what arrives, until the connection is closed. */
  async hear(): Promise<void> {
    for (;;) {
      const text = await this.#receive();
      if (text === undefined) break;
      const line = this.#isRelayed ? this.#labels.lineFor(text) : text;
      this.#io.print(line);
      if (!this.#hasBegun) throwIfRefused(text);
      this.#begin();
      if (this.#isRelayed || !this.#hearServer(text)) this.#hearPartner(text);
    }
    this.#isClosed = true;
    if (this.#problem) throw new Failure(this.#problem);
    if (this.#isOver || this.#labels.hasHeardBye) return;
    if (!this.#hasBegun) throw closedEarly();
    this.#warn(`The chat was closed without a ${BYE}`);
  }

  /** @returns whether this was the server's acknowledgment or its greeting */
  #hearServer(text: string): boolean {
    const problem = wrongEdition(text);
    if (problem) this.#warn(problem);
    this.#problem ??= problem;
    this.#isRelayed = text.includes(ORDER_MARK);
    return this.#isRelayed || problem !== undefined;
  }

  #hearPartner(text: string): void {
    if (this.#labels.hearBye(text)) this.#leave();
  }

  /** Sends what is typed, and a Bye at the end of the input. */
  async speak(): Promise<void> {
    const { mine } = this.#labels;
    for (;;) {
      const line = await this.#io.ask(mine);
      if (this.#isOver) return;
      const text = line ?? BYE;
      const failure = isBye(text) ? await this.#waitForPartner() : undefined;
      if (this.#isOver) return;
      this.#labels.said(text);
      await this.#io.send(text);
      if (line === undefined) this.#io.print(mine + BYE);
      else this.#io.echo(mine, line);
      if (failure !== undefined) throw failure;
      if (isBye(text)) return this.#leave();
    }
  }

  /** After a Bye the connection may end in any way. */
  async #receive(): Promise<string | undefined> {
    const wait = this.#hasBegun ? "line" : "partner";
    try {
      return await this.#io.receive(wait, partnerHint(this.#options.framing));
    } catch (error) {
      if (this.#isOver && error instanceof Failure) return undefined;
      throw error;
    }
  }

  /**
   * A pipe ends at once, perhaps before the partner has come, who should still
   * get what was said. So its Bye waits until the server says something, for as
   * long as an answer may take. A person who types Bye means now.
   */
  async #waitForPartner(): Promise<Failure | undefined> {
    if (this.#hasBegun || this.#io.interactive) return undefined;
    const { timeout } = this.#io;
    await Promise.race([this.#beginning.promise, this.#io.sleep(timeout)]);
    // Without an introduction, a partner may be there and just be silent.
    const isAnnounced = this.#options.introduction !== "none";
    if (this.#hasBegun || !isAnnounced) return undefined;
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

  /** The server should close after a Bye; if it does not, we do. */
  #leave(): void {
    this.#isOver = true;
    this.#io.sleep(CLOSE_AFTER).then(() => {
      if (this.#isClosed) return;
      this.#warn(`The server has not closed the connection after the ${BYE}`);
      this.#io.close();
    });
  }

  #warn(text: string): void {
    this.#io.log("warning", "client", text);
  }
}
