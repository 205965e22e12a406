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

/** How many programs of a mode are checked at the same time. */
const WORKERS = 2;

/** How long a report may take, in milliseconds. */
const REPORT_LIMIT = 60_000;

/**
 * The same seed, the same check. Each program has its own: the ports of clients
 * are drawn from it, and two programs at once cannot have the same.
 */
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

/** How many programs of each end of a mode are checked every time. */
const RIGHT = 3;
const WRONG: Record<ModeName, number> = {
  // Its client ports are fixed, so that these are checked one after another.
  permission: 4,
  uppercase: 6,
  sequence: 7,
  chat: 7,
  sum: 7,
};

/** Whether every program is to be checked, which takes a quarter of an hour. */
const isWhole = Deno.env.get("CORPUS") === "all";

/** Tests programs for these modes, all modes at once. */
export function testPrograms(modes: readonly ModeName[]): void {
  const groups = modes.map((mode) => ({ mode, programs: selected(mode) }));
  // Begun by the first test, and not while tests are looked for.
  let all: Promise<Report | Error>[][] | undefined;
  for (const [g, { mode, programs }] of groups.entries()) {
    Deno.test({
      name: `programs for ${mode}`,
      ignore: !hasPython(),
      // What the other modes have begun goes on after the first test.
      sanitizeOps: false,
      sanitizeResources: false,
      async fn(t) {
        all ??= groups.map((each) => checkAll(each.mode, each.programs));
        for (const [i, program] of programs.entries()) {
          await t.step({
            name: program.name,
            sanitizeOps: false,
            sanitizeResources: false,
            fn: async () => {
              const report = await all![g]![i]!;
              if (report instanceof Error) throw report;
              judge(program, report);
            },
          });
        }
      },
    });
  }
}

/** The programs to check: right and wrong ones of both ends. */
function selected(mode: ModeName): Program[] {
  const programs = [...programsFor(mode)];
  assert(programs.length > 0);
  if (isWhole) return programs;
  return (["server", "client"] as const).flatMap((end) => {
    const own = programs.filter((each) => each.end === end);
    const right = own.filter(({ isRight }) => isRight);
    const wrong = own.filter(({ isRight }) => !isRight);
    return [...spread(right, RIGHT), ...spread(wrong, WRONG[mode])];
  });
}

/** So many of them, from all over the list. */
function spread<T>(all: readonly T[], count: number): T[] {
  const places = Array.from(
    { length: count },
    (_, i) => Math.floor((i + 0.5) * all.length / count),
  );
  return places.map((place) => all[place]!);
}

function hasPython(): boolean {
  try {
    return new Deno.Command("python3", { args: ["--version"] }).outputSync()
      .success;
  } catch {
    return false;
  }
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
      const report = check(mode, programs[i]!, SEED + i);
      turns[i]!.resolve(await report.catch((error: Error) => error));
    }
  };
  for (let i = 0; i < WORKERS; i++) work();
  return turns.map(({ promise }) => promise);
}

async function check(
  mode: ModeName,
  { path, end, greeting }: Program,
  seed: number,
): Promise<Report> {
  const address = { hostname: "127.0.0.1", port: freePort() };
  const command = ["python3", path, String(address.port)];
  const options = { mode, address, command, greeting, seed };
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
