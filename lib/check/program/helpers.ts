/** Other programs that help a check, if Deno may run them. */

/** How long a helper may take, in milliseconds. */
const LIMIT = 3_000;

/** Whether Deno may start this program. */
export function mayRun(command: string): boolean {
  return Deno.permissions.querySync({ name: "run", command }).state ===
    "granted";
}

/** Whether Deno may start any program, and so may end any process. */
export function mayRunAll(): boolean {
  return Deno.permissions.querySync({ name: "run" }).state === "granted";
}

/** Runs a helper. @returns whether it is installed and ended with status 0 */
export async function succeeds(
  command: string,
  args: readonly string[],
): Promise<boolean> {
  try {
    const process = new Deno.Command(command, {
      args: [...args],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const timer = setTimeout(() => endProcess(process), LIMIT);
    const { success } = await process.status;
    clearTimeout(timer);
    return success;
  } catch {
    return false; // allowed, but not installed
  }
}

function endProcess(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}
