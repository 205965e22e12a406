/**
 * Scripts that fail: one line that says what failed, the value and what to do,
 * and nothing else anywhere.
 */
import { assert, assertEquals } from "@std/assert";
import { type ScriptOptions, startScript } from "./harness.ts";

/** Runs a script that fails; gives the one line that it prints. */
export async function failure(
  program: "server" | "client",
  args: string[],
  status: number,
  options?: ScriptOptions,
): Promise<string> {
  await using script = await startScript(program, args, options);
  assertEquals(await script.exits(), status, script.stderr.text);
  assertEquals(script.stdout.text, "");
  assertEquals(script.stderr.lines.length, 1, script.stderr.text);
  const line = script.stderr.lines[0]!;
  assertEquals(script.stderr.text, `${line}\n`);
  assert(line.startsWith(`[ERROR] [${program}]: `), line);
  return line;
}

/** Checks that a text names every value and cure that it should. */
export function assertNames(line: string, names: readonly string[]): void {
  for (const name of names) assert(line.includes(name), `${name}? ${line}`);
}
