/**
 * A terminal for a program, so that what it prints can be seen.
 *
 * To a pipe, C, C++, Perl and others print only when a buffer is full or they
 * end by themselves; if the check ends them, that text is lost. So such a
 * program gets a pseudo-terminal, from whichever of these helpers is available.
 */
import { mayRun, succeeds } from "./helpers.ts";

/**
 * Gives the program a terminal that echoes nothing, in Python 2 or 3. Input is
 * a terminal as well, or C would hold prompts back; errors stay a pipe. The
 * helper leads the terminal's session: if it is killed, the system hangs up on
 * everything in it.
 */
const PYTHON = `
import sys; sys.path.pop(0)
import os, pty, select, signal, termios
try: os.setsid()
except OSError: pass
master, slave = pty.openpty()
mode = termios.tcgetattr(slave)
mode[1] &= ~termios.OPOST
mode[3] &= ~termios.ECHO
termios.tcsetattr(slave, termios.TCSANOW, mode)
os.close(os.open(os.ttyname(slave), os.O_RDWR))
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(slave, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.dup2(slave, 0); os.dup2(slave, 1)
    os.close(master); os.close(slave)
    try: os.execvp(sys.argv[1], sys.argv[1:])
    except OSError:
        os.write(2, ("%s: %s\\n" % (sys.argv[1], sys.exc_info()[1])).encode())
        os._exit(127)
os.close(slave)
def interrupt(*_):
    try: os.killpg(child, signal.SIGINT)
    except OSError: pass
signal.signal(signal.SIGINT, interrupt)
def patiently(call, *args):
    while True:
        try: return call(*args)
        except (OSError, select.error):
            if sys.exc_info()[1].args[0] != 4: return None
sources = [0, master]
while True:
    ready = patiently(select.select, sources, [], [])[0]
    if master in ready:
        text = patiently(os.read, master, 65536)
        if not text: break
        while text: text = text[patiently(os.write, 1, text) or len(text):]
    if 0 in ready:
        keys = patiently(os.read, 0, 4096)
        if not keys: sources.remove(0)
        patiently(os.write, master, keys or b"\\x04")
status = patiently(os.waitpid, child, 0)[1]
if os.WIFSIGNALED(status):
    signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
    os.kill(os.getpid(), os.WTERMSIG(status))
os._exit(os.WEXITSTATUS(status))
`;

/** How a program is started so that what it prints is seen at once. */
export interface Terminal {
  /** What Deno has to allow for it. */
  readonly helper: string;
  /** The arguments of the helper that starts a command. */
  readonly args: (command: readonly string[]) => string[];
  /** Whether Ctrl-C is typed as a key, not sent as a signal. */
  readonly hasKeys?: boolean;
}

const TERMINALS: readonly Terminal[] = [
  ...["python3", "python"].map((helper) => ({
    helper,
    args: (command: readonly string[]) => ["-ES", "-c", PYTHON, ...command],
  })),
  {
    helper: "script",
    hasKeys: true,
    // From util-linux. Input and errors are on the terminal as well.
    args: (command) => {
      const line = command.map(quoted).join(" ");
      const quiet = `stty -echo -opost; exec ${line}`;
      return ["-qefc", quiet, "/dev/null"];
    },
  },
  // No terminal, but line buffering for programs that use C's standard library.
  { helper: "stdbuf", args: (command) => ["-oL", ...command] },
];

/** Interpreters that print at once, perhaps thanks to `ENVIRONMENT`. */
const PROMPT = /^(python|pypy|node|deno|bun|java|dotnet)[0-9.]*$/;

/** Makes Python programs print at once, and in UTF-8. */
export const ENVIRONMENT = {
  PYTHONUNBUFFERED: "1",
  PYTHONIOENCODING: "utf-8:backslashreplace",
  // No colours or cursor movement on a terminal.
  TERM: "dumb",
};

/** Whether a program prints at once even without a terminal. */
export function printsAtOnce(program: string): boolean {
  return PROMPT.test(nameOf(program));
}

/** The first helper that works here; undefined if none does. */
export async function findTerminal(): Promise<Terminal | undefined> {
  for (const terminal of TERMINALS) {
    const { helper, args } = terminal;
    if (!mayRun(helper)) continue;
    const isTerminal = helper === "stdbuf" ? ["true"] : ["test", "-t", "1"];
    if (await succeeds(helper, args(isTerminal))) return terminal;
  }
  return undefined;
}

/** A program's name, without its folder and Windows' suffix. */
export function nameOf(program: string): string {
  return program.replace(/^.*[/\\]/, "").replace(/\.exe$/i, "");
}

/** An argument, quoted for the shell. */
function quoted(argument: string): string {
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}
