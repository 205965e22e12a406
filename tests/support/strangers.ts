/**
 * Programs that others might have written, in Python, on the other end of ours:
 * the files of `tests/check/programs`, and sources of a few lines.
 */
import { assert, assertEquals } from "@std/assert";
import { type Script, start, until } from "./harness.ts";

const PROGRAMS = new URL("../check/programs/", import.meta.url);

/**
 * Runs a server's file as it is, and prints each port that it listens on: a
 * free port is chosen by the system, and the file does not tell.
 */
const RUN_SERVER = `
import runpy, socket, sys
listen = socket.socket.listen
def listen_and_tell(self, *backlog):
    listen(self, *backlog)
    print('port', self.getsockname()[1], file=sys.stderr)
socket.socket.listen = listen_and_tell
sys.argv = [sys.argv[1], '0']
runpy.run_path(sys.argv[0], run_name='__main__')
`;

/** A test that needs Python; where that is missing, the name says so. */
export function testWithPython(
  name: string,
  fn: (t: Deno.TestContext) => Promise<void>,
): void {
  const ignore = !has("python3");
  const suffix = ignore ? " (ignored: no python3 on this machine)" : "";
  Deno.test({ name: `${name}${suffix}`, ignore, fn });
}

/** Runs a source; `input` is typed at once, without it the caller types. */
export function python(source: string, input?: string): Promise<Script> {
  return run(["-c", source], input);
}

// -u: what is printed is there at once, as on a terminal.
function run(args: string[], input?: string): Promise<Script> {
  return start(
    "python3",
    ["-u", ...args],
    input === undefined ? {} : { input },
  );
}

function pathOf(file: string): string {
  return new URL(file, PROGRAMS).pathname;
}

/** Starts a client of `tests/check/programs`, such as `sum/client_pipe`. */
export function strangeClient(
  file: string,
  port: number,
  input?: string,
): Promise<Script> {
  return run([pathOf(`${file}.py`), String(port)], input);
}

/** A server that listens, and its port. */
export interface StrangeServer {
  server: Script;
  port: number;
}

/** Starts a server of `tests/check/programs`, and waits until it listens. */
export async function strangeServer(file: string): Promise<StrangeServer> {
  return await listening(await run(["-c", RUN_SERVER, pathOf(`${file}.py`)]));
}

/** Starts a server whose source prints `port N` itself. */
export async function sourceServer(source: string): Promise<StrangeServer> {
  return await listening(await python(source));
}

async function listening(server: Script): Promise<StrangeServer> {
  const port = () =>
    /^port (\d+)$/m.exec(server.stdout.text + server.stderr.text)?.[1];
  await until(() => port() !== undefined, "the port of a server in Python");
  return { server, port: Number(port()) };
}

/** The beginning of a source of a server; what follows accepts. */
export const LISTEN = `
import socket
server = socket.create_server(('127.0.0.1', 0))
print('port', server.getsockname()[1])
`;
import { has } from "./machine.ts";

/** Everything that a program prints until it exits with a status. */
export async function output(
  starting: Promise<Script>,
  status = 0,
): Promise<string> {
  await using script = await starting;
  await exits([script], status);
  return script.stdout.text;
}

/** Waits until all have exited, each with the same status. */
export async function exits(scripts: Script[], status = 0): Promise<void> {
  for (const script of scripts) {
    const code = await script.exits();
    assertEquals(code, status, script.stdout.text + script.stderr.text);
  }
}

/** Fails where a text does not hold another. */
export function assertHolds(text: string, part: string): void {
  assert(text.includes(part), `${JSON.stringify(part)} is not in:\n${text}`);
}
