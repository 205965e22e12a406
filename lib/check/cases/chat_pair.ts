/**
 * X and Y in a chat, played for a `chat` server: they begin as in `sequence`,
 * and then say what they like.
 */
import type { Side } from "../../rules/pairing.ts";
import { BYE } from "../../rules/chat.ts";
import { Acknowledgment, looksAcknowledged } from "./acknowledgment.ts";
import { Finding, type Hint, hintFor } from "../play/case.ts";
import { END } from "../play/timeouts.ts";
import { quote } from "../reports/quote.ts";
import type {
  StreamProbe,
  StreamServerRun,
} from "../play/stream_server_run.ts";
import { GAP, Pair } from "./pair.ts";

/** How long a server may take to say something first, in milliseconds. */
const BEGINNING = 500;
/** How long after its last word a server has said all, in milliseconds. */
const SAID = 80;

const TWICE = "it may be sent by two threads, or to all and to one again";

const chats = new WeakMap<StreamServerRun, Chat>();

/** The chat of a run: begun where it has not been. */
export async function chatOf(
  run: StreamServerRun,
  last: Side = "Y",
): Promise<Chat> {
  const known = chats.get(run);
  if (known !== undefined) return known;
  const chat = new Chat(run);
  await chat.begin(last);
  chats.set(run, chat);
  return chat;
}

/** Two clients that talk to each other through a server. */
export class Chat {
  readonly #run: StreamServerRun;
  readonly #pair: Pair;
  /** What was said, in order. */
  readonly said: string[] = [];

  constructor(run: StreamServerRun) {
    const { random } = run;
    this.#run = run;
    this.#pair = new Pair(run, { X: random.name(), Y: random.name() });
  }

  get x(): StreamProbe {
    return this.#pair.x;
  }

  get y(): StreamProbe {
    return this.#pair.y;
  }

