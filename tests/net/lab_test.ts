/**
 * A network that is only watched: whoever watches is told of every byte, of
 * each connection's beginning and end, and of how each message was found.
 */
import { assert, assertEquals } from "@std/assert";
import { connect, Socket } from "node:net";
import fc from "../support/fast_check.ts";
import { StreamClient } from "../../lib/net/tcp_client.ts";
import type { MessageEvent, WireEvent } from "../../lib/net/wire.ts";
import { MODE_NAMES, type ModeName, MODES } from "../../lib/rules.ts";
import {
  close,
  MAX_MESSAGE,
  send,
  type ServerRules,
} from "../../lib/rules/contract.ts";
import { RawDatagrams, RawStream, until, within } from "../support/harness.ts";
import { MODE_TESTS } from "../modes.ts";
import { type Badness, LabServer, WatchedNetwork } from "../support/lab.ts";
import { bytesOf } from "../support/pieces.ts";

const decoder = new TextDecoder();

function anyPieces(mode: ModeName): fc.Arbitrary<Uint8Array[]> {
  const usual = fc.constantFrom(...MODE_TESTS[mode].pieces).map((text) =>
    bytesOf(text)
  );
  const bytes = fc.uint8Array({ maxLength: 3_000, size: "max" });
  const piece = fc.oneof({ weight: 3, arbitrary: usual }, bytes);
  return fc.array(piece, { minLength: 1, maxLength: 8 });
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

/** Sends these datagrams, each of which is answered. */
async function tellDatagrams(
  server: LabServer,
  pieces: readonly Uint8Array[],
): Promise<void> {
  using peer = new RawDatagrams();
  let answers = "";
  for (const piece of pieces) answers += await peer.request(piece, server.port);
  const sent = server.all("datagram")
    .filter(({ from }) => from.port === peer.port);
  assertEquals(sent.map(({ bytes }) => bytes), pieces);
  assertEquals(decoder.decode(server.sentBy(server.port, "datagram")), answers);
}

/** Two peers at once send these pieces, and read whatever comes. */
async function tellStreams(
  server: LabServer,
  pieces: readonly Uint8Array[],
): Promise<void> {
  const conns: Deno.TcpConn[] = [];
  for (let i = 0; i < 2; i++) {
    conns.push(
      await Deno.connect({ hostname: "127.0.0.1", port: server.port }),
    );
  }
  const streams = conns.map((conn) => new RawStream(conn));
  try {
    await Promise.all(streams.map(async (stream) => {
      for (const piece of pieces) await stream.send(piece);
      await stream.endSending();
      await stream.ends();
    }));
    await server.sees("close", 2);
    for (const [i, { localAddr }] of conns.entries()) {
      const { port } = localAddr as Deno.NetAddr;
      assertEquals(server.sentBy(port, "data"), joined(pieces));
      const got = server.all("data").filter(({ to }) => to.port === port);
      const text = decoder.decode(joined(got.map(({ bytes }) => bytes)));
      assertEquals(text, streams[i]!.received);
    }
  } finally {
    for (const stream of streams) stream[Symbol.dispose]();
  }
}

const TELL = { udp: tellDatagrams, tcp: tellStreams };

/** How often each mode is tried. */
const RUNS = 8;

Deno.test("a watcher is told of every byte, in order, both ways", async (t) => {
  for (const mode of MODE_NAMES) {
    await t.step(mode, async () => {
      const property = fc.asyncProperty(anyPieces(mode), async (pieces) => {
        await using server = LabServer.mode(mode);
        await TELL[MODES[mode].transport](server, pieces);
      });
      await fc.assert(property, { numRuns: RUNS });
    });
  }
});

const canReset = "resetAndDestroy" in Socket.prototype;
const NO_RESET = " (ignored: this Deno cannot reset a connection)";

/** Says nothing to anybody. */
const MUTE: ServerRules = { message: () => [] };

/** How events went: who did it, and what. */
function storyOf(server: LabServer, events: readonly WireEvent[]): string[] {
  return events.map(({ type, from }) =>
    `${from.port === server.port ? "server" : "peer"} ${type}`
  );
}

Deno.test("the beginning and the end of a connection", async (t) => {
  const talk = ["peer data", "peer message", "server data", "server message"];
  const answer: ServerRules = { message: (peer) => [send(peer, "hi")] };

  await t.step("the peer ends it", async () => {
    await using server = LabServer.streams(answer);
    using peer = await RawStream.connect(server.port);
    await peer.send("hello\n");
    await peer.receives("hi\n");
    await peer.endSending();
    await server.sees("close");
    assertEquals(
      storyOf(server, server.events),
      ["peer open", ...talk, "peer end", "server end", "server close"],
    );
  });

  await t.step("the server ends it", async () => {
    const rules: ServerRules = {
      message: (peer) => [send(peer, "hi"), close(peer)],
    };
    await using server = LabServer.streams(rules);
    using peer = await RawStream.connect(server.port);
    await peer.send("hello\n");
    await peer.ends();
    await peer.endSending();
    await server.sees("close");
    assertEquals(
      storyOf(server, server.events),
      ["peer open", ...talk, "server end", "peer end", "server close"],
    );
  });

  await t.step({
    name: `the peer breaks it off${canReset ? "" : NO_RESET}`,
    ignore: !canReset,
    async fn() {
      await using server = LabServer.streams(answer);
      const peer = connect(server.port, "127.0.0.1");
      const gone = new Promise((resolve) => peer.on("close", resolve));
      peer.write("hello\n");
      await server.sees("message", 2);
      peer.resetAndDestroy();
      await server.sees("close");
      assertEquals(
        storyOf(server, server.events),
        ["peer open", ...talk, "peer reset", "server close"],
      );
      await within(gone, "the end of the peer's socket");
    },
  });

  await t.step("a client's own", async () => {
    await using server = LabServer.streams(answer);
    const watched = new WatchedNetwork();
    const { network } = watched;
    const client = await StreamClient.connect(
      { hostname: "127.0.0.1", port: server.port },
      { framing: "line", json: false, timeout: 5_000, network },
    );
    try {
      await client.send("hello");
      assertEquals(await client.receive(), "hi");
    } finally {
      client.close();
    }
    await watched.sees("close");
    const [open] = watched.all("open");
    assertEquals(open!.to.port, server.port);
    assertEquals(
      storyOf(server, watched.events),
      ["peer open", ...talk, "peer end", "server end", "peer close"],
    );
  });
});

type HowFound = Pick<MessageEvent, "end" | "reads" | "index" | "count">;

/** What is written, one piece a read; `ends` is after the last of them. */
interface FoundRow {
  name: string;
  json?: boolean;
  /** Each is sent once the one before has been read; null waits for a message. */
  pieces: (string | null)[];
  ends?: boolean;
  found: [
    text: string,
    ...how: [MessageEvent["end"], number, number, number],
  ][];
}

const FOUND: FoundRow[] = [
  {
    name: "a line feed",
    pieces: ["hello\n"],
    found: [["hello", "line feed", 1, 1, 1]],
  },
  {
    name: "a carriage return is part of it",
    pieces: ["hello\r\n"],
    found: [["hello", "line feed", 1, 1, 1]],
  },
  {
    name: "three messages in one read",
    pieces: ["one\ntwo\nthree\n"],
    found: [
      ["one", "line feed", 1, 1, 3],
      ["two", "line feed", 1, 2, 3],
      ["three", "line feed", 1, 3, 3],
    ],
  },
  {
    name: "one message from three reads",
    pieces: ["he", "ll", "o\n"],
    found: [["hello", "line feed", 3, 1, 1]],
  },
  {
    name: "a read that ends one message and begins the next",
    pieces: ["on", "e\ntw", "o\n"],
    found: [["one", "line feed", 2, 1, 1], ["two", "line feed", 2, 1, 1]],
  },
  {
    name: "silence",
    pieces: ["hello"],
    found: [["hello", "silence", 1, 1, 1]],
  },
  {
    name: "after silence, each read",
    pieces: ["one", null, "two", "three"],
    found: [
      ["one", "silence", 1, 1, 1],
      ["two", "end of read", 1, 1, 1],
      ["three", "end of read", 1, 1, 1],
    ],
  },
  {
    name: "after silence, half a character waits for the other",
    pieces: ["one", null, "\xc3", "\xbc"],
    found: [["one", "silence", 1, 1, 1], ["ü", "end of read", 2, 1, 1]],
  },
  {
    name: "zeros after a text are no part of it",
    pieces: ["one\0\0", null, "\0", "two\0"],
    found: [["one", "silence", 1, 1, 1], ["two", "end of read", 1, 1, 1]],
  },
  {
    name: "the end of the stream",
    pieces: ["one\nhal", "f"],
    ends: true,
    found: [["one", "line feed", 1, 1, 1], ["half", "end of stream", 2, 1, 1]],
  },
  {
    name: "a closing brace",
    json: true,
    pieces: ['{"a":', ' "}"}'],
    found: [['{"a": "}"}', "closing brace", 2, 1, 1]],
  },
  {
    name: "two objects in one read",
    json: true,
    pieces: ['{"a":1}{"b":2}'],
    found: [
      ['{"a":1}', "closing brace", 1, 1, 2],
      ['{"b":2}', "closing brace", 1, 2, 2],
    ],
  },
  {
    name: "a line that is no object",
    json: true,
    pieces: ["hello\n{}"],
    found: [["hello", "line feed", 1, 1, 2], ["{}", "closing brace", 1, 2, 2]],
  },
];

/** One byte for each character: pieces may cut a character in two. */
function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

Deno.test("how a message was found", async (t) => {
  for (const { name, json = false, pieces, ends, found } of FOUND) {
    await t.step(name, async () => {
      await using server = LabServer.streams(MUTE, { json });
      using peer = await RawStream.connect(server.port);
      let [reads, messages] = [0, 0];
      for (const piece of pieces) {
        if (piece === null) {
          await server.sees("message", ++messages);
          continue;
        }
        await peer.send(latin1(piece));
        await server.sees("data", ++reads);
      }
      if (ends) await peer.endSending();
      await server.sees("message", found.length);
      const actual = server.all("message").map((event) => {
        const { end, reads, index, count }: HowFound = event;
        return [decoder.decode(event.bytes), end, reads, index, count];
      });
      assertEquals(actual, found);
    });
  }

  await t.step("too long", async () => {
    await using server = LabServer.streams(MUTE);
    using peer = await RawStream.connect(server.port);
    await peer.send("x".repeat(MAX_MESSAGE + 1));
    await peer.ends();
    const [message] = server.all("message");
    const { port } = message!.from;
    const brought = server.all("data").filter(({ from }) => from.port === port);
    const { end, reads, index, count } = message!;
    assertEquals([end, index, count], ["too long", 1, 1]);
    assertEquals(reads, brought.length);
    assertEquals(message!.bytes.length, MAX_MESSAGE + 1);
  });
});

/** How messages that are answers stand in the trace, and how they were written. */
async function answersTo(question: string, badness: Badness = {}) {
  const rules: ServerRules = {
    message: (peer) => [send(peer, "first"), send(peer, "second")],
  };
  await using server = LabServer.streams(rules, badness);
  using peer = await RawStream.connect(server.port);
  await peer.send(question);
  await peer.receives(question.endsWith("\n") ? "second\n" : "second");
  await until(
    () => server.all("message").length >= 3,
    "the question and both answers",
  );
  const isAnswer = ({ from }: WireEvent) => from.port === server.port;
  const writes = server.all("data").filter(isAnswer)
    .map(({ bytes }) => decoder.decode(bytes));
  const messages = server.all("message").filter(isAnswer)
    .map(({ bytes, end, index, count }) => {
      assertEquals(end, "sent");
      return `${decoder.decode(bytes)} ${index}/${count}`;
    });
  return { writes, messages, received: peer.received };
}

Deno.test("how messages are written", async (t) => {
  await t.step("lines share a write", async () => {
    assertEquals(await answersTo("hello\n"), {
      writes: ["first\nsecond\n"],
      messages: ["first 1/2", "second 2/2"],
      received: "first\nsecond\n",
    });
  });

  await t.step("bare messages have writes of their own", async () => {
    assertEquals(await answersTo("hello"), {
      writes: ["first", "second"],
      messages: ["first 1/1", "second 1/1"],
      received: "firstsecond",
    });
  });

  await t.step("slices: each message for itself, in pieces", async () => {
    assertEquals(await answersTo("hello\n", { slice: 4 }), {
      writes: ["firs", "t\n", "seco", "nd\n"],
      messages: ["first 1/1", "second 1/1"],
      received: "first\nsecond\n",
    });
  });

  await t.step("slices: of one byte, and a little apart", async () => {
    const badness = { slice: 1, faults: { delay: 2 } };
    const { writes, received } = await answersTo("hello\n", badness);
    assertEquals(writes, [..."first\nsecond\n"]);
    assertEquals(received, "first\nsecond\n");
  });
});

Deno.test("what is sliced is logged", async () => {
  const rules: ServerRules = { message: (peer) => [send(peer, "hello")] };
  await using server = LabServer.streams(rules, { slice: 4 });
  using peer = await RawStream.connect(server.port);
  await peer.send("hello\n");
  await peer.receives("hello\n");
  const isLogged = () =>
    server.log.some((line) =>
      /^\[DEBUG\] \[network\]: wrote 6 bytes in 2 pieces to 127\.0\.0\.1:\d+$/
        .test(line)
    );
  await until(isLogged, "the slices in the log");
  assert(server.all("data").length === 3);
});
