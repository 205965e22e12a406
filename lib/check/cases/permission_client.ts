/**
 * Is this `permission` client right? What the assignment (CMPE 472, Computer
 * Networks, Programming Assignment 2) says under "Client side", sentence by
 * sentence.
 *
 * The server that it talks to treats it as the client on port 1234, on 3333 or
 * on any other, whichever port it has: so the answers cannot be guessed.
 */
import type { Address } from "../../rules/contract.ts";
import {
  PERMISSION_PORT,
  PORT_NOT_ALLOWED,
  REQUEST_PORT,
} from "../../rules/permission.ts";
import {
  Finding,
  required,
  requiredAfterwards,
  type Suite,
  type Suites,
} from "../play/case.ts";
import type { Field } from "../play/client_run.ts";
import type {
  DatagramClientRun,
  Received,
} from "../play/datagram_client_run.ts";
import { freePort } from "../play/free_port.ts";
import { printsInOrder } from "../play/printed.ts";
import { quote } from "../reports/quote.ts";

const PORT =
  "The port of the client side socket will be determined by user. The client side program will ask the user to define a port number.";
const SENDS =
  "After creation of the socket, the program will ask the user to enter a message. Then, the message will be send to the server.";
const PRINTS =
  "Then, the server’s response will be read and printed on the screen.";
const ENDS =
  "If the server sends “Port is not allowed to communicate” as a response, the client socket will be closed and the client side program will be finished.";

/** Treated by the server as the client on this port, whichever it has. */
const as = (port: number): Address => ({ hostname: "127.0.0.1", port });
const PERMITTER = as(PERMISSION_PORT);
const REQUESTER = as(REQUEST_PORT);
const STRANGER = as(4711);

/** A client on a port that was drawn, as its user types it. */
class User {
  readonly port: number;
  readonly #run: DatagramClientRun;
  #isKnown = false;

  constructor(run: DatagramClientRun) {
    run.needsKeyboard();
    this.#run = run;
    this.port = freePort(run.check.address.hostname);
  }

  /** Types a message, and the port where the program asks for it. */
  async says(message: string): Promise<Received> {
    const port = {
      name: "the client's port",
      prompt: /\bport\b/i,
      answer: String(this.port),
    };
    const text = {
      name: "the message",
      prompt: /message|text|send/i,
      answer: message,
    };
    const fields: Field[] = this.#isKnown ? [text, port] : [port, text];
    this.#isKnown = true;
    return await this.#run.hears(...fields);
  }

  /** Says something, and is told what the server tells the client of a port. */
  async asks(message: string, client: Address): Promise<void> {
    const run = this.#run;
    await run.shows(await run.answers(await this.says(message), client));
  }

  /** Ends the conversation in the only way that there is. */
  async leaves(): Promise<void> {
    await this.asks(this.#run.random.word(), STRANGER);
    await this.#run.mustEnd(
      `the answer ${quote(PORT_NOT_ALLOWED)}`,
      "compare the decoded answer with the whole text, leave the loop, and close the socket",
    );
  }
}

const users = new WeakMap<DatagramClientRun, User>();

/** The one user of a run. */
function userOf(run: DatagramClientRun): User {
  const user = users.get(run) ?? new User(run);
  users.set(run, user);
  return user;
}

const patient: Suite<DatagramClientRun> = {
  pauses: true,
  cases: [
    required("A user may take their time", SENDS, async (run) => {
      const user = userOf(run);
      await user.asks(`Permission${run.random.digits(4)}`, PERMITTER);
      await run.rest();
      await user.asks(`Permission${run.random.digits(4)}`, PERMITTER);
      await user.leaves();
    }),
  ],
};

const conversation: Suite<DatagramClientRun> = {
  cases: [
    required("A message comes to the server", SENDS, async (run) => {
      if (!run.canType) await run.converses();
      else await userOf(run).asks(run.random.word(), PERMITTER);
    }),
    required("The user determines the client's port", PORT, async (run) => {
      const user = userOf(run);
      const received = await user.says(run.random.word());
      await run.shows(await run.answers(received, PERMITTER));
      if (received.port !== user.port) throw wrongPort(user, received);
    }),
    required("The message is sent as it was typed", SENDS, async (run) => {
      const { random } = run;
      for (
        const message of [
          random.mixedCase("permission") + random.digits(4),
          `${random.name()} ${random.word()}  ${random.digits(2)}`,
        ]
      ) {
        const received = await userOf(run).says(message);
        await run.shows(await run.answers(received, PERMITTER));
        if (received.text.trim() === message) continue;
        throw new Finding(quote(message), quote(received.text));
      }
    }),
    required("One message is sent once", SENDS, async (run) => {
      await userOf(run).asks(run.random.word(), PERMITTER);
      await run.sendsNothing(
        "nothing until the user has typed another message",
      );
    }),
    required(
      `Only “${PORT_NOT_ALLOWED}” ends the client`,
      ENDS,
      async (run) => {
        const user = userOf(run);
        const number = run.random.digits(4);
        await user.asks(`Request${number}`, REQUESTER);
        await user.asks(`Permission${number}`, PERMITTER);
        await user.asks(`Permission${number}`, PERMITTER);
        await user.asks(run.random.word(), PERMITTER);
        await user.asks(`Request${number}`, REQUESTER);
        await user.asks(run.random.word(), REQUESTER);
      },
    ),
    required(`“${PORT_NOT_ALLOWED}” ends the client`, ENDS, async (run) => {
      await userOf(run).leaves();
      await run.sendsNothing("nothing more");
      const code = run.program?.ownExit?.code;
      if (code) run.remark(`it ends with exit status ${code}, not 0`);
    }),
    requiredAfterwards(
      "The server's response is printed",
      PRINTS,
      async (run) => {
        const printed = await run.printed();
        printsInOrder(printed, run.replies, "the server's responses");
      },
    ),
  ],
};

function wrongPort(user: User, { port, text }: Received): Finding {
  return new Finding(
    `a message from port ${user.port}`,
    `${quote(text)} from port ${port}`,
    text === String(user.port)
      ? "it asks for the message first, and for the port after it"
      : "the socket has to be bound to the port that was typed, before it sends",
  );
}

const refused: Suite<DatagramClientRun> = {
  cases: [
    required(
      `“${PORT_NOT_ALLOWED}” at the first message`,
      ENDS,
      async (run) => {
        await userOf(run).leaves();
        const printed = await run.printed();
        printsInOrder(printed, run.replies, "the server's response");
      },
    ),
  ],
};

/** The suites for a `permission` client, and what is done in each. */
export const suites: Suites<DatagramClientRun> = [
  conversation,
  patient,
  refused,
];
