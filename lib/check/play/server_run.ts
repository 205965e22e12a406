/**
 * A server under check: starts it, and waits until it listens, without
 * disturbing it.
 */
import { type Address, addressOf } from "../../rules/contract.ts";
import { elsewhere } from "./elsewhere.ts";
import { delay } from "../../net/time.ts";
import { Finding, Skip } from "./case.ts";
import type { Program } from "../program/program.ts";
import { askedBy, serverFields, WHOLE_PROMPT } from "./prompts.ts";
import { CHECK_LIMIT, START } from "./timeouts.ts";
import { describeExit, Run } from "./run.ts";

/**
 * How long to keep trying if the program finds its port in use, in
 * milliseconds. If a server closes a connection first, the system holds its
 * port for a minute, which is not the program's fault.
 */
const PORT_IN_USE = 10_000;
/** How often to try again, in milliseconds. */
const AGAIN = 500;

/** What programs say about a port in use. */
const PORT_TAKEN =
  /already in use|EADDRINUSE|Errno (98|48)\b|10048|\bbind(ing)? (error|failed)/i;

/** How soon a port is free after its program ends, in milliseconds. */
const RELEASED = 300;

/** How long a server started by hand may take, in milliseconds. */
const BY_HAND = 5_000;

/** How long a server may take to end after a run, in milliseconds. */
const ENDING = 500;

/** One run of a server under check. */
export abstract class ServerRun extends Run {
  /** @param isFirst whether this is the first run of the check */
  async begin(isFirst: boolean): Promise<void> {
    if (this.check.launcher === undefined) return await this.#find(isFirst);
    const { launcher, condition } = this.check;
    if (launcher.leftover !== undefined) {
      throw new Skip(launcher.leftover, true);
    }
    const wait = this.timeouts.hasFailed("port") ? 0 : PORT_IN_USE;
    const latest = this.timeouts.spent + wait;
    while (!await this.#start()) {
      if (this.timeouts.spent < latest && !condition.isStopped) {
        await this.pause(AGAIN);
        continue;
      }
      this.timeouts.failed("port");
      throw new Skip(
        `${
          addressOf(this.check.address)
        } is not free: the system keeps a port for a minute after its connections; try again then, or set SO_REUSEADDR before bind`,
        true,
      );
    }
  }

  /** @returns false if it found its port in use */
  async #start(): Promise<boolean> {
    const { launcher, address, condition } = this.check;
    this.program = await launcher!.start(condition);
    this.#answersPrompts(this.program);
    const limit = this.timeouts.atMost(START);
    if (await this.polls(() => this.listens(), limit)) {
      launcher!.hasListened = true;
      return true;
    }
    if (this.hasDied) return await this.#diedEarly();
    throw new Finding(
      `a server that listens on ${addressOf(address)}`,
      `nobody listens there ${Math.round(limit / 1000)} s after its start`,
      await this.otherPlace(),
    );
  }

  /** Answers the server's prompts while it runs. */
  async #answersPrompts(program: Program): Promise<void> {
    const { condition, address, random } = this.check;
    const fields = serverFields(address, 1 + random.seed % 100);
    const { output } = program;
    let seen = 0;
    let typedAt = 0;
    const hasMore = () => output.text.length > seen;
    while (program.exit === undefined && !condition.isStopped) {
      const over = () => hasMore() || program.exit !== undefined;
      await condition.until(over, CHECK_LIMIT);
      // A prompt is output that nothing follows.
      while (hasMore()) {
        seen = output.text.length;
        await condition.until(hasMore, WHOLE_PROMPT);
      }
      const line = output.text.slice(typedAt).split("\n").at(-1)!;
      const field = askedBy(line, fields, []);
      if (field === undefined) continue;
      typedAt = seen;
      program.type(field.answer);
    }
  }

  /**
   * Ends the program with clients still connected, and starts it again.
   *
   * @throws {Finding} if it finds its port in use
   * @throws {Skip} if this check does not start it
   */
  async startsAgain(): Promise<void> {
    const { launcher } = this.check;
    if (!launcher || !this.program) {
      throw new Skip("it takes a program that this check can start");
    }
    await launcher.end(this.program);
    this.did("the program is ended, and started again at once");
    if (await this.#start()) return;
    throw new Finding(
      "a server that listens again",
      "the port is in use",
      "the system keeps the port of connections that were closed for a minute: set SO_REUSEADDR before bind",
    );
  }

  /** Ends the program, and anything it left that still holds the port. */
  override async end(): Promise<void> {
    await super.end();
    const { launcher, address } = this.check;
    if (!launcher || !this.program || await this.#isFree()) return;
    if (await launcher.reap(() => this.#isFree())) return;
    launcher.leftover = `what the program has started still runs, and holds ${
      addressOf(address)
    }: end it, and let the check do so next time (${launcher.wanted})`;
  }

  async #isFree(): Promise<boolean> {
    const latest = performance.now() + RELEASED;
    while (await this.isHeldAt(this.check.address)) {
      if (performance.now() > latest) return false;
      await delay(AGAIN / 10);
    }
    return true;
  }

  /** Looks once whether it listens; may keep the connection for the case. */
  protected abstract listens(): Promise<boolean>;

  /** Where it may be listening instead, if we can tell. */
  protected otherPlace(): Promise<string | undefined> {
    const printed = this.program?.output.text ?? "";
    return elsewhere(
      this.check.address,
      printed,
      (address) => this.isHeldAt(address),
    );
  }

  /** Whether anything listens at an address. */
  protected abstract isHeldAt(address: Address): boolean | Promise<boolean>;

  async #diedEarly(): Promise<boolean> {
    const { program } = this;
    const { launcher } = this.check;
    // If it could listen before, then its port is in use now, whatever it says.
    if (launcher!.hasListened || PORT_TAKEN.test(program!.output.text)) {
      await launcher!.end(program!);
      await launcher!.reap();
      return false;
    }
    throw new Finding(
      `a server that listens on ${addressOf(this.check.address)}`,
      `the program ended before it did, ${describeExit(program!.exit!)}`,
    );
  }

  /** Finds a server started by hand, or has it started again. */
  async #find(isFirst: boolean): Promise<void> {
    const { address, person } = this.check;
    const where = addressOf(address);
    if (!isFirst && await this.#goesOn()) return;
    if (!isFirst && person === undefined) {
      throw new Skip("it takes a server that has just been started");
    }
    const again = `Start your server again on ${where}, then press Enter.`;
    if (!isFirst && !await person!.confirm(again)) {
      throw new Skip("nobody started the server again");
    }
    if (await this.polls(() => this.listens(), BY_HAND)) return;
    throw new Finding(
      `a server that listens on ${where}`,
      "nobody listens there",
      "start it first, say with --port where it listens, or give its command after --",
    );
  }

  /** Whether a server used before will do for this run, too. */
  async #goesOn(): Promise<boolean> {
    if (!this.keepsNothing) return false;
    // A server that ends with each run needs a moment.
    await this.pause(ENDING);
    return await this.listens() && await this.stays();
  }

  /** Whether a used server is as good as a fresh one. */
  protected abstract readonly keepsNothing: boolean;

  /** Whether what `listens` found is still true. */
  protected stays(): Promise<boolean> {
    return Promise.resolve(true);
  }
}
