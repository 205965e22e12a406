/**
 * Labels: who said the messages that a `chat` client receives.
 *
 * Some servers relay `hello` as it is, some label it (`Y: hello`), and some
 * echo it to the sender. Everything before the acknowledgment is printed as it
 * is. After that everything comes from the partner, who must not speak in our
 * name: `X: I owe you 100 euros` from Y is printed as
 * `Y: X: I owe you 100 euros`.
 */
import type { Side } from "./pairing.ts";

/** The message that ends a chat, letter case ignored. */
export const BYE = "Bye";

/** Whether a message is a Bye, and nothing else. */
export function isBye(text: string): boolean {
  // Comparing lengths first is enough for nearly every message.
  return text.length === BYE.length && text.toUpperCase() === "BYE";
}

/** How long a label may be, in characters, and how many are remembered. */
const MAX_LABEL = 64;
const MAX_LABELS = 64;

/** What has been said and heard on one connection, as far as labels go. */
export class Labels {
  /** Such as `X: `; empty if nobody has said which client this is. */
  readonly mine: string;
  readonly theirs: string;
  /** How a server may label what it sends back to us. */
  readonly #ours: string[];
  #lastSaid: string | undefined;
  readonly #heard = new Set<string>();
  /** Whether the last message received may have been a Bye. */
  hasHeardBye = false;

  /** @param introduction what this client sent first, such as `Client X: Alice` */
  constructor(side: Side | undefined, introduction: string | undefined) {
    this.mine = side ? `${side}: ` : "";
    this.theirs = side ? (side === "X" ? "Y: " : "X: ") : "";
    this.#ours = [this.mine, `Client ${this.mine}`];
    if (introduction) this.#ours.push(`${introduction}: `);
  }

  said(text: string): void {
    this.#lastSaid = text;
  }

  /** The line to print for what the partner said. */
  lineFor(text: string): string {
    const { theirs } = this;
    const isLabelled = text.startsWith(theirs) ||
      text.startsWith(`Client ${theirs}`);
    return isLabelled || this.#isEcho(text) ? text : theirs + text;
  }

  /** Whether the server sent back our last message, under our label. */
  #isEcho(text: string): boolean {
    return this.#lastSaid !== undefined &&
      this.#ours.some((label) => text === label + this.#lastSaid);
  }

  /**
   * Whether a message is a Bye: bare, or under a label that was used before
   * (`Y: Bye`, `Alice: Bye`, `<127.0.0.1, 50000> Bye`).
   */
  hearBye(text: string): boolean {
    this.hasHeardBye = /(^|[:>\]] *)bye$/i.test(text);
    const label = text.slice(0, -BYE.length);
    if (isBye(text.slice(label.length))) {
      return !label || this.#heard.has(label);
    }
    const beginning = text.slice(0, MAX_LABEL);
    for (const { index, 0: end } of beginning.matchAll(/[:>\]] */g)) {
      if (this.#heard.size >= MAX_LABELS) break;
      this.#heard.add(beginning.slice(0, index + end.length));
    }
    return false;
  }
}
