/**
 * The TCP client against servers that misbehave: gone, closing, breaking off,
 * silent, endless, or sending one byte at a time. Each ends in a `Failure` that
 * says what to do, and in time, or in the message that was meant.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { stub } from "@std/testing/mock";
import { Failure, MAX_MESSAGE } from "../../lib/rules/contract.ts";
import { listen } from "../../lib/net/address.ts";
import {
  StreamClient,
  type StreamClientOptions,
} from "../../lib/net/tcp_client.ts";
import { RawStream, until, within } from "../support/harness.ts";
import { ANY, pause, withClient } from "../support/in_process.ts";

const LONG = 15_000;

function withTimeout(timeout: number): StreamClientOptions {
  return { framing: "raw", json: false, timeout };
}

/** A client of ours, and the server of the test's that it talks to. */
async function talk(
  conversation: (
    client: StreamClient,
    server: RawStream,
    address: string,
  ) => Promise<void>,
  framing: "line" | "raw" = "line",
): Promise<void> {
  using listener = listen(ANY);
  const { port } = listener.addr;
  await withClient(port, framing, async (client) => {
    using server = new RawStream(await listener.accept());
    await conversation(client, server, `127.0.0.1:${port}`);
  });
}

Deno.test("each framing, as bytes", async (t) => {
  for (const [framing, ending] of [["line", "\n"], ["raw", ""]] as const) {
    await t.step(framing, async () => {
      await talk(async (client, server) => {
        await client.send("hello");
        await server.receives("hello" + ending);
        await server.send("reply\n");
        assertEquals(await client.receive(LONG), "reply");
        await client.send("again"); // whatever the server ends messages with
        await server.receives(`hello${ending}again${ending}`);
        assertEquals(server.received, `hello${ending}again${ending}`);
      }, framing);
    });
  }
});

const REPLIES: [name: string, pieces: string[], messages: string[]][] = [
  ["in single bytes", [..."hello\n"], ["hello"]],
  ["bare, in single bytes", [..."hello"], ["hello"]],
  ["two in one piece", ["one\r\ntwo\n"], ["one", "two"]],
  ["one and a half, and the other half", ["one\ntw", "o\n"], ["one", "two"]],
  ["with nothing in it", ["\n"], [""]],
  ["of the greatest length", ["x".repeat(MAX_MESSAGE) + "\n"], [
    "x".repeat(MAX_MESSAGE),
  ]],
];

Deno.test("a reply in any pieces is what was meant", async (t) => {
  for (const [name, pieces, messages] of REPLIES) {
    await t.step(name, async () => {
      await talk(async (client, server) => {
        const sending = (async () => {
          for (const piece of pieces) {
            await server.send(piece);
            await pause(1);
          }
        })();
        for (const message of messages) {
          assertEquals(await client.receive(LONG), message);
        }
        await sending;
      });
    });
  }
});

Deno.test("the server closes", async (t) => {
  await t.step("without a word", async () => {
    await talk(async (client, server) => {
      await server.endSending();
      assertEquals(await client.receive(LONG), undefined);
      assertEquals(await client.receive(LONG), undefined);
    });
  });
  await t.step("after half a message, which counts", async () => {
    await talk(async (client, server) => {
      await server.send("one\nha");
      await server.endSending();
      assertEquals(await client.receive(LONG), "one");
      assertEquals(await client.receive(LONG), "ha");
      assertEquals(await client.receive(LONG), undefined);
    });
  });
});

Deno.test("the server has gone: sending fails, and says so", async () => {
  using listener = listen(ANY);
  const { port } = listener.addr;
  await withClient(port, "line", async (client) => {
    (await listener.accept()).close();
    const failures: Error[] = [];
    // The first bytes are on their way before anybody knows.
    await until(async () => {
      await client.send("hello").catch((error) => failures.push(error));
      return failures.length > 0;
    }, "a failure");
    assert(failures[0] instanceof Failure);
    assertEquals(
      failures[0]?.message,
      `Lost the connection to 127.0.0.1:${port}: the server has gone. ` +
        "Look at what it printed, and start it again.",
    );
  });
});

Deno.test("the server breaks off: receiving fails, and says so", async () => {
  const listener = listen(ANY);
  const { port } = listener.addr;
  await withClient(port, "line", async (client) => {
    await client.send("hello");
    const failure = assertRejects(
      () => client.receive(LONG),
      Failure,
      `Lost the connection to 127.0.0.1:${port}: the server has gone. ` +
        "Look at what it printed, and start it again.",
    );
    // The system resets a connection that was never accepted.
    listener.close();
    await within(failure, "a failure");
  });
});

Deno.test("the server is silent: a failure in time, and the reply is not lost", async () => {
  await talk(async (client, server, address) => {
    const start = performance.now();
    await assertRejects(
      () => client.receive(200),
      Failure,
      `No answer from ${address} within 0.2 s. It is connected: ` +
        "the server may wait for something more, such as the other client.",
    );
    const took = performance.now() - start;
    assert(took >= 198 && took < 5_000, `${took} ms`);
    await server.send("late\n");
    assertEquals(await client.receive(LONG), "late");
  });
});

Deno.test("a reply that has no end is a failure, and the server is told", async () => {
  await talk(async (client, server, address) => {
    await server.send("x".repeat(MAX_MESSAGE + 1));
    await assertRejects(
      () => client.receive(LONG),
      Failure,
      `The answer from ${address} is broken: ${
        MAX_MESSAGE + 1
      } bytes without ` +
        "an end. Check what the server sends.",
    );
    assertEquals(await server.ends(), "Message too long\n");
  });
});

Deno.test("a reply that is not UTF-8 is told from a text", async () => {
  await talk(async (client, server) => {
    await server.send(new Uint8Array([0xff, 0x0a, 0x61, 0x0a]));
    const broken = { problem: "not UTF-8", byteLength: 1 };
    assertEquals(await client.receive(LONG), broken);
    assertEquals(await client.receive(LONG), "a");
  });
});

Deno.test("a message of a byte too many is not sent", async () => {
  await talk(async (client, server) => {
    await assertRejects(
      () => client.send("ß".repeat(MAX_MESSAGE / 2) + "x"),
      Failure,
      "The message is too long: it has 65537 bytes, and a message can carry " +
        "65536. Send a shorter one.",
    );
    await client.send("short");
    await server.receives("short\n");
    assertEquals(server.received, "short\n");
  });
});

Deno.test("nobody listens: a failure that says what to do", async () => {
  const listener = listen(ANY);
  const { port } = listener.addr;
  listener.close();
  await assertRejects(
    () => StreamClient.connect({ ...ANY, port }, withTimeout(LONG)),
    Failure,
    `Cannot connect to 127.0.0.1:${port}: nobody is listening there.`,
  );
});

Deno.test("nobody even refuses: a failure in time", async () => {
  // Packets that vanish, as they do where a firewall drops them.
  const never = ({ signal }: { signal: AbortSignal }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  using _ = stub(Deno, "connect", never);
  const address = { hostname: "127.0.0.1", port: 12_000 };
  await assertRejects(
    () =>
      within(
        StreamClient.connect(address, withTimeout(100)),
        "a failure",
      ),
    Failure,
    "Cannot connect to 127.0.0.1:12000: no answer within 0.1 s.",
  );
});
