/**
 * Streams over real sockets: what each TCP mode sends, byte by byte, to peers
 * that end their messages with line feeds and to peers that send bare text;
 * in whatever pieces a message comes, and with several peers at once.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { Failure } from "../../lib/rules/contract.ts";
import { listen } from "../../lib/net/address.ts";
import { RawStream } from "../support/harness.ts";
import {
  closeAll,
  connectAll,
  LiveServer,
  Pair,
  pause,
  withClient,
} from "../support/in_process.ts";

const CONNECTED = "Sent acknowledgment to both X and Y";

/** How a peer ends its messages, and what it sees at the end of an answer. */
const ENDINGS: Record<string, { sent: string; received: string }> = {
  bare: { sent: "", received: "" },
  "line feed": { sent: "\n", received: "\n" },
  "carriage return and line feed": { sent: "\r\n", received: "\n" },
};

Deno.test("sequence: both get the acknowledgment, framed as their own messages", async (t) => {
  for (const [first, x] of Object.entries(ENDINGS)) {
    for (const [second, y] of Object.entries(ENDINGS)) {
      await t.step(`X: ${first}, Y: ${second}`, async () => {
        await using server = LiveServer.start("sequence");
        const text = "X: Alice received before Y: Bob";
        {
          using alice = await RawStream.connect(server.port);
          using bob = await RawStream.connect(server.port);
          await alice.send(`Client X: Alice${x.sent}`);
          await server.prints("Client X: Alice");
          await bob.send(`Client Y: Bob${y.sent}`);
          assertEquals(await alice.ends(), text + x.received);
          assertEquals(await bob.ends(), text + y.received);
        }
        await server.ends();
        const said = ["Client X: Alice", "Client Y: Bob"];
        assertEquals(server.transcript, [...said, text, CONNECTED]);
      });
    }
  }
});

Deno.test("sequence: the order is that of the messages, not of the connections", async () => {
  await using server = LiveServer.start("sequence");
  using alice = await RawStream.connect(server.port);
  using bob = await RawStream.connect(server.port);
  await bob.send("Client Y: Bob");
  await server.prints("Client Y: Bob");
  await alice.send("Client X: Alice");
  const text = "Y: Bob received before X: Alice";
  assertEquals(await alice.ends(), text);
  assertEquals(await bob.ends(), text);
});

Deno.test("sequence: what is no introduction is answered, and another may follow", async () => {
  await using server = LiveServer.start("sequence");
  using alice = await RawStream.connect(server.port);
  using bob = await RawStream.connect(server.port);
  const wrong = [
    "hello",
    "client X: Alice",
    "Client Z: Alice",
    "Client X: ",
    "",
  ];
  await alice.send(wrong.join("\n") + "\n");
  await alice.receives("Invalid Message\n".repeat(wrong.length));
  await alice.send("Client X: Alice\n");
  await server.prints("Client X: Alice");
  await bob.send("Client Y: Bob\n");
  const text = "X: Alice received before Y: Bob\n";
  assertEquals(await bob.ends(), text);
  const refusals = "Invalid Message\n".repeat(wrong.length);
  assertEquals(await alice.ends(), refusals + text);
});

Deno.test("sequence: a second X", async (t) => {
  await t.step("is sent away where one pair is wanted", async () => {
    await using server = LiveServer.start("sequence");
    using alice = await RawStream.connect(server.port);
    using anna = await RawStream.connect(server.port);
    await alice.send("Client X: Alice");
    await server.prints("Client X: Alice");
    await anna.send("Client X: Anna");
    assertEquals(await anna.ends(), "Client X is already connected");
    using bob = await RawStream.connect(server.port);
    await bob.send("Client Y: Bob");
    assertEquals(await bob.ends(), "X: Alice received before Y: Bob");
  });

  await t.step("waits for its own Y where more are wanted", async () => {
    await using server = LiveServer.start("sequence", { sessions: 2 });
    const streams = await connectAll(server, 4);
    const introductions = ["X: Alice", "X: Anna", "Y: Bob", "Y: Ben"];
    for (const [index, stream] of streams.entries()) {
      await stream.send(`Client ${introductions[index]}\n`);
      await server.prints(`Client ${introductions[index]}`);
    }
    const [alice, anna, bob, ben] = await Promise.all(
      streams.map((stream) => stream.ends()),
    );
    assertEquals(alice, "X: Alice received before Y: Bob\n");
    assertEquals(bob, alice);
    assertEquals(anna, "X: Anna received before Y: Ben\n");
    assertEquals(ben, anna);
    closeAll(streams);
    await server.ends();
  });
});

