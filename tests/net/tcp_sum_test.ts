/**
 * Sum over real sockets: requests in any pieces and many at once, everything
 * that is no request, and the two ways in which the server ends.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { MAX_MESSAGE } from "../../lib/net/framing.ts";
import { listen } from "../../lib/net/tcp_server.ts";
import { RawStream, until } from "../support/harness.ts";
import {
  closeAll,
  connectAll,
  LiveServer,
  newcomersAreServed,
} from "../support/in_process.ts";

const REQUEST = '{"client_name": "Alice", "client_number": 25}';
const REPLY = '{"server_name":"Socket Lab Server","server_number":10,"sum":35}';

const REQUESTS: [name: string, pieces: string[], reply: string][] = [
  ["bare", [REQUEST], REPLY],
  ["with a line feed", [REQUEST + "\n"], REPLY + "\n"],
  ["byte by byte", [...REQUEST], REPLY],
  ["on several lines", [REQUEST.replaceAll(" ", "\n")], REPLY + "\n"],
  ["after blanks", ["  \t" + REQUEST], REPLY],
  ["after empty lines", ["\n\r\n" + REQUEST], REPLY + "\n"],
  ["with more fields than needed", [REQUEST.replace("{", '{"x": {},')], REPLY],
  ["and what follows is nobody's", [REQUEST + REQUEST], REPLY],
];

Deno.test("sum: a request is answered as soon as it is complete", async (t) => {
  await using server = LiveServer.start("sum", { number: 10 });
  for (const [name, pieces, reply] of REQUESTS) {
    await t.step(name, async () => {
      using peer = await RawStream.connect(server.port);
      for (const piece of pieces) await peer.send(piece);
      assertEquals(await peer.ends(), reply);
    });
  }
  const lines = [
    "[INFO] [handle_client]: Client Name: Alice | Server Name: Socket Lab Server",
    "[INFO] [handle_client]: Client Number: 25 | Server Number: 10 | Sum: 35",
  ];
  assertEquals(server.transcript, REQUESTS.flatMap(() => lines));
});

Deno.test("sum: clients at the same time get their own sums", async () => {
  await using server = LiveServer.start("sum", { number: 10 });
  const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
  const streams = await connectAll(server, numbers.length);
  await Promise.all(streams.map(async (stream, index) => {
    const client_number = numbers[index]!;
    await stream.send(JSON.stringify({ client_name: "A", client_number }));
    assertEquals(JSON.parse(await stream.ends()).sum, client_number + 10);
  }));
  closeAll(streams);
});

Deno.test("sum: a number out of range ends the server", async (t) => {
  for (const number of [0, 101, -1, 1e15]) {
    await t.step(String(number), async () => {
      await using server = LiveServer.start("sum");
      {
        using peer = await RawStream.connect(server.port);
        await peer.send(REQUEST.replace("25", String(number)));
        assertEquals(await peer.ends(), "");
      }
      await server.ends();
      const warning =
        `[WARNING] [handle_client]: Client int out of range: ${number}.`;
      assert(server.log.includes(`${warning} Terminating the server.`));
      listen({ hostname: "127.0.0.1", port: server.port }).close();
    });
  }
});

const NOT_JSON = "the message is not JSON";
const NOT_OBJECT = "the message is not a JSON object";
const NO_NAME = "client_name is not a string";
const NO_NUMBER = "client_number is not an integer";

/** A request with this text where the number should be. */
function numbered(number: string): string {
  return `{"client_name": "A", "client_number": ${number}}`;
}

const BROKEN: [name: string, request: string | Uint8Array, error: string][] = [
  ["no JSON", "hello", NOT_JSON],
  ["an object that has no end", '{"client_name": "A"', NOT_JSON],
  ["Python's way to write it", "{'client_name': 'A'}", NOT_JSON],
  ["a comma too many", '{"client_name": "A",}', NOT_JSON],
  ["a bare number", "25", NOT_OBJECT],
  ["null", "null", NOT_OBJECT],
  ["a string", '"25"', NOT_OBJECT],
  ["an array", "[1, 2]\n", NOT_OBJECT],
  ["an object without fields", "{}", NO_NAME],
  ["no name", '{"client_number": 25}', NO_NAME],
  ["no number", '{"client_name": "A"}', NO_NUMBER],
  [
    "a name that is a number",
    '{"client_name": 1, "client_number": 2}',
    NO_NAME,
  ],
  ["a name that is null", '{"client_name": null, "client_number": 2}', NO_NAME],
  ["a number with a fraction", numbered("2.5"), NO_NUMBER],
  ["a number in quotes", numbered('"25"'), NO_NUMBER],
  ["true for a number", numbered("true"), NO_NUMBER],
  ["null for a number", numbered("null"), NO_NUMBER],
  ["a list for a number", numbered("[25]"), NO_NUMBER],
  ["an object for a number", numbered('{"valueOf": 25}'), NO_NUMBER],
  ["a number without end", numbered("1e999"), NO_NUMBER],
  ["a number of 5000 digits", numbered("9".repeat(5_000)), NO_NUMBER],
  ["NaN", numbered("NaN"), NOT_JSON],
  [
    "the last of equal keys counts",
    numbered('1, "client_number": "x"'),
    NO_NUMBER,
  ],
  ["a prototype is no field", `{"__proto__": ${numbered("25")}}`, NO_NAME],
  ["60000 brackets", "[".repeat(60_000), NOT_JSON],
  [
    "60000 brackets inside",
    numbered("[".repeat(30_000) + "]".repeat(30_000)),
    NO_NUMBER,
  ],
  ["60000 braces", '{"a":'.repeat(10_000) + "1" + "}".repeat(10_000), NO_NAME],
  [
    "not UTF-8",
    new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    "the message is not UTF-8",
  ],
];

