/**
 * A peer that sends numbered lines as fast as they are taken, so that whoever
 * reads them can tell whether one is missing, and when the writer has to wait.
 */
import { until } from "./harness.ts";
import type { SlowStream } from "./peers.ts";

/** What one write of a flood sends, and each of its lines. */
const LINES = 64;
const LINE_LENGTH = 1_024;

/** Numbered lines, one after another, as fast as they are taken. */
export class NumberedFlood {
  readonly #stream: SlowStream;
  #lines = 0;
  #over = false;
  readonly finished: Promise<void>;

  constructor(stream: SlowStream) {
    this.#stream = stream;
    this.finished = this.#send();
    this.finished.catch(() => {}); // looked at when the test gets there
  }

  /** How many lines have been begun. */
  get lines(): number {
    return this.#lines;
  }

  async #send(): Promise<void> {
    while (!this.#over) {
      const numbers = Array.from({ length: LINES }, () => this.#lines++);
      await this.#stream.send(numbers.map(line).join(""));
    }
    await this.#stream.send("Bye\n");
  }

  /** Waits until no byte has been taken for a while. */
  async stalls(): Promise<void> {
    let sent = -1;
    let since = 0;
    await until(() => {
      if (this.#stream.sent !== sent) since = performance.now();
      sent = this.#stream.sent;
      return performance.now() - since > 400;
    }, "that the writer has to wait");
  }

  /** Ends it with a Bye. */
  stop(): void {
    this.#over = true;
  }
}

/** The line of a number; it begins with it. */
export function line(number: number): string {
  return String(number).padEnd(LINE_LENGTH - 1, ".") + "\n";
}