Deno.test("sequence: a client that leaves gives its place back", async () => {
  await using server = LiveServer.start("sequence");
  {
    using alice = await RawStream.connect(server.port);
    await alice.send("Client X: Alice\n");
    await server.prints("Client X: Alice");
  }
  await server.logs("left before its pair was complete");
  using pair = await Pair.meet(server, ["Anna", "Bob"]);
  assertEquals(await pair.x.ends(), "X: Anna received before Y: Bob\n");
});

Deno.test("sequence: many pairs at once, bare and with line feeds", async () => {
  await using server = LiveServer.start("sequence", { sessions: 0 });
  const count = 20;
  const xs = await connectAll(server, count);
  const ys = await connectAll(server, count);
  try {
    const ending = (index: number) => index % 2 ? "\n" : "";
    for (const [index, x] of xs.entries()) {
      await x.send(`Client X: A${index}${ending(index)}`);
      await server.prints(`Client X: A${index}`);
    }
    await Promise.all(ys.map((y, index) => y.send(`Client Y: B${index}\n`)));
    const replies = await Promise.all(xs.map((x) => x.ends()));
    const partners = new Set<string>();
    for (const [index, reply] of replies.entries()) {
      const [, partner] = /^X: A\d+ received before Y: (B\d+)\n?$/.exec(reply)!;
      assert(reply.startsWith(`X: A${index} `), reply);
      assert(reply.endsWith(partner + ending(index)), reply);
      partners.add(partner!);
    }
    assertEquals(partners.size, count);
  } finally {
    closeAll([...xs, ...ys]);
  }
});

const PIECES: [name: string, pieces: string[]][] = [
  ["byte by byte", [..."Client X: Alice\n"]],
  ["the line ending apart", ["Client X: Alice\r", "\n"]],
  ["bare, byte by byte", [..."Client X: Alice"]],
  ["bare, in two halves", ["Client X", ": Alice"]],
];

Deno.test("a message in pieces is one message", async (t) => {
  for (const [name, pieces] of PIECES) {
    await t.step(name, async () => {
      await using server = LiveServer.start("sequence");
      using alice = await RawStream.connect(server.port);
      using bob = await RawStream.connect(server.port);
      for (const piece of pieces) {
        await alice.send(piece);
        await pause(2);
      }
      await server.prints("Client X: Alice");
      await bob.send("Client Y: Bob");
      await alice.receives("X: Alice received before Y: Bob");
      assertEquals(server.transcript[0], "Client X: Alice");
    });
  }

  await t.step("a character cut in two", async () => {
    await using server = LiveServer.start("sequence");
    using alice = await RawStream.connect(server.port);
    for (const byte of new TextEncoder().encode("Client X: Zoë 😀\n")) {
      await alice.send(new Uint8Array([byte]));
      await pause(1);
    }
    await server.prints("Client X: Zoë 😀");
    assertEquals(server.transcript.length, 1);
  });
});

Deno.test("a bare message counts after a silence, not before", async () => {
  await using server = LiveServer.start("sequence");
  using alice = await RawStream.connect(server.port);
  const start = performance.now();
  await alice.send("Client X: Alice");
  await server.prints("Client X: Alice");
  assert(performance.now() - start >= 95, "it could have gone on");
});

Deno.test("the end of the stream ends a message, at once", async () => {
  await using server = LiveServer.start("sequence");
  using alice = await RawStream.connect(server.port);
  using bob = await RawStream.connect(server.port);
  await alice.send("Client X: Alice\n");
  await server.prints("Client X: Alice");
  await bob.send("Client Y: Bob");
  await bob.endSending();
  const text = "X: Alice received before Y: Bob";
  assertEquals(await bob.ends(), text);
  assertEquals(await alice.ends(), text + "\n");
});

Deno.test("chat: everything is relayed, unchanged and in order", async () => {
  await using server = LiveServer.start("chat");
  using pair = await Pair.meet(server);
  const { x, y } = pair;
  const words = [
    "hello",
    "",
    "  two  blanks ",
    "X: label",
    "Zoë 😀",
    "\ufeffmark",
    "by e",
  ];
  const before = y.received;
  await x.send(words.join("\n") + "\n"); // in one write
  await y.receives("by e\n");
  assertEquals(y.received, before + words.join("\n") + "\n");
  await y.send("hi\r\n");
  await x.receives("hi\n");
  await y.send("bYE\n");
  assertEquals(await x.ends(), before + "hi\nbYE\n");
  assertEquals(await y.ends(), y.received);
  await server.ends();
  const said = words.map((word) => `X: ${word.replace("\ufeff", "\\ufeff")}`);
  assertEquals(server.transcript.slice(4), [...said, "Y: hi", "Y: bYE"]);
});

