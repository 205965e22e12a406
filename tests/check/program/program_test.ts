/**
 * Programs as processes: typed to, read, bounded, and ended with everything that
 * they have started.
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { testWithPython } from "../../support/strangers.ts";
import { Condition } from "../../../lib/check/play/condition.ts";
import { Finding } from "../../../lib/check/play/case.ts";
import { Launcher } from "../../../lib/check/program/launcher.ts";
import {
  MAX_OUTPUT,
  type Program,
} from "../../../lib/check/program/program.ts";
import { Failure } from "../../../lib/rules/contract.ts";
import { DEADLINE, until } from "../../support/harness.ts";
import { pretendToBe } from "../../support/machine.ts";

/** A program that was started, and everything that it takes to end it. */
class Started implements AsyncDisposable {
  private constructor(
    readonly condition: Condition,
    readonly launcher: Launcher,
    readonly program: Program,
  ) {}

  /** @param command for a source in Python where it is left out */
  static async of(source: string, command?: [string, ...string[]]) {
    const condition = new Condition();
    const launcher = new Launcher(command ?? ["python3", "-c", source]);
    const program = await launcher.start(condition);
    return new Started(condition, launcher, program);
  }

  async prints(pattern: RegExp): Promise<string> {
    const { output } = this.program;
    const has = () => pattern.test(output.text);
    assert(await this.condition.until(has, DEADLINE), output.text);
    return pattern.exec(output.text)![1] ?? "";
  }

  async exits(): Promise<number> {
    const hasEnded = () => this.program.exit !== undefined;
    assert(await this.condition.until(hasEnded, DEADLINE));
    return this.program.exit!.code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.launcher.end(this.program);
    await this.launcher.reap();
  }
}

/**
 * Whether a process is there, and is no zombie that waits to be collected. Deno
 * may not look into /proc, Python may.
 */
async function isRunning(pid: string): Promise<boolean> {
  const source = `print(open('/proc/${pid}/stat').read().split(') ')[-1][0])`;
  const { stdout } = await new Deno.Command("python3", {
    args: ["-c", source],
    stderr: "null",
  }).output();
  const state = new TextDecoder().decode(stdout).trim();
  return state !== "" && state !== "Z";
}

testWithPython(
  "what is typed is read line by line, and what is printed comes at once",
  async () => {
    await using started = await Started.of(
      "while True: print('got', input('> '))",
    );
    await started.prints(/^> $/);
    started.program.type("one two");
    await started.prints(/got one two\n> $/);
    started.program.type("straße");
    await started.prints(/got straße\n> $/);
    assertEquals(started.program.exit, undefined);
  },
);

testWithPython("standard error is read as well", async () => {
  await using started = await Started.of(
    "print('out'); raise ValueError('no')",
  );
  assertEquals(await started.exits(), 1);
  await started.prints(/ValueError: no/);
  const { output, ownExit } = started.program;
  assertStringIncludes(output.text, "out\n");
  assertStringIncludes(output.text, "Traceback");
  assertEquals(started.program.lastLines(1), ["ValueError: no"]);
  assertEquals(ownExit?.code, 1);
});

testWithPython("the end of the input is the end of the input", async () => {
  await using started = await Started.of(
    "import sys; print(len(sys.stdin.read()))",
  );
  started.program.type("four");
  started.program.endInput();
  assertEquals(await started.exits(), 0);
  await started.prints(/^5\n/);
});

testWithPython("typing to a program that has ended does nothing", async () => {
  await using started = await Started.of("");
  await started.exits();
  started.program.type("hello");
  started.program.endInput();
});

testWithPython(
  "a program is ended as by Ctrl-C, and prints what it had buffered",
  async () => {
    await using started = await Started.of(`
import os, sys, time
sys.stdout = os.fdopen(1, 'w', 4096)
print('buffered')
sys.stderr.write('ready')
time.sleep(60)`);
    await started.prints(/ready/);
    assertEquals(started.program.output.text, "ready");
    await started.launcher.end(started.program);
    assertMatch(started.program.output.text, /^(ready)?buffered$/m);
    // That was no end of its own.
    assertEquals(started.program.ownExit, undefined);
  },
);

testWithPython(
  "a program that obeys no signal is ended all the same",
  async () => {
    await using started = await Started.of(`
import signal, time
for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(each, signal.SIG_IGN)
print('ready')
while True: time.sleep(60)`);
    await started.prints(/ready/);
    await started.launcher.end(started.program);
    assertEquals(started.program.exit?.signal, "SIGKILL");
  },
);

