/**
 * Terminals for programs that keep what they print in a buffer, by each helper
 * that this machine has.
 */
import { assert, assertEquals } from "@std/assert";
import { Condition } from "../../../lib/check/play/condition.ts";
import { succeeds } from "../../../lib/check/program/helpers.ts";
import { Launcher } from "../../../lib/check/program/launcher.ts";
import type { Program } from "../../../lib/check/program/program.ts";
import { DEADLINE, until } from "../../support/harness.ts";

/** Buffers what it prints unless it is on a terminal, whatever the language is. */
const BUFFERING = `
import os, sys, time
size = 1 if os.isatty(1) else 4096
sys.stdout = os.fdopen(1, 'w', size)
print('ready')
for line in sys.stdin: print('got ' + line.strip())
print('end of input')
time.sleep(60)`;

/** A program that is none of those that print at once. */
const COMMAND: [string, ...string[]] = [
  "env",
  "-u",
  "PYTHONUNBUFFERED",
  "python3",
  "-c",
  BUFFERING,
];

interface Session {
  readonly launcher: Launcher;
  readonly program: Program;
  prints(text: string): Promise<boolean>;
}

async function inSession(
  use: (session: Session) => Promise<void>,
  command = COMMAND,
): Promise<void> {
  const condition = new Condition();
  const launcher = new Launcher(command);
  const program = await launcher.start(condition);
  const prints = (text: string) =>
    condition.until(() => program.output.text.includes(text), DEADLINE);
  try {
    await use({ launcher, program, prints });
  } finally {
    await launcher.end(program);
    await launcher.reap();
  }
}

/** What Deno may run besides the program: with which helper it is started. */
const HELPERS = ["python3", "script"] as const;

for (const helper of HELPERS) {
  const isThere = Deno.build.os !== "windows" &&
    await succeeds(helper, ["--version"]);
  Deno.test({
    name: `a program on a terminal of ${helper}`,
    ignore: !isThere,
    permissions: { run: ["env", helper], read: true, env: true },
    async fn() {
      await inSession(async ({ launcher, program, prints }) => {
        assert(await prints("ready"), program.output.text);
        program.type("hello");
        assert(await prints("got hello"), program.output.text);
        assertEquals(program.output.text, "ready\ngot hello\n");
        assert(launcher.hasShownAll(program));
        program.endInput();
        assert(await prints("end of input"), program.output.text);
        assertEquals(program.exit, undefined);
      });
    },
  });
}

Deno.test({
  name: "without a helper it is known that not everything is seen",
  ignore: Deno.build.os === "windows",
  permissions: { run: ["env"], read: true, env: true },
  async fn() {
    await inSession(async ({ launcher, program }) => {
      program.type("hello");
      await launcher.end(program);
      assertEquals(launcher.hasShownAll(program), false);
    });
  },
});

Deno.test({
  name: "what a script leaves behind is ended by its own shell",
  ignore: Deno.build.os === "windows",
  permissions: { run: ["sh"], read: true, env: true },
  async fn() {
    const script = "sleep 61.5 & echo started; wait";
    await inSession(async ({ prints }) => {
      assert(await prints("started"));
    }, ["sh", "-c", script]);
  },
});

Deno.test({
  name: "nothing of that script is left",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const isGone = async () => {
      const { stdout } = await new Deno.Command("ps", { args: ["ax"] })
        .output();
      return !new TextDecoder().decode(stdout).includes("sleep 61.5");
    };
    await until(isGone, "the end of what the script started");
  },
});
