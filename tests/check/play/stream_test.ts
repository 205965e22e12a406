/**
 * The TCP connections of a check.
 */
import { assert, assertEquals } from "@std/assert";
import { testWithPython } from "../../support/strangers.ts";
import { Stream } from "../../../lib/check/play/stream.ts";
import { aCheck } from "../a_check.ts";
import { DEADLINE, start } from "../../support/harness.ts";

/** Two ends of one connection. */
async function connected() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const [near, far] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port }),
    listener.accept(),
  ]);
  listener.close();
  const check = aCheck();
  const { condition } = check;
  const until = async (predicate: () => boolean) =>
    assert(await condition.until(predicate, DEADLINE));
  return { stream: new Stream(near, check, true), far, until };
}

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("what comes is kept, and taken once", async () => {
  const { stream, far, until } = await connected();
  await far.write(encode("straße"));
  await until(() => stream.unread === "straße");
  assertEquals([stream.take(), stream.take()], ["straße", ""]);
  await far.write(encode("!"));
  await until(() => stream.unread === "!");
  assertEquals([stream.text, stream.ended], ["straße!", false]);
  far.close();
  await until(() => stream.ended);
  assertEquals(stream.reset, false);
  await stream.close();
});

Deno.test("bytes that are no text are there all the same", async () => {
  const { stream, far, until } = await connected();
  await far.write(new Uint8Array([0x61, 0xff]));
  await until(() => stream.unread === "a\ufffd");
  far.close();
  await stream.close();
});

Deno.test("what is sent to one that has gone is no error", async () => {
  const { stream, far, until } = await connected();
  far.close();
  await until(() => stream.ended);
  while (await stream.send("hello")); // the first may still go out
  await stream.close();
  await stream.close();
});

Deno.test("this end can stop sending, and receive", async () => {
  const { stream, far, until } = await connected();
  await stream.endSending();
  assertEquals(await far.read(new Uint8Array(1)), null);
  await far.write(encode("still here"));
  await until(() => stream.unread === "still here");
  far.close();
  await stream.close();
});

Deno.test("a flood is read up to a limit", async () => {
  const { stream, far, until } = await connected();
  const piece = new Uint8Array(64 * 1024);
  const flooding = (async () => {
    for (;;) await far.write(piece);
  })().catch(() => {});
  await until(() => stream.flooded);
  assertEquals(stream.ended, false);
  await stream.close();
  await flooding;
  far.close();
});

/** Whether a server that closes its connection first can be started again. */
const REBIND = `
import socket, sys
def listen(port):
    server = socket.socket()
    server.bind(('127.0.0.1', port))
    server.listen()
    return server
server = listen(0)
port = server.getsockname()[1]
print(port, flush=True)
connection, _ = server.accept()
connection.close()
server.close()
sys.stdin.readline()
try: listen(port); print('free', flush=True)
except OSError: print('in use', flush=True)
`;

testWithPython(
  "a server that closed first has its port back at once",
  async () => {
    await using server = await start("python3", ["-c", REBIND]);
    await server.prints("\n");
    const port = Number(server.stdout.lines[0]);
    const check = aCheck();
    const { condition } = check;
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    const stream = new Stream(conn, check, true);
    await condition.until(() => stream.ended, DEADLINE);
    await stream.close();
    await server.type("\n");
    assertEquals(await server.exits(), 0);
    assertEquals(server.stdout.lines[1], "free");
  },
);
