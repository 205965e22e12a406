/**
 * Sum over real sockets: requests in any pieces and many at once, everything
 * that is no request, and the two ways in which the server ends.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { MAX_MESSAGE } from "../../lib/rules/contract.ts";
import { listen } from "../../lib/net/address.ts";
import { escape } from "../../lib/rules/escape.js";
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
  const large = "9".repeat(5_000);
  const shown: Record<string, string> = { [large]: `${quoted(large)}` };
  for (const number of ["0", "101", "-1", "9007199254740993", large]) {
    await t.step(
      `${number.length} digits: ${number.slice(0, 20)}`,
      async () => {
        await using server = LiveServer.start("sum");
        {
          using peer = await RawStream.connect(server.port);
          await peer.send(REQUEST.replace("25", number));
          assertEquals(await peer.ends(), "");
        }
        await server.ends();
        const warning = `[WARNING] [handle_client]: Client int out of range: ${
          shown[number] ?? number
        }.`;
        assert(server.log.includes(`${warning} Terminating the server.`));
        listen({ hostname: "127.0.0.1", port: server.port }).close();
      },
    );
  }
});

const SEED_FORM = '{"client_name": "...", "client_number": 25}';
const NEITHER = "is neither JSON nor a name and a number";
const NOT_OBJECT = "is not a JSON object";
const NOT_BOTH = "is not one name and one integer";

/** A request with this text where the number should be. */
function numbered(number: string): string {
  return `{"client_name": "A", "client_number": ${number}}`;
}

/** How a text is quoted: whole, or its first hundred characters. */
function quoted(text: string): string {
  const start = JSON.stringify(text.slice(0, 100));
  return text.length > 100 ? `${start}... (${text.length} characters)` : start;
}

/** What is no request, and what is said about it before `; expected`. */
type BrokenRow = [name: string, request: string | Uint8Array, problem: string];

/** Requests that are told back to whoever sent them. */
const TOLD_BACK: BrokenRow[] = [
  ["no JSON", "hello", NEITHER],
  ["an object that has no end", '{"client_name": "A"', NEITHER],
  ["Python's way to write it", "{'client_name': 'A'}", NEITHER],
  ["a comma too many", '{"client_name": "A",}', NEITHER],
  ["NaN", numbered("NaN"), NEITHER],
  ["60000 brackets", "[".repeat(60_000), NEITHER],
  ["a bare number", "25", NOT_OBJECT],
  ["null", "null", NOT_OBJECT],
  ["a string", '"25"', NOT_OBJECT],
  ["an array", "[1, 2]\n", NOT_OBJECT],
  ["an object without fields", "{}", NOT_BOTH],
  ["a prototype is no field", `{"__proto__": ${numbered("25")}}`, NOT_BOTH],
  [
    "10000 braces",
    '{"a":'.repeat(10_000) + "1" + "}".repeat(10_000),
    NEITHER, // more than the parser's stack can hold
  ],
  [
    "60000 brackets inside",
    numbered("[".repeat(30_000) + "]".repeat(30_000)),
    NEITHER,
  ],
].map(([name = "", request = "", problem]): BrokenRow => [
  name,
  request,
  `${quoted(request)} ${problem}`,
]);

const BROKEN: BrokenRow[] = [
  ...TOLD_BACK,
  ["no name", '{"client_number": 25}', "client_name is missing"],
  ["no number", '{"client_name": "A"}', "client_number is missing"],
  [
    "a name that is a number",
    '{"client_name": 1, "client_number": 2}',
    "client_name is 1, not a string",
  ],
  [
    "a name that is null",
    '{"client_name": null, "client_number": 2}',
    "client_name is null, not a string",
  ],
  ...[
    ["a number with a fraction", "2.5", "2.5"],
    ["a fraction in quotes", '"2.5"', '"2.5"'],
    ["true for a number", "true", "true"],
    ["null for a number", "null", "null"],
    ["a list for a number", "[25]", "[25]"],
    ["an object for a number", '{"valueOf": 25}', '{"valueOf":25}'],
    ["a number without end", "1e999", "1e999"],
    ["a number with an exponent", "1e308", "1e308"],
    ["the last of equal keys counts", '1, "client_number": "x"', '"x"'],
  ].map(([name = "", number = "", shown]): BrokenRow => [
    name,
    numbered(number),
    `client_number is ${shown}, not an integer`,
  ]),
  [
    "not UTF-8",
    new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    "5 bytes that are not UTF-8",
  ],
];

Deno.test("sum: what is no request is answered with an error, and the next is served", async (t) => {
  await using server = LiveServer.start("sum");
  for (const [name, request, problem] of BROKEN) {
    await t.step(name, async () => {
      const error = `${problem}; expected ${SEED_FORM}`;
      using peer = await RawStream.connect(server.port);
      await peer.send(request);
      const ending = request.at(-1) === "\n" ? "\n" : "";
      const isJson = typeof request === "string" && request.startsWith("{");
      const answer = isJson ? JSON.stringify({ error }) : "error";
      assertEquals(await peer.ends(), answer + ending);
      const warning = server.log.split("\n").findLast((line) =>
        line.startsWith("[WARNING]")
      );
      assertMatch(
        warning!,
        /^\[WARNING\] \[handle_client\]: 127\.0\.0\.1:\d+: /,
      );
      assert(warning!.includes(escape(error)), warning);
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
    const { error } = JSON.parse(await peer.ends());
    assertEquals(
      error,
      `${quoted(REQUEST.slice(0, 20))} ${NEITHER}; expected ${SEED_FORM}`,
    );
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
