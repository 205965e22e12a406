/**
 * What can go wrong with streams, made to go wrong: peers that break off at
 * every step, leave in the middle, never speak, say what is no text or has no
 * end. After each fault newcomers have to be served.
 */
import { assert, assertEquals } from "@std/assert";
import { stub } from "@std/testing/mock";
import { listen } from "../../lib/net/address.ts";
import { RawStream, until } from "../support/harness.ts";
import {
  ANY,
  closeAll,
  connectAll,
  LiveServer,
  newcomersAreServed,
  Pair,
} from "../support/in_process.ts";
import { MODE_TESTS } from "../modes.ts";
import type { StreamModeName } from "../support/modes.ts";
import { AbruptStream, CAN_RESET } from "../support/peers.ts";

/** What a victim has done when its connection breaks. */
interface Step {
  name: string;
  modes: StreamModeName[];
  before(victim: AbruptStream, server: LiveServer): Promise<void>;
  /** Whether the server still wanted something of it, and so tells. */
  told: boolean;
}

const INTRODUCTION = "Client X: Victim";

function introduce(victim: AbruptStream, server: LiveServer): Promise<void> {
  return server.hears(victim, INTRODUCTION);
}

const STEPS: Step[] = [
  {
    name: "before a word",
    modes: ["sequence", "chat", "sum"],
    before: (victim, server) => server.logs(String(victim.port)),
    told: true,
  },
  {
    name: "in the middle of a message",
    modes: ["sequence", "chat"],
    before: (victim) => victim.send("Client X: Vic"),
    told: true,
  },
  {
    name: "in the middle of a request",
    modes: ["sum"],
    before: (victim) => victim.send('{"client_name": "Vic'),
    told: true,
  },
  {
    name: "after a refusal",
    modes: ["sequence", "chat"],
    async before(victim) {
      await victim.send("nonsense\n");
      await victim.receives("Invalid Message\n");
    },
    told: true,
  },
  {
    name: "while it waits for its partner",
    modes: ["sequence", "chat"],
    before: introduce,
    told: true,
  },
  {
    name: "as the answer comes",
    modes: ["sum"],
    before: (victim) =>
      victim.send('{"client_name": "Vic", "client_number": 1}'),
    told: false,
  },
  {
    name: "after the answer",
    modes: ["sum"],
    async before(victim) {
      await victim.send('{"client_name": "Vic", "client_number": 1}');
      await victim.receives('"sum":');
    },
    told: false,
  },
  {
    name: "as its error comes",
    modes: ["sum"],
    before: (victim) => victim.send("{}{}"),
    told: false,
  },
];

for (const mode of ["sequence", "chat", "sum"] as const) {
  Deno.test(`${mode}: a peer that breaks off`, async (t) => {
    await using server = LiveServer.start(mode, MODE_TESTS[mode].endless);
    for (const { name, before, told } of stepsOf(mode)) {
      await t.step(name, async () => {
        await using victim = await AbruptStream.connect(server.port);
        await before(victim, server);
        const already = server.log.length;
        await victim.reset();
        if (told && CAN_RESET) {
          await until(
            () => server.log.slice(already).includes("broke off: "),
            "that it is told",
          );
        }
        await newcomersAreServed(mode, server);
      });
    }
  });
}

function stepsOf(mode: StreamModeName): Step[] {
  return STEPS.filter(({ modes }) => modes.includes(mode));
}

Deno.test("sequence: X breaks off as its acknowledgment comes, Y still gets its own", async () => {
  await using server = LiveServer.start("sequence", { sessions: 0 });
  await using victim = await AbruptStream.connect(server.port);
  await introduce(victim, server);
  using bob = await RawStream.connect(server.port);
  const [, , reply] = await Promise.all([
    bob.send("Client Y: Bob\n"),
    bob.receives("\n").then(() => victim.reset()),
    bob.ends(),
  ]);
  assertEquals(reply, "X: Victim received before Y: Bob\n");
  await newcomersAreServed("sequence", server);
});

const LEAVING: [name: string, leave: (x: AbruptStream) => Promise<void>][] = [
  ["in silence", (x) => x.reset()],
  ["in the middle of a message", async (x) => {
    await x.send("half a mess");
    await x.reset();
  }],
  ["after a flood", async (x) => {
    await x.send("flood\n".repeat(20_000));
    await x.reset();
  }],
  ["after its Bye", async (x) => {
    await x.send("Bye\n");
    await x.reset();
  }],
];

Deno.test("chat: X breaks off, Y's connection is closed and others talk on", async (t) => {
  await using server = LiveServer.start("chat", { sessions: 0 });
  for (const [name, leave] of LEAVING) {
    await t.step(name, async () => {
      await using victim = await AbruptStream.connect(server.port);
      await introduce(victim, server);
      using bob = await RawStream.connect(server.port);
      await bob.send("Client Y: Bob\n");
      await victim.receives("received before");
      await leave(victim);
      const text = "X: Victim received before Y: Bob\n";
      assert((await bob.ends()).startsWith(text));
      await newcomersAreServed("chat", server);
    });
  }
});

