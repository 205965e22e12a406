/**
 * Plays a scenario with real programs, and compares everything they print.
 *
 * In what form the programs run, as scripts or compiled, is up to the test.
 */
import { assertEquals } from "@std/assert";
import {
  DEADLINE,
  listening,
  type Script,
  type ScriptOptions,
  until,
} from "./harness.ts";
import { READY, type Scenario, type ScenarioClient } from "./scenarios.ts";

/** Starts one of the two programs in whatever form is to be tested. */
export type Run = (
  program: "server" | "client",
  args: string[],
  options?: Pick<ScriptOptions, "input">,
) => Promise<Script>;

/** Plays a scenario, and compares everything that was printed. */
export async function play(scenario: Scenario, run: Run): Promise<void> {
  const args = ["--port", "0", ...scenario.server];
  await using server = await run("server", args);
  await using clients = new AsyncDisposableStack();
  const port = await listening(server);
  const started: Script[] = [];
  for (const expected of scenario.clients) {
    const client = await startClient(run, expected, port, server);
    started.push(clients.use(client));
  }
  for (const [i, expected] of scenario.clients.entries()) {
    await checkClient(started[i]!, expected);
  }
  if (scenario.signal !== undefined) server.kill(scenario.signal);
  assertEquals(await server.exits(), 0, server.stderr.text);
  assertEquals(portless(server.stdout.lines), [READY, ...scenario.stdout]);
  assertEquals(portless(server.stderr.lines).slice(1), scenario.stderr);
}

async function startClient(
  run: Run,
  { args, input, until: text }: ScenarioClient,
  port: number,
  server: Script,
): Promise<Script> {
  const all = ["--port", String(port), ...args];
  const options = input === undefined ? {} : { input };
  if (text === undefined) {
    return await untilPortIsFree(() => run("client", all, options));
  }
  const client = await run("client", all, options);
  // The whole line: it may stand at the end of another one.
  const isPrinted = () =>
    [server, client].some(({ stdout }) => stdout.lines.includes(text));
  await until(isPrinted, `printed: ${text}\n${client.stderr.text}`);
  return client;
}

async function checkClient(
  client: Script,
  { stdout, stderr = [], status = 0 }: ScenarioClient,
): Promise<void> {
  assertEquals(await client.exits(), status, client.stderr.text);
  assertEquals(client.stdout.lines, stdout);
  assertEquals(portless(client.stderr.lines), stderr);
}

/**
 * Runs a program that needs one of the fixed ports of `permission` to its end.
 * Another program may hold that port for a moment: then it runs it again.
 */
export async function untilPortIsFree(
  run: () => Promise<Script>,
): Promise<Script> {
  const latest = Date.now() + DEADLINE;
  for (;;) {
    await using stack = new AsyncDisposableStack();
    const script = stack.use(await run());
    await script.exits();
    const isTaken = /in use/.test(script.stderr.text);
    if (isTaken && Date.now() < latest) continue;
    stack.move(); // it has ended: there is nothing left to dispose of
    return script;
  }
}

/** Replaces every port that is not the assignment's own: it is a free one. */
function portless(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line.replace(
      /(127\.0\.0\.1(?::|', ))(?!(?:1234|3333)\b)\d+/g,
      "$1PORT",
    )
  );
}
