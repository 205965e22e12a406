/**
 * A relay over real sockets: bytes and ends on both sides, and what nobody may
 * push it to.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bind, listen } from "../../lib/net/address.ts";
import { Ear } from "../../lib/net/relay/ear.ts";
import { relayStreams } from "../../lib/net/relay/tcp_relay.ts";
import { MAX_CLIENTS, relayDatagrams } from "../../lib/net/relay/udp_relay.ts";
import { DIRECT } from "../../lib/net/wire.ts";
import { type ModeName, MODES } from "../../lib/rules.ts";
import type { Address } from "../../lib/rules/contract.ts";
import { Listener } from "../../lib/rules/listening/listener.ts";
import { defaultsOf } from "../../lib/rules/options.ts";
import { RawDatagrams, until, within } from "../support/harness.ts";
import { ANY, collectingPrinter } from "../support/in_process.ts";
import { WatchedNetwork } from "../support/lab.ts";

/** A relay inside this process, until the test ends it. */
class Relay implements AsyncDisposable {
  readonly port: number;
  readonly #ended: Promise<void>;
  readonly #ear: Ear;
  readonly #ending = new AbortController();
  readonly #output = collectingPrinter();

  private constructor(
    listener: Listener,
    mode: ModeName,
    upstream: Address,
    network = DIRECT,
  ) {
    const { printer: journal } = this.#output;
    const ear = new Ear(listener, journal, () => {});
    this.#ear = ear;
    const { signal } = this.#ending;
    const [toServer, toClient] = [network, network];
    const options = { upstream, toServer, toClient, ear, journal, signal };
    const { transport } = MODES[mode];
    const socket = transport === "udp" ? bind(ANY) : listen(ANY);
    this.port = (socket.addr as Deno.NetAddr).port;
    this.#ended = "receive" in socket
      ? relayDatagrams(socket, { ...options, ownAddress: () => ANY })
      : relayStreams(socket, { ...options, json: false, endsByItself: true });
  }

  static async open(mode: ModeName, port: number, network = DIRECT) {
    const { server, serverOptions, hearing } = MODES[mode];
    const rules = server(defaultsOf(serverOptions), Math.random);
    const listener = new Listener(rules, await hearing());
    const upstream = { hostname: "127.0.0.1", port };
    return new Relay(listener, mode, upstream, network);
  }

  get log(): string {
    this.#output.printer.flush();
    return this.#output.stderr.text;
  }

  async ends(): Promise<void> {
    await within(this.#ended, "the end of the relay");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.ends();
    this.#ear.close();
    await this.#output.printer.flush();
  }
}

/** Both ends of a connection through a relay. */
async function connected(network = DIRECT) {
  const server = listen(ANY);
  const relay = await Relay.open("chat", server.addr.port, network);
  const client = await Deno.connect({ ...ANY, port: relay.port });
  const accepted = await within(server.accept(), "the relay's connection");
  const stack = new AsyncDisposableStack();
  stack.use(relay);
  for (const each of [server, client, accepted]) stack.use(each);
  return { relay, client, accepted, stack };
}

async function readAll(conn: Deno.Conn): Promise<Uint8Array> {
  const parts: number[] = [];
  const buffer = new Uint8Array(64 * 1024);
  for (let count; (count = await conn.read(buffer)) !== null;) {
    for (const byte of buffer.subarray(0, count)) parts.push(byte);
  }
  return Uint8Array.from(parts);
}

async function send(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await conn.write(bytes.subarray(at));
  }
  await conn.closeWrite();
}

function random(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  return bytes;
}

Deno.test("bytes of any kind pass both ways, as they were", async () => {
  const { client, accepted, stack } = await connected();
  await using _ = stack;
  const [up, down] = [random(300_000), random(200_001)];
  const all = Promise.all([
    send(client, up),
    send(accepted, down),
    readAll(client),
    readAll(accepted),
  ]);
  const [, , atClient, atServer] = await within(all, "both ways");
  assertEquals(atServer, up);
  assertEquals(atClient, down);
});

