/**
 * How the server ends when it is told to: by SIGINT or SIGTERM, in whatever
 * state it is, it answers what has arrived, closes everything and exits with 0,
 * and its port can be used again at once.
 */
import { assert, assertEquals } from "@std/assert";
import {
  RawDatagrams,
  RawStream,
  type Script,
  startServer,
  until,
} from "../support/harness.ts";
import type { DatagramModeName, StreamModeName } from "../support/modes.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** How long a server may take that has nobody to wait for, in milliseconds. */
const SOON = 4_000;

/**
 * Puts a server into a state, lets `arrive` happen while it cannot run, and
 * signals it: what arrived and the signal are there at the same moment.
 */
async function endWhileBusy(
  server: Script,
  signal: Deno.Signal,
  arrive: () => Promise<void>,
): Promise<void> {
  server.kill("SIGSTOP");
  await arrive();
  server.kill(signal);
  server.kill("SIGCONT");
  const began = performance.now();
  assertEquals(await server.exits(), 0, server.stderr.text);
  assert(performance.now() - began < SOON);
  assert(!/error|\bat /i.test(server.stderr.text), server.stderr.text);
}

/** What each UDP mode answers to the message `m` and a number. */
const ANSWERS: Record<DatagramModeName, (count: number) => string> = {
  permission: () => "Port is not allowed to communicate",
  uppercase: (count) => `M${count}`,
};

Deno.test("UDP servers answer what has arrived, and exit with 0", async (t) => {
  for (const signal of SIGNALS) {
    for (const [mode, answer] of Object.entries(ANSWERS)) {
      for (const count of [0, 100]) {
        await t.step(`${mode}, ${signal}, ${count} datagrams`, async () => {
          const { server, port } = await startServer(["--mode", mode]);
          await using _ = server;
          using client = new RawDatagrams();
          await client.request("first", port);
          await endWhileBusy(server, signal, async () => {
            for (let i = 0; i < count; i++) await client.send(`m${i}`, port);
          });
          for (let i = 0; i < count; i++) {
            const { text } = await client.receive();
            assertEquals(text, answer(i));
          }
          assertEquals(server.stdout.lines.length, 2 + count);
          using _again = new RawDatagrams(port);
        });
      }
    }
  }
});

/** What TCP peers have said before, what they say last, and what they get. */
interface State {
  name: string;
  /** One connection each, opened in this order while the server runs. */
  before: string[];
  /** What the server has printed when all of that has come. */
  printed?: string;
  /** What each of them sends, or new ones, while the server cannot run. */
  last: string[];
  /** All that each of them has received at the end. */
  received: string[];
}

const ACKNOWLEDGED = "X: A received before Y: B";

/** In every mode. */
const ALWAYS: State[] = [
  { name: "idle", before: [], last: [], received: [] },
  { name: "a silent peer", before: [""], last: [""], received: [""] },
];

/** In `sequence` and `chat`. */
const PAIRING: State[] = [
  {
    name: "half a message",
    before: ["Clie"],
    last: [""],
    received: ["Invalid Message"],
  },
  {
    name: "one waits for its partner",
    before: ["Client X: A\n"],
    printed: "Client X: A\n",
    last: [""],
    received: [""],
  },
  {
    name: "the partner arrives",
    before: ["Client X: A\n"],
    printed: "Client X: A\n",
    last: ["", "Client Y: B"], // without a line feed: it has to be waited for
    received: [`${ACKNOWLEDGED}\n`, ACKNOWLEDGED],
  },
  {
    name: "a pair arrives",
    before: [],
    last: ["Client X: A\n", "Client Y: B\n"],
    received: [`${ACKNOWLEDGED}\n`, `${ACKNOWLEDGED}\n`],
  },
];

const TALKING: State = {
  name: "two talk, and say more",
  before: ["Client X: A\n", "Client Y: B\n"],
  printed: "Sent acknowledgment",
  last: ["1\n2\n3\n", "4\n5\n6\n"],
  received: [`${ACKNOWLEDGED}\n4\n5\n6\n`, `${ACKNOWLEDGED}\n1\n2\n3\n`],
};

const ADDING: State[] = [
  {
    name: "half a number",
    before: ['{"client_name":'],
    last: [""],
    received: [
      JSON.stringify({
        error:
          '"{\\"client_name\\":" is neither JSON nor a name and a number; ' +
          'expected {"client_name": "...", "client_number": 25}',
      }),
    ],
  },
  {
    name: "three numbers arrive",
    before: ['{"client_name":"A","client_nu', ""],
    last: ['mber":1}', request(2), request(3)],
    received: [reply(11), reply(12), reply(13)],
  },
];

const STATES: Record<StreamModeName, State[]> = {
  sequence: [...ALWAYS, ...PAIRING],
  chat: [...ALWAYS, ...PAIRING, TALKING],
  sum: [...ALWAYS, ...ADDING],
};

function request(client_number: number): string {
  return JSON.stringify({ client_name: "A", client_number });
}

function reply(sum: number): string {
  return `{"server_name":"Socket Lab Server","server_number":10,"sum":${sum}}`;
}

Deno.test("TCP servers answer what has arrived, and exit with 0", async (t) => {
  for (const [mode, states] of Object.entries(STATES)) {
    for (const state of states) {
      await t.step(`${mode}: ${state.name}`, async () => {
        // A closing server waits for its peers, and nobody has to wait for that.
        const check = (signal: Deno.Signal) => checkState(mode, state, signal);
        await Promise.all(SIGNALS.map(check));
      });
    }
  }
});

async function checkState(
  mode: string,
  state: State,
  signal: Deno.Signal,
): Promise<void> {
  const options = mode === "sum" ? ["--number", "10"] : [];
  const args = ["--mode", mode, ...options];
  const { server, port } = await startServer(args);
  await using _ = server;
  using stack = new DisposableStack();
  const peers: RawStream[] = [];
  const connect = async () => {
    peers.push(stack.use(await RawStream.connect(port)));
  };
  for (const [i, text] of state.before.entries()) {
    await connect();
    await peers[i]!.send(text);
    await sawConnections(server, peers.length);
  }
  if (state.printed) await server.prints(state.printed);
  await endWhileBusy(server, signal, async () => {
    for (const [i, text] of state.last.entries()) {
      if (i === peers.length) await connect();
      await peers[i]!.send(text);
    }
  });
  for (const [i, text] of state.received.entries()) {
    assertEquals(await peers[i]!.ends(), text);
  }
  using _again = Deno.listen({ hostname: "127.0.0.1", port });
}

/** Waits until the log tells of so many connections. */
async function sawConnections(server: Script, count: number): Promise<void> {
  await until(
    () =>
      (server.stderr.text.match(/connected|accepted/g) ?? []).length === count,
    `${count} connections`,
  );
}

Deno.test("a peer that does not read cannot hold the end up", async () => {
  const { server, port } = await startServer(["--mode", "chat"]);
  await using _ = server;
  using deaf = await Deno.connect({ hostname: "127.0.0.1", port });
  await deaf.write(new TextEncoder().encode("Client X: A\n"));
  await server.prints("Client X: A\n");
  using writer = await RawStream.connect(port);
  await writer.send("Client Y: B\n");
  await writer.receives("received before");
  // Far more than the sockets hold: the server has some of it on its hands.
  const flood = writer.send(`${"x".repeat(60_000)}\n`.repeat(200)).catch(
    () => {},
  );
  await server.prints("Y: xxx");
  server.kill("SIGTERM");
  const began = performance.now();
  assertEquals(await server.exits(), 0, server.stderr.text);
  assert(performance.now() - began < SOON);
  await flood;
});
