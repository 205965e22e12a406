/**
 * X and Y, clients of a `chat` server: they begin as in `sequence`, and then
 * say what they like.
 */
import type { Side } from "../../rules/pairing.ts";
import { BYE } from "../../rules/chat_labels.ts";
import { Finding } from "../play/case.ts";
import { type Hint, hintFor, STALE } from "../play/hints.ts";
import type {
  StreamProbe,
  StreamServerRun,
} from "../play/stream_server_run.ts";
import { END } from "../play/timeouts.ts";
import { quote } from "../reports/quote.ts";
import {
  Acknowledgment,
  looksAcknowledged,
} from "../../rules/acknowledgment.ts";
import { LATER_EDITION } from "./introduction.ts";
import { GAP, Pair } from "./pair.ts";

/** How long a server may take to speak first, in milliseconds. */
const BEGINNING = 500;
/** How long a silence means that a server is done, in milliseconds. */
const SAID = 80;
/** How long a server may take before line feeds are tried, in milliseconds. */
const NO_LINE_FEED = 1_200;

const LETTER_CASE: Hint = {
  shows: (came, expected) =>
    came.toLowerCase().includes(expected.toLowerCase()),
  means: "it may change the letter case: what is relayed is what was sent",
};
const ONE_CLOSED =
  "only one of the two connections is closed: close both. And close() alone does not end a connection that another thread still reads: call shutdown(SHUT_RDWR) before it";

/** The chat of a run, begun when first needed. */
export async function chatOf(
  run: StreamServerRun,
  last: Side = "Y",
): Promise<Chat> {
  const chat = run.shared.get(Chat, () => new Chat(run));
  await chat.begin(last);
  return chat;
}

/** Two clients that talk to each other through a server. */
class Chat {
  readonly #run: StreamServerRun;
  readonly #pair: Pair;
  /** What was said, in order. */
  readonly said: string[] = [];
  /** What each has said itself, as some servers echo it to the speaker. */
  readonly #own = new Map<StreamProbe, string[]>();
  #hasBegun = false;
  #isGreeted = false;

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
   * Connects both, and has both say who they are. Acknowledging them is up to
   * the server, as the assignment does not demand it for a chat.
   *
   * @param last which of the two comes last
   */
  async begin(last: Side): Promise<void> {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const pair = this.#pair;
    if (this.#run.check.options.greeting) {
      await pair.connect("X", "Y");
    } else {
      const first = last === "Y" ? "X" : "Y";
      for (const side of [first, last] as const) {
        await pair.connect(side);
        await pair.introduce(side);
        if (side === first) await this.#run.pause(GAP / 4);
      }
      await this.#hearBeginning();
    }
    await this.#findEnding();
  }

