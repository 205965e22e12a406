/**
 * The README files as a reader uses them: every link leads somewhere, the first
 * one is short, and every limit that is named is the program's.
 */
import { assert, assertEquals } from "@std/assert";
import { documentPaths } from "../support/documents.ts";

const PROJECT = new URL("../../", import.meta.url);

/** What the first page may have, in bytes: more is not read by a newcomer. */
const LONGEST_README = 25 * 1024;

const LINK = /\]\(([^)\s]+)\)/g;
const FENCED = /^```[\s\S]*?^```$/gm;

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, PROJECT));
}

/** The names that a page's headings have in its address. */
function anchorsOf(markdown: string): Set<string> {
  const headings = markdown.replaceAll(FENCED, "").matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, heading]) =>
      heading!.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-")
    ),
  );
}

/** What is wrong with a link; undefined if it leads somewhere. */
function brokenLink(from: string, target: string): string | undefined {
  if (/^https?:/.test(target)) return undefined;
  const [path, anchor] = target.split("#") as [string, string?];
  const page = path === "" ? from : new URL(path, `file:///${from}`).pathname;
  const file = page.replace(/^\//, "");
  try {
    const { isFile } = Deno.statSync(new URL(file, PROJECT));
    if (anchor === undefined) return undefined;
    if (isFile && anchorsOf(read(file)).has(anchor)) return undefined;
    return `${from}: no heading for ${target}`;
  } catch {
    return `${from}: no file for ${target}`;
  }
}

Deno.test("README.md is short", () => {
  const { length } = new TextEncoder().encode(read("README.md"));
  assert(length <= LONGEST_README, `${length} bytes`);
});

Deno.test("every link of a README leads somewhere", () => {
  const broken = documentPaths().flatMap((path) => {
    const text = read(path).replaceAll(FENCED, "");
    return [...text.matchAll(LINK)]
      .map(([, target]) => brokenLink(path, target!))
      .filter((problem) => problem !== undefined);
  });
  assertEquals(broken, []);
});
/** A row of the table of limits: `| what, `NAME` of [file](path) | value | why |`. */
const LIMIT =
  /^\|[^|]*`([A-Z][A-Z_]+)` of \[[^\]]*\]\(([^)]+)\)[^|]*\| ([\d ]+)/gm;

/** The value of a constant as the source has it: a product of numbers. */
function constantOf(source: string, name: string): number | undefined {
  const declared = new RegExp(`const ${name}(?:: \\w+)? =\\s*([^;]+);`);
  const [, expression] = declared.exec(source) ?? [];
  const factors = expression?.replaceAll("_", "").split("*").map(Number);
  return factors?.reduce((product, factor) => product * factor, 1);
}

Deno.test("every limit that lib/README.md names is the program's", () => {
  const rows = [...read("lib/README.md").matchAll(LIMIT)];
  assert(rows.length > 20, `only ${rows.length} rows were understood`);
  for (const [, name, path, value] of rows) {
    const source = read(`lib/${path}`);
    const expected = Number(value!.replaceAll(" ", ""));
    assertEquals(constantOf(source, name!), expected, `${name} of ${path}`);
  }
});
