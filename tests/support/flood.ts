/**
 * A peer that sends as fast as it can, in a process of its own:
 *
 *     deno run --allow-net=127.0.0.1 tests/support/flood.ts PORT KIND
 *
 * It prints `flooding` once that has begun, and goes on until it is killed or
 * the server ends. What the kinds are is told in `floods.ts`. A number after the
 * kind says how many peers take part, where that can be chosen.
 */
import type { FloodKind } from "./floods.ts";

/** How much is written at once, in bytes. */
const CHUNK = 64 * 1024;
/** How many connections send empty lines to `sum`. */
const EMPTY_SENDERS = 50;
/** How many connections send a long message byte by byte. */
const SLOW_SENDERS = 200;
/** How long that message is before the bytes come one by one, and after. */
const BEGUN = 40_000;
const ENDED = 65_000;

const encoder = new TextEncoder();

async function connect(port: number): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  return conn;
}

async function writeAll(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await conn.write(bytes.subarray(at));
  }
}

function write(conn: Deno.Conn, text: string): Promise<void> {
  return writeAll(conn, encoder.encode(text));
}

/** Reads and throws away, until the connection ends. */
async function discard(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(CHUNK);
  while (await conn.read(buffer) !== null);
}

/** As many repetitions as fit a chunk. */
function chunkOf(message: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(CHUNK - CHUNK % message.length);
  for (let at = 0; at < chunk.length; at += message.length) {
    chunk.set(message, at);
  }
  return chunk;
}

async function repeat(conn: Deno.Conn, chunk: Uint8Array): Promise<never> {
  await writeAll(conn, chunk);
  console.log("flooding");
  for (;;) await writeAll(conn, chunk);
}

/** An X that talks to a Y, who reads everything. */
async function talk(port: number, message: Uint8Array): Promise<void> {
  const x = await connect(port);
  const y = await connect(port);
  await write(x, "Client X: Flood\n");
  await write(y, "Client Y: Drain\n");
  // Whoever was introduced before waits for nobody: these two are a pair.
  await x.read(new Uint8Array(CHUNK));
  await Promise.all([repeat(x, chunkOf(message)), discard(x), discard(y)]);
}

/** One that has not introduced itself, and reads what is answered. */
async function speak(port: number, message: Uint8Array): Promise<void> {
  const conn = await connect(port);
  await Promise.all([repeat(conn, chunkOf(message)), discard(conn)]);
}

async function sendEmptyLines(port: number): Promise<void> {
  const chunk = encoder.encode("\n".repeat(CHUNK));
  const conns = await Promise.all(
    Array.from({ length: EMPTY_SENDERS }, () => connect(port)),
  );
  await Promise.all(conns.map((conn) => repeat(conn, chunk)));
}

/** A long message that never ends, and when it would be too long another one. */
async function sendBytes(port: number): Promise<void> {
  const byte = encoder.encode("a");
  const begin = async () => {
    const conn = await connect(port);
    await write(conn, "a".repeat(BEGUN));
    return { conn, length: BEGUN };
  };
  const senders = await Promise.all(
    Array.from({ length: SLOW_SENDERS }, begin),
  );
  console.log("flooding");
  for (;;) {
    for (const [index, sender] of senders.entries()) {
      await sender.conn.write(byte);
      if (++sender.length < ENDED) continue;
      sender.conn.close();
      senders[index] = await begin();
    }
  }
}

/** One datagram after another; the answers fill the socket's buffer. */
async function sendDatagrams(port: number): Promise<void> {
  const hostname = "127.0.0.1";
  const socket = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
  const bytes = encoder.encode("more");
  console.log("flooding");
  for (;;) await socket.send(bytes, { transport: "udp", hostname, port });
}

/** Connects so many clients, and introduces each of them. */
async function introduce(
  port: number,
  side: string,
  count: number,
): Promise<Deno.TcpConn[]> {
  const conns: Deno.TcpConn[] = [];
  for (let n = 0; n < count; n++) {
    const conn = await connect(port);
    await write(conn, `Client ${side}: Flood ${n}\n`);
    conns.push(conn);
  }
  return conns;
}

/** All of them say as much as is taken. */
async function chatter(
  conns: readonly Deno.TcpConn[],
  message: string,
): Promise<void> {
  const chunk = chunkOf(encoder.encode(message));
  console.log("flooding");
  await Promise.all(conns.map(async (conn) => {
    for (;;) await writeAll(conn, chunk);
  }));
}

/** So many who talk before their partners have come, who never do. */
async function talkEarly(port: number, count: number): Promise<void> {
  // The smallest messages cost the most, beside what they carry.
  await chatter(await introduce(port, "X", count), "a\n");
}

/** So many who talk to partners who read nothing. */
async function talkToTheDeaf(port: number, count: number): Promise<void> {
  await introduce(port, "Y", count);
  const talkers = await introduce(port, "X", count);
  await chatter(talkers, "a".repeat(1_023) + "\n");
}

const FLOODS: Record<
  FloodKind,
  (port: number, count: number) => Promise<void>
> = {
  "short lines": (port) => talk(port, encoder.encode("hello\n")),
  "control characters": (port) =>
    talk(port, encoder.encode("\x01".repeat(63) + "\n")),
  "empty lines": (port) => talk(port, encoder.encode("\n")),
  "no text": (port) => talk(port, Uint8Array.of(0xff, 0x0a)),
  "no introduction": (port) => speak(port, encoder.encode("hello\n")),
  "empty lines to sum": sendEmptyLines,
  "single bytes": sendBytes,
  datagrams: sendDatagrams,
  "early messages": talkEarly,
  "unread messages": talkToTheDeaf,
};

if (import.meta.main) {
  const [port, kind, count] = Deno.args;
  try {
    await FLOODS[kind as FloodKind](Number(port), Number(count));
  } catch {
    // The server has closed, or gone.
  }
}
