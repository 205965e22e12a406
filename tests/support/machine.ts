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
  const args = program === "nc" ? ["-h"] : ["--version"];
  return output(program, args) !== undefined;
}

/**
 * What is found as `python3` may be a script that looks for the real one, and
 * takes longer than that: from now on the real one comes first.
 */
function hasPython(): boolean {
  const source = "import os, sys; print(os.path.dirname(sys.executable))";
  const folder = output("python3", ["-c", source]);
  const path = Deno.env.get("PATH") ?? "";
  if (folder && !path.startsWith(`${folder}:`)) {
    Deno.env.set("PATH", `${folder}:${path}`);
  }
  return Boolean(folder);
}

/** What a program prints; undefined if it is not there, or cannot even start. */
function output(program: string, args: string[]): string | undefined {
  try {
    const options = { args, stdin: "null", stderr: "null" } as const;
    const { stdout } = new Deno.Command(program, options).outputSync();
    return new TextDecoder().decode(stdout).trim();
  } catch {
    return undefined;
  }
}
