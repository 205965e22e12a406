/**
 * The tests' view of `uppercase`.
 */
import type { DatagramModeTests } from "../support/mode_tests.ts";
import { ASKING } from "../support/moments.ts";
import { READY, say, type Scenario } from "../support/scenarios.ts";
import { isShown, LOSS, type OpenScene, RETRIES } from "../support/scene.ts";

const TWO_QUITS: Scenario = {
  name: "uppercase: lines of a pipe, --message, and two quits",
  server: ["--mode", "uppercase", "--sessions", "2"],
  clients: [
    { // the end of the input is no quit
      args: ["--mode", "uppercase"],
      input: "message test 1\r\nstraße\n\nlast, without a line feed",
      stdout: ["MESSAGE TEST 1", "STRASSE", "", "LAST, WITHOUT A LINE FEED"],
    },
    {
      args: ["--mode", "uppercase"],
      input: "quit\nnever sent\n",
      stdout: ["QUIT", "CONNECTION CLOSED"],
    },
    {
      args: ["-m", "uppercase", ...say("--port", "Quit")],
      stdout: ["--PORT", "QUIT", "CONNECTION CLOSED"],
    },
  ],
  stdout: [
    "message test 1",
    "straße",
    "",
    "last, without a line feed",
    ...["quit", "CONNECTION CLOSED", "=====", READY],
    "--port",
    ...["Quit", "CONNECTION CLOSED", "=====", READY],
  ],
  stderr: ["[INFO] [server]: session 2 of 2 is over: the end"],
};

async function demo(open: OpenScene): Promise<void> {
  const loss = isShown ? LOSS : [];
  await using scene = await open("--sessions", "1", ...loss);
  const client = await scene.client("client", ...isShown ? RETRIES : []);
  await scene.type(client, "hello", "HELLO");
  await scene.type(client, "straße", "STRASSE");
  await scene.type(client, "quit", "CONNECTION CLOSED");
  await scene.end();
}

export const uppercase: DatagramModeTests = {
  transport: "udp",
  port: 12000,
  server: { sessions: 0 },
  client: { message: [] },
  endless: { sessions: 0 },
  silent: ["--message", "hi"],
  exchange: {
    sayings: [["a", "hello"], ["a", "quit"], ["b", "quit"], ["c", "quit"]],
    sends: ["send a: HELLO", "send a: QUIT", "send b: QUIT", "send c: QUIT"],
    isOver: false,
    wrong: undefined,
    refusal: "Invalid Message",
    isClosed: false,
  },
  pieces: ["hello", "Grüße\n", ""],
  scenarios: [TWO_QUITS],
  moments: ASKING,
  answer: (count) => `M${count}`,
  demo,
};
