/**
 * A lane: checks one program after the other, as a process, so that it can be
 * in a network of its own. A job is a line of JSON on standard input, and what
 * came of it is one on standard output.
 *
 * After each check it looks for what the program left behind: everything that a
 * check starts inherits a mark in its environment.
 */
import { runCheck } from "../../../lib/check/check.ts";
import type { ModeName } from "../../../lib/rules.ts";
import type { CaseReport } from "../../../lib/check/reports/report.ts";
import { formatReport } from "../../../lib/check/reports/reports.ts";
import { readLines } from "./lines.ts";

/** A program to check. */
export interface Job {
  readonly mode: ModeName;
  readonly end: "server" | "client";
  readonly greeting: boolean;
  /** How it is started; the server's port is added to it. */
  readonly command: readonly string[];
  /** What the report has to say: once it does, the rest is not played. */
  readonly fails: string | undefined;
}

/** What came of a job: a judgement, or a bug of ours. */
export type Outcome = Judgement | { readonly error: string };

/** What the check says of a program. */
export interface Judgement {
  readonly passed: boolean;
  /** What the report says of the cases that failed. */
  readonly failures: string;
  /** The report as a person reads it. */
  readonly text: string;
  readonly milliseconds: number;
  /** What the program left behind: its processes, its port. */
  readonly left: readonly string[];
}

const MARK = "SOCKET_LAB_CORPUS";
const hostname = "127.0.0.1";
/** How long what was ended may take to be gone, in milliseconds. */
const GONE = 2_000;

async function work(firstPort: number): Promise<void> {
  let port = firstPort;
  for await (const line of readLines(Deno.stdin.readable)) {
    while (await isTaken(port)) port++;
    const outcome = await check(JSON.parse(line), port++).catch((error) => ({
      error: error instanceof Error ? error.stack : String(error),
    }));
    console.log(JSON.stringify(outcome));
  }
}

/** A wrong program is checked until it fails for the reason that it is wrong for. */
async function check(job: Job, port: number): Promise<Judgement> {
  const { mode, end, greeting, command, fails } = job;
  const mark = `${Deno.pid}-${port}`;
  Deno.env.set(MARK, mark);
  const ending = new AbortController();
  const expected = fails === undefined ? undefined : new RegExp(fails, "i");
  const report = await runCheck(end, {
    ...{ mode, options: { greeting }, signal: ending.signal },
    address: { hostname, port },
    command: [...command, String(port)],
    onCase: (each) => {
      if (expected?.test(failures([each]))) ending.abort();
    },
  });
  const { passed, cases, milliseconds } = report;
  return {
    ...{ passed, milliseconds, failures: failures(cases) },
    text: formatReport("text", report),
    left: await leftBehind(mark, port),
  };
}

/** What a report says of the cases that fail. */
function failures(cases: readonly CaseReport[]): string {
  return cases.filter(({ verdict }) => verdict === "fail").flatMap((
    { name, expected, came, hint, lastLines = [] },
  ) => [name, expected, came, hint, ...lastLines]).join("\n");
}

/** What is still there a while after a check; its processes are ended now. */
async function leftBehind(mark: string, port: number): Promise<string[]> {
  const latest = Date.now() + GONE;
  let left;
  while (
    (left = await look(mark, port)).length > 0 && Date.now() < latest
  ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (const { pid } of marked(mark)) end(pid);
  return left;
}

function end(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

async function look(mark: string, port: number): Promise<string[]> {
  const processes = marked(mark).map(({ pid, words }) =>
    `process ${pid}, ${words}`
  );
  return await isTaken(port) ? [...processes, `port ${port}`] : processes;
}

/** The processes that have inherited a mark; on Linux alone they can be found. */
function marked(mark: string): { pid: number; words: string }[] {
  if (Deno.build.os !== "linux") return [];
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name))
    .filter((pid) => pid > 0 && pid !== Deno.pid)
    .filter((pid) => read(pid, "environ").includes(`${MARK}=${mark}\0`))
    .map((pid) => ({ pid, words: read(pid, "cmdline").replaceAll("\0", " ") }));
}

function read(pid: number, file: "environ" | "cmdline"): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/${file}`);
  } catch {
    return ""; // it has ended meanwhile, or is somebody else's
  }
}

/** Whether a program holds a port; what the system keeps of it does not count. */
async function isTaken(port: number): Promise<boolean> {
  try {
    Deno.listenDatagram({ transport: "udp", hostname, port }).close();
    (await Deno.connect({ hostname, port })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    if (error instanceof Deno.errors.AddrInUse) return true;
    throw error;
  }
}

if (import.meta.main) await work(Number(Deno.args[0]));