  /**
   * Connects both, and has both say who they are. Whether they are acknowledged
   * is the server's affair: the assignment does not say so of a chat.
   *
   * @param last which of the two comes last
   */
  async begin(last: Side): Promise<void> {
    const pair = this.#pair;
    if (this.#run.check.options.greeting) return await pair.connect("X", "Y");
    const first = last === "Y" ? "X" : "Y";
    for (const side of [first, last] as const) {
      await pair.connect(side);
      await pair.introduce(side);
      if (side === first) await this.#run.pause(GAP / 4);
    }
    await this.#hearAll(BEGINNING);
    await this.#findEnding();
    this.#readAcknowledgment();
  }

  /** A server that has said nothing at all may wait for the ends of lines. */
  async #findEnding(): Promise<void> {
    const { known } = this.#run.check;
    if (known.has("ending") || this.#hasHeard) return;
    for (const probe of [this.x, this.y]) await probe.sends("\n");
    await this.#hearAll(BEGINNING);
    if (this.#hasHeard) this.#run.needsLineFeeds();
  }

  get #hasHeard(): boolean {
    return [this.x, this.y].some(({ stream }) => stream.unread.trim() !== "");
  }

  async #hearAll(most: number): Promise<void> {
    const run = this.#run;
    await run.waits(() => this.#hasHeard, most);
    await run.quiet(SAID, BEGINNING);
  }

  #readAcknowledgment(): void {
    const expected = this.#pair.acknowledgment;
    for (const probe of [this.x, this.y]) {
      const text = probe.takes();
      if (!looksAcknowledged(text) || expected === "") continue;
      if (new Acknowledgment(expected).isIn(text)) continue;
      this.#run.remark(
        `${probe.name} is told ${quote(text)}, and not ${quote(expected)}`,
      );
    }
  }

  /** One of the two, and the other. */
  #ends(from: Side): [StreamProbe, StreamProbe] {
    return from === "X" ? [this.x, this.y] : [this.y, this.x];
  }

  /**
   * One says something, and the other gets it: once, and as it was said.
   *
   * @param hints what it probably is where something else comes
   */
  async says(from: Side, text: string, ...hints: Hint[]): Promise<void> {
    const [speaker, hearer] = this.#ends(from);
    const relayed = (await speaker.says(text)).sentTo(hearer.peer);
    this.said.push(text);
    const expected = relayed[0] ?? text;
    await hearer.gets((unread) => unread.includes(expected));
    await this.#lineFeedToo(speaker, hearer, expected);
    const came = hearer.stream.unread;
    if (!came.includes(expected)) {
      throw new Finding(
        `${hearer.name} to get ${quote(expected)}`,
        hearer.missing(),
        this.#hintFor(hearer, expected, hints) ??
          (came.toLowerCase().includes(expected.toLowerCase())
            ? "it may change the letter case: what is relayed is what was sent"
            : undefined),
      );
    }
    await this.#run.quiet(SAID / 2, SAID * 2);
    const all = hearer.takes();
    if (all.split(expected).length === 2) return;
    throw new Finding(`${quote(expected)} once`, quote(all), TWICE);
  }

  /** Where the other end has gone, it is no matter of what it would have sent. */
  #hintFor(
    { stream }: StreamProbe,
    expected: string,
    hints: readonly Hint[],
  ): string | undefined {
    if (this.#run.hasDied || stream.ended) return undefined;
    return hintFor(stream.unread, expected, hints, false);
  }

  /** The first message shows whether the server reads lines. */
  async #lineFeedToo(
    speaker: StreamProbe,
    hearer: StreamProbe,
    text: string,
  ): Promise<void> {
    const { known } = this.#run.check;
    if (known.has("ending") || hearer.stream.ended) return;
    if (hearer.stream.unread.includes(text)) {
      known.set("ending", "none");
      return;
    }
    await speaker.sends("\n");
    await hearer.gets((unread) => unread.includes(text));
    if (hearer.stream.unread.includes(text)) this.#run.needsLineFeeds();
  }

  /**
   * One says several things one upon the other, and the other gets them all.
   *
   * @param send sends them
   * @param hint what it probably is where some of them come
   */
  async saysQuickly(
    from: Side,
    texts: readonly string[],
    send: (speaker: StreamProbe) => Promise<void>,
    hint: string,
  ): Promise<void> {
    const [speaker, hearer] = this.#ends(from);
    for (const text of texts) this.#run.model.message(speaker.peer, text);
    this.said.push(...texts);
    await send(speaker);
    const inOrder = (unread: string) => {
      const places = texts.map((text) => unread.indexOf(text));
      return places.every((at, i) => at >= 0 && at > (places[i - 1] ?? -1));
    };
    if (!await hearer.gets(inOrder)) {
      const all = texts.map(quote).join(", ");
      const some = texts.some((text) => hearer.stream.unread.includes(text));
      throw new Finding(
        `${hearer.name} to get ${all}`,
        hearer.missing(),
        some ? hint : undefined,
      );
    }
    hearer.takes();
  }

  /** @throws {Finding} where a connection has been closed */
  areConnected(hint: string): void {
    for (const { name, stream } of [this.x, this.y]) {
      if (!stream.ended && !this.#run.hasDied) continue;
      const came = this.#run.hasDied
        ? this.#run.nothing()
        : "it has been closed";
      throw new Finding(`${name}'s connection to stay`, came, hint);
    }
  }

  /** One says Bye: the other gets it, and both connections are closed. */
  async saysBye(from: Side): Promise<void> {
    const [speaker, hearer] = this.#ends(from);
    await speaker.says(BYE);
    if (!await hearer.gets((unread) => unread.includes(BYE))) {
      throw new Finding(
        `${hearer.name} to get ${quote(BYE)}`,
        hearer.missing(),
        /bye/i.test(hearer.stream.unread)
          ? "it may change the letter case: what is relayed is what was sent"
          : undefined,
      );
    }
    const why = `${speaker.name} has said ${BYE}`;
    await speaker.isClosed(why, END);
    await hearer.isClosed(why, END, ONE_CLOSED);
  }
}

const ONE_CLOSED =
  "only one of the two connections is closed: close both. And close() alone does not end a connection that another thread still reads: call shutdown(SHUT_RDWR) before it";
