/**
 * The tests' view of `chat`.
 */
import type { State, StreamModeTests } from "../support/mode_tests.ts";
import {
  CLOSED,
  CONNECTED,
  say,
  type Scenario,
  type ScenarioClient,
  sessionsOver,
} from "../support/scenarios.ts";
import type { OpenScene } from "../support/scene.ts";
import {
  ACKNOWLEDGED,
  ALICE,
  BOB,
  introduced,
  INTRODUCING,
  leadToPartner,
  PAIRING,
  SENT,
  X_FIRST,
  Y_FIRST,
} from "../support/pairing.ts";

const A_PIPE: Scenario = {
  name: "chat: what a pipe said before its partner came, and its Bye",
  server: ["--mode", "chat"],
  clients: [
    {
      args: ["--mode", "chat", ...ALICE],
      input: "hello\nhow are you?\n",
      until: "X: how are you?",
      stdout: [
        ...["Client X: Alice", "X: hello", "X: how are you?"],
        ...[X_FIRST, "X: Bye"],
      ],
      stderr: introduced("X", "Alice"),
    },
    {
      args: ["--mode", "chat", ...BOB],
      stdout: [
        ...["Client Y: Bob", X_FIRST],
        ...["X: hello", "X: how are you?", "X: Bye"],
      ],
      stderr: introduced("Y", "Bob"),
    },
  ],
  stdout: [
    ...["Client X: Alice", "Client Y: Bob", X_FIRST, SENT],
    ...["X: hello", "X: how are you?", "X: Bye"],
  ],
  stderr: [CONNECTED, CONNECTED, sessionsOver(1), CLOSED, CLOSED],
};

const TWO_CHATS: Scenario = {
  name: "chat: --sessions 2, each ended by the Bye after --message",
  server: ["--mode", "chat", "--sessions", "2"],
  clients: [1, 2].flatMap((count): ScenarioClient[] => [
    {
      args: ["--mode", "chat", ...BOB, ...say(`chat ${count}`)],
      until: `Y: chat ${count}`,
      stdout: ["Client Y: Bob", `Y: chat ${count}`, Y_FIRST, "Y: Bye"],
      stderr: introduced("Y", "Bob"),
    },
    {
      args: ["--mode", "chat", ...ALICE],
      stdout: ["Client X: Alice", Y_FIRST, `Y: chat ${count}`, "Y: Bye"],
      stderr: introduced("X", "Alice"),
    },
  ]),
  stdout: [1, 2].flatMap((count) => [
    ...["Client Y: Bob", "Client X: Alice", Y_FIRST, SENT],
    ...[`Y: chat ${count}`, "Y: Bye"],
  ]),
  stderr: [
    CONNECTED,
    CONNECTED,
    CLOSED,
    CLOSED,
    CONNECTED,
    CONNECTED,
    sessionsOver(2),
    CLOSED,
    CLOSED,
  ],
};

async function demo(open: OpenScene): Promise<void> {
  await using scene = await open();
  const alice = await scene.client(
    "client X",
    "--client",
    "X",
    "--name",
    "Alice",
  );
  await scene.server.script.prints("Client X: Alice");
  const bob = await scene.client("client Y", "--client", "Y", "--name", "Bob");
  await bob.script.prints("received before");
  await alice.script.prints("received before");
  scene.show();
  await scene.type(alice, "hello, Bob", "X: hello");
  await bob.script.prints("X: hello");
  await scene.type(bob, "hi, Alice", "Y: hi");
  await alice.script.prints("Y: hi");
  await scene.type(alice, "Bye", "X: Bye");
  await scene.end();
}

const TALKING: State = {
  name: "two talk, and say more",
  before: ["Client X: A\n", "Client Y: B\n"],
  printed: "Sent acknowledgment",
  last: ["1\n2\n3\n", "4\n5\n6\n"],
  received: [`${ACKNOWLEDGED}\n4\n5\n6\n`, `${ACKNOWLEDGED}\n1\n2\n3\n`],
};

export const chat: StreamModeTests = {
  transport: "tcp",
  port: 12000,
  server: {
    sessions: 1,
    greeting: false,
    introduction: undefined,
    framing: "auto",
  },
  client: {
    client: undefined,
    name: undefined,
    framing: "auto",
    greeting: false,
    introduction: undefined,
    message: [],
  },
  endless: { sessions: 0 },
  silent: ALICE,
  exchange: {
    sayings: [
      ["a", "Client X: Alice"],
      ["b", "Client Y: Bob"],
      ["b", "hi"],
      ["a", "Bye"],
    ],
    sends: [
      `send a: ${X_FIRST}`,
      `send b: ${X_FIRST}`,
      "send a: hi",
      "send b: Bye",
    ],
    isOver: true,
    wrong: ["a", "hello"],
    refusal: "Invalid Message",
    isClosed: false,
  },
  pieces: ["Client X: Alice\n", "Client Y: Bob\n", "hi\nho\n", "Bye\n"],
  scenarios: [A_PIPE, TWO_CHATS],
  moments: [
    ...INTRODUCING,
    {
      name: "waiting for its partner",
      args: [...ALICE, "--timeout", "0.5"],
      lead: leadToPartner(),
      endOfInput: { status: 1, line: "--timeout" },
    },
    {
      name: "talking",
      args: ALICE,
      lead: leadToPartner(`${X_FIRST}\n`),
      // The server of this test does not close after the Bye.
      endOfInput: { status: 0, line: "has not closed the connection" },
    },
  ],
  states: [...PAIRING, TALKING],
  demo,
};
