/**
 * One TCP socket, by the table of its states: what its owner gets, and what its
 * peer, whichever of them ends it, and how.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { BATCH, LINGER, Pool, Stream } from "../../lib/net/stream.ts";
import { DIRECT, type Network } from "../../lib/net/wire.ts";
import { within } from "../support/harness.ts";
import { ANY, pause } from "../support/in_process.ts";

/** What is much less than `LINGER`, in milliseconds. */
const AT_ONCE = LINGER / 2;
/** More than the buffers of both sockets hold, in bytes. */
const TOO_MUCH = 16 * 1024 * 1024;
const LINE = "x".repeat(60_000);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One on which the second read of a stream finds that the peer has reset it. */
const RESETTING: Network = {
  ...DIRECT,
  async read(conn, buffer) {
    if (buffer[0] === 0) return await conn.read(buffer);
    throw new Deno.errors.ConnectionReset("reset");
  },
};

/** A stream, and the other end of its connection as the system gives it. */
async function withStream(
  test: (stream: Stream, peer: Deno.TcpConn, pool: Pool) => Promise<void>,
  network: Network = DIRECT,
): Promise<void> {
  using listener = Deno.listen(ANY);
  const { port } = listener.addr;
  const peer = await Deno.connect({ ...ANY, port });
  const pool = new Pool();
  const stream = new Stream(await listener.accept(), { pool, network });
  try {
    await within(test(stream, peer, pool), "the end of the test");
  } finally {
    stream.drop();
    pool.clear();
    try {
      peer.close();
    } catch {
      // The test has closed it.
    }
    await pause(1); // what is pending on a socket ends in the next turn
  }
}

async function say(peer: Deno.TcpConn, text: string): Promise<void> {
  await peer.write(encoder.encode(text));
}

/** Everything up to the end of the stream. */
async function hearAll(peer: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  for (let count; (count = await peer.read(buffer)) !== null;) {
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
  return text;
}

/** How long something takes, in milliseconds. */
async function timeOf(what: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await what;
  return performance.now() - began;
}

Deno.test("the peer ends its half: its last words count, and it is answered", () =>
  withStream(async (stream, peer) => {
    await say(peer, "one\ntwo");
    await peer.closeWrite();
    assertEquals(await stream.next(), ["one"]);
    assertEquals(await stream.next(), ["two"]);
    assertEquals(await stream.next(), undefined);
    assert(stream.hasPeerEnded && !stream.isClosing);
    stream.send("answer");
    const closed = stream.close();
    assertEquals(await hearAll(peer), "answer\n");
    assert(await timeOf(closed) < AT_ONCE);
  }));

Deno.test("the peer resets: what came before counts, and nothing can be said", () =>
  withStream(async (stream, peer) => {
    await say(peer, "one\n");
    assertEquals(await stream.next(), ["one"]);
    await assertRejects(() => stream.next(), Deno.errors.ConnectionReset);
    assert(stream.hasPeerEnded);
    stream.send("more");
    assert(stream.failure instanceof Deno.errors.ConnectionReset);
    assert(await timeOf(stream.close()) < AT_ONCE);
  }, RESETTING));

Deno.test("we close while a message is on its way: all of it arrives", () =>
  withStream(async (stream, peer) => {
    for (let size = 0; size < TOO_MUCH; size += LINE.length) stream.send(LINE);
    const closed = stream.close();
    stream.send("too late");
    assertEquals(await stream.next(), undefined);
    const heard = await hearAll(peer);
    assert(heard.length >= TOO_MUCH);
    assertEquals(heard.replaceAll(LINE, ""), "");
    peer.close();
    await closed;
  }));

Deno.test("a slow reader stalls: a later close shortens its time", () =>
  withStream(async (stream, _, pool) => {
    for (let size = 0; size < TOO_MUCH; size += LINE.length) stream.send(LINE);
    stream.flush();
    assert(stream.isFull);
    const closed = stream.close();
    assert(await timeOf(stream.close(50)) < AT_ONCE);
    await closed;
    assertEquals([pool.unsent, pool.size], [0, 0]);
    assert(stream.failure instanceof Deno.errors.BadResource);
  }));

Deno.test("the assignment ends: what has arrived counts, nothing that follows", () =>
  withStream(async (stream, peer, pool) => {
    await say(peer, "half");
    const next = stream.next();
    while (pool.reads === 0) await pause(1);
    stream.finish();
    await say(peer, " a message\n");
    assertEquals(await next, ["half"]);
    assertEquals(await stream.next(), undefined);
    assert(!stream.hasPeerEnded && !stream.isClosing);
    stream.send("answer");
    const closed = stream.close();
    assertEquals(await hearAll(peer), "answer");
    peer.close();
    await closed;
  }));

Deno.test("a peer that never ends is let go of after a moment", () =>
  withStream(async (stream, peer) => {
    const took = await timeOf(stream.close());
    assert(took >= LINGER - 2 && took < 3 * LINGER, `${took} ms`);
    assertEquals(await hearAll(peer), "");
  }));

Deno.test("whoever waits for messages is told of our own end", () =>
  withStream(async (stream) => {
    const next = stream.next();
    stream.drop();
    assertEquals(await next, undefined);
    await stream.close();
  }));

Deno.test("many messages of one read are given a few at a time", async (t) => {
  for (const count of [1, BATCH, BATCH + 1, 3 * BATCH]) {
    await t.step(`${count}`, () =>
      withStream(async (stream, peer) => {
        await say(peer, "x\n".repeat(count));
        const sizes: number[] = [];
        for (let isOver = false; !isOver; isOver = !stream.hasMore) {
          sizes.push((await stream.next())!.length);
        }
        const full = Array(Math.ceil(count / BATCH) - 1).fill(BATCH);
        const rest = count - full.length * BATCH;
        assertEquals(sizes, [...full, rest]);
      }));
  }
});
