/**
 * Whole assignments, server and clients, with all that they print.
 *
 * `play.ts` plays them with real programs over real sockets. The same table
 * serves the scripts as a user starts them, the scripts with every other
 * permission taken away, and the compiled programs. It has a line for each
 * mode: a mode that nobody has played does not pass the type check.
 */
import type { ModeName } from "../../lib/rules.ts";

/** One client of a scenario, and everything that it should print. */
export interface ScenarioClient {
  args: string[];
  /** What is piped in; without it the input stays open and silent. */
  input?: string;
  /**
   * The next client starts once the server or this client has printed this
   * text, or, without it, once this client has ended.
   */
  until?: string;
  stdout: string[];
  stderr?: string[];
  /** @default {0} */
  status?: number;
}

/** A server from its ready line to its end, and who talked to it. */
export interface Scenario {
  name: string;
  server: string[];
  clients: ScenarioClient[];
  /** After the ready line, which is the same for all of them. */
  stdout: string[];
  /** After the line that tells the address; free ports are written as PORT. */
  stderr: string[];
}

const INVALID = "Invalid Message";
const NOT_ALLOWED = "Port is not allowed to communicate";
const X_FIRST = "X: Alice received before Y: Bob";
const Y_FIRST = "Y: Bob received before X: Alice";
const SENT = "Sent acknowledgment to both X and Y";
/** The ready line of every server. */
export const READY = "The server is ready to receive";
const CONNECTED = "[DEBUG] [server]: 127.0.0.1:PORT connected";
const CLOSED = "[DEBUG] [server]: 127.0.0.1:PORT closed";
const ACCEPTED =
  "[DEBUG] [start_server]: Connection accepted from ('127.0.0.1', PORT)";
const TO_SERVER =
  "[DEBUG] [send_message]: Connected to server at 127.0.0.1:PORT";

/** What a client's log says while it waits for its partner. */
function introduced(side: string, name: string): string[] {
  return [
    "[DEBUG] [client]: connected to 127.0.0.1:PORT",
    `[DEBUG] [client]: sent "Client ${side}: ${name}", waiting for the partner`,
  ];
}

/** What the server's log says of a message that it refuses. */
function refused(
  port: number | "PORT",
  message: string,
  expected: string,
  answer: string,
): string {
  return `[WARNING] [server]: 127.0.0.1:${port} sent "${message}"; expected ${expected}; answered ${answer}`;
}

function say(...messages: string[]): string[] {
  return messages.flatMap((text) => ["--message", text]);
}

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

const permission: Scenario = {
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

const maxClients: Scenario = {
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

const uppercase: Scenario = {
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

const ALICE = ["--client", "X", "--name", "Alice"];
const BOB = ["--client", "Y", "--name", "Bob"];

const sequence: Scenario = {
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
  stderr: [CONNECTED, CONNECTED, CLOSED, CLOSED],
};

const twoPairs: Scenario = {
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
    CLOSED,
    CLOSED,
  ],
};

const chat: Scenario = {
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
  stderr: [CONNECTED, CONNECTED, CLOSED, CLOSED],
};

const twoChats: Scenario = {
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
    CLOSED,
    CLOSED,
  ],
};

const sum: Scenario = {
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

/** Every mode and every feature that the scripts have without a terminal. */
const BY_MODE: Record<ModeName, readonly [Scenario, ...Scenario[]]> = {
  permission: [permission, maxClients],
  uppercase: [uppercase],
  sequence: [sequence, twoPairs],
  chat: [chat, twoChats],
  sum: [sum],
};

/** All of them, mode by mode. */
export const SCENARIOS: readonly Scenario[] = Object.values(BY_MODE).flat();