testWithPython("a flood is bounded, and its program ended", async () => {
  await using started = await Started.of("while True: print('flood ' * 1000)");
  const { output } = started.program;
  assert(await started.condition.until(() => output.flooded, DEADLINE));
  await started.launcher.end(started.program);
  assertEquals(output.text.length, MAX_OUTPUT);
});

const CHILD = "print('child', os.getpid(), flush=True); time.sleep(60)";

testWithPython("what a program leaves behind is ended", async (t) => {
  const rows: [name: string, source: string][] = [
    [
      "a child that holds its output",
      `
import os, time
if os.fork() == 0: ${CHILD}`,
    ],
    [
      "a child that ignores signals, of a program that does not end",
      `
import os, signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
if os.fork() == 0: ${CHILD}
time.sleep(60)`,
    ],
    [
      "a daemon that has left session and output",
      `
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() > 0: os._exit(0)
    ${
        CHILD.replace("; ", "\n    for each in (0, 1, 2): os.close(each)\n    ")
      }`,
    ],
    [
      "a program that it started",
      `
import subprocess, sys
subprocess.Popen([sys.executable, '-c', "import os, time; ${CHILD}"])`,
    ],
  ];
  for (const [name, source] of rows) {
    await t.step({
      name,
      ignore: Deno.build.os !== "linux",
      async fn() {
        let pid;
        {
          await using started = await Started.of(source);
          pid = await started.prints(/child (\d+)\n/);
          assert(await isRunning(pid));
        }
        await until(async () => !await isRunning(pid), `the end of ${name}`);
      },
    });
  }
});

/** Starts programs as ever, with a `taskkill` that tells what it was asked. */
function withTaskkill(asked: string[], kill: () => void): Disposable {
  const { Command } = Deno;
  Deno.Command = class extends Command {
    constructor(program: string | URL, options?: Deno.CommandOptions) {
      const isTaskkill = program === "taskkill";
      super(isTaskkill ? "true" : program, isTaskkill ? {} : options);
      if (!isTaskkill) return;
      asked.push(options!.args!.join(" "));
      kill();
    }
  };
  return { [Symbol.dispose]: () => Deno.Command = Command };
}

testWithPython(
  "Windows ends a program with what it has started, while it is there, and sends no signals",
  async () => {
    using _ = pretendToBe("windows");
    await using started = await Started.of(`
import signal, time
signal.signal(signal.SIGINT, lambda *_: print('a signal', flush=True))
print('ready', flush=True)
time.sleep(60)`);
    await started.prints(/ready/);
    const { program, launcher } = started;
    const asked: string[] = [];
    using __ = withTaskkill(asked, () => {
      assertEquals(program.exit, undefined);
      Deno.kill(-program.pid, "SIGKILL");
    });
    await launcher.end(program);
    assertEquals(asked, [`/T /F /PID ${program.pid}`]);
    assertEquals(program.output.text, "ready\n");
    assertEquals(program.ownExit, undefined);
    // Its number may be another program's by now.
    await launcher.end(program);
    assertEquals(asked.length, 1);
  },
);

testWithPython("what others have started stays", async () => {
  await using other = await Started.of(
    "import time; print('ready'); time.sleep(60)",
  );
  await other.prints(/ready/);
  {
    await using started = await Started.of(
      "import time; print('ready'); time.sleep(60)",
    );
    await started.prints(/ready/);
  }
  assertEquals(other.program.exit, undefined);
});

testWithPython("there is no shell: an argument is an argument", async () => {
  const launcher = new Launcher([
    "python3",
    "-c",
    "import sys; print(sys.argv[1])",
    "$(id); `id` *",
  ]);
  const condition = new Condition();
  const program = await launcher.start(condition);
  await condition.until(() => program.exit !== undefined, DEADLINE);
  await launcher.end(program);
  assertEquals(program.output.text, "$(id); `id` *\n");
});

Deno.test("a program that there is not is a finding", async () => {
  const launcher = new Launcher(["python3.9.99"]);
  const error = await assertRejects(
    () => launcher.start(new Condition()),
    Finding,
  );
  assertMatch(error.came, /^python3.9.99: /);
});

Deno.test({
  name: "without the permission the error names the flag",
  permissions: { run: false },
  fn() {
    assertThrows(
      () => new Launcher(["python3", "server.py"]),
      Failure,
      "Add --allow-run=python3.",
    );
  },
});
