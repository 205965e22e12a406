/**
 * The file that `--output` names.
 */
import { reasonOf } from "../net/errors.ts";
import { Failure } from "../rules/contract.ts";
import type { Output } from "./output.ts";

/**
 * Creates or empties a file. PowerShell's `>` would turn anything that goes
 * through it into UTF-16, even a packet capture.
 *
 * @throws {Failure} if it cannot be written; names the missing permission
 */
export function createFile(path: string | undefined): Output | undefined {
  if (path === undefined) return undefined;
  const { state } = Deno.permissions.querySync({ name: "write", path });
  if (state !== "granted") {
    const run = Deno.build.standalone ? "Compile it" : "Run";
    throw new Failure(
      `Deno does not allow writing to ${path}. ${run} with --allow-write=${path}.`,
    );
  }
  try {
    return Deno.openSync(path, { write: true, create: true, truncate: true });
  } catch (error) {
    throw new Failure(`Cannot write to ${path}: ${reasonOf(error)}`);
  }
}
