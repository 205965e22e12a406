/**
 * Checks several programs at once, each in a lane of its own. Servers of
 * `permission` all need client ports 1234 and 3333: where this machine lets a
 * lane have a network to itself, they are checked beside each other; elsewhere
 * one after the other, in the first lane.
 */
import type { Job, Outcome } from "./lane.ts";
import { searchPath } from "./languages.ts";
import { readLines } from "./lines.ts";

/** Where the ports of the first lane begin, and how many each lane has. */
const FIRST_PORT = 20_000;
const PORTS = 500;

/** Gives a program a network to itself, of which only loopback works. */
const ALONE = [
  ...["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"],
];
const LANE = [
  ...[Deno.execPath(), "run", "--quiet", "--no-lock", "--no-check"],
  ...["--allow-all", new URL("lane.ts", import.meta.url).pathname],
];

const encoder = new TextEncoder();

/** A job, and where its outcome is waited for. */
interface Turn extends PromiseWithResolvers<Outcome> {
  readonly job: Job;
}

/** What came of each job, in their order, and when all lanes have ended. */
interface Outcomes {
  readonly outcomes: readonly Promise<Outcome>[];
  readonly ended: Promise<unknown>;
}

/**
 * Checks programs, several at a time.
 *
 * @param count how many at a time
 */
export function checkAll(
  jobs: readonly Job[],
  count: number,
): Outcomes {
  const turns = jobs.map((job) => ({
    job,
    ...Promise.withResolvers<Outcome>(),
  }));
  const isAlone = canBeAlone();
  // What takes long comes first, so that the last ones are short.
  const queue = turns.toSorted(({ job: one }, { job: other }) =>
    Number(other.fails === undefined) - Number(one.fails === undefined)
  );
  const [fixed, others] = isAlone
    ? [[], queue]
    : [queue.filter(needsPorts), queue.filter((turn) => !needsPorts(turn))];
  const lanes = Array.from({ length: Math.min(count, jobs.length) }, (_, i) => {
    const next = () => (i === 0 ? fixed.shift() : undefined) ?? others.shift();
    const command = isAlone ? [...ALONE, ...LANE] : LANE;
    return run(command, FIRST_PORT + i * PORTS, next);
  });
  const outcomes = turns.map(({ promise }) => promise);
  return { outcomes, ended: Promise.all(lanes) };
}

/** Whether it has to wait for the fixed client ports. */
function needsPorts({ job: { mode, end } }: Turn): boolean {
  return mode === "permission" && end === "server";
}

/** Whether a program may have a network to itself on this machine. */
function canBeAlone(): boolean {
  const [program = "", ...args] = [...ALONE, "true"];
  try {
    return new Deno.Command(program, { args }).outputSync().success;
  } catch {
    return false; // no such program
  }
}

/** Checks in a lane what `next` has for it. What goes wrong is an outcome as well. */
async function run(
  command: readonly string[],
  port: number,
  next: () => Turn | undefined,
): Promise<void> {
  let lane: Lane | undefined;
  for (let turn; (turn = next());) {
    lane ??= new Lane([...command, String(port)]);
    const outcome = await lane.check(turn.job).catch(() => undefined);
    turn.resolve(outcome ?? { error: "the lane has ended" });
    if (outcome === undefined) lane = undefined;
  }
  await lane?.end();
}

/** A process of `lane.ts`. */
class Lane {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterator<string>;

  constructor([program = "", ...args]: readonly string[]) {
    const pipes = { stdin: "piped", stdout: "piped" } as const;
    const env = { PATH: searchPath() };
    this.#process = new Deno.Command(program, { args, env, ...pipes }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#lines = readLines(this.#process.stdout)[Symbol.asyncIterator]();
  }

  /** @returns undefined if the lane has ended */
  async check(job: Job): Promise<Outcome | undefined> {
    await this.#input.write(encoder.encode(JSON.stringify(job) + "\n"));
    const { value } = await this.#lines.next();
    return value === undefined ? undefined : JSON.parse(value);
  }

  async end(): Promise<void> {
    await this.#input.close();
    await this.#lines.next();
    await this.#process.status;
  }
}
