/**
 * A scripted user and a scripted server, for a client's conversation to be
 * played against: no socket, no keyboard and no clock, so the test decides what
 * comes, in which order, and how much time passes.
 */
import type {
  Address,
  DatagramDialogue,
  Dialogue,
  Framing,
  Level,
  StreamDialogue,
  Wait,
} from "../../lib/rules/contract.ts";
import type { Mode, Values } from "../../lib/rules/mode.ts";
import { Failure } from "../../lib/rules/contract.ts";
import { defaultsOf } from "../../lib/rules/options.ts";
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
  /** Whether the server takes a second connection. @default {false} */
  listens?: boolean;
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
  readonly #typed = new Queue<Boxed<string | undefined>>();
  readonly #replies = new Queue<Boxed<string | undefined | Failure>>();

  constructor(protected readonly script: Script = {}) {
    const { typed, replies, interactive = false } = script;
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

  fail(failure: Failure): void {
    this.#replies.put({ value: failure });
  }

  endStream(): void {
    this.#replies.put({ value: undefined });
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

  log(level: Level, source: string, text: string): void {
    this.events.push(`${level} [${source}]: ${text}`);
  }

  close(): void {
    this.events.push("close");
    this.endStream();
  }

  protected async reply(): Promise<string | undefined> {
    const { value } = await this.#replies.take();
    if (value instanceof Error) throw value;
    return value;
  }
}

/** A conversation over UDP. */
export class FakeDatagramDialogue extends FakeDialogue
  implements DatagramDialogue {
  open(localPort?: number): Promise<void> {
    this.events.push(localPort === undefined ? "open" : `open ${localPort}`);
    return Promise.resolve();
  }

  request(text: string): Promise<string | undefined> {
    this.events.push(`request ${text}`);
    return this.reply();
  }
}

/** A conversation over TCP. */
export class FakeStreamDialogue extends FakeDialogue implements StreamDialogue {
  readonly timeout = 5_000;
  /** What each `receive` waited for. */
  readonly waits: Wait[] = [];
  readonly #sleepers: { wake: () => void; at: number }[] = [];
  #now = 0;
  #hasOpened = false;

  open(framing: Framing): Promise<Address> {
    if (this.#hasOpened && !this.script.listens) {
      return Promise.reject(new Failure("nobody listens"));
    }
    this.#hasOpened = true;
    this.events.push(`open ${framing}`);
    return Promise.resolve({ hostname: "127.0.0.1", port: 12000 });
  }

  send(text: string): Promise<void> {
    this.events.push(`send ${text}`);
    return Promise.resolve();
  }

  receive(wait: Wait): Promise<string | undefined> {
    this.waits.push(wait);
    return this.reply();
  }

  echo(prompt: string, line: string): void {
    this.events.push(`echo ${prompt}${line}`);
  }

  sleep(milliseconds: number): Promise<void> {
    const at = this.#now + milliseconds;
    return new Promise((wake) => this.#sleepers.push({ wake, at }));
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
}

/** How much time passes once a conversation waits, in milliseconds. */
const A_MOMENT = 600;

/**
 * Plays a mode's client to its end, and gives what it did.
 *
 * @param options those that differ from the mode's defaults
 */
export async function converse(
  mode: Mode,
  script: Script,
  options: Values = {},
): Promise<string[]> {
  const all = { ...defaultsOf(mode.clientOptions), ...options };
  if (mode.transport === "udp") {
    const io = new FakeDatagramDialogue(script);
    await within(mode.client(io, all), "the end of the conversation");
    return io.events;
  }
  const io = new FakeStreamDialogue(script);
  const over = mode.client(io, all);
  over.catch(() => {}); // told below
  await io.pass(A_MOMENT);
  await io.pass(A_MOMENT);
  await within(over, "the end of the conversation");
  return io.events;
}
