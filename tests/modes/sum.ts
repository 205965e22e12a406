/**
 * The tests' view of `sum`.
 */
import type { State, StreamModeTests } from "../support/mode_tests.ts";
import { refused } from "../support/moments.ts";
import type { Scenario } from "../support/scenarios.ts";
import type { OpenScene } from "../support/scene.ts";

const ACCEPTED =
  "[DEBUG] [start_server]: Connection accepted from ('127.0.0.1', PORT)";
const TO_SERVER =
  "[DEBUG] [send_message]: Connected to server at 127.0.0.1:PORT";

/** What the sum server's log says of a client that it answers. */
const ANSWERED = [
  ACCEPTED,
  "[DEBUG] [handle_client]: Message recieved from client",
  "[DEBUG] [handle_client]: Sending client response",
  "[DEBUG] [handle_client]: Client connection closed",
];

/** What both ends of `sum` print: the seed's two lines. */
function sumLines(source: string, client: string, number: number): string[] {
  return [
    `[INFO] [${source}]: Client Name: ${client} | Server Name: Adder`,
    `[INFO] [${source}]: Client Number: ${number} | Server Number: 10 | Sum: ${
      number + 10
    }`,
  ];
}

const THREE_NUMBERS: Scenario = {
  name: "sum: numbers typed and given, and the one that ends the server",
  server: ["--mode", "sum", "--name", "Adder", "--number", "10"],
  clients: [
    {
      args: ["--mode", "sum", "--name", "Alice", "--number", "25"],
      stdout: sumLines("send_message", "Alice", 25),
      stderr: [TO_SERVER],
    },
    {
      args: ["--mode", "sum"],
      input: "ten\n2.5\n 100 \n",
      stdout: sumLines("send_message", "Socket Lab Client", 100),
      stderr: [
        "[ERROR] [client]: Not an integer: ten",
        "[ERROR] [client]: Not an integer: 2.5",
        TO_SERVER,
      ],
    },
    {
      args: ["--mode", "sum", "--number", "-5"],
      stdout: [],
      stderr: [
        TO_SERVER,
        "[WARNING] [send_message]: The integer input out of range. Terminating the server",
      ],
    },
  ],
  stdout: [
    ...sumLines("handle_client", "Alice", 25),
    ...sumLines("handle_client", "Socket Lab Client", 100),
  ],
  stderr: [
    ...ANSWERED,
    ...ANSWERED,
    ACCEPTED,
    "[DEBUG] [handle_client]: Message recieved from client",
    "[WARNING] [handle_client]: Client int out of range: -5. Terminating the server.",
    "[DEBUG] [handle_client]: Client connection closed",
  ],
};

async function demo(open: OpenScene): Promise<void> {
  await using scene = await open("--number", "10");
  const alice = await scene.client(
    "Alice",
    "--name",
    "Alice",
    "--number",
    "25",
  );
  await alice.script.exits();
  scene.show();
  await scene.client("Mallory", "--name", "Mallory", "--number", "101");
  await scene.end();
}

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

function request(client_number: number): string {
  return JSON.stringify({ client_name: "A", client_number });
}

function reply(sum: number): string {
  return `{"server_name":"Socket Lab Server","server_number":10,"sum":${sum}}`;
}

export const sum: StreamModeTests = {
  transport: "tcp",
  port: 8000,
  server: { name: "Socket Lab Server", number: undefined, framing: "auto" },
  client: {
    name: "Socket Lab Client",
    number: undefined,
    format: undefined,
    framing: "raw",
  },
  endless: {},
  silent: ["--number", "5"],
  exchange: {
    sayings: [
      ["a", '{"client_name":"A","client_number":25}'],
      ["b", '{"client_name":"B","client_number":101}'],
    ],
    sends: [
      'send a: {"server_name":"Socket Lab Server","server_number":1,"sum":26}',
    ],
    isOver: true,
    wrong: ["a", "hello"],
    refusal: "error",
    isClosed: true,
  },
  pieces: ['{"client_name": "Ann", ', '"client_number": 5}', "{}\n"],
  scenarios: [THREE_NUMBERS],
  moments: [
    {
      name: "asked for its number",
      args: ["--log-level", "info"],
      lead: refused("ten", "Not an integer: ten"),
      endOfInput: { status: 1, line: "--number" },
    },
    {
      name: "waiting for the reply",
      args: ["--number", "5", "--log-level", "info"],
      lead: async (_, servers) => {
        await (await servers.accept()).receives("}");
      },
    },
  ],
  certain: ["--number", "10"],
  states: ADDING,
  demo,
};
