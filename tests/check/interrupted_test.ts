/**
 * A check that is ended before its end: what it started ends with it, and its
 * exit status says that it is no verdict.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { freePort } from "../../lib/check/play/ports.ts";
import { startScript, until } from "../support/harness.ts";

const FLAGS = ["--allow-net=127.0.0.1", "--allow-run", "--no-prompt"];

/** Prints its process id where the test finds it, and listens nowhere. */
const SOURCE = `
import os, sys, time
open(sys.argv[1], 'w').write(str(os.getpid()))
time.sleep(60)`;

/** A check under way, of a program that has been started. */
async function underWay(program: "server" | "client", file: string) {
  const port = String(freePort("127.0.0.1"));
  const script = await startScript(program, [
    ...["--mode", "uppercase", "--check", "--port", port],
    ...["--", "python3", "-c", SOURCE, file],
  ], { flags: FLAGS });
  const pid = () => Deno.readTextFileSync(file);
  await until(() => Promise.resolve(pid() !== ""), "the start of the program");
  return { script, pid: pid() };
}

async function isRunning(pid: string): Promise<boolean> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "stat=", "-p", pid],
  }).output();
  return /^[^Z]/.test(new TextDecoder().decode(stdout).trim());
}

const ROWS: [
  program: "server" | "client",
  signals: Deno.Signal[],
  status: number,
][] = [
  ["client", ["SIGINT"], 130],
  ["client", ["SIGTERM"], 143],
  ["client", ["SIGHUP"], 129],
  ["client", ["SIGQUIT"], 131],
  ["client", ["SIGINT", "SIGINT"], 130],
  ["server", ["SIGINT"], 130],
  ["server", ["SIGTERM"], 143],
];

Deno.test({
  name: "an interrupted check",
  ignore: Deno.build.os === "windows",
  async fn(t) {
    for (const [program, signals, status] of ROWS) {
      await t.step(`${program}.ts, ${signals.join(", ")}`, async () => {
        const file = await Deno.makeTempFile();
        const { script, pid } = await underWay(program, file);
        await using check = script;
        for (const signal of signals) check.kill(signal);
        assertEquals(await check.exits(), status);
        await until(async () => !await isRunning(pid), "the program's end");
        await Deno.remove(file);
        if (signals.length > 1) return;
        assertStringIncludes(check.stdout.text, "FAILED: 0 of 0 required");
        assertStringIncludes(check.stdout.text, "the check was interrupted");
      });
    }
  },
});
