/**
 * Ends what a checked program leaves behind: a child that it forked could hold
 * its port and make the next start fail.
 *
 * Unless it may run everything (`--allow-run` without a list), Deno may end
 * only its own child; but a helper that it may run can end the rest. Helpers
 * are tried in turn until nothing is left.
 */
import { mayRun, mayRunAll, succeeds } from "./helpers.ts";
import { nameOf } from "./terminal.ts";

/** The environment variable that marks everything a check starts. */
export const MARK = "SOCKET_LAB_CHECK";

/** Ends process groups; on Linux, everything with the mark, in any group. */
const PYTHON = `
import sys; sys.path.pop(0)
import os
mark = sys.argv[1].encode()
for group in sys.argv[2:]:
    try: os.killpg(int(group), 9)
    except OSError: pass
def marked(pid):
    try:
        with open('/proc/%s/environ' % pid, 'rb') as file: return mark in file.read()
    except (IOError, OSError): return False
for attempt in range(5):
    found = 0
    for pid in os.listdir('/proc') if os.path.isdir('/proc/self') else []:
        if pid.isdigit() and int(pid) != os.getpid() and marked(pid):
            try: os.kill(int(pid), 9); found += 1
            except OSError: pass
    if not found: break
`;

/** Programs that can end process groups, the best first. */
const HELPERS: readonly [
  name: RegExp,
  args: (mark: string, groups: readonly string[]) => string[],
][] = [
  [
    /^(python|pypy)[0-9.]*$/,
    (mark, groups) => ["-ES", "-c", PYTHON, mark, ...groups],
  ],
  [/^kill$/, (_, groups) => ["-KILL", "--", ...groups.map((id) => `-${id}`)]],
  // One at a time, and without `--`, which dash does not know here.
  [/^(ba|da|z|k)?sh$/, (_, groups) => [
    "-c",
    'for group; do kill -9 "-$group"; done',
    "sh",
    ...groups,
  ]],
];

type Reap = (groups: readonly number[]) => Promise<unknown>;

/**
 * Ends everything that is left of a check's programs.
 *
 * @param program the program that was started, which may serve as a helper
 * @param mark the value of `MARK` that it was started with
 * @param groups the process groups known to have members left; the number of an
 * empty one may belong to another program by now
 * @returns whether nothing is left, as `isDone` says
 */
export async function reap(
  program: string,
  mark: string,
  groups: readonly number[],
  isDone: () => Promise<boolean>,
): Promise<boolean> {
  for (const end of waysToReap(program, `${MARK}=${mark}`)) {
    await end(groups);
    if (await isDone()) return true;
  }
  return await isDone();
}

function waysToReap(program: string, mark: string): Reap[] {
  const names = [...new Set([program, "python3", "python", "kill", "sh"])];
  const helpers = HELPERS.flatMap(([name, args]) =>
    names.filter((each) => name.test(nameOf(each)) && mayRun(each))
      .map((helper): Reap => (groups) =>
        succeeds(helper, args(mark, groups.map(String)))
      )
  );
  return mayRunAll() ? [...helpers, killGroups] : helpers;
}

function killGroups(groups: readonly number[]): Promise<void> {
  for (const group of groups) {
    try {
      Deno.kill(-group, "SIGKILL");
    } catch {
      // Nothing is left in the group.
    }
  }
  return Promise.resolve();
}