  async #hearBeginning(): Promise<void> {
    const both = [this.x, this.y];
    const hasHeard = () =>
      both.some(({ stream }) => stream.unread.trim() !== "");
    await this.#run.waits(hasHeard, BEGINNING);
    await this.#run.quiet(SAID, BEGINNING);
    const expected = this.#pair.acknowledgment;
    for (const probe of both) {
      const text = probe.takes();
      this.#isGreeted ||= /\bclient\s+[xy]\b.*connect/is.test(text);
      if (!looksAcknowledged(text) || expected === "") continue;
      if (new Acknowledgment(expected).isIn(text)) continue;
      this.#run.remark(
        `${probe.name} is told ${quote(text)}, and not ${quote(expected)}`,
      );
    }
  }

  /**
   * Finds out, once per check, whether the server reads lines. A line feed
   * alone would not do: other servers would take it for a message.
   */
  async #findEnding(): Promise<void> {
    const { reader, random } = this.#run;
    if (reader.ending !== undefined) return;
    if (await this.#isHeard("X", random.word())) {
      reader.ending = "";
      // It may be Y's turn now; another case judges that.
      await this.#isHeard("Y", random.word());
      return;
    }
    for (const probe of [this.x, this.y]) await probe.sends("\n");
    await this.#run.quiet(SAID, BEGINNING);
    if (!await this.#isHeard("X", `${random.word()}\n`)) return;
    reader.ending = "\n";
    await this.#isHeard("Y", `${random.word()}\n`);
  }

  /** Tries whether the other gets what one says. */
  async #isHeard(from: Side, text: string): Promise<boolean> {
    const [speaker, hearer] = this.#ends(from);
    if (speaker.stream.ended || hearer.stream.ended) return false;
    this.#speaks(speaker, text.trim());
    await speaker.sends(text);
    const isHeard = await hearer.gets(
      (unread) => unread.includes(text.trim()),
      NO_LINE_FEED,
    );
    await this.#run.quiet(SAID / 2, SAID * 2);
    if (isHeard) hearer.takes();
    return isHeard;
  }

  /** One of the two, and the other. */
  #ends(from: Side): [StreamProbe, StreamProbe] {
    return from === "X" ? [this.x, this.y] : [this.y, this.x];
  }

  #speaks(speaker: StreamProbe, text: string): void {
    const own = this.#own.get(speaker) ?? [];
    this.#own.set(speaker, [...own, text]);
  }

  /**
   * One says something, and the other must get it: once, unchanged, and with
   * nothing added but a label before it.
   *
   * @param hints the probable mistake if something else comes
   */
  async says(from: Side, text: string, ...hints: Hint[]): Promise<void> {
    const [speaker, hearer] = this.#ends(from);
    this.#isQuiet();
    this.#speaks(speaker, text);
    const relayed = (await speaker.says(text)).sentTo(hearer.peer);
    this.said.push(text);
    const expected = relayed[0] ?? text;
    if (!await hearer.gets((unread) => unread.includes(expected))) {
      throw this.#missing(hearer, expected, [...hints, LETTER_CASE]);
    }
    await this.#run.quiet(SAID / 2, SAID * 2);
    this.#hearsItself(speaker);
    const all = hearer.takes();
    const [label = "", ...after] = all.split(expected);
    const more = after.join("");
    const isOnce = after.length === 1 &&
      !`${label}${more}`.toLowerCase().includes(expected.toLowerCase());
    if (isOnce && !/[\p{L}\p{N}]/u.test(more)) return;
    throw new Finding(
      `${quote(expected)} once, and nothing more`,
      quote(all),
      after.length === 1 && /[\p{L}\p{N}]/u.test(after[0]!) ? STALE : undefined,
    );
  }

  #missing(
    hearer: StreamProbe,
    expected: string,
    hints: readonly Hint[],
  ): Finding {
    const { stream } = hearer;
    // If the other end is gone, hints about what it sends do not apply.
    const isGone = this.#run.hasDied || stream.ended;
    const hint = isGone
      ? undefined
      : this.#isGreeted
      ? `the server greets its clients: ${LATER_EDITION}`
      : hintFor(stream.unread, expected, hints);
    return new Finding(
      `${hearer.name} to get ${quote(expected)}`,
      hearer.missing(),
      hint,
    );
  }

  /** Checks that nothing has come meanwhile but echoes. */
  #isQuiet(): void {
    for (const probe of [this.x, this.y]) {
      const text = probe.takes();
      const own = this.#own.get(probe) ?? [];
      const strange = text.split(/\r?\n/).filter((line) =>
        line.trim() !== "" && !own.some((each) => line.includes(each))
      );
      if (strange.length === 0 || this.said.length === 0) continue;
      const expected = `nothing to ${probe.name} that nobody has said`;
      throw new Finding(expected, quote(text));
    }
  }

  /** Takes what some servers tell the speaker, such as an echo. */
  #hearsItself(speaker: StreamProbe): void {
    if (speaker.takes().trim() === "") return;
    this.#run.remark("the speaker gets something for its message, too");
  }

  /**
   * One says several things in quick succession, and the other must get them
   * all.
   *
   * @param send sends them
   * @param hint the probable mistake if only some come
   */
  async saysQuickly(
    from: Side,
    texts: readonly string[],
    send: (speaker: StreamProbe) => Promise<void>,
    hint: string,
  ): Promise<void> {
    const [speaker, hearer] = this.#ends(from);
    this.#isQuiet();
    for (const text of texts) {
      this.#run.model.message(speaker.peer, text);
      this.#speaks(speaker, text);
    }
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
    this.#hearsItself(speaker);
    hearer.takes();
  }

  /** @throws {Finding} if a connection has been closed */
  areConnected(hint?: string): void {
    for (const { name, stream } of [this.x, this.y]) {
      if (!stream.ended && !this.#run.hasDied) continue;
      const came = this.#run.hasDied
        ? this.#run.nothing()
        : "it has been closed";
      throw new Finding(`${name}'s connection to stay`, came, hint);
    }
  }

  /** One says Bye: the other must get it, and both connections must close. */
  async saysBye(from: Side): Promise<void> {
    const [speaker, hearer] = this.#ends(from);
    this.#isQuiet();
    await speaker.says(BYE);
    if (!await hearer.gets((unread) => unread.includes(BYE))) {
      throw this.#missing(hearer, BYE, [LETTER_CASE]);
    }
    const why = `${speaker.name} has said ${BYE}`;
    await speaker.isClosed(why, END);
    await hearer.isClosed(why, END, ONE_CLOSED);
  }
}
