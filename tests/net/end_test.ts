/**
 * The end means one thing over both transports, whether the rules or a signal
 * bring it about: what had arrived is answered, nothing that comes later is, and
 * a later end may shorten an earlier one.
 */
import { assert, assertEquals } from "@std/assert";
import { bind, listen } from "../../lib/net/address.ts";
import { RawDatagrams, RawStream, until } from "../support/harness.ts";
import { ANY, closeAll, LiveServer, pause } from "../support/in_process.ts";
import { NumberedFlood } from "../support/numbered_flood.ts";
import { LabServer } from "../support/lab.ts";
import { SlowStream } from "../support/peers.ts";
import { uppercaseServer } from "../../lib/rules/uppercase.ts";

const REQUEST = '{"client_name": "Alice", "client_number": 25}';
const OUT_OF_RANGE = REQUEST.replace("25", "250");
const REPLY = '{"server_name":"Socket Lab Server","server_number":10,"sum":35}';

/** How long after the end something is sent, in milliseconds. */
const LATER = [20, 35, 50];
/** How late a timer may be until nothing can be told from the time, in milliseconds. */
const HELD_UP = 8;
/** How often this looks, in milliseconds. */
const TICK = 2;

/**
 * Does something that tells only how things follow one another in time. The
 * server shares this thread: if it was held up, a failure says nothing, and it is
 * done again.
 */
async function onTime(attempt: () => Promise<void>): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    let [last, longest] = [performance.now(), 0];
    const look = () => {
      longest = Math.max(longest, performance.now() - last - TICK);
      last = performance.now();
    };
    const timer = setInterval(look, TICK);
    try {
      return await attempt();
    } catch (error) {
      look();
      if (longest <= HELD_UP) throw error;
    } finally {
      clearInterval(timer);
    }
  }
  throw new Error("This machine is too busy to tell 20 ms from 10.");
}

/** How a server is made to end. */
type End = (server: LiveServer) => void | Promise<void>;

const SUM_ENDS: Record<string, End> = {
  "Terminating the server": async (server) => {
    using peer = await RawStream.connect(server.port);
    await peer.send(OUT_OF_RANGE);
    await server.logs("Terminating the server.");
  },
  "a signal": (server) => server.abort(),
};

for (const [how, end] of Object.entries(SUM_ENDS)) {
  Deno.test(`sum, ${how}: what comes later is not answered`, async (t) => {
    for (const milliseconds of LATER) {
      await t.step(`${milliseconds} ms later`, () =>
        onTime(async () => {
          await using server = LiveServer.start("sum", { number: 10 });
          using late = await RawStream.connect(server.port);
          using half = await RawStream.connect(server.port);
          await half.send(REQUEST.slice(0, 20));
          await accepted(server, 2);
          await end(server);
          await pause(milliseconds);
          await Promise.allSettled([
            late.send(REQUEST),
            half.send(REQUEST.slice(20)),
          ]);
          using newcomer = await connectLate(server.port);
          await newcomer?.send(REQUEST).catch(() => {});
          const received = [await late.ends(), await newcomer?.ends() ?? ""];
          await server.ends();
          assertEquals(received, ["", ""]);
          assertEquals(server.transcript, []);
          assert(/neither JSON/.test(await half.ends()), half.received);
        }));
    }
  });
}

async function accepted(server: LiveServer, count: number): Promise<void> {
  await until(
    () => server.log.split("Connection accepted").length > count,
    `${count} connections`,
  );
}

/** Undefined where nobody listens any more. */
async function connectLate(port: number): Promise<RawStream | undefined> {
  try {
    return await RawStream.connect(port);
  } catch (error) {
    const { ConnectionRefused, ConnectionReset } = Deno.errors;
    const isGone = error instanceof ConnectionRefused ||
      error instanceof ConnectionReset;
    if (isGone) return undefined;
    throw error;
  }
}

