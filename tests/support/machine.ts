/**
 * What the machine has besides Deno: tests that need more are ignored, and say
 * so in their names.
 */

const found = new Map<string, boolean>();

/** Whether a program is installed; each is looked for once. */
export function has(program: string): boolean {
  let isThere = found.get(program);
  if (isThere === undefined) {
    isThere = program === "python3" ? hasPython() : runs(program);
    found.set(program, isThere);
  }
  return isThere;
}

function runs(program: string): boolean {
  // Not every shell knows its version, and not every netcat succeeds.
  const isShell = /^(ba|da)?sh$/.test(program);
  const result = run(program, isShell ? ["-c", ":"] : ["--version"]);
  return result !== undefined && (result.success || program === "nc");
}

/**
 * What is found as `python3` may be a script that looks for the real one, and
 * takes longer than that: from now on the real one comes first.
 */
function hasPython(): boolean {
  const source = "import os, sys; print(os.path.dirname(sys.executable))";
  const { success, stdout } = run("python3", ["-c", source]) ?? {};
  if (!success) return false;
  const folder = new TextDecoder().decode(stdout).trim();
  const path = Deno.env.get("PATH") ?? "";
  if (!path.startsWith(`${folder}:`)) {
    Deno.env.set("PATH", `${folder}:${path}`);
  }
  return true;
}

/** Undefined if the program is not there. */
function run(
  program: string,
  args: string[],
): Deno.CommandOutput | undefined {
  try {
    const options = { args, stdin: "null" } as const;
    return new Deno.Command(program, options).outputSync();
  } catch {
    return undefined;
  }
}

/** Has the code take this system for another, until it is disposed of. */
export function pretendToBe(os: typeof Deno.build.os): Disposable {
  const { build } = Deno;
  const become = (value: typeof Deno.build) =>
    Object.defineProperty(Deno, "build", { value });
  become({ ...build, os });
  return { [Symbol.dispose]: () => become(build) };
}

/** The memory of one test file, in bytes: others run in the same process. */
export function ownMemory(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}
