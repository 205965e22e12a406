/**
 * Chat without introductions: the first two that connect are X and Y, nothing
 * is announced, and everything is a message. Also: what is said if one end is of
 * another edition than the other.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { chat, ChatServer } from "../../lib/rules/chat.ts";
import { CLOSE_AFTER } from "../../lib/rules/chat_client.ts";
import { Failure } from "../../lib/rules/contract.ts";
import { arrives, endsStream, play } from "./chat_client.ts";
import { converse, FakeStreamDialogue } from "./fake_dialogue.ts";
import { connects, isTurnedAway } from "./guests.ts";
import { ends, isSilent, leaves, playAll, says } from "./stage.ts";

const permissions = "none";
const NONE = { greeting: false, introduction: "none" as const };

const server = (options: ConstructorParameters<typeof ChatServer>[0]) =>
  new ChatServer(options);

Deno.test("chat without introductions", { permissions }, async (t) => {
  await playAll(t, server, { sessions: 1, ...NONE }, [
    {
      name: "everything is a message, from the first on",
      steps: [
        connects("a"),
        [says("a", "Client X: Alice")],
        [
          ...connects("b"),
          "release a",
          "print: X: Client X: Alice",
          "send b: Client X: Alice",
        ],
        [says("b", "hi"), "print: Y: hi", "send a: hi"],
        isTurnedAway("c"),
        [
          says("b", "Bye"),
          "print: Y: Bye",
          "send a: Bye",
          "close b",
          "close a",
          ...ends(),
        ],
      ],
    },
    {
      name: "one who waits in silence is told nothing",
      steps: [connects("a"), [isSilent("a")]],
    },
    {
      name: "one who leaves gives its place back",
      steps: [
        connects("a"),
        [
          leaves("a"),
          "info [server]: X (a:1) left before its pair was complete. " +
          "To end one's half counts as leaving, as ncat does when its input ends",
        ],
        connects("c"),
        [...connects("b"), "release c"],
      ],
    },
  ]);
  await playAll(t, server, { sessions: 1, ...NONE, greeting: true }, [{
    name: "with --greeting the greetings are sent all the same",
    steps: [
      connects("a"),
      [...connects("b", ["a", "X"], ["b", "Y"]), "release a"],
    ],
  }]);
});

Deno.test("chat's client without introduction", { permissions }, async (t) => {
  const options = {
    client: undefined,
    name: undefined,
    framing: "auto",
    ...NONE,
  };
  await t.step(
    "asks nothing, sends nothing first, labels nothing",
    async () => {
      const script = { typed: ["hello"], replies: ["X: hi", "Bye"] };
      const events = await converse(chat, script, options);
      assertEquals(events.slice(0, 3), [
        "open raw",
        "debug [client]: connected to 127.0.0.1:12000",
        "ask ",
      ]);
      assert(events.includes("echo hello"));
      assert(events.includes("print X: hi"));
      assert(events.includes("print Bye"));
    },
  );
  await t.step("knows its side from --client", async () => {
    const replies = ["X: I owe you 100 euros", "Y: hi", "Bye"];
    const events = await converse(chat, { typed: ["hello"], replies }, {
      ...options,
      client: "X",
    });
    assert(events.includes("print Y: X: I owe you 100 euros"));
    assert(events.includes("print Y: hi"));
  });
  await t.step("a pipe says Bye even to a partner that is silent", async () => {
    const io = new FakeStreamDialogue({ typed: ["hello"] });
    const over = chat.client(io, options);
    await io.pass(io.timeout);
    await io.pass(CLOSE_AFTER);
    await over;
    assert(io.events.includes("send Bye"));
  });
});

Deno.test("a server that greets a chat's client", { permissions }, async () => {
  const { dialogue, over } = await play(true, [
    arrives("Client X connected"),
    arrives("hi"),
    arrives("Bye"),
    endsStream,
  ]);
  const { message } = await assertRejects(() => over, Failure);
  assert(message.endsWith("start this client with --greeting."), message);
  assert(dialogue.events.includes(`warning [client]: ${message}`));
  assert(dialogue.events.includes("print hi"));
});