Deno.test("sum: what waits in the backlog when the end comes is answered", async (t) => {
  for (const who of ["the rules", "a signal"]) {
    await t.step(`an end by ${who}`, async () => {
      const listener = listen(ANY);
      const streams: RawStream[] = [];
      for (let n = 0; n < 20; n++) {
        const stream = await RawStream.connect(listener.addr.port);
        streams.push(stream);
        const isLast = who === "the rules" && n === 10;
        await stream.send(isLast ? OUT_OF_RANGE : REQUEST);
      }
      try {
        await using server = new LiveServer("sum", listener, { number: 10 });
        if (who === "a signal") server.abort();
        const replies = await Promise.all(streams.map((each) => each.ends()));
        await server.ends();
        const expected = streams.map(() => REPLY);
        if (who === "the rules") expected[10] = "";
        assertEquals(replies, expected);
      } finally {
        closeAll(streams);
      }
    });
  }
});

/** Brings the fourth client of `permission` in, or the quit of `uppercase`. */
const UDP_ENDS: Record<string, End> = {
  "the fourth client": async (server) => {
    for (let client = 0; client < 4; client++) {
      using socket = new RawDatagrams();
      await socket.request("hello", server.port);
    }
    await server.logs("4 clients have sent a message: the end");
  },
  "a signal": (server) => server.abort(),
};

for (const [how, end] of Object.entries(UDP_ENDS)) {
  Deno.test(`permission, ${how}: what comes later is not answered`, async (t) => {
    for (const milliseconds of LATER) {
      await t.step(`${milliseconds} ms later`, () =>
        onTime(async () => {
          await using server = LiveServer.start("permission");
          using late = new RawDatagrams();
          await end(server);
          const before = server.transcript.length;
          await pause(milliseconds);
          await late.send("too late", server.port);
          const isSilent = await late.isSilent();
          await server.ends();
          assert(isSilent, "it was answered");
          assertEquals(server.transcript.length, before);
        }));
    }
  });
}

Deno.test("permission: what had arrived when the fourth client came is answered", async () => {
  const socket = bind(ANY);
  const { port } = socket.addr as Deno.NetAddr;
  const clients = Array.from({ length: 6 }, () => new RawDatagrams());
  try {
    for (let turn = 0; turn < 10; turn++) {
      for (const client of clients) await client.send(`m${turn}`, port);
    }
    await using server = new LiveServer("permission", socket);
    await server.ends();
    for (let turn = 0; turn < 10; turn++) {
      for (const client of clients) {
        const { text } = await client.receive();
        assertEquals(text, "Port is not allowed to communicate");
      }
    }
    assertEquals(server.transcript.length, 60);
    assertEquals(server.log.split("the end").length, 2, "it is told once");
    bind({ ...ANY, port }).close();
  } finally {
    closeAll(clients);
  }
});

/** How long an end may take that a signal has shortened, in milliseconds. */
const SHORTENED = 2_500;

Deno.test("chat: a signal shortens a Bye that one does not read", async () => {
  await using server = LiveServer.start("chat");
  using x = await SlowStream.connect(server.port);
  using y = await SlowStream.connect(server.port);
  await server.hears(x, "Client X: Alice");
  await server.hears(y, "Client Y: Bob");
  const flood = new NumberedFlood(x);
  await flood.stalls();
  await y.send("Bye\n"); // whoever says it need not have read anything
  await server.prints("Y: Bye");
  await pause(200); // it would take five seconds
  const began = performance.now();
  server.abort();
  await server.ends();
  const took = performance.now() - began;
  assert(took < SHORTENED, `${took} ms`);
  await flood.finished.catch(() => {}); // its connection is gone
});

Deno.test("uppercase: a signal shortens the wait for delayed answers", async () => {
  const faults = { delay: 3_000 };
  const rules = uppercaseServer({ sessions: 1 });
  await using server = LabServer.datagrams(rules, { faults });
  using client = new RawDatagrams();
  await client.send("quit", server.port);
  await until(
    () => server.log.some((line) => line.includes("is over: the end")),
    "the end",
  );
  const began = performance.now(); // its answer would take three seconds
  server.abort();
  await server.ends();
  const took = performance.now() - began;
  assert(took < SHORTENED, `${took} ms`);
});
