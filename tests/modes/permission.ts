/**
 * The tests' view of `permission`.
 */
import type { DatagramModeTests } from "../support/mode_tests.ts";
import { ASKING, refused as refusedAnswer } from "../support/moments.ts";
import { refused, say, type Scenario } from "../support/scenarios.ts";
import type { OpenScene } from "../support/scene.ts";

const PERMITS = "127.0.0.1:1234";
const INVALID = "Invalid Message";
const NOT_ALLOWED = "Port is not allowed to communicate";

const FOUR_CLIENTS: Scenario = {
  name: "permission: numbers are permitted, requested, and the fourth ends it",
  server: [],
  clients: [
    {
      args: [],
      input: "1234\nPermission7\npErMission007\nhello\n",
      stdout: ["Permission Accepted", "Already Permitted", "Invalid Message"],
    },
    {
      args: ["--client-port", "3333", ...say("request07", "REQUEST8", "7")],
      stdout: ["Request Accepted", "Request Rejected", "Invalid Message"],
    },
    {
      args: ["-m", "permission", "--client-port", "0"],
      input: "Permission1\nnever sent\n",
      stdout: [NOT_ALLOWED],
    },
    {
      args: ["--client-port", "0", ...say("one", "two")],
      stdout: [NOT_ALLOWED],
    },
  ],
  stdout: [
    "Permission7 from 127.0.0.1:1234",
    "pErMission007 from 127.0.0.1:1234",
    "hello from 127.0.0.1:1234",
    "request07 from 127.0.0.1:3333",
    "REQUEST8 from 127.0.0.1:3333",
    "7 from 127.0.0.1:3333",
    "Permission1 from 127.0.0.1:PORT",
    "one from 127.0.0.1:PORT",
  ],
  stderr: [
    refused(1234, "hello", "Permission and a number from port 1234", INVALID),
    refused(3333, "7", "Request and a number from port 3333", INVALID),
    refused("PORT", "Permission1", "client port 1234 or 3333", NOT_ALLOWED),
    refused("PORT", "one", "client port 1234 or 3333", NOT_ALLOWED),
    "[INFO] [server]: 4 clients have sent a message: the end",
  ],
};

const MAX_CLIENTS: Scenario = {
  name: "permission: --max-clients 1 ends it after the first answer",
  server: ["--mode", "permission", "--max-clients", "1"],
  clients: [{
    args: ["--client-port=0", ...say("hi")],
    stdout: [NOT_ALLOWED],
  }],
  stdout: ["hi from 127.0.0.1:PORT"],
  stderr: [
    refused("PORT", "hi", "client port 1234 or 3333", NOT_ALLOWED),
    "[INFO] [server]: 1 clients have sent a message: the end",
  ],
};

async function demo(open: OpenScene): Promise<void> {
  await using scene = await open();
  const permitter = await scene.client("port 1234", "--client-port", "1234");
  await scene.type(permitter, "permission7", "Permission Accepted");
  await scene.type(permitter, "PERMISSION007", "Already Permitted");
  const requester = await scene.client("port 3333", "--client-port", "3333");
  await scene.type(requester, "request7", "Request Accepted");
  await scene.type(requester, "request8", "Request Rejected");
  await scene.endInput(permitter);
  await scene.endInput(requester);
  for (const name of ["a stranger", "the fourth"]) {
    const stranger = await scene.client(name, "--client-port", "0");
    await scene.type(stranger, "permission9", "Port is not allowed");
  }
  await scene.end();
}

export const permission: DatagramModeTests = {
  transport: "udp",
  port: 12000,
  server: { maxClients: 4 },
  client: { clientPort: undefined, message: [] },
  endless: { maxClients: 0 },
  silent: ["--client-port", "0", "--message", "hi"],
  exchange: {
    sayings: [
      [PERMITS, "permission7"],
      ["127.0.0.1:3333", "REQUEST7"],
      ["127.0.0.1:5000", "hello"],
      ["127.0.0.2:5000", undefined],
    ],
    sends: [
      `send ${PERMITS}: Permission Accepted`,
      "send 127.0.0.1:3333: Request Accepted",
      "send 127.0.0.1:5000: Port is not allowed to communicate",
      "send 127.0.0.2:5000: Port is not allowed to communicate",
    ],
    isOver: true,
    wrong: [PERMITS, "hello"],
    refusal: "Invalid Message",
    isClosed: false,
  },
  pieces: ["Permission7", "Request7", ""],
  scenarios: [FOUR_CLIENTS, MAX_CLIENTS],
  moments: [
    {
      name: "asked for its port",
      args: [],
      lead: refusedAnswer("none", "Not a port: none"),
      endOfInput: { status: 1, line: "--client-port" },
    },
    ...ASKING.map((moment) => ({ ...moment, args: ["--client-port", "0"] })),
  ],
  answer: () => NOT_ALLOWED,
  demo,
};
