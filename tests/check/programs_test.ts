/**
 * The programs of `programs/`: the right ones pass, the wrong ones fail for the
 * reason that they are wrong for, and none leaves anything behind.
 *
 * One program of each kind is checked. With `CORPUS` in the environment, all of
 * them (`all`), or those that have a text in their name (`sum/client`).
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { allPrograms, type Program } from "./corpus/corpus.ts";
import { lacking, make } from "./corpus/languages.ts";
import type { Job, Outcome } from "./corpus/lane.ts";
import { checkAll } from "./corpus/lanes.ts";

/** How long a report may take, in milliseconds. */
const REPORT_LIMIT = 60_000;
/** How many are checked at the same time: they wait most of it. */
const LANES = 16;

function judge({ verdict, says }: Program, outcome: Outcome): void {
  if ("error" in outcome) throw new Error(outcome.error);
  const { passed, text, failures, left, milliseconds } = outcome;
  assert(milliseconds < REPORT_LIMIT);
  assertEquals(passed, verdict === "passes", text);
  if (verdict === "unjudged") assertMatch(text, /cannot be judged/i);
  const told = verdict === "fails" ? failures : text;
  if (says !== undefined) assertMatch(told, says, text);
  assertEquals(left, [], `left behind\n${text}`);
}

function chosen(corpus: string | undefined): (program: Program) => boolean {
  if (corpus === undefined) return ({ isAgain }) => !isAgain;
  return ({ name }) => corpus === "all" || name.includes(corpus);
}

/** Makes a program, in a folder of its own. */
function jobFor(program: Program, folder: string): Job {
  const { mode, end, greeting, source, extension, verdict, says } = program;
  Deno.mkdirSync(folder);
  const command = make(source, extension, folder);
  const fails = verdict === "fails" ? says?.source : undefined;
  return { mode, end, greeting, command, fails };
}

Deno.test("right programs pass, wrong ones fail for their reason", async (t) => {
  const programs = [...allPrograms()].filter(chosen(Deno.env.get("CORPUS")));
  const made = programs.filter(({ extension }) => !lacking(extension));
  const folder = Deno.makeTempDirSync();
  const jobs = made.map((each, i) => jobFor(each, `${folder}/${i}`));
  const { outcomes, ended } = checkAll(jobs, LANES);
  for (const program of programs) {
    const outcome = outcomes[made.indexOf(program)];
    const why = lacking(program.extension) ?? "";
    await t.step({
      name: outcome ? program.name : `${program.name} (${why})`,
      ignore: outcome === undefined,
      fn: async () => judge(program, await outcome!),
    });
  }
  await ended;
  Deno.removeSync(folder, { recursive: true });
});