Deno.test("sum: what is no request is answered with an error, and the next is served", async (t) => {
  await using server = LiveServer.start("sum");
  for (const [name, request, error] of BROKEN) {
    await t.step(name, async () => {
      using peer = await RawStream.connect(server.port);
      await peer.send(request);
      const ending = request.at(-1) === "\n" ? "\n" : "";
      assertEquals(await peer.ends(), JSON.stringify({ error }) + ending);
      assertMatch(
        server.log,
        new RegExp(`WARNING.*127.0.0.1:\\d+: ${error}\n`),
      );
      await newcomersAreServed("sum", server);
    });
  }
});

Deno.test("sum: the limit of a request", async (t) => {
  await using server = LiveServer.start("sum", { number: 10 });
  const filled = (length: number) => {
    const empty = REQUEST.replace("Alice", "");
    return REQUEST.replace("Alice", "A".repeat(length - empty.length));
  };
  await t.step("the longest is served", async () => {
    using peer = await RawStream.connect(server.port);
    await peer.send(filled(MAX_MESSAGE));
    assertEquals(await peer.ends(), REPLY);
  });
  for (const ended of [true, false]) {
    await t.step(
      `a longer one is not, ${ended ? "" : "not "}ended`,
      async () => {
        using peer = await RawStream.connect(server.port);
        const request = filled(MAX_MESSAGE + (ended ? 1 : 2));
        await peer.send(ended ? request : request.slice(0, -1));
        assertEquals(await peer.ends(), "Message too long");
        await server.logs("too long");
        await newcomersAreServed("sum", server);
      },
    );
  }
});

Deno.test("sum: requests that came before the number that ends the server", async (t) => {
  for (const [who, accepted] of [["long connected", 21], ["new", 0]] as const) {
    await t.step(`of peers who are ${who}`, async () => {
      await using server = LiveServer.start("sum", { number: 10 });
      const streams = await connectAll(server, 20);
      const last = await RawStream.connect(server.port);
      const count = () => server.log.split("Connection accepted").length - 1;
      await until(() => count() >= accepted, "connections");
      for (const stream of streams) await stream.send(REQUEST);
      await last.send(REQUEST.replace("25", "250"));
      const replies = await Promise.all(streams.map((each) => each.ends()));
      await last.ends();
      closeAll([...streams, last]);
      await server.ends();
      assertEquals(replies, streams.map(() => REPLY));
      assertEquals(last.received, "");
    });
  }
});

Deno.test("sum: a request that half-closes gets its answer", async (t) => {
  await using server = LiveServer.start("sum", { number: 10 });
  await t.step("after a whole request", async () => {
    using peer = await RawStream.connect(server.port);
    await peer.send(REQUEST);
    await peer.endSending();
    assertEquals(await peer.ends(), REPLY);
  });
  await t.step("in the middle of one", async () => {
    using peer = await RawStream.connect(server.port);
    await peer.send(REQUEST.slice(0, 20));
    await peer.endSending();
    assertEquals(await peer.ends(), JSON.stringify({ error: NOT_JSON }));
  });
  await t.step("without a word", async () => {
    using peer = await RawStream.connect(server.port);
    await peer.endSending();
    assertEquals(await peer.ends(), "");
  });
  await newcomersAreServed("sum", server);
});

Deno.test("an end, as by Ctrl-C, answers what has arrived and frees the port", async () => {
  await using server = LiveServer.start("sum", { number: 10 });
  const streams = await connectAll(server, 20);
  using silent = await RawStream.connect(server.port);
  for (const stream of streams) await stream.send(REQUEST);
  server.abort();
  for (const stream of streams) assertEquals(await stream.ends(), REPLY);
  assertEquals(await silent.ends(), "");
  closeAll(streams);
  await server.ends();
  listen({ hostname: "127.0.0.1", port: server.port }).close();
});
