/**
 * X and Y, the clients of a `sequence` or `chat` server: they connect, say who
 * they are, and wait for their acknowledgment. In the later edition the server
 * tells them who they are.
 */
import { greetingOf } from "../../rules/greeting.ts";
import type { Side } from "../../rules/pairing.ts";
import { Finding } from "../play/case.ts";
import { hintFor, NOT_FLUSHED } from "../play/hints.ts";
import type {
  StreamProbe,
  StreamServerRun,
} from "../play/stream_server_run.ts";
import { quote } from "../reports/quote.ts";
import {
  Acknowledgment,
  looksAcknowledged,
} from "../../rules/acknowledgment.ts";
import { mustBeText } from "./protocol.ts";
import { LATER_EDITION } from "./introduction.ts";

/** How long after one message to send the other, in milliseconds. */
export const GAP = 200;

/** How long to wait before trying a line feed, in milliseconds. */
const NO_LINE_FEED = 1_000;

/** How long after an acknowledgment another may come, in milliseconds. */
const AFTERWARDS = 150;

const BOTH_ORDERS =
  "each thread may tell both what it believes itself: decide the order in one place, under a lock, and send it once";

/** The name of each. */
export type Names = Readonly<Record<Side, string>>;

/** The two clients of one run of a server. */
export class Pair {
  readonly #run: StreamServerRun;
  readonly #probes: Partial<Record<Side, StreamProbe>> = {};
  /** The first message of each. */
  readonly messages: Names;
  /** Our own server's answer, once both have spoken. */
  acknowledgment = "";

  constructor(run: StreamServerRun, names: Names) {
    const message = (side: Side) =>
      run.check.options.greeting
        ? names[side]
        : `Client ${side}: ${names[side]}`;
    this.#run = run;
    this.messages = { X: message("X"), Y: message("Y") };
  }

  get x(): StreamProbe {
    return this.#probes.X!;
  }

  get y(): StreamProbe {
    return this.#probes.Y!;
  }

  get #both(): StreamProbe[] {
    return Object.values(this.#probes);
  }

  /** Connects these, one after the other; both must be greeted, or neither. */
  async connect(...sides: Side[]): Promise<void> {
    for (const side of sides) {
      this.#probes[side] = await this.#run.connects(side);
      // The first must be accepted before the other connects.
      await this.#run.pause(30);
    }
    if (this.#both.length < 2 || !this.#run.check.options.greeting) return;
    await this.#isGreeted("X", "first");
    await this.#isGreeted("Y", "second");
  }

  async #isGreeted(side: Side, place: string): Promise<void> {
    const probe = this.#probes[side]!;
    const greeting = new RegExp(`\\bclient\\s+${side}\\b.*connect`, "is");
    if (await probe.gets((unread) => greeting.test(unread))) {
      probe.takes();
      return;
    }
    throw new Finding(
      `${quote(greetingOf(side))} to the ${place} that connects`,
      probe.missing(),
      probe.stream.unread === ""
        ? "if its clients speak first, check it without --greeting"
        : undefined,
    );
  }

  /** Sends the first message of one of them. @returns whether both have spoken */
  async introduce(side: Side): Promise<boolean> {
    const { sent } = await this.#probes[side]!.says(this.messages[side]);
    this.acknowledgment = sent.at(-1)?.text ?? "";
    return sent.length > 0;
  }

  /** The same; until both have spoken, neither must be acknowledged. */
  async speak(side: Side): Promise<void> {
    if (await this.introduce(side)) return;
    await this.#run.pause(GAP);
    const early = this.#both.find(({ stream }) =>
      looksAcknowledged(stream.unread)
    );
    if (early === undefined) return;
    throw new Finding(
      "no acknowledgment before both messages have come",
      early.missing(),
    );
  }

  /** Connects both, and then has both speak, X or Y first. */
  async meet(first: Side): Promise<void> {
    await this.connect("X", "Y");
    await this.speak(first);
    await this.speak(first === "X" ? "Y" : "X");
  }

  /**
   * Checks that both, having spoken, are told the same, and nothing else.
   *
   * @param hint the probable mistake if the order is wrong
   * @param always whether the hint also holds if no order comes
   */
  async isAcknowledged(hint?: string, always = false): Promise<void> {
    const expected = new Acknowledgment(this.acknowledgment);
    const shows = (unread: string) =>
      expected.isIn(unread) || expected.isReversedIn(unread);
    await this.#findEnding(shows);
    for (const probe of this.#both) {
      await probe.gets(shows);
      if (expected.isIn(probe.stream.unread)) continue;
      throw new Finding(
        `${quote(this.acknowledgment)} to ${probe.name}`,
        probe.missing(),
        expected.isReversedIn(probe.stream.unread) || always
          ? hint
          : this.#hintFor(probe.stream.unread),
      );
    }
    const isOver = () => this.#both.every(({ stream }) => stream.ended);
    await this.#run.waits(isOver, AFTERWARDS);
    for (const probe of this.#both) this.#isTheOnlyOne(probe, expected);
  }

  #hintFor(unread: string): string | undefined {
    const { check, program, hasDied } = this.#run;
    if (unread === "") {
      const printed = program?.output.text ?? "";
      const hasAll = Object.values(this.messages)
        .every((each) => printed.includes(each));
      return hasAll && !hasDied ? NOT_FLUSHED : undefined;
    }
    const greets = /\bclient\s+[xy]\b.*connect/is.test(unread);
    return greets && !check.options.greeting
      ? `the server greets its clients: ${LATER_EDITION}`
      : hintFor(unread, this.acknowledgment);
  }

  /** @throws {Finding} if it was told the other order as well */
  #isTheOnlyOne(probe: StreamProbe, expected: Acknowledgment): void {
    const text = probe.stream.unread;
    mustBeText(text);
    if (expected.isReversedIn(text)) {
      throw new Finding(
        `only ${quote(this.acknowledgment)} to ${probe.name}`,
        quote(text),
        BOTH_ORDERS,
      );
    }
    const remark = expected.remarkOn(probe.takes());
    if (remark !== undefined) this.#run.remark(remark);
  }

  /** Finds out, once per check, whether the server waits for line endings. */
  async #findEnding(shows: (unread: string) => boolean): Promise<void> {
    const { reader } = this.#run;
    if (reader.ending !== undefined) return;
    const both = this.acknowledgment.startsWith("X")
      ? [this.x, this.y]
      : [this.y, this.x];
    const done = () =>
      both.some(({ stream }) => shows(stream.unread) || stream.ended);
    if (await this.#run.waits(done, NO_LINE_FEED)) {
      reader.ending = "";
      return;
    }
    for (const probe of both) {
      await probe.sends("\n");
      await this.#run.pause(GAP);
    }
    if (await this.#run.waits(done)) reader.ending = "\n";
  }
}
