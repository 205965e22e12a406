/**
 * The programs of `programs/`: the right ones pass, and the wrong ones fail for
 * the reason that they are wrong for.
 *
 * The head of each program says what it is: `# mode:`, `# end:`, `# verdict:`,
 * and, where it is wrong, `# fails:` with a pattern for what the report says of
 * the failure. `# again:` marks one whose mistake another has as well: it is
 * checked where the environment has CHECK_ALL.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { checkClient, checkServer } from "../../lib/check/check.ts";
import type { ModeName } from "../../lib/check/play/expectation.ts";
import { freePort } from "../../lib/check/play/free_port.ts";
import type { CaseReport, Report } from "../../lib/check/reports/report.ts";
import { formatReport } from "../../lib/check/reports/reports.ts";
import { MODE_NAMES } from "../../lib/rules.ts";

const PROGRAMS = new URL("programs/", import.meta.url);

/** How long a report may take, in milliseconds. */
const REPORT_LIMIT = 60_000;

/** How many are checked at the same time: they wait most of it. */
const WORKERS = 12;
/** How many of those that all need client ports 1234 and 3333. */
const PORT_WORKERS = 2;

/** A program, and what its head says of it. */
interface Program {
  readonly name: string;
  readonly path: string;
  readonly mode: ModeName;
  readonly end: "server" | "client";
  readonly isRight: boolean;
  readonly greeting: boolean;
  /** What the report says of its failure. */
  readonly fails: RegExp | undefined;
  readonly isAgain: boolean;
}

/** Whether it has to wait for the fixed client ports. */
function needsPorts({ mode, end }: Program): boolean {
  return mode === "permission" && end === "server";
}

function* allPrograms(): Iterable<Program> {
  for (const mode of MODE_NAMES) {
    const folder = new URL(`${mode}/`, PROGRAMS);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    for (const name of names.filter((each) => each.endsWith(".py")).sort()) {
      yield readHead(mode, new URL(name, folder));
    }
  }
}

function readHead(mode: ModeName, url: URL): Program {
  const path = decodeURIComponent(url.pathname);
  const name = path.split("/").slice(-2).join("/");
  const source = Deno.readTextFileSync(url);
  const head = (key: string) =>
    new RegExp(`^# ${key}: (.+)$`, "m").exec(source)?.[1];
  const [end, verdict, fails] = [head("end"), head("verdict"), head("fails")];
  if (end !== "server" && end !== "client") throw new Error(`${name}: end`);
  assertEquals(head("mode"), mode, name);
  assert(verdict === "right" || fails !== undefined, name);
  return {
    ...{ name, path, mode, end },
    isRight: verdict === "right",
    greeting: head("options")?.includes("--greeting") ?? false,
    fails: fails === undefined ? undefined : new RegExp(fails, "i"),
    isAgain: head("again") !== undefined,
  };
}

/** A wrong program is checked until it fails for the reason that it is wrong for. */
async function check(program: Program): Promise<Report> {
  const { mode, path, end, greeting, fails } = program;
  const hostname = "127.0.0.1";
  const address = { hostname, port: portFor(hostname) };
  const command = ["python3", path, String(address.port)];
  const ending = new AbortController();
  const onCase = (each: CaseReport) => {
    if (fails?.test(failures([each]))) ending.abort();
  };
  const { signal } = ending;
  const run = end === "server" ? checkServer : checkClient;
  const options = { greeting };
  return await run({ mode, address, command, options, signal, onCase });
}

const taken = new Set<number>();

/** A port that no other check of this test has. */
function portFor(hostname: string): number {
  for (;;) {
    const port = freePort(hostname);
    if (!taken.has(port)) return taken.add(port) && port;
  }
}

/** What a report says of the cases that fail. */
function failures(cases: readonly CaseReport[]): string {
  return cases.filter(({ verdict }) => verdict === "fail").flatMap((
    { name, expected, came, hint, lastLines = [] },
  ) => [name, expected, came, hint, ...lastLines]).join("\n");
}

function judge({ isRight, fails }: Program, report: Report): void {
  assert(report.milliseconds < REPORT_LIMIT);
  const text = formatReport("text", report);
  assertEquals(report.passed, isRight, text);
  if (fails !== undefined) assertMatch(failures(report.cases), fails, text);
}

/** Checks programs, some at a time. What goes wrong is a result like any other. */
function checkAll(programs: readonly Program[]): Promise<Report | Error>[] {
  const turns = new Map(
    programs.map((
      each,
    ) => [each, Promise.withResolvers<Report | Error>()]),
  );
  // What takes long comes first, so that the last ones are short.
  const inTurn = programs.toSorted((one, other) =>
    Number(other.isRight) - Number(one.isRight)
  );
  const work = async (queue: Program[]) => {
    for (let next; (next = queue.shift());) {
      const report = check(next).catch((error: Error) => error);
      turns.get(next)!.resolve(await report);
    }
  };
  const waiting = inTurn.filter(needsPorts);
  const others = inTurn.filter((each) => !needsPorts(each));
  for (let i = 0; i < PORT_WORKERS; i++) work(waiting);
  for (let i = 0; i < WORKERS; i++) work(others);
  return programs.map((each) => turns.get(each)!.promise);
}

Deno.test("right programs pass, wrong ones fail for their reason", async (t) => {
  const isChosen = ({ isAgain }: Program) =>
    !isAgain || Deno.env.has("CHECK_ALL");
  const programs = [...allPrograms()].filter(isChosen);
  const reports = checkAll(programs);
  for (const [i, program] of programs.entries()) {
    await t.step(program.name, async () => {
      const report = await reports[i]!;
      if (report instanceof Error) throw report;
      judge(program, report);
    });
  }
});
