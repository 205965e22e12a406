/**
 * A scripted user and a scripted server, for a client's conversation to be
 * played against: no socket, no keyboard and no clock, so the test decides what
 * comes, in which order, and how much time passes.
 */
import type {
  Dialogue,
  Failure,
  Level,
  Peer,
  Wait,
} from "../../lib/rules/contract.ts";
import { within } from "../support/harness.ts";

export interface Script {
  /** What the user types; the end of the input follows. Without it: `type`. */
  typed?: string[];
  /**
   * What the server says; the end of the stream follows. Without it: `arrive`.
   * A failure is thrown; in place of an answer to a request, undefined is a
   * failure that the user has been told of.
   */
  replies?: (string | undefined | Failure)[];
  /** @default {false} */
  interactive?: boolean;
}

/** Values that wait for somebody to take them, or the other way round. */
class Queue<T> {
  readonly #values: T[] = [];
  readonly #takers: ((value: T) => void)[] = [];

  put(...values: T[]): void {
    for (const value of values) {
      const taker = this.#takers.shift();
      if (taker) taker(value);
      else this.#values.push(value);
    }
  }

  take(): Promise<T> {
    const value = this.#values.shift();
    if (value !== undefined) return Promise.resolve(value);
    return new Promise((resolve) => this.#takers.push(resolve));
  }
}

/** In a box, so that undefined can wait in a queue like any other value. */
type Boxed<T> = { readonly value: T };

/** Records all that a conversation does, in order, as lines of text. */
export class FakeDialogue implements Dialogue {
  readonly interactive: boolean;
  /** Such as `ask Message: `, `open 1234`, `send hello`, `print HELLO`. */
  readonly events: string[] = [];
  /** What each `receive` waited for. */
  readonly waits: Wait[] = [];
  readonly #typed = new Queue<Boxed<string | undefined>>();
  readonly #replies = new Queue<Boxed<string | undefined | Failure>>();
  readonly #sleepers: { wake: () => void; at: number }[] = [];
  #now = 0;

  constructor({ typed, replies, interactive = false }: Script = {}) {
    this.interactive = interactive;
    typed?.forEach((line) => this.type(line));
    if (typed) this.endInput();
    replies?.forEach((value) => this.#replies.put({ value }));
    if (replies) this.endStream();
  }

  type(line: string): void {
    this.#typed.put({ value: line });
  }

  endInput(): void {
    this.#typed.put({ value: undefined });
  }

  arrive(text: string): void {
    this.#replies.put({ value: text });
  }

  endStream(): void {
    this.#replies.put({ value: undefined });
  }

  /** Lets time pass, and whoever slept until then go on. */
  async pass(milliseconds: number): Promise<void> {
    await this.settled();
    this.#now += milliseconds;
    for (const { wake, at } of this.#sleepers) {
      if (at <= this.#now) wake();
    }
    await this.settled();
  }

  /**
   * Waits until the conversation waits for something that has not come: it has
   * nothing but promises to go on with, and a timer comes after all of these.
   */
  settled(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 0));
  }

  async ask(prompt: string): Promise<string | undefined> {
    this.events.push(`ask ${prompt}`);
    return (await this.#typed.take()).value;
  }

  print(text: string): void {
    this.events.push(`print ${text}`);
  }

  echo(prompt: string, line: string): void {
    this.events.push(`echo ${prompt}${line}`);
  }

  log(level: Level, source: string, text: string): void {
    this.events.push(`${level} [${source}]: ${text}`);
  }

  open(localPort?: number): Promise<Peer> {
    this.events.push(localPort === undefined ? "open" : `open ${localPort}`);
    return Promise.resolve({ hostname: "127.0.0.1", port: 12000 });
  }

  send(text: string): Promise<void> {
    this.events.push(`send ${text}`);
    return Promise.resolve();
  }

  async receive(wait: Wait = "answer"): Promise<string | undefined> {
    this.waits.push(wait);
    return await this.#reply();
  }

  async request(text: string): Promise<string | undefined> {
    this.events.push(`request ${text}`);
    return await this.#reply();
  }

  async #reply(): Promise<string | undefined> {
    const { value } = await this.#replies.take();
    if (value instanceof Error) throw value;
    return value;
  }

  sleep(milliseconds: number): Promise<void> {
    const at = this.#now + milliseconds;
    return new Promise((wake) => this.#sleepers.push({ wake, at }));
  }

  close(): void {
    this.events.push("close");
    this.endStream();
  }
}

/** Plays a conversation to its end, and gives what it did. */
export async function converse(
  client: (dialogue: Dialogue) => Promise<void>,
  script: Script,
): Promise<string[]> {
  const dialogue = new FakeDialogue(script);
  await within(client(dialogue), "the end of the conversation");
  return dialogue.events;
}
