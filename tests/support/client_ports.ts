/**
 * The client ports of `permission`, 1234 and 3333, are fixed: tests in several
 * files, which may run at the same time, take turns.
 */

/** Any file that is there: only its lock is used, which ends with its holder. */
const FILE = new URL("../../deno.json", import.meta.url);

/** Waits until no other test has the fixed ports; they are free once disposed of. */
export async function takeClientPorts(): Promise<Disposable> {
  const file = await Deno.open(FILE);
  await file.lock(true);
  return file;
}
