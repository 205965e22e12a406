/**
 * How conversations end that do not end as they should: a connection that is
 * reset after its Bye, a server that talks and never answers, a server that is
 * told to end while datagrams pour in.
 */
import { assert, assertEquals } from "@std/assert";
import {
  RawDatagrams,
  RawStream,
  start,
  startClient,
  startServer,
  within,
} from "../support/harness.ts";
import { startFlood } from "../support/floods.ts";

const ignore = !has("python3");
const suffix = ignore ? " (ignored: no python3, which can reset)" : "";

/** A chat's server for one, which resets the connection once it reads Bye. */
const RESETTING_SERVER = `
import socket, struct
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(1)
print('listening on 127.0.0.1:%d (tcp)' % server.getsockname()[1], flush=True)
client, address = server.accept()
client.recv(1024)
client.send(b'X: Alice received before Y: Bob\\n')
text = b''
while b'Bye' not in text:
    text += client.recv(1024)
client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
client.close()
`;
import { has } from "../support/machine.ts";

const ALICE = ["--client", "X", "--name", "Alice"];

/** The ways in which a client comes to say Bye. */
const BYES: Record<string, { args?: string[]; input?: string }> = {
  "after --message": { args: ["--message", "hello"] },
  "at the end of its input": { input: "hello\n" },
  "because it was typed": { input: "hello\nBye\n" },
};

Deno.test({
  name: `chat: a connection that is reset after the Bye is no failure${suffix}`,
  ignore,
  async fn(t) {
    for (const [how, { args = [], ...options }] of Object.entries(BYES)) {
      await t.step(how, async () => {
        const words = ["-u", "-c", RESETTING_SERVER];
        await using server = await start("python3", words);
        await server.prints("listening");
        const port = Number(/:(\d+) /.exec(server.stdout.text)?.[1]);
        const all = ["--mode", "chat", ...ALICE, ...args];
        await using client = await startClient(port, all, options);
        assertEquals(await client.exits(), 0, client.stderr.text);
        assert(!/ERROR/.test(client.stderr.text), client.stderr.text);
        assertEquals(client.stdout.lines.at(-1), "X: Bye");
      });
    }
  },
});

/** How long a client may take that is to wait a second, in milliseconds. */
const SECOND = { least: 900, most: 4_000 };

/** Says the same again and again, until it is stopped. */
async function chatter(
  listener: Deno.TcpListener,
  text: string,
): Promise<void> {
  using stream = new RawStream(await listener.accept());
  while (!stream.ended) {
    await stream.send(text).catch(() => {}); // the client may have gone
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

Deno.test("--timeout limits the whole wait, whatever the server says meanwhile", async (t) => {
  const rows: [name: string, args: string[], text: string][] = [
    ["sequence", ["--mode", "sequence"], "hi\n"],
    ["sequence, bare", ["--mode", "sequence"], "hi"],
    ["sequence, not even text", ["--mode", "sequence"], "\n"],
  ];
  for (const [name, args, text] of rows) {
    await t.step(name, async () => {
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = listener.addr;
      const began = performance.now();
      const all = [...args, ...ALICE, "--timeout", "1"];
      await using client = await startClient(port, all);
      const talking = chatter(listener, text);
      assertEquals(await client.exits(), 1, client.stderr.text);
      const took = performance.now() - began;
      assert(took > SECOND.least && took < SECOND.most, `${took} ms`);
      const error = client.stderr.lines.at(-1)!;
      assert(error.includes(`No answer from 127.0.0.1:${port}`), error);
      assert(error.includes("within 1 s. The server has said"), error);
      await within(talking, "the end of the server");
    });
  }
});

/** How long the end may take after a signal, in milliseconds. */
const END = 3_000;

/** Signals a server while datagrams pour in. */
async function endInFlood(signal: Deno.Signal): Promise<void> {
  const { server, port } = await startServer(["--mode", "uppercase"]);
  await using _ = server;
  await using _flood = await startFlood(port, "datagrams");
  await server.prints("more\nmore\n");
  const began = performance.now();
  server.kill(signal);
  assertEquals(await server.exits(), 0, server.stderr.text.slice(-500));
  const took = performance.now() - began;
  assert(took < END, `the end took ${took} ms`);
  assertEquals(server.stderr.lines.length, 1, server.stderr.text.slice(-500));
  using _again = new RawDatagrams(port);
}

Deno.test("a signal amid a flood of datagrams ends the server, and loses no answer", async (t) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    for (let turn = 1; turn <= 4; turn++) {
      await t.step(`${signal}, ${turn}`, () => endInFlood(signal));
    }
  }
});
