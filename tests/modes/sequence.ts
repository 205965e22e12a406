/**
 * The tests' view of `sequence`.
 */
import type { StreamModeTests } from "../support/mode_tests.ts";
import {
  CLOSED,
  CONNECTED,
  type Scenario,
  sessionsOver,
} from "../support/scenarios.ts";
import type { OpenScene } from "../support/scene.ts";
import {
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

const X_BEFORE_Y: Scenario = {
  name: "sequence: X before Y, names typed and names given",
  server: ["--mode", "sequence"],
  clients: [
    {
      args: ["--mode", "sequence"],
      input: "Z\nx\n \n Alice \n",
      until: "Client X: Alice",
      stdout: ["Client X: Alice", X_FIRST],
      stderr: [
        "[ERROR] [client]: Not X or Y: Z",
        "[ERROR] [client]: A name has at least one letter",
        ...introduced("X", "Alice"),
      ],
    },
    {
      args: ["--mode", "sequence", ...BOB],
      stdout: ["Client Y: Bob", X_FIRST],
      stderr: introduced("Y", "Bob"),
    },
  ],
  stdout: ["Client X: Alice", "Client Y: Bob", X_FIRST, SENT],
  stderr: [CONNECTED, CONNECTED, sessionsOver(1), CLOSED, CLOSED],
};

const TWO_PAIRS: Scenario = {
  name: "sequence: --sessions 2, with either --framing",
  server: ["--mode", "sequence", "--sessions", "2"],
  clients: [
    {
      args: ["--mode", "sequence", ...BOB, "--framing", "line"],
      until: "Client Y: Bob",
      stdout: ["Client Y: Bob", Y_FIRST],
      stderr: introduced("Y", "Bob"),
    },
    {
      args: ["--mode", "sequence", ...ALICE, "--framing", "raw"],
      stdout: ["Client X: Alice", Y_FIRST],
      stderr: introduced("X", "Alice"),
    },
    {
      args: ["--mode", "sequence", "--client", "x", "--name", "Ann"],
      until: "Client X: Ann",
      stdout: ["Client X: Ann", "X: Ann received before Y: Ben"],
      stderr: introduced("X", "Ann"),
    },
    {
      args: ["--mode", "sequence", "--client", "y", "--name", "Ben"],
      stdout: ["Client Y: Ben", "X: Ann received before Y: Ben"],
      stderr: introduced("Y", "Ben"),
    },
  ],
  stdout: [
    ...["Client Y: Bob", "Client X: Alice", Y_FIRST, SENT],
    ...["Client X: Ann", "Client Y: Ben", "X: Ann received before Y: Ben"],
    SENT,
  ],
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
  await scene.client("client Y", "--client", "Y", "--name", "Bob");
  await scene.server.script.prints("Client Y: Bob");
  scene.show();
  await scene.client("client X", "--client", "X", "--name", "Alice");
  await scene.end();
}

export const sequence: StreamModeTests = {
  transport: "tcp",
  port: 12000,
  server: { sessions: 1, greeting: false, framing: "auto" },
  client: {
    client: undefined,
    name: undefined,
    framing: "raw",
    greeting: false,
  },
  endless: { sessions: 0 },
  silent: ALICE,
  exchange: {
    sayings: [["a", "Client X: Alice"], ["b", "Client Y: Bob"]],
    sends: [`send a: ${X_FIRST}`, `send b: ${X_FIRST}`],
    isOver: true,
    wrong: ["a", "hello"],
    refusal: "Invalid Message",
    isClosed: false,
  },
  pieces: ["Client X: Alice", "Client Y: Bob\n", "\n"],
  scenarios: [X_BEFORE_Y, TWO_PAIRS],
  moments: [
    ...INTRODUCING,
    { name: "waiting for its partner", args: ALICE, lead: leadToPartner() },
  ],
  states: PAIRING,
  demo,
};
