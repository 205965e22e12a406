/**
 * Chat's client: says what is typed while it prints what arrives.
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
 * How long a client waits for the server to close after a Bye, in
 * milliseconds: it promises to be gone within a second, and takes a moment to
 * close.
 */
export const CLOSE_AFTER = 900;

/** What the command line sets for the client. */
interface ClientOptions extends Introduced, Edition {}

/** Begins in the way that both ends are told to. */
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
  // Programs that just talk know of no line feed, which would spoil their Bye.
  const isBare = given.introduction === "none" && given.framing === "auto";
  const options = { ...given, ...isBare && { framing: "raw" as const } };
  const opening = await open(io, options);
  if (opening.message !== undefined) io.print(opening.message);
  const chat = new Conversation(io, opening, options);
  // The connection decides when the chat is over: the keyboard may be waiting
  // for a line that nobody will type, so of it only a failure counts.
  const speechFailed = new Promise<never>((_, fail) => {
    chat.speak().catch(fail);
  });
  await Promise.race([chat.hear(), speechFailed]);
}

/** What is said and what is heard, side by side, and how the two end. */
class Conversation {
  readonly #io: StreamDialogue;
  readonly #options: ClientOptions;
  readonly #labels: Labels;
  /** Settled once the server has said anything: then the chat has begun. */
  readonly #beginning = Promise.withResolvers<void>();
  #hasBegun = false;
  /** Whether what comes now is the partner's, and no longer the server's. */
  #isRelayed: boolean;
  #isOver = false;
  #isClosed = false;
  /** What is wrong with a chat that is played all the same. */
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

  /** Sends what is typed; the end of the input says Bye. */
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

  /** After a Bye a connection may end as it likes. */
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
   * A pipe ends at once, perhaps before its partner has come, who should still
   * get what was said; so its Bye waits until the server has said something, for
   * as long as an answer may take. A person who says Bye means now.
   */
  async #waitForPartner(): Promise<Failure | undefined> {
    if (this.#hasBegun || this.#io.interactive) return undefined;
    const { timeout } = this.#io;
    await Promise.race([this.#beginning.promise, this.#io.sleep(timeout)]);
    // Without an introduction a partner may be there and have said nothing.
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

  /** The server closes after a Bye; one that does not is not waited for. */
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
