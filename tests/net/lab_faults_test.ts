/**
 * A network that is bad: each datagram meets the fate that the seed has for it,
 * both ways, the log and the watcher are told the same, and what is delayed is
 * neither lost at the end nor left behind.
 */
import { assert, assertEquals } from "@std/assert";
import { type FaultOptions, Faults } from "../../lib/net/faults.ts";
import { ITEM_OVERHEAD, MAX_HELD } from "../../lib/net/delayed.ts";
import { DatagramClient } from "../../lib/net/udp_client.ts";
import { bind } from "../../lib/net/address.ts";
import type { DatagramEvent } from "../../lib/net/wire.ts";
import { send, type ServerRules } from "../../lib/rules/contract.ts";
import { RawDatagrams, until } from "../support/harness.ts";
import { ANY } from "../support/in_process.ts";
import { LabServer, NO_FAULTS, WatchedNetwork } from "../support/lab.ts";

const decoder = new TextDecoder();

/** Answers each message with itself, and remembers it. */
function echo(heard: string[] = []): ServerRules {
  return {
    message(peer, received) {
      const text = String(received);
      heard.push(text);
      return [send(peer, text)];
    },
  };
}

/** What is to be seen of a datagram. */
type Seen = Pick<DatagramEvent, "lost" | "duplicate" | "delay"> & {
  text: string;
};

/** What becomes of these messages one after the other, and which arrive. */
function predict(
  faults: Faults,
  direction: "in" | "out",
  texts: readonly string[],
) {
  const seen: Seen[] = [];
  const arrived: string[] = [];
  for (const text of texts) {
    const fate = faults.fate(direction);
    if (fate.length === 0) {
      seen.push({ text, lost: true, duplicate: false, delay: 0 });
    }
    for (const [i, delay] of fate.entries()) {
      seen.push({ text, lost: false, duplicate: i > 0, delay });
      arrived.push(text);
    }
  }
  return { seen, arrived };
}

function seenFrom(server: LabServer, isOfServer: boolean): Seen[] {
  return server.all("datagram")
    .filter(({ from }) => (from.port === server.port) === isOfServer)
    .map(({ bytes, lost, duplicate, delay }) => (
      { text: decoder.decode(bytes), lost, duplicate, delay }
    ));
}

/** What the log says of them. */
function logOf(seen: readonly Seen[], way: string): string[] {
  return seen.flatMap(({ text, lost, duplicate }) => {
    const size = text.length === 1 ? "1 byte" : `${text.length} bytes`;
    if (!lost && !duplicate) return [];
    const what = lost ? "lost" : "duplicated";
    return [`[DEBUG] [network]: ${what} ${size} ${way}`];
  });
}

const MESSAGES = Array.from({ length: 30 }, (_, i) => `${i}`);

const FATES: Record<string, Partial<FaultOptions>> = {
  "loss": { loss: 0.4, seed: 1 },
  "another seed": { loss: 0.4, seed: 2 },
  "all are lost": { loss: 1, seed: 3 },
  "duplicates": { duplicate: 0.4, seed: 4 },
  "all are doubled": { duplicate: 1, seed: 5 },
  "both": { loss: 0.3, duplicate: 0.3, seed: 6 },
};

Deno.test("each datagram meets its fate, both ways", async (t) => {
  for (const [name, options] of Object.entries(FATES)) {
    await t.step(name, async () => {
      const faults = new Faults({ ...NO_FAULTS, ...options });
      const asked = predict(faults, "in", MESSAGES);
      const answered = predict(faults, "out", asked.arrived);
      const heard: string[] = [];
      await using server = LabServer.datagrams(echo(heard), {
        faults: options,
      });
      using peer = new RawDatagrams();
      for (const text of MESSAGES) await peer.send(text, server.port);
      const got: string[] = [];
      while (got.length < answered.arrived.length) {
        got.push((await peer.receive()).text);
      }
      await server.sees(
        "datagram",
        asked.seen.length + answered.seen.length,
      );
      assertEquals(heard, asked.arrived);
      assertEquals(got, answered.arrived);
      assertEquals(seenFrom(server, false), asked.seen);
      assertEquals(seenFrom(server, true), answered.seen);
      assert(await peer.isSilent());
      const where = `127.0.0.1:${peer.port}`;
      for (
        const [way, { seen }] of [["from", asked], ["to", answered]] as const
      ) {
        const expected = logOf(seen, `${way} ${where}`);
        const isOne = (line: string) => line.includes(` ${way} ${where}`);
        assertEquals(server.log.filter(isOne), expected);
      }
    });
  }
});

