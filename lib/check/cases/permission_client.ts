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
import { Finding, type Life, required, requiredAfterwards } from "../case.ts";
import type { Field } from "../client_stage.ts";
import type {
  DatagramClientStage,
  Received,
} from "../datagram_client_stage.ts";
import { freePort } from "../free_port.ts";
import { printsInOrder } from "../printed.ts";
import { quote } from "../quote.ts";

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
  readonly #stage: DatagramClientStage;
  #isKnown = false;

  constructor(stage: DatagramClientStage) {
    stage.needsKeyboard();
    this.#stage = stage;
    this.port = freePort(stage.world.address.hostname);
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
    return await this.#stage.hears(...fields);
  }

  /** Says something, and is told what the server tells the client of a port. */
  async asks(message: string, client: Address): Promise<void> {
    const stage = this.#stage;
    await stage.shows(await stage.answers(await this.says(message), client));
  }

  /** Ends the conversation in the only way that there is. */
  async leaves(): Promise<void> {
    await this.asks(this.#stage.draw.word(), STRANGER);
    await this.#stage.mustEnd(
      `the answer ${quote(PORT_NOT_ALLOWED)}`,
      "compare the decoded answer with the whole text, leave the loop, and close the socket",
    );
  }
}

const users = new WeakMap<DatagramClientStage, User>();

/** The one user of a life. */
function userOf(stage: DatagramClientStage): User {
  const user = users.get(stage) ?? new User(stage);
  users.set(stage, user);
  return user;
}

const patient: Life<DatagramClientStage> = {
  pauses: true,
  cases: [
    required("A user may take their time", SENDS, async (stage) => {
      const user = userOf(stage);
      await user.asks(`Permission${stage.draw.digits(4)}`, PERMITTER);
      await stage.rest();
      await user.asks(`Permission${stage.draw.digits(4)}`, PERMITTER);
      await user.leaves();
    }),
  ],
};

const conversation: Life<DatagramClientStage> = {
  cases: [
    required("A message comes to the server", SENDS, async (stage) => {
      if (!stage.canType) await stage.converses();
      else await userOf(stage).asks(stage.draw.word(), PERMITTER);
    }),
    required("The user determines the client's port", PORT, async (stage) => {
      const user = userOf(stage);
      const received = await user.says(stage.draw.word());
      await stage.shows(await stage.answers(received, PERMITTER));
      if (received.port !== user.port) throw wrongPort(user, received);
    }),
    required("The message is sent as it was typed", SENDS, async (stage) => {
      const { draw } = stage;
      for (
        const message of [
          draw.mixedCase("permission") + draw.digits(4),
          `${draw.name()} ${draw.word()}  ${draw.digits(2)}`,
        ]
      ) {
        const received = await userOf(stage).says(message);
        await stage.shows(await stage.answers(received, PERMITTER));
        if (received.text.trim() === message) continue;
        throw new Finding(quote(message), quote(received.text));
      }
    }),
    required("One message is sent once", SENDS, async (stage) => {
      await userOf(stage).asks(stage.draw.word(), PERMITTER);
      await stage.sendsNothing(
        "nothing until the user has typed another message",
      );
    }),
    required(
      `Only “${PORT_NOT_ALLOWED}” ends the client`,
      ENDS,
      async (stage) => {
        const user = userOf(stage);
        const number = stage.draw.digits(4);
        await user.asks(`Request${number}`, REQUESTER);
        await user.asks(`Permission${number}`, PERMITTER);
        await user.asks(`Permission${number}`, PERMITTER);
        await user.asks(stage.draw.word(), PERMITTER);
        await user.asks(`Request${number}`, REQUESTER);
        await user.asks(stage.draw.word(), REQUESTER);
      },
    ),
    required(`“${PORT_NOT_ALLOWED}” ends the client`, ENDS, async (stage) => {
      await userOf(stage).leaves();
      await stage.sendsNothing("nothing more");
      const code = stage.program?.ownExit?.code;
      if (code) stage.remark(`it ends with exit status ${code}, not 0`);
    }),
    requiredAfterwards(
      "The server's response is printed",
      PRINTS,
      async (stage) => {
        const printed = await stage.printed();
        printsInOrder(printed, stage.replies, "the server's responses");
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

const refused: Life<DatagramClientStage> = {
  cases: [
    required(
      `“${PORT_NOT_ALLOWED}” at the first message`,
      ENDS,
      async (stage) => {
        await userOf(stage).leaves();
        const printed = await stage.printed();
        printsInOrder(printed, stage.replies, "the server's response");
      },
    ),
  ],
};

/** The lives of a `permission` client, and what is done in each. */
export const permissionClient: readonly Life<DatagramClientStage>[] = [
  conversation,
  patient,
  refused,
];
