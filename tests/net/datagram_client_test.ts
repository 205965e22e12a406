/**
 * The UDP client against servers that misbehave: silent, late, talking twice,
 * answering with what is no text; and against strangers who answer in their
 * stead. Whatever happens, the next question gets its own answer.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { stub } from "@std/testing/mock";
import { Failure } from "../../lib/rules/contract.ts";
import { DatagramClient } from "../../lib/net/udp_client.ts";
import { MAX_DATAGRAM } from "../../lib/net/wire.ts";
import { RawDatagrams, until } from "../support/harness.ts";
import { collectingPrinter } from "../support/in_process.ts";

/** Short, where a test waits for it to pass; long, where it must not. */
const SHORT = 300;
const LONG = 15_000;

/** A client of ours, and the server of the test's that it asks. */
class Asking implements Disposable {
  readonly server = new RawDatagrams();
  readonly #output = collectingPrinter();
  readonly client: DatagramClient;

  constructor(timeout = LONG) {
    const address = { hostname: "127.0.0.1", port: this.server.port };
    const { printer } = this.#output;
    this.client = new DatagramClient(address, 0, { timeout, journal: printer });
  }

  get log(): string[] {
    this.#output.printer.flush();
    return this.#output.stderr.lines;
  }

  /** Asks, has the server answer, and tells the client's port. */
  async ask(message: string, ...answers: (string | Uint8Array)[]) {
    const answer = this.client.request(message);
    const { text, port } = await this.server.receive();
    assertEquals(text, message);
    for (const each of answers) await this.server.send(each, port);
    return { answer: await answer, port };
  }

  /** A question that nobody answers in time. */
  async askInVain(message: string): Promise<number> {
    await assertRejects(
      () => this.client.request(message),
      Failure,
      "No answer",
    );
    return (await this.server.receive()).port;
  }

  async ignores(line: string): Promise<void> {
    await until(
      () => this.log.some((each) => each.includes(line)),
      `logged: ${line}`,
    );
  }

  [Symbol.dispose](): void {
    this.client.close();
    this.server[Symbol.dispose]();
    this.#output.printer.flush();
  }
}

/** A port that nobody holds. */
function unusedPort(): number {
  using socket = new RawDatagrams();
  return socket.port;
}

Deno.test("no server: a failure that says what to do, not before its time", async (t) => {
  using silent = new RawDatagrams();
  const { printer } = collectingPrinter();
  const ports = { "nobody there": unusedPort(), "a silent one": silent.port };
  for (const [name, port] of Object.entries(ports)) {
    await t.step(name, async () => {
      const address = { hostname: "127.0.0.1", port };
      const client = new DatagramClient(address, 0, {
        timeout: SHORT,
        journal: printer,
      });
      try {
        const start = performance.now();
        await assertRejects(
          () => client.request("anybody?"),
          Failure,
          `No answer from 127.0.0.1:${port} within 0.3 s.`,
        );
        assert(performance.now() - start >= SHORT - 2);
      } finally {
        client.close();
      }
    });
  }
});

Deno.test("a server that was not there yet: Windows tells when receiving", async () => {
  using server = new RawDatagrams();
  const { listenDatagram } = Deno;
  let failed = false;
  using _ = stub(Deno, "listenDatagram", (options: Deno.UdpListenOptions) => {
    const socket = listenDatagram({ ...options, transport: "udp" });
    const receive = socket.receive.bind(socket);
    socket.receive = (buffer) => {
      if (failed) return receive(buffer);
      failed = true;
      return Promise.reject(new Deno.errors.ConnectionReset("os error 10054"));
    };
    return socket;
  });
  const address = { hostname: "127.0.0.1", port: server.port };
  const { printer } = collectingPrinter();
  const client = new DatagramClient(address, 0, {
    timeout: LONG,
    journal: printer,
  });
  try {
    const answer = client.request("hello");
    await server.send("HELLO", (await server.receive()).port);
    assertEquals(await answer, "HELLO");
    assert(failed);
  } finally {
    client.close();
  }
});

