/**
 * A server under check: started, and waited for until it listens, without
 * disturbing it.
 */
import { addressOf } from "../../rules/contract.ts";
import { Finding, Skip } from "./case.ts";
import { START } from "./timeouts.ts";
import { describeExit, Run } from "./run.ts";

/** How often to look whether a server listens, in milliseconds. */
const LOOK = 20;

/**
 * How long to try again where the program finds its port in use, in
 * milliseconds. The system keeps the port of a server that closed a connection
 * first for a minute, and that is not the program's fault.
 */
const PORT_IN_USE = 10_000;

/** How long a server that was started by hand may take, in milliseconds. */
const BY_HAND = 5_000;

/** How long a server may take to end with the run before, in milliseconds. */
const ENDING = 500;

/** One run of a server under check. */
export abstract class ServerRun extends Run {
  /** @param isFirst whether nothing has been asked of the server before */
  async begin(isFirst: boolean): Promise<void> {
    if (this.check.launcher === undefined) return await this.#find(isFirst);
    const latest = this.timeouts.spent + PORT_IN_USE;
    while (!await this.#start()) {
      if (this.timeouts.spent > latest) {
        throw new Skip(
          `${addressOf(this.check.address)} was not free again`,
          true,
        );
      }
      await this.pause(500);
    }
  }

  /** @returns false where it found its port in use */
  async #start(): Promise<boolean> {
    const { launcher, address, condition } = this.check;
    const program = launcher!.start(condition);
    this.program = program;
    const limit = this.timeouts.atMost(START);
    const latest = performance.now() + limit;
    while (!await this.listens()) {
      if (program.exit !== undefined) return await this.#diedEarly();
      if (program.output.flooded || performance.now() > latest) {
        const where = addressOf(address);
        throw new Finding(
          `a server that listens on ${where}`,
          `nobody listens there ${Math.round(limit / 1000)} s after its start`,
          await this.otherPlace(),
        );
      }
      await this.pause(LOOK);
    }
    return true;
  }

  /**
   * Ends the program while clients are still connected, and starts it again.
   *
   * @throws {Finding} where it finds its port in use
   * @throws {Skip} where it is not this check that starts it
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

  /** Looks once whether somebody listens; may keep a connection for the case. */
  protected abstract listens(): Promise<boolean>;

  /** Where it may listen instead, if that can be found out. */
  protected otherPlace(): Promise<string> {
    return Promise.resolve(
      `it may listen on another port than ${this.check.address.port}: say which with --port`,
    );
  }

  async #diedEarly(): Promise<boolean> {
    const { program } = this;
    await this.quiet(30, 300); // its last words
    const words = program!.output.text;
    if (
      /address already in use|EADDRINUSE|Errno 98\b|Errno 48\b|10048/i.test(
        words,
      )
    ) {
      await this.check.launcher!.end(program!);
      await this.check.launcher!.reap();
      return false;
    }
    throw new Finding(
      `a server that listens on ${addressOf(this.check.address)}`,
      `the program ended before it did, ${describeExit(program!.exit!)}`,
    );
  }

  /** A server that somebody has started, or starts again now. */
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
    const latest = performance.now() + BY_HAND;
    while (!await this.listens()) {
      if (performance.now() > latest) {
        throw new Finding(
          `a server that listens on ${where}`,
          "nobody listens there",
          "start it first, say with --port where it listens, or give its command after --",
        );
      }
      await this.pause(LOOK);
    }
  }

  /** Whether a server that was used before can be used for this run, too. */
  async #goesOn(): Promise<boolean> {
    if (!this.keepsNothing) return false;
    // One that ends with the run before needs a moment for that.
    await this.pause(ENDING);
    return await this.listens() && await this.stays();
  }

  /** Whether a server that goes on is as good as one that was just started. */
  protected abstract readonly keepsNothing: boolean;

  /** Whether what `listens` has found out is still true. */
  protected stays(): Promise<boolean> {
    return Promise.resolve(true);
  }
}
