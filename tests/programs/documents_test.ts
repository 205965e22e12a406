/**
 * The README files as a reader uses them: every link leads somewhere, and the
 * first one is short.
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
