/**
 * What a client's conversation is carried out with: a keyboard, a screen, and
 * a way to the server over UDP or TCP.
 */
import { ownAddress, requirePermission } from "../net/address.ts";
import { brokenAnswer } from "../net/errors.ts";
import { StreamClient } from "../net/tcp_client.ts";
import { delay } from "../net/time.ts";
import { DatagramClient } from "../net/udp_client.ts";
import {
  type Address,
  type DatagramDialogue,
  type Dialogue,
  Failure,
  type Framing,
  type Level,
  type StreamDialogue,
  type Wait,
} from "../rules/contract.ts";
import type { Settings } from "./flags.ts";
import type { Keyboard } from "./keyboard.ts";
import type { Printer } from "./terminal.ts";

/** What both transports have in common: the user. */
abstract class LiveDialogue implements Dialogue {
  readonly interactive: boolean;
  protected readonly settings: Settings;
  protected readonly printer: Printer;
  readonly #keyboard: Keyboard;
  /** What is said in place of the keyboard; undefined where that is used. */
  readonly #messages: string[] | undefined;

  constructor(settings: Settings, printer: Printer, keyboard: Keyboard) {
    const { messages } = settings;
    this.settings = settings;
    this.printer = printer;
    this.#keyboard = keyboard;
    this.#messages = messages.length > 0 ? [...messages] : undefined;
    this.interactive = keyboard.interactive && !this.#messages;
  }

  ask(prompt: string): Promise<string | undefined> {
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

  abstract close(): void;
}

/** A conversation over UDP. */
export class LiveDatagramDialogue extends LiveDialogue
  implements DatagramDialogue {
  #client: DatagramClient | undefined;

  open(localPort = 0): Promise<void> {
    const { address, timeout } = this.settings;
    this.#client = new DatagramClient(
      address,
      localPort,
      timeout,
      this.printer,
    );
    return Promise.resolve();
  }

  async request(text: string): Promise<string | undefined> {
    try {
      return await this.#client!.request(text);
    } catch (error) {
      if (!(error instanceof Failure) || !this.interactive) throw error;
      this.log("error", "client", error.message);
      return undefined;
    }
  }

  close(): void {
    this.#client?.close();
  }
}

/** A conversation over TCP. */
export class LiveStreamDialogue extends LiveDialogue implements StreamDialogue {
  readonly timeout: number;
  #client: StreamClient | undefined;
  /** When the wait for a partner ends; undefined before it has begun. */
  #partnerBy: number | undefined;

  constructor(settings: Settings, printer: Printer, keyboard: Keyboard) {
    super(settings, printer, keyboard);
    this.timeout = settings.timeout;
  }

  async open(framing: Framing): Promise<Address> {
    const { mode, address, timeout } = this.settings;
    const json = mode.transport === "tcp" && mode.json;
    this.#client = await StreamClient.connect(address, {
      framing,
      json,
      timeout,
    });
    return address;
  }

  async send(text: string): Promise<void> {
    await this.#client!.send(text);
  }

  async receive(wait: Wait): Promise<string | undefined> {
    for (;;) {
      const message = await this.#client!.receive(this.#limit(wait));
      if (message === undefined || typeof message === "string") return message;
      const broken = brokenAnswer(this.settings.address, "it is not UTF-8");
      if (wait === "answer") throw broken;
      this.log("warning", "client", broken.message);
    }
  }

  /** How long to wait, in milliseconds; undefined for as long as it takes. */
  #limit(wait: Wait): number | undefined {
    if (wait === "answer") return this.timeout;
    if (wait === "line" || !this.settings.isTimeoutGiven) return undefined;
    this.#partnerBy ??= Date.now() + this.timeout;
    return Math.max(0, this.#partnerBy - Date.now());
  }

  sleep(milliseconds: number): Promise<void> {
    return delay(milliseconds);
  }

  close(): void {
    this.#client?.close();
  }
}

/**
 * Makes sure that Deno allows what the client is going to use, as far as it is
 * known before the questions: what cannot be done needs no answers.
 *
 * @throws {Failure} that names the flag to add
 */
export function requireClientPermission({ mode, address }: Settings): void {
  const isUdp = mode.transport === "udp";
  requirePermission(address, ...isUdp ? [ownAddress(address, 0)] : []);
}