Deno.test("a late answer is not the answer to the next question", async (t) => {
  await t.step("where it came long before", async () => {
    using asking = new Asking(SHORT);
    const port = await asking.askInVain("one");
    await asking.server.send("ONE", port);
    await asking.ignores(
      `[DEBUG] [client]: ignored 3 bytes from 127.0.0.1:${asking.server.port}: too late`,
    );
    assertEquals((await asking.ask("two", "TWO")).answer, "TWO");
  });

  await t.step("where it came just before, or many did", async () => {
    for (const count of [1, 50]) {
      using asking = new Asking(SHORT);
      const port = await asking.askInVain("one");
      // On the same machine it has arrived when sending is over.
      for (let turn = 0; turn < count; turn++) {
        await asking.server.send("ONE", port);
      }
      assertEquals((await asking.ask("two", "TWO")).answer, "TWO");
    }
  });
});

Deno.test("the second of two answers is not the answer to the next question", async () => {
  using asking = new Asking();
  assertEquals((await asking.ask("one", "ONE", "ONE")).answer, "ONE");
  assertEquals((await asking.ask("two", "TWO", "TWO", "TWO")).answer, "TWO");
  assertEquals((await asking.ask("three", "THREE")).answer, "THREE");
  await asking.ignores("too late");
});

Deno.test("a stranger's answer counts for nothing", async () => {
  using asking = new Asking();
  using stranger = new RawDatagrams();
  const answer = asking.client.request("who?");
  const { port } = await asking.server.receive();
  await stranger.send("STRANGER", port);
  await asking.ignores(
    `ignored 8 bytes from 127.0.0.1:${stranger.port}: a stranger`,
  );
  await asking.server.send("SERVER", port);
  assertEquals(await answer, "SERVER");
});

Deno.test("a stranger alone: the question stays without an answer", async () => {
  using asking = new Asking(SHORT);
  using stranger = new RawDatagrams();
  const failure = assertRejects(
    () => asking.client.request("who?"),
    Failure,
    "No answer",
  );
  const { port } = await asking.server.receive();
  await stranger.send("STRANGER", port);
  await failure;
  assertEquals((await asking.ask("again?", "SERVER")).answer, "SERVER");
});

Deno.test("an answer that is not UTF-8 is a failure, the next one is not", async () => {
  using asking = new Asking();
  await assertRejects(
    () => asking.ask("one", new Uint8Array([0xff, 0xfe])),
    Failure,
    `The answer from 127.0.0.1:${asking.server.port} is broken: it is not UTF-8. ` +
      "Check what the server sends.",
  );
  assertEquals((await asking.ask("two", "TWO")).answer, "TWO");
});

Deno.test("the limits of an answer: nothing, and all that a datagram carries", async () => {
  using asking = new Asking();
  assertEquals((await asking.ask("one", "")).answer, "");
  const long = "x".repeat(MAX_DATAGRAM);
  assertEquals((await asking.ask("two", long)).answer, long);
});

Deno.test("a message of a byte too many is not sent", async () => {
  using asking = new Asking();
  // Of two bytes each but one: the limit is about bytes, not characters.
  const message = "ß".repeat(32_754);
  await assertRejects(
    () => asking.client.request(message),
    Failure,
    "The message is too long: it has 65508 bytes, and a datagram can carry " +
      "65507. Send a shorter one.",
  );
  assertEquals((await asking.ask("short", "SHORT")).answer, "SHORT");
  const longest = "ß".repeat(32_753) + "x";
  assertEquals((await asking.ask(longest, "LONG")).answer, "LONG");
});

Deno.test("a port that can be sent to by nobody is a failure at once", async () => {
  const { printer } = collectingPrinter();
  const address = { hostname: "127.0.0.1", port: 0 };
  const client = new DatagramClient(address, 0, {
    timeout: LONG,
    journal: printer,
  });
  try {
    await assertRejects(
      () => client.request("hello"),
      Failure,
      "Cannot send to 127.0.0.1:0",
    );
  } finally {
    client.close();
  }
});
