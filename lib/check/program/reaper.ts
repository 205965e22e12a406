/**
 * Ends what a checked program leaves behind: a child that it forked may hold
 * its port, and would make the next start fail.
 *
 * Deno lets a program end its own child, and no other process, unless it may
 * run everything (`--allow-run` without a list). But whoever may start
 * `python3` can ask Python to do it. A program is started with a mark in its
 * environment, which all its descendants inherit: on Linux Python finds them by
 * it, wherever they went. Elsewhere, and without Python, the group is ended that
 * the program was the first of.
 */

/** The variable of the environment that marks everything a check starts. */
export const MARK = "SOCKET_LAB_CHECK";

/** How long ending what was left may take, in milliseconds. */
const LIMIT = 3_000;

const PYTHON = `
import os, sys
mark = sys.argv[1].encode()
linux = os.path.isdir('/proc/self')
for group in [] if linux else sys.argv[2:]:
    try: os.killpg(int(group), 9)
    except OSError: pass
def marked(pid):
    try:
        with open('/proc/%s/environ' % pid, 'rb') as file: return mark in file.read()
    except OSError: return False
for attempt in range(5):
    found = 0
    for pid in os.listdir('/proc') if linux else []:
        if pid.isdigit() and int(pid) != os.getpid() and marked(pid):
            try: os.kill(int(pid), 9); found += 1
            except OSError: pass
    if not found: break
`;

/** What can end processes, by the name of a program that Deno may run. */
const HELPERS: [
  name: RegExp,
  args: (mark: string, pids: string[]) => string[],
][] = [
  [
    /^(python|pypy)[0-9.]*$/,
    (mark, pids) => ["-IS", "-c", PYTHON, mark, ...pids],
  ],
  [/^kill$/, (_, pids) => ["-KILL", "--", ...pids.map((pid) => `-${pid}`)]],
  [/^(ba|da|z|k)?sh$/, (_, pids) => [
    "-c",
    'for group; do kill -9 -- "-$group"; done',
    "sh",
    ...pids,
  ]],
  [
    /^node$/,
    (
      _,
      pids,
    ) => [
      "-e",
      `for (const pid of [${pids}]) try { process.kill(-pid, 9) } catch {}`,
    ],
  ],
  [
    /^deno$/,
    (
      _,
      pids,
    ) => [
      "eval",
      `for (const pid of [${pids}]) try { Deno.kill(-pid, "SIGKILL") } catch {}`,
    ],
  ],
];

/**
 * Ends everything that is left of a check's programs.
 *
 * @param program the program that was started; others are tried after it
 * @param mark the value of `MARK` that they were started with
 * @param groups the process groups that have not ended with their first process;
 * another may have got the number of one that has
 * @returns whether there was a way to do so
 */
export async function reap(
  program: string,
  mark: string,
  groups: readonly number[],
): Promise<boolean> {
  for (const helper of [program, "python3", "kill"]) {
    const name = helper.replace(/^.*[/\\]/, "").replace(/\.exe$/i, "");
    const args = HELPERS.find(([pattern]) => pattern.test(name))?.[1];
    if (args === undefined || !mayRun(helper)) continue;
    const findsMark = args === HELPERS[0]![1] && Deno.build.os === "linux";
    if (groups.length === 0 && !findsMark) return true;
    if (await run(helper, args(`${MARK}=${mark}`, groups.map(String)))) {
      return true;
    }
  }
  return killGroups(groups);
}

/** Whether Deno may start this program. */
export function mayRun(command: string): boolean {
  return Deno.permissions.querySync({ name: "run", command }).state ===
    "granted";
}

async function run(command: string, args: string[]): Promise<boolean> {
  try {
    const process = new Deno.Command(command, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const timer = setTimeout(() => process.kill("SIGKILL"), LIMIT);
    await process.status;
    clearTimeout(timer);
    return true;
  } catch {
    return false; // not installed, though Deno would allow it
  }
}

/** Deno allows this only to a program that may run everything. */
function killGroups(groups: readonly number[]): boolean {
  if (Deno.permissions.querySync({ name: "run" }).state !== "granted") {
    return false;
  }
  for (const group of groups) {
    try {
      Deno.kill(-group, "SIGKILL");
    } catch {
      // Nothing is left of it.
    }
  }
  return true;
}
