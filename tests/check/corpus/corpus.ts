/**
 * The sample programs of `../programs/`: right ones as files, and wrong ones as
 * changes to a right one. The README there says how both are written.
 */
import type { ModeName } from "../../../lib/rules.ts";
import { MODE_NAMES } from "../../../lib/rules.ts";

const PROGRAMS = new URL("../programs/", import.meta.url);
const ENDS = ["server", "client"] as const;

/** Whether a program is right, wrong, or speaks what a check cannot judge. */
export type Verdict = "passes" | "fails" | "unjudged";

/** A sample program, and what a check has to say of it. */
export interface Program {
  /** As in `permission/server textbook`, `permission/server textbook: tcp`. */
  readonly name: string;
  readonly mode: ModeName;
  readonly end: typeof ENDS[number];
  readonly source: string;
  /** What its file's name ends with, which says the language: `py`. */
  readonly extension: string;
  readonly greeting: boolean;
  readonly verdict: Verdict;
  /** What its report says: of its failures, if it is wrong. */
  readonly says: RegExp | undefined;
  /** Whether its kind is checked already by another, in every run. */
  readonly isAgain: boolean;
}

/** All programs, each right one followed by those that are made from it. */
export function* allPrograms(): Iterable<Program> {
  for (const mode of MODE_NAMES) {
    const files = filesOf(mode);
    for (const end of ENDS) yield* programsOf(mode, end, files);
  }
}

/** The files of a mode, by their names; none for a mode that has no cases. */
function filesOf(mode: ModeName): Map<string, string> {
  const folder = new URL(`${mode}/`, PROGRAMS);
  const isThere = [...Deno.readDirSync(PROGRAMS)].some(({ name }) =>
    name === mode
  );
  const names = isThere
    ? [...Deno.readDirSync(folder)].map(({ name }) => name)
    : [];
  return new Map(
    names.sort().map((
      name,
    ) => [name, Deno.readTextFileSync(new URL(name, folder))]),
  );
}

/** @throws {Error} if a row changes a program that is not there */
function* programsOf(
  mode: ModeName,
  end: Program["end"],
  files: ReadonlyMap<string, string>,
): Iterable<Program> {
  const rows = new Set(readRows(files.get(`${end}.diff`) ?? ""));
  for (const [file, source] of files) {
    const [, stem, extension] =
      new RegExp(`^${end}_(\\w+)\\.(\\w+)$`).exec(file) ?? [];
    if (!stem || !extension) continue;
    const unjudged = headOf(source, "unjudged");
    const right: Program = {
      ...{ name: `${mode}/${end} ${stem}`, mode, end, source, extension },
      greeting: headOf(source, "options")?.includes("--greeting") ?? false,
      verdict: unjudged === undefined ? "passes" : "unjudged",
      says: unjudged === undefined ? undefined : new RegExp(unjudged, "i"),
      isAgain: headOf(source, "again") !== undefined,
    };
    yield right;
    for (const row of rows) {
      if (row.base === stem && rows.delete(row)) yield changed(right, row);
    }
  }
  const [lost] = rows;
  if (lost) throw new Error(`${mode}/${end}.diff: ${lost.name}: no base`);
}

/** What the comments at the head of a program say of it. */
function headOf(source: string, key: string): string | undefined {
  return new RegExp(`^(?:#|//) ${key}: (.+)$`, "m").exec(source)?.[1];
}

/** A row of a table: what makes a right program a wrong one. */
export interface Row {
  readonly name: string;
  /** The right program that is changed. */
  readonly base: string;
  readonly isAgain: boolean;
  readonly verdict: Verdict;
  readonly says: string | undefined;
  readonly hunks: readonly Hunk[];
}

/** Lines that are found in a program, and those that take their place. */
interface Hunk {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const ROW = new RegExp(
  "^## (?<name>\\w+) \\((?<base>\\w+)(?<again>, again)?\\)\\n.+\\n" +
    "(?<verdict>passes|fails|unjudged)(: (?<says>.+))?\\n(?<changes>[^]+)$",
);

/** @throws {Error} for a row that cannot be read, with its text */
export function* readRows(table: string): Iterable<Row> {
  const [, ...texts] = table.trimEnd().split(/\n\n(?=## )/);
  for (const text of texts) {
    const head = ROW.exec(text)?.groups;
    if (head === undefined) throw new Error(`no row:\n${text}`);
    const { name = "", base = "", again, verdict, says, changes = "" } = head;
    const hunks = changes.split("\n@@\n").map(readHunk);
    const isAgain = again !== undefined;
    yield { name, base, isAgain, verdict: verdict as Verdict, says, hunks };
  }
}

function readHunk(text: string): Hunk {
  const lines = text.split("\n");
  const without = (mark: string) =>
    lines.filter((line) => !line.startsWith(mark)).map((line) => line.slice(1));
  return { before: without("+"), after: without("-") };
}

function changed(right: Program, row: Row): Program {
  const { name, isAgain, verdict, says } = row;
  return {
    ...right,
    name: `${right.name}: ${name}`,
    source: change(right.source, row),
    says: says === undefined ? undefined : new RegExp(says, "i"),
    ...{ verdict, isAgain },
  };
}

/**
 * Makes the changes of a row.
 *
 * @throws {Error} if what is to be changed is not there exactly once
 */
export function change(source: string, { name, hunks }: Row): string {
  const lines = source.split("\n");
  const spans = hunks.map((hunk) => ({ ...hunk, at: find(lines, hunk, name) }));
  // From the end to the beginning, so that what was found stays where it is.
  for (const { at, before, after } of spans.sort((a, b) => b.at - a.at)) {
    lines.splice(at, before.length, ...after);
  }
  return lines.join("\n");
}

function find(lines: readonly string[], { before }: Hunk, row: string): number {
  const found = lines.flatMap((_, at) =>
    before.every((line, i) => lines[at + i] === line) ? [at] : []
  );
  const [at] = found;
  if (at !== undefined && found.length === 1) return at;
  const times = `${found.length} times`;
  throw new Error(`${row}: found ${times}:\n${before.join("\n")}`);
}
