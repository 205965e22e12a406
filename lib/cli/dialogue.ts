/**
 * What a client's conversation runs on: a keyboard, a screen, and a way to
 * reach the server over UDP or TCP.
 */
import { ownAddress, requirePermission } from "../net/address.ts";
import { brokenAnswer } from "../net/errors.ts";
import type { Network } from "../net/wire.ts";
import { StreamClient } from "../net/tcp_client.ts";
import type { Message } from "../net/framing.ts";
import { delay } from "../net/time.ts";
import { DatagramClient } from "../net/udp_client.ts";
import {
  type Address,
  addressOf,
  type DatagramDialogue,
  type Dialogue,
  Failure,
  type Framing,
  type Level,
  quote,
  type StreamDialogue,
  type Wait,
} from "../rules/contract.ts";
import { advised } from "./advice.ts";
import type { Settings } from "./flags.ts";
import type { Keyboard } from "./keyboard.ts";
import type { Lab, Trips } from "./lab.ts";
import type { Printer } from "./terminal.ts";

/**
 * How long to wait, in milliseconds, before the log says what it may be for:
 * nobody likes a screen that looks frozen.
 */
export const NOTICE_AFTER = 2_500;

/** What a conversation needs around it. */
export interface Surroundings {
  readonly settings: Settings;
  readonly printer: Printer;
  readonly keyboard: Keyboard;
  readonly lab: Lab;
}

/** What both transports share: the user. */
export abstract class LiveDialogue implements Dialogue {
  readonly interactive: boolean;
  protected readonly settings: Settings;
  protected readonly printer: Printer;
  protected readonly network: Network;
  protected readonly trips: Trips;
  readonly #keyboard: Keyboard;
  /** The messages given instead of typed; undefined if the keyboard is used. */
  readonly #messages: string[] | undefined;
  #hasAsked = false;

  constructor({ settings, printer, keyboard, lab }: Surroundings) {
    const { messages } = settings;
    this.settings = settings;
    this.printer = printer;
    this.network = lab.network;
    this.trips = lab.trips;
    this.#keyboard = keyboard;
    this.#messages = messages.length > 0 ? [...messages] : undefined;
    this.interactive = keyboard.interactive && !this.#messages;
  }

  ask(prompt: string): Promise<string | undefined> {
    this.#hasAsked = true;
    if (this.#messages) return Promise.resolve(this.#messages.shift());
    return this.#keyboard.ask(prompt);
  }

  print(text: string): void {
    this.printer.print(text);
  }

  echo(prompt: string, line: string): void {
    if (this.#messages) this.printer.print(prompt + line);
    else this.#keyboard.echo(prompt, line);
  }

  log(level: Level, source: string, text: string): void {
    this.printer.log(level, source, text);
  }

  /**
   * How many of the given lines have not been asked for; 0 before the first
   * question, because then the lines are not what failed.
   */
  async countLeft(): Promise<number> {
    if (!this.#hasAsked) return 0;
    return this.#messages?.length ?? await this.#keyboard.countLeft();
  }

  abstract close(): void | Promise<void>;
}

/** A conversation over UDP. */
export class LiveDatagramDialogue extends LiveDialogue
  implements DatagramDialogue {
  #client: DatagramClient | undefined;

  open(localPort = 0): Promise<void> {
    const { address, timeout, lab } = this.settings;
    this.#client = new DatagramClient(address, localPort, {
      timeout,
      journal: this.printer,
      retries: lab.retries,
      onSent: () => this.trips.asked(),
      network: this.network,
    });
    return Promise.resolve();
  }

  async request(text: string): Promise<string | undefined> {
    try {
      const asking = this.#client!.request(text);
      const answer = await noticing(
        asking,
        NOTICE_AFTER,
        () => this.#explainWait(),
      );
      this.trips.answered();
      return answer;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!this.interactive) throw aboutMessage(error, text);
      this.log("error", "client", advised(error).message);
      return undefined;
    }
  }