Deno.test("chat: both break off at once", async () => {
  await using server = LiveServer.start("chat", { sessions: 0 });
  const x = await AbruptStream.connect(server.port);
  const y = await AbruptStream.connect(server.port);
  await introduce(x, server);
  await y.send("Client Y: Bob\n");
  await Promise.all([x, y].map((each) => each.receives("received before")));
  await Promise.all([x, y].map((each) => each.send("hello\n".repeat(1_000))));
  await Promise.all([x.reset(), y.reset()]);
  await newcomersAreServed("chat", server);
});

Deno.test("a peer that leaves before it is acknowledged leaves its place", async (t) => {
  for (const mode of ["sequence", "chat"] as const) {
    await t.step(mode, async () => {
      await using server = LiveServer.start(mode, { sessions: 0 });
      {
        using alice = await RawStream.connect(server.port);
        await alice.send("Client X: Alice\n"); // and is gone at once
      }
      await server.logs("X: Alice");
      await server.logs("left before its pair was complete");
      await newcomersAreServed(mode, server);
    });
    await t.step(`${mode}, half closed`, async () => {
      await using server = LiveServer.start(mode, { sessions: 0 });
      using alice = await RawStream.connect(server.port);
      await alice.send("Client X: Alice");
      await alice.endSending();
      assertEquals(await alice.ends(), "");
      await newcomersAreServed(mode, server);
    });
  }
});

Deno.test("a thousand peers that never speak keep nobody waiting", async () => {
  await using server = LiveServer.start("chat", { sessions: 0 });
  const silent = await connectAll(server, 1_000);
  try {
    await newcomersAreServed("chat", server);
    await silent.at(-1)!.send("Client Y: Late\n");
    await server.prints("Client Y: Late");
    await silent[0]!.send("Client X: First\n");
    await silent[0]!.receives("Y: Late received before X: First\n");
  } finally {
    closeAll(silent);
  }
});

Deno.test("bytes that are not UTF-8", async (t) => {
  const bad = new Uint8Array([0x68, 0xff, 0x69, 0x0a]);
  for (const mode of ["sequence", "chat"] as const) {
    await t.step(
      `${mode}: no introduction, and another may follow`,
      async () => {
        await using server = LiveServer.start(mode, { sessions: 0 });
        using alice = await RawStream.connect(server.port);
        using bob = await RawStream.connect(server.port);
        await alice.send(bad);
        await alice.receives("Invalid Message\n");
        await server.logs("sent 3 bytes that are not UTF-8");
        await newcomersAreServed(mode, server);
        await alice.send("Client X: Alice\n");
        await server.prints("Client X: Alice");
        await bob.send("Client Y: Bob\n");
        await alice.receives("X: Alice received before Y: Bob\n");
      },
    );
  }
  await t.step("chat: in the conversation, which goes on", async () => {
    await using server = LiveServer.start("chat", { sessions: 0 });
    using pair = await Pair.meet(server);
    await pair.x.send(bad);
    await pair.x.receives("Invalid Message\n");
    await server.logs("sent 3 bytes that are not UTF-8");
    await pair.x.send("hello\n");
    await pair.y.receives("received before Y: Bob\nhello\n");
    await newcomersAreServed("chat", server);
  });
});

Deno.test("the partner leaves while a long message is in flight", async () => {
  await using server = LiveServer.start("chat", { sessions: 0 });
  await using victim = await AbruptStream.connect(server.port);
  await introduce(victim, server);
  using bob = await RawStream.connect(server.port);
  await bob.send("Client Y: Bob\n");
  await victim.receives("received before");
  await bob.send("x".repeat(40_000)); // and it would go on
  await victim.reset();
  await bob.ends();
  await server.logs("X: Victim left without a Bye");
  await newcomersAreServed("chat", server);
});

Deno.test("a system that refuses a connection is asked again", async () => {
  const listener = listen(ANY);
  const accept = listener.accept.bind(listener);
  let turns = 0;
  let isFull = true;
  using _ = stub(listener, "accept", () => {
    if (turns++ === 0 || !isFull) return accept();
    return Promise.reject(new Error("Too many open files (os error 24)"));
  });
  await using server = new LiveServer("sequence", listener, { sessions: 0 });
  using silent = await RawStream.connect(server.port);
  await server.logs("Cannot accept a connection: Too many open files");
  assertEquals(await silent.ends(), ""); // its place was needed
  await server.logs("has never said anything, and its place is needed");
  isFull = false;
  await newcomersAreServed("sequence", server);
});