Deno.test("they do on a watched network that slices, too", async () => {
  const { network } = new WatchedNetwork({ slice: 1_000 });
  const { client, accepted, stack } = await connected(network);
  await using _ = stack;
  const up = random(50_000);
  const all = Promise.all([send(client, up), readAll(accepted)]);
  assertEquals((await within(all, "one way"))[1], up);
});

Deno.test("a half that ends is passed on, and the other goes on", async () => {
  const { client, accepted, stack } = await connected();
  await using _ = stack;
  await client.closeWrite();
  assertEquals(await within(readAll(accepted), "the end"), new Uint8Array(0));
  const answer = new TextEncoder().encode("still here");
  await send(accepted, answer);
  assertEquals(await within(readAll(client), "the answer"), answer);
});

Deno.test("one end that is closed closes the other", async () => {
  const { client, accepted, relay, stack } = await connected();
  await using _ = stack;
  accepted.close();
  assertEquals(await within(readAll(client), "the end"), new Uint8Array(0));
  await until(() => relay.log.includes("the server has ended"), "the log");
});

Deno.test("a slow reader slows its writer", async () => {
  const { client, stack } = await connected();
  await using _ = stack;
  let written = 0;
  const flood = async () => {
    const bytes = random(1024 * 1024);
    for (;;) written += await client.write(bytes);
  };
  flood().catch(() => {}); // until the test closes it
  let before = -1;
  await until(async () => {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return written === before;
  }, "a writer that has to wait");
  assert(written < 32 * 1024 * 1024, `${written} bytes`);
});

Deno.test("a flood does not hold up a quiet pair, and is not judged", async () => {
  const server = listen(ANY);
  await using relay = await Relay.open("chat", server.addr.port);
  using _ = server;
  const open = async () => {
    const client = await Deno.connect({ ...ANY, port: relay.port });
    return [client, await server.accept()] as const;
  };
  const [loud, sink] = await open();
  const [quiet, echo] = await open();
  const flood = async () => {
    const bytes = random(256 * 1024);
    for (;;) await loud.write(bytes);
  };
  const drain = async () => {
    const buffer = new Uint8Array(256 * 1024);
    while (await sink.read(buffer) !== null);
  };
  flood().catch(() => {});
  drain().catch(() => {});
  const buffer = new Uint8Array(16);
  let worst = 0;
  for (let i = 0; i < 20; i++) {
    const begun = performance.now();
    await quiet.write(new Uint8Array([1]));
    await within(echo.read(buffer), "one way");
    await echo.write(new Uint8Array([2]));
    await within(quiet.read(buffer), "and back");
    worst = Math.max(worst, performance.now() - begun);
  }
  for (const each of [loud, sink, quiet, echo]) each.close();
  assert(worst < 1_000, `${worst} ms`);
  assertStringIncludes(relay.log, "nothing is judged from here on");
});

Deno.test("a line ending that comes late makes nothing a piece", async () => {
  const server = listen(ANY);
  await using relay = await Relay.open("sequence", server.addr.port);
  using client = await Deno.connect({ ...ANY, port: relay.port });
  await client.write(new TextEncoder().encode("Client X: Alice"));
  using accepted = await server.accept();
  await within(accepted.read(new Uint8Array(64)), "the message");
  await accepted.closeWrite();
  await client.write(new TextEncoder().encode("\n"));
  const remark = "has closed the connection: its message is not acknowledged";
  await until(() => relay.log.includes(remark), "the remark");
  server.close();
});

/** A server that answers with what it got. */
async function echo(socket: Deno.DatagramConn): Promise<void> {
  for await (const [bytes, from] of socket) await socket.send(bytes, from);
}

Deno.test("each client has a socket of its own, up to a limit", async () => {
  const server = bind(ANY);
  const echoing = echo(server);
  const { port } = server.addr as Deno.NetAddr;
  await using relay = await Relay.open("uppercase", port);
  for (let n = 0; n < MAX_CLIENTS + 5; n++) {
    using client = new RawDatagrams();
    assertEquals(await client.request(`A${n}`, relay.port), `A${n}`);
  }
  server.close();
  await echoing;
});
