/**
 * What a client's conversation is carried out with: a keyboard, a screen, and
 * a way to the server over UDP or TCP.
 */
import { delay } from "../net/delay.ts";
import { brokenAnswer, requirePermission } from "../net/errors.ts";
import type { Settings } from "./flags.ts";
import type { Keyboard } from "./keyboard.ts";
import {
  type Dialogue,
  Failure,
  type Level,
  type Peer,
  type Wait,
} from "../rules/contract.ts";
import { StreamClient } from "../net/tcp_client.ts";
import type { Printer } from "./terminal.ts";
import { DatagramClient, ownAddress } from "../net/udp_client.ts";

/** What the client is going to use, as far as it is known before the questions. */
function addressesOf({ mode, address, client }: Settings): Peer[] {
  const isAsked = mode.asks.includes("client-port");
  const localPort = client.clientPort ?? (isAsked ? undefined : 0);
  const isKnown = mode.transport === "udp" && localPort !== undefined;
  return isKnown ? [address, ownAddress(address, localPort)] : [address];
}

/** The conversation's only way out into the world. */
export class LiveDialogue implements Dialogue {
  readonly interactive: boolean;
  readonly #settings: Settings;
  readonly #printer: Printer;
  readonly #keyboard: Keyboard;
  readonly #messages: string[] | undefined;
  #datagrams: DatagramClient | undefined;
  #stream: StreamClient | undefined;

  /** @throws {Failure} when Deno does not allow to reach the server */
  constructor(
    settings: Settings,
    printer: Printer,
    keyboard: Keyboard,
  ) {
    // Before anything is asked: what cannot be done needs no answers.
    requirePermission(...addressesOf(settings));
    this.#settings = settings;
    this.#printer = printer;
    this.#keyboard = keyboard;
    this.#messages = settings.messages && [...settings.messages];
    this.interactive = keyboard.interactive && settings.messages === undefined;
  }

  ask(prompt: string): Promise<string | undefined> {
    if (this.#messages) return Promise.resolve(this.#messages.shift());
    return this.#keyboard.ask(prompt);
  }

  print(text: string): void {
    this.#printer.print(text);
  }

  echo(prompt: string, line: string): void {
    if (this.#messages) this.#printer.print(prompt + line);
    else this.#keyboard.echo(prompt, line);
  }

  log(level: Level, source: string, text: string): void {
    this.#printer.log(level, source, text);
  }

  async open(localPort = 0): Promise<Peer> {
    const { mode, address, framing } = this.#settings;
    const { timeout } = this.#settings.client;
    if (mode.transport === "udp") {
      this.#datagrams = new DatagramClient(
        address,
        localPort,
        timeout,
        this.#printer,
      );
    } else {
      this.#stream = await StreamClient.connect(
        address,
        framing,
        mode.format,
        timeout,
      );
    }
    return address;
  }

  async request(text: string): Promise<string | undefined> {
    try {
      return await this.#datagrams!.request(text);
    } catch (error) {
      if (!(error instanceof Failure) || !this.interactive) throw error;
      this.log("error", "client", error.message);
      return undefined;
    }
  }

  async send(text: string): Promise<void> {
    await this.#stream!.send(text);
  }

  async receive(wait: Wait = "answer"): Promise<string | undefined> {
    for (;;) {
      const message = await this.#stream!.receive(this.#limit(wait));
      if (message === undefined || typeof message === "string") return message;
      const broken = brokenAnswer(this.#settings.address, "it is not UTF-8");
      if (wait === "answer") throw broken;
      this.log("warning", "client", broken.message);
    }
  }

  #limit(wait: Wait): number | undefined {
    const { client, timeoutGiven } = this.#settings;
    const isLimited = wait === "answer" || (wait === "partner" && timeoutGiven);
    return isLimited ? client.timeout : undefined;
  }

  sleep(milliseconds: number): Promise<void> {
    return delay(milliseconds);
  }

  close(): void {
    this.#datagrams?.close();
    this.#stream?.close();
  }
}
