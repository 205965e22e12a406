/**
 * Outputs that nobody reads: a pager that waits, a pipe that is full. Nothing is
 * lost, memory does not grow, and two signals always end the program.
 */
import { assert, assertEquals } from "@std/assert";
import {
  RawDatagrams,
  RawStream,
  start,
  until,
  within,
} from "../support/harness.ts";

/** How soon a program ends that is told to do so at once, in milliseconds. */
const AT_ONCE = 2_000;

/** What fills every buffer on the way, and the server's own queue, in bytes. */
const FLOOD = 64 * 1024 * 1024;

/** A server whose standard output is not read, until it is. */
class UnreadServer implements AsyncDisposable {
  stderr = "";
  readonly #process: Deno.ChildProcess;
  readonly #logged: Promise<void>;
  #read: Promise<string> | undefined;

  constructor(args: string[]) {
    const flags = ["--quiet", "--allow-net=127.0.0.1", "--no-prompt"];
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", ...flags, "server.ts", "--port", "0", ...args],
      cwd: new URL("../../", import.meta.url),
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#logged = this.#collectLog();
  }

  async #collectLog(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of this.#process.stderr) {
      this.stderr += decoder.decode(bytes, { stream: true });
    }
  }

  /** Waits until it listens; gives the port. */
  async port(): Promise<number> {
    const port = () => /listening on .*:(\d+) \(/.exec(this.stderr)?.[1];
    await until(() => port() !== undefined, "the ready line");
    return Number(port());
  }

  get isSaid(): boolean {
    return this.stderr.includes("Standard output is not being read");
  }

  kill(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  exits(milliseconds?: number): Promise<Deno.CommandStatus> {
    return within(this.#process.status, "exit", milliseconds);
  }

  /** Reads at last what it prints, up to the end. */
  async read(): Promise<string[]> {
    this.#read ??= new Response(this.#process.stdout).text();
    return (await within(this.#read, "the transcript")).split("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.read();
    await Promise.all([this.#process.status, this.#logged]);
  }
}

/** Sends numbered messages until it is said that nobody reads; gives them. */
async function flood(server: UnreadServer, port: number): Promise<string[]> {
  using client = new RawDatagrams();
  const answered: string[] = [];
  const answering = (async () => {
    for (let number = 0; number < FLOOD / 1000; number++) {
      const text = `m${number} `.padEnd(1_000, "x");
      const answer = await client.request(text, port);
      assertEquals(answer, text.toUpperCase());
      answered.push(text);
    }
  })();
  answering.catch(() => {}); // ends with the socket
  await until(() => server.isSaid, "a line about the reader");
  return answered;
}

const SIGNALS: [first: Deno.Signal, second: Deno.Signal][] = [
  ["SIGINT", "SIGINT"],
  ["SIGTERM", "SIGTERM"],
  ["SIGINT", "SIGTERM"],
];

Deno.test("a second signal ends a server that nobody reads", async (t) => {
  for (const [first, second] of SIGNALS) {
    await t.step(`${first}, ${second}`, async () => {
      await using server = new UnreadServer(["--mode", "uppercase"]);
      await flood(server, await server.port());
      server.kill(first);
      // The first is handled while the output is stuck: the port is free again.
      const port = await server.port();
      await until(() => canBind(port), "the end of the socket");
      server.kill(second);
      const { code } = await server.exits(AT_ONCE);
      assertEquals(code, second === "SIGINT" ? 130 : 143);
    });
  }
});

function canBind(port: number): boolean {
  try {
    using _ = new RawDatagrams(port);
    return true;
  } catch {
    return false;
  }
}

Deno.test("what nobody reads is not lost", async () => {
  await using server = new UnreadServer(["--mode", "uppercase"]);
  const answered = await flood(server, await server.port());
  assert(answered.length * 1000 < FLOOD / 2, `${answered.length} messages`);
  assertEquals(server.stderr.match(/not being read/g)?.length, 1);
  server.kill("SIGINT");
  const lines = await server.read();
  assertEquals((await server.exits()).code, 0);
  const [ready, ...transcript] = lines;
  assertEquals(ready, "The server is ready to receive");
  assertEquals(transcript.slice(0, answered.length), answered);
});

Deno.test("a chat that nobody reads slows its writers down", async () => {
  await using server = new UnreadServer(["--mode", "chat"]);
  const port = await server.port();
  using x = await RawStream.connect(port);
  await x.send("Client X: Alice\n");
  using y = await RawStream.connect(port);
  await y.send("Client Y: Bob\n");
  await y.receives("received before");
  const line = "x".repeat(999) + "\n";
  const writing = x.send(line.repeat(FLOOD / 1_000)).catch(() => {});
  await until(() => server.isSaid, "a line about the reader");
  const stuck = y.received.length;
  assert(stuck < FLOOD / 2, `${stuck} bytes`);
  server.kill("SIGTERM");
  server.kill("SIGINT");
  const status = await server.exits(AT_ONCE);
  assert(status.code === 130 || status.code === 143, `${status.code}`);
  await writing;
});

/**
 * Starts a program on a terminal, reads what it shows up to its prompt, and
 * nothing after that. Each line of its own input is a Ctrl-C on that terminal.
 */
const STALLED_TERMINAL = `
import fcntl, os, pty, subprocess, sys, termios, threading
master, terminal = pty.openpty()
before = termios.tcgetattr(terminal)
child = subprocess.Popen(sys.argv[1:], stdin=terminal, stdout=terminal,
                         stderr=terminal, start_new_session=True,
                         # Ctrl-C is a signal to the programs of this terminal.
                         preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY))

def wait():
    status = child.wait()
    print("ended", status, termios.tcgetattr(terminal) == before)

threading.Thread(target=wait).start()
shown = b""
while not shown.endswith(b"X: \\x1b[4G"):
    shown += os.read(master, 1000)
print("stalled")
for line in sys.stdin:
    os.write(master, b"\\x03")
child.kill()
`;

function hasPython(): boolean {
  try {
    const args = ["-c", "import pty"];
    return new Deno.Command("python3", { args }).outputSync().success;
  } catch {
    return false;
  }
}

Deno.test({
  name: "a second Ctrl-C ends a client whose terminal has stalled" +
    (hasPython() ? "" : " (ignored: no python3 on this machine)"),
  ignore: !hasPython(),
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const flags = ["--quiet", "--allow-net=127.0.0.1", "--no-prompt"];
    const chat = ["--mode", "chat", "--client", "X", "--name", "Alice"];
    const port = ["--port", `${listener.addr.port}`];
    const command = [Deno.execPath(), "run", ...flags, "client.ts"];
    await using terminal = await start("python3", [
      ...["-u", "-c", STALLED_TERMINAL],
      ...[...command, ...chat, ...port],
    ]);
    using server = new RawStream(await within(listener.accept(), "a client"));
    await terminal.prints("stalled\n");
    // More than a terminal holds that nobody looks at.
    await server.send(`${"x".repeat(99)}\n`.repeat(5_000));
    await terminal.type("Ctrl-C\n");
    await server.ends();
    // With Ctrl-C the terminal drops what it holds, so the first may be enough.
    await terminal.type("Ctrl-C\n");
    await terminal.prints("ended 130 True\n");
  },
});
