/**
 * What `sequence` and `chat` have in common for the tests.
 */
import type { Moment, State } from "./mode_tests.ts";
import { refused } from "./moments.ts";

export const ALICE = ["--client", "X", "--name", "Alice"];
export const BOB = ["--client", "Y", "--name", "Bob"];
export const X_FIRST = "X: Alice received before Y: Bob";
export const Y_FIRST = "Y: Bob received before X: Alice";
export const SENT = "Sent acknowledgment to both X and Y";

/** What a client's log says while it waits for its partner. */
export function introduced(side: string, name: string): string[] {
  return [
    "[DEBUG] [client]: connected to 127.0.0.1:PORT",
    `[DEBUG] [client]: sent "Client ${side}: ${name}", waiting for the partner`,
  ];
}

/** Connects and introduces itself; then the server says something, or nothing. */
export function leadToPartner(reply = ""): Moment["lead"] {
  return async (client, servers) => {
    const server = await servers.accept();
    await server.receives("Client X: Alice");
    await client.prints("waiting for the partner\n", client.stderr);
    await server.send(reply);
    await client.prints(reply);
  };
}

/** Before it has introduced itself. */
export const INTRODUCING: Moment[] = [
  {
    name: "asked for X or Y",
    args: [],
    lead: refused("Z", "Not X or Y: Z"),
    endOfInput: { status: 1, line: "--client" },
  },
  {
    name: "asked for its name",
    args: ["--client", "X"],
    lead: refused("", "at least one letter"),
    endOfInput: { status: 1, line: "--name" },
  },
];

export const ACKNOWLEDGED = "X: A received before Y: B";

/** Before two of them talk. */
export const PAIRING: State[] = [
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