  #explainWait(): void {
    const server = addressOf(this.settings.address);
    const text = `no answer yet: does the server run at ${server}?`;
    this.log("info", "client", text);
  }

  close(): void {
    this.#client?.close();
  }
}

/** Says which message failed: nobody saw it being typed. */
function aboutMessage(error: Failure, text: string): Failure {
  return new Failure(
    `${advised(error).message} The message was ${quote(text)}.`,
  );
}

/**
 * Waits for a promise, and calls `notice` once if that takes longer than the
 * given number of milliseconds.
 */
async function noticing<T>(
  promise: Promise<T>,
  milliseconds: number,
  notice: () => void,
): Promise<T> {
  const timer = setTimeout(notice, milliseconds);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** A conversation over TCP. */
export class LiveStreamDialogue extends LiveDialogue implements StreamDialogue {
  readonly timeout: number;
  #client: StreamClient | undefined;
  /** When the wait for a partner ends; undefined before it has begun. */
  #partnerBy: number | undefined;
  #hasExplained = false;
  #isIntroduced = false;

  constructor(surroundings: Surroundings) {
    super(surroundings);
    this.timeout = surroundings.settings.timeout;
  }

  async open(framing: Framing): Promise<Address> {
    const { mode, address, timeout } = this.settings;
    const json = mode.transport === "tcp" && mode.json;
    this.#client = await StreamClient.connect(address, {
      framing,
      json,
      timeout,
      network: this.network,
      journal: this.printer,
    });
    return address;
  }

  async send(text: string): Promise<void> {
    // What follows the first message is chat, which needs no answer.
    if (!this.#isIntroduced) this.trips.asked();
    this.#isIntroduced = true;
    await this.#client!.send(text);
  }

  async receive(wait: Wait, hint?: string): Promise<string | undefined> {
    for (;;) {
      if (this.printer.isFull) await this.printer.room();
      const message = await this.#next(wait, hint);
      if (message === undefined || typeof message === "string") return message;
      const broken = brokenAnswer(this.settings.address, "it is not UTF-8");
      if (wait === "answer") throw broken;
      this.log("warning", "client", broken.message);
    }
  }

  async #next(
    wait: Wait,
    hint?: string,
  ): Promise<Message | undefined> {
    const limit = this.#limit(wait);
    const receiving = this.#client!.receive(limit, this.timeout);
    if (wait === "line") return await receiving;
    const explain = () => this.#explainWait(hint);
    const message = await noticing(receiving, NOTICE_AFTER, explain);
    if (message !== undefined) this.trips.answered();
    return message;
  }

  /** Only once: a user who is still waiting has been told. */
  #explainWait(hint: string | undefined): void {
    if (this.#hasExplained) return;
    this.#hasExplained = true;
    const server = addressOf(this.settings.address);
    const reason = hint === undefined ? "" : `: it may wait for ${hint}`;
    const text = `connected to ${server}, which has not answered${reason}`;
    this.log("info", "client", text);
  }

  /** How long to wait, in milliseconds; undefined for no limit. */
  #limit(wait: Wait): number | undefined {
    if (wait === "answer") return this.timeout;
    if (wait === "line" || !this.settings.isTimeoutGiven) return undefined;
    this.#partnerBy ??= Date.now() + this.timeout;
    return Math.max(0, this.#partnerBy - Date.now());
  }

  sleep(milliseconds: number): Promise<void> {
    return delay(milliseconds);
  }

  override async close(): Promise<void> {
    await this.#client?.close();
  }
}

/**
 * Makes sure that Deno allows what the client is going to use, as far as that
 * is known before the questions: no use asking them if it cannot work.
 *
 * @throws {Failure} naming the flag to add
 */
export function requireClientPermission({ mode, address }: Settings): void {
  const isUdp = mode.transport === "udp";
  requirePermission(address, ...isUdp ? [ownAddress(address, 0)] : []);
}