Deno.test("chat: a bare peer and one with line feeds understand each other", async () => {
  await using server = LiveServer.start("chat");
  using bare = await RawStream.connect(server.port);
  using lines = await RawStream.connect(server.port);
  await bare.send("Client X: Alice");
  await server.prints("Client X: Alice");
  await lines.send("Client Y: Bob\n");
  await bare.receives("X: Alice received before Y: Bob");
  await bare.send("hello");
  await lines.receives("hello\n");
  await lines.send("hi\n");
  await bare.receives("hi");
  await bare.send("Bye");
  const text = "X: Alice received before Y: Bob";
  assertEquals(await lines.ends(), `${text}\nhello\nBye\n`);
  assertEquals(await bare.ends(), `${text}hi`);
});

Deno.test("chat: what is said too early is delivered after the acknowledgment", async () => {
  await using server = LiveServer.start("chat");
  using alice = await RawStream.connect(server.port);
  using bob = await RawStream.connect(server.port);
  await alice.send("Client X: Alice\none\ntwo\n");
  await server.prints("Client X: Alice");
  await alice.send("three\n");
  await bob.send("Client Y: Bob\n");
  await bob.receives("three\n");
  const text = "X: Alice received before Y: Bob\n";
  assertEquals(bob.received, `${text}one\ntwo\nthree\n`);
  assertEquals(alice.received, text);
});

Deno.test("chat: one who leaves without Bye, after all it said was delivered", async () => {
  await using server = LiveServer.start("chat");
  using bob = await RawStream.connect(server.port);
  {
    using alice = await RawStream.connect(server.port);
    await alice.send("Client X: Alice\n");
    await server.prints("Client X: Alice");
    await bob.send("Client Y: Bob\n");
    await alice.receives("received before");
    await alice.send("my last words\n");
  }
  const text = "X: Alice received before Y: Bob\n";
  assertEquals(await bob.ends(), `${text}my last words\n`);
  await server.logs("[INFO] [server]: X: Alice left without a Bye");
  await server.ends();
});

Deno.test("chat: several chats at once do not mix", async () => {
  await using server = LiveServer.start("chat", { sessions: 0 });
  const pairs: Pair[] = [];
  for (let turn = 0; turn < 8; turn++) {
    pairs.push(await Pair.meet(server, [`A${turn}`, `B${turn}`]));
  }
  await Promise.all(pairs.map(async ({ x, y }, turn) => {
    for (let word = 0; word < 20; word++) await x.send(`${turn}.${word}\n`);
    await x.send("Bye\n");
    const words = Array.from({ length: 20 }, (_, word) => `${turn}.${word}\n`);
    const text = `X: A${turn} received before Y: B${turn}\n`;
    assertEquals(await y.ends(), text + words.join("") + "Bye\n");
    assertEquals(await x.ends(), text);
  }));
  for (const pair of pairs) pair[Symbol.dispose]();
});

Deno.test("our client gets message after message, and the end", async (t) => {
  for (const framing of ["line", "raw"] as const) {
    await t.step(framing, async () => {
      await using server = LiveServer.start("sequence");
      using bob = await RawStream.connect(server.port);
      await bob.send("Client Y: Bob\n");
      await server.prints("Client Y: Bob");
      await withClient(server.port, framing, async (client) => {
        await client.send("hello");
        assertEquals(await client.receive(5_000), "Invalid Message");
        await client.send("Client X: Alice");
        const text = "Y: Bob received before X: Alice";
        assertEquals(await client.receive(5_000), text);
        assertEquals(await client.receive(5_000), undefined);
        assertEquals(await client.receive(), undefined);
      });
    });
  }
});

Deno.test("a port that another program listens on", async () => {
  await using server = LiveServer.start("sum");
  const address = { hostname: "127.0.0.1", port: server.port };
  assertThrows(
    () => listen(address),
    Failure,
    `Cannot listen on 127.0.0.1:${server.port}: the port is in use by another ` +
      "program.",
  );
});
