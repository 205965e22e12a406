/**
 * How fast the server is, beside what a student would write: `deno task bench`.
 *
 * Our server and a textbook's are started in turn and driven with the same
 * load; a table tells the ratios. The textbook's is in Python, or a plain loop
 * in Deno where there is no `python3` (or with `deno task bench deno`). It
 * takes a minute or so, and never more than two.
 */
import { type Bench, delay, type Measurement, PAIRS } from "./measurement.ts";
import { Launcher } from "./programs.ts";
import { type Side, table } from "./table.ts";
import { chat, chatMemory, sum } from "./tcp_rows.ts";
import { relay } from "./relay_rows.ts";
import { floods } from "./flood_rows.ts";
import { growth, permission, plain, uppercase } from "./udp_rows.ts";

/** When no more pairs are begun, in milliseconds; the last takes a few seconds. */
const TIME = 105_000;
/** When the table is printed with what there is, in milliseconds. */
const LIMIT = 115_000;

const ORDERS: readonly Side[][] = [["ours", "peer"], ["peer", "ours"]];

class Run implements Bench {
  readonly #begun = performance.now();

  constructor(readonly launcher: Launcher) {}

  *pairs(what: string): Iterable<readonly Side[]> {
    for (let n = 0; n < PAIRS; n++) {
      if (performance.now() - this.#begun > TIME) {
        console.error(`${what}: no time for more than ${n} of ${PAIRS}`);
        return;
      }
      this.progress(`${what}, ${n + 1} of ${PAIRS}`);
      yield ORDERS[n % 2]!;
    }
  }

  progress(what: string): void {
    const seconds = Math.round((performance.now() - this.#begun) / 1000);
    console.error(`${String(seconds).padStart(3)} s  ${what}`);
  }

  async measure(all: readonly Measurement[]): Promise<void> {
    for (const measurement of all) await this.#measureOne(measurement);
  }

  /** What cannot be measured says so, and the others go on. */
  async #measureOne({ rows, measure }: Measurement): Promise<void> {
    try {
      await measure(this);
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      for (const { what } of rows) {
        console.error(`Not measured to the end: ${what}: ${reason}`);
      }
    }
  }
}

/** Whoever presses Ctrl-C wants no programs and files left behind. */
function endWhenInterrupted(launcher: Launcher): void {
  Deno.addSignalListener("SIGINT", async () => {
    await launcher[Symbol.asyncDispose]();
    Deno.exit(130);
  });
}

async function main(): Promise<void> {
  await using launcher = await Launcher.open(Deno.args[0]);
  endWhenInterrupted(launcher);
  const all = [
    uppercase(),
    plain(),
    permission(),
    growth(),
    sum(),
    chat(),
    chatMemory(),
    relay(),
    floods(),
  ];
  await Promise.race([new Run(launcher).measure(all), delay(LIMIT)]);
  const language = launcher.peerLanguage;
  console.log(
    `\nBeside textbook servers in ${language}, medians of ${PAIRS}:\n`,
  );
  const lines = table(all.flatMap(({ rows }) => rows));
  lines.forEach((line) => console.log(line));
}

if (import.meta.main) {
  await main();
  Deno.exit(); // whatever was cut short does not keep the program running
}
