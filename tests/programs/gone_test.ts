/**
 * When the other end goes away: the server under its client, and whoever reads
 * what a program prints (`| head -1`). The program ends by itself, with one line
 * at most and never a stack trace.
 */
import { assert, assertEquals } from "@std/assert";
import {
  listening,
  RawDatagrams,
  RawStream,
  type Script,
  start,
  startClient,
  startServer,
  until,
} from "../support/harness.ts";

const GONE = "[INFO] [output]: nobody reads standard output any more: ending\n";
const ALICE = ["--client", "X", "--name", "Alice"];
const NO_TRACE = /\n\s+at |Uncaught|BrokenPipe|Unexpected/;

/** A client whose server is killed, and how it ends. */
interface Orphan {
  name: string;
  mode: string;
  args: string[];
  /** Goes on until the moment when the server is to go away. */
  lead(client: Script, server: Script, port: number): Promise<void>;
  /** What the user still types. */
  typed?: string;
  status: number;
  line: RegExp;
}

const CLOSED = /^\[ERROR\] \[client\]: (The server closed|Lost) the connection/;
const NO_ANSWER = /No answer from 127\.0\.0\.1:\d+ within 0\.4 s\./;

const ORPHANS: Orphan[] = [
  ...[["permission", "--client-port", "0"], ["uppercase"]].map(
    ([mode = "", ...args]): Orphan => ({
      name: `${mode}, about to ask`,
      mode,
      args: [...args, "--timeout", "0.4"],
      lead: async (client) => {
        if (mode === "permission") return; // it would be sent away
        await client.type("one\n");
        await client.prints("ONE\n");
      },
      typed: "two\n",
      status: 1,
      line: NO_ANSWER,
    }),
  ),
  ...["sequence", "chat"].map((mode): Orphan => ({
    name: `${mode}, waiting for its partner`,
    mode,
    args: ALICE,
    lead: (_, server) => server.prints("Client X: Alice\n"),
    status: 1,
    line: CLOSED,
  })),
  {
    name: "chat, talking",
    mode: "chat",
    args: ALICE,
    lead: async (client, server, port) => {
      await server.prints("Client X: Alice\n");
      using bob = await RawStream.connect(port);
      await bob.send("Client Y: Bob\nhello\n");
      await client.prints("Y: hello\n");
      server.kill("SIGKILL"); // before Bob leaves
    },
    status: 0,
    line: /^\[WARNING\] \[client\]: The chat was closed without a Bye$/,
  },
  {
    name: "sum, waiting for the reply",
    mode: "sum",
    args: ["--number", "5"],
    lead: async (client, server) => {
      server.kill("SIGSTOP"); // the system still accepts, the server does not
      await client.prints("Connected to server", client.stderr);
    },
    status: 1,
    line: CLOSED,
  },
];

Deno.test("a client whose server is killed", async (t) => {
  for (const { name, mode, args, lead, typed, status, line } of ORPHANS) {
    await t.step(name, async () => {
      const { server, port } = await startServer(["--mode", mode]);
      await using _ = server;
      if (mode === "sum") server.kill("SIGSTOP");
      await using client = await startClient(port, ["--mode", mode, ...args]);
      await lead(client, server, port);
      server.kill("SIGKILL");
      if (typed !== undefined) await client.type(typed);
      assertEquals(await client.exits(), status, client.stderr.text);
      const lines = client.stderr.lines.filter((line) => !/DEBUG/.test(line));
      assertEquals(lines.length, 1, client.stderr.text);
      assert(line.test(lines[0]!), lines[0]);
    });
  }
});

/** Starts a script of ours as in `script | head -1`, with its own exit status. */
async function startBeforeHead(
  fifo: string,
  args: string[],
): Promise<Script> {
  const pipe = 'mkfifo "$0"; head -1 <"$0" & exec "$@" >"$0"';
  const flags = ["--quiet", "--allow-net=127.0.0.1", "--no-prompt"];
  const command = [Deno.execPath(), "run", ...flags, ...args];
  return await start("sh", ["-c", pipe, fifo, ...command]);
}

/** Does something again and again until the script has ended; its status. */
async function pokeToDeath(
  script: Script,
  poke: () => Promise<void>,
): Promise<number> {
  let status: number | undefined;
  const ended = script.exits().then((code) => status = code);
  await until(async () => {
    // The last one may meet a program that has just gone.
    await poke().catch(() => {});
    return status !== undefined;
  }, "the end of a program that nobody reads");
  return await ended;
}

const READ_SERVERS: [mode: string, args: string[], message: string][] = [
  ["permission", ["--max-clients", "0"], "hi"],
  ["uppercase", [], "hi"],
  ["sequence", ["--sessions", "0"], "hi\n"],
  ["chat", ["--sessions", "0"], "hi\n"],
  ["sum", [], '{"client_name": "A", "client_number": 5}'],
];

Deno.test("a server | head -1", async (t) => {
  const directory = await Deno.makeTempDir();
  try {
    for (const [mode, args, message] of READ_SERVERS) {
      await t.step(mode, async () => {
        const fifo = `${directory}/${mode}`;
        const all = ["server.ts", "--port", "0", "--mode", mode, ...args];
        await using server = await startBeforeHead(fifo, all);
        const port = await listening(server);
        const isUdp = !message.endsWith("\n") && !message.endsWith("}");
        using socket = new RawDatagrams();
        const status = await pokeToDeath(server, async () => {
          if (isUdp) return await socket.send(message, port);
          using stream = await RawStream.connect(port);
          await stream.send(message);
        });
        assertEquals(status, 1);
        assertEquals(server.stdout.text, "The server is ready to receive\n");
        assert(!NO_TRACE.test(server.stderr.text), server.stderr.text);
        assert(server.stderr.text.includes(GONE), server.stderr.text);
      });
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("a client | head -1", async (t) => {
  const directory = await Deno.makeTempDir();
  try {
    await t.step("uppercase", async () => {
      const { server, port } = await startServer(["--mode", "uppercase"]);
      await using _ = server;
      const args = ["client.ts", "--mode", "uppercase", "--port", `${port}`];
      await using client = await startBeforeHead(`${directory}/udp`, args);
      const status = await pokeToDeath(client, () => client.type("again\n"));
      assertEquals(status, 1);
      assertEquals(client.stdout.text, "AGAIN\n");
      assertEquals(client.stderr.text, GONE);
    });
    await t.step("chat", async () => {
      const { server, port } = await startServer(["--mode", "chat"]);
      await using _ = server;
      const args = ["--mode", "chat", "--port", `${port}`, ...ALICE];
      const all = ["client.ts", ...args, "--log-level", "info"];
      await using client = await startBeforeHead(`${directory}/tcp`, all);
      await server.prints("Client X: Alice\n");
      using bob = await RawStream.connect(port);
      await bob.send("Client Y: Bob\n");
      const status = await pokeToDeath(client, () => bob.send("again\n"));
      assertEquals(status, 1);
      assertEquals(client.stdout.text, "Client X: Alice\n");
      assertEquals(client.stderr.text, GONE);
      await bob.ends(); // and its partner is let go
    });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
