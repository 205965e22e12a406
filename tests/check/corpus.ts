/**
 * Checks the programs of `programs/`: the right ones have to pass, and the wrong
 * ones have to fail for the reason that they are wrong for.
 *
 * The head of each program says what it is: `# mode:`, `# end:`, `# verdict:`,
 * and, where it is wrong, `# fails:` with a pattern for what the report says of
 * the failure.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { checkClient, checkServer } from "../../lib/check/check.ts";
import type { ModeName } from "../../lib/check/expectation.ts";
import type { Report } from "../../lib/check/report.ts";
import { formatReport } from "../../lib/check/reports/reports.ts";

const PROGRAMS = new URL("programs/", import.meta.url);

/** How many programs are checked at the same time: they wait most of it. */
const WORKERS = 8;

/** How long a report may take, in milliseconds. */
const REPORT_LIMIT = 60_000;

/** The same seed, the same check. */
const SEED = 7;

/** A program, and what its head says of it. */
interface Program {
  readonly name: string;
  readonly path: string;
  readonly end: "server" | "client";
  readonly isRight: boolean;
  readonly greeting: boolean;
  /** What the report says of its failure. */
  readonly fails: RegExp | undefined;
}

/** Tests all programs for a mode. */
export function testPrograms(mode: ModeName): void {
  // Which of them fail at which sentence is what the steps tell.
  Deno.test(`programs for ${mode}`, async (t) => {
    const programs = [...programsFor(mode)];
    assert(programs.length > 0);
    const reports = checkAll(mode, programs);
    for (const [i, program] of programs.entries()) {
      await t.step(program.name, async () => {
        const report = await reports[i]!;
        if (report instanceof Error) throw report;
        judge(program, report);
      });
    }
  });
}

function judge({ isRight, fails }: Program, report: Report): void {
  assert(report.milliseconds < REPORT_LIMIT);
  assertEquals(report.passed, isRight, formatReport("text", report));
  if (fails !== undefined) assertMatch(failures(report), fails);
}

/** What a report says of the cases that fail. */
function failures({ cases }: Report): string {
  return cases.filter(({ verdict }) => verdict === "fail")
    .flatMap((
      { name, expected, came, hint, lastLines = [] },
    ) => [name, expected, came, hint, ...lastLines]).join("\n");
}

function* programsFor(mode: ModeName): Iterable<Program> {
  const folder = new URL(`${mode}/`, PROGRAMS);
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
  for (const name of files.filter((each) => each.endsWith(".py")).sort()) {
    const url = new URL(name, folder);
    const source = Deno.readTextFileSync(url);
    const head = (key: string) =>
      new RegExp(`^# ${key}: (.+)$`, "m").exec(source)?.[1];
    const fails = head("fails");
    const end = head("end");
    if (end !== "server" && end !== "client") throw new Error(`${name}: end`);
    assertEquals(head("mode"), mode, name);
    yield {
      name,
      path: decodeURIComponent(url.pathname),
      end,
      isRight: head("verdict") === "right",
      greeting: name.includes("_greeting"),
      fails: fails === undefined ? undefined : new RegExp(fails, "i"),
    };
  }
}

/** Checks programs, some at a time. What goes wrong is a result like any other. */
function checkAll(
  mode: ModeName,
  programs: readonly Program[],
): Promise<Report | Error>[] {
  const turns = programs.map(() => Promise.withResolvers<Report | Error>());
  let next = 0;
  const work = async () => {
    while (next < programs.length) {
      const i = next++;
      const report = check(mode, programs[i]!);
      turns[i]!.resolve(await report.catch((error: Error) => error));
    }
  };
  for (let i = 0; i < WORKERS; i++) work();
  return turns.map(({ promise }) => promise);
}

async function check(
  mode: ModeName,
  { path, end, greeting }: Program,
): Promise<Report> {
  const address = { hostname: "127.0.0.1", port: freePort() };
  const command = ["python3", path, String(address.port)];
  const options = { mode, address, command, greeting, seed: SEED };
  return await (end === "server" ? checkServer(options) : checkClient(options));
}

/** The ports given out: the system may offer one again that is free just now. */
const taken = new Set<number>();

function freePort(): number {
  for (;;) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    if (taken.has(port)) continue;
    taken.add(port);
    return port;
  }
}