/** The least difference between two delays, in milliseconds. */
const GAP = 60;

/** A seed with which three messages overtake each other, far enough apart. */
function overtaking(options: Omit<FaultOptions, "seed">) {
  for (let seed = 0;; seed++) {
    const faults = new Faults({ ...options, seed });
    const delays = MESSAGES.slice(0, 3).map(() => faults.fate("in")[0]!);
    const [least, middle, most] = delays.toSorted((a, b) => a - b);
    const isApart = middle! - least! > GAP && most! - middle! > GAP;
    if (isApart && delays[0]! > delays[1]!) return { seed, delays };
  }
}

Deno.test("jitter lets datagrams overtake each other", async () => {
  const options = { loss: 0, duplicate: 0, delay: 200, jitter: 200 };
  const { seed, delays } = overtaking(options);
  const order = ["0", "1", "2"]
    .toSorted((a, b) => delays[Number(a)]! - delays[Number(b)]!);
  const heard: string[] = [];
  const faults = { ...options, seed };
  await using server = LabServer.datagrams(echo(heard), { faults });
  using peer = new RawDatagrams();
  for (const text of ["0", "1", "2"]) await peer.send(text, server.port);
  await until(() => heard.length === 3, "all three");
  assertEquals(heard, order);
  assertEquals(seenFrom(server, false).map(({ delay }) => delay), delays);
  const line = `[DEBUG] [network]: delayed 1 byte from 127.0.0.1:` +
    `${peer.port} by ${delays[0]!.toFixed(1)} ms`;
  assertEquals(server.log[0], line);
});

/** In milliseconds; long beside the 10 ms within which a server notices things. */
const DELAY = 250;

Deno.test("delayed answers are still sent when the server ends", async () => {
  const faults = { delay: DELAY, duplicate: 1 };
  await using server = LabServer.datagrams(echo(), { faults });
  using peer = new RawDatagrams();
  const start = performance.now();
  await peer.send("hello", server.port);
  await server.sees("datagram", 4); // a doubled question, each answer doubled
  server.abort();
  await server.ends();
  for (let i = 0; i < 4; i++) {
    assertEquals((await peer.receive()).text, "hello");
  }
  assert(performance.now() - start >= 2 * DELAY - 2);
});

Deno.test("a delay on a stream: what goes is late", async () => {
  await using server = LabServer.mode("sum", { faults: { delay: DELAY } });
  const peer = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  try {
    const start = performance.now();
    const question = '{"client_name": "Ann", "client_number": 5}';
    await peer.write(new TextEncoder().encode(question));
    const count = await peer.read(new Uint8Array(1_000));
    assert(count! > 0);
    assert(performance.now() - start >= DELAY - 2);
  } finally {
    peer.close();
  }
});

Deno.test("a client's network is as bad, and forgets what is on its way", async () => {
  using silent = new RawDatagrams();
  const watched = new WatchedNetwork({ faults: { delay: 60_000 } });
  const { network, printer: journal } = watched;
  const address = { hostname: "127.0.0.1", port: silent.port };
  const options = { timeout: 50, journal, network };
  const client = new DatagramClient(address, 0, options);
  const failure = client.request("hello").catch((error) => error.message);
  assert((await failure).startsWith("No answer"));
  client.close();
  network.close(); // or else the timer would keep the test from passing
  assertEquals(watched.all("datagram").map(({ delay }) => delay), [60_000]);
  assert(await silent.isSilent(20));
});

Deno.test("a program that takes nothing fills no more than so much memory", async () => {
  const SIZE = 60_000;
  const room = Math.ceil(MAX_HELD / (SIZE + ITEM_OVERHEAD));
  const watched = new WatchedNetwork({ faults: { duplicate: 0.001 } });
  const { network } = watched;
  const socket = bind(ANY);
  const { port } = socket.addr as Deno.NetAddr;
  using peer = new RawDatagrams();
  try {
    const first = network.receive(socket, new Uint8Array(0));
    for (let count = 1; count <= room + 3; count++) {
      await peer.send(new Uint8Array(SIZE), port);
      await watched.sees("datagram", count);
    }
    assertEquals((await first)![0].length, SIZE);
    const taken = watched.all("datagram").filter(({ lost }) => !lost);
    // The first is taken, and one may be on its way while the last is counted.
    assert(taken.length >= room && taken.length <= room + 2, `${taken.length}`);
  } finally {
    socket.close();
    network.close();
    watched.printer.flush();
  }
});
