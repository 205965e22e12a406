/**
 * Is this `permission` client right? What the assignment (CMPE 472, Computer
 * Networks, Programming Assignment 2) says under "Client side", sentence by
 * sentence.
 *
 * Whatever port the client has, the server treats it as the client on port
 * 1234, 3333 or any other, so the answers cannot be guessed.
 */
import { type Address, INVALID_MESSAGE } from "../../rules/contract.ts";
import {
  ALREADY_PERMITTED,
  PERMISSION_ACCEPTED,
  PERMISSION_PORT,
  PORT_NOT_ALLOWED,
  REQUEST_ACCEPTED,
  REQUEST_PORT,
  REQUEST_REJECTED,
} from "../../rules/permission.ts";
import {
  Finding,
  required,
  requiredAfterwards,
  type Suite,
  type Suites,
} from "../play/case.ts";
import type { Field } from "../play/prompts.ts";
import type {
  DatagramClientRun,
  Received,
} from "../play/datagram_client_run.ts";
import { freePort } from "../play/ports.ts";
import { printsInOrder } from "../play/printed.ts";
import { quote } from "../reports/quote.ts";
import { asTyped, hearsNext, KEEPS_LINE_ENDING } from "./typed.ts";

const PORT =
  "The port of the client side socket will be determined by user. The client side program will ask the user to define a port number.";
const SENDS =
  "After creation of the socket, the program will ask the user to enter a message. Then, the message will be send to the server.";
const PRINTS =
  "Then, the server’s response will be read and printed on the screen.";
const ENDS =
  "If the server sends “Port is not allowed to communicate” as a response, the client socket will be closed and the client side program will be finished.";

/** The address to treat the client as, whatever port it has. */
const as = (port: number): Address => ({ hostname: "127.0.0.1", port });
const PERMITTER = as(PERMISSION_PORT);
const REQUESTER = as(REQUEST_PORT);
const STRANGER = as(4711);

const ANSWERS = [
  PERMISSION_ACCEPTED,
  ALREADY_PERMITTED,
  REQUEST_ACCEPTED,
  REQUEST_REJECTED,
  INVALID_MESSAGE,
  PORT_NOT_ALLOWED,
];

/** The user of a client, who types a random port. */
class User {
  readonly port: number;
  readonly #run: DatagramClientRun;
  #isKnown = false;
  #keepsLineEnding = false;

  constructor(run: DatagramClientRun) {
    run.needsKeyboard();
    this.#run = run;
    this.port = freePort(run.check.address.hostname);
  }

  /** Types a message, and the port if the program asks for it. */
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
    const ends = quote(PORT_NOT_ALLOWED);
    const received = await hearsNext(this.#run, fields, ends);
    if (received.text === port.answer) throw wrongPort(this, received);
    this.#keepsLineEnding = /[\r\n]/.test(received.text);
    return asTyped(this.#run, received, message);
  }

  /** Says something, and is answered as this client. */
  async asks(message: string, client: Address): Promise<void> {
    const run = this.#run;
    const from = this.#isKnown ? run.program?.output.text.length : undefined;
    const answer = await run.answers(await this.says(message), client);
    await run.shows(answer);
    if (from === undefined) return;
    const since = run.program!.output.text.slice(from);
    const other = ANSWERS.find((each) =>
      each !== answer && each !== message && since.includes(each)
    );
    if (other === undefined) return;
    throw new Finding(
      `printed: ${quote(answer)}, and no other answer`,
      quote(since),
    );
  }

  /** Ends the conversation in the only way there is. */
  async leaves(): Promise<void> {
    await this.asks(this.#run.random.word(), STRANGER);
    const { output } = this.#run.program ?? {};
    const hasRead = output?.text.includes(PORT_NOT_ALLOWED);
    await this.#run.mustEnd(
      `the answer ${quote(PORT_NOT_ALLOWED)}`,
      hasRead === false
        ? "the answer is not printed: it may not be read (recvfrom)"
        : this.#keepsLineEnding
        ? KEEPS_LINE_ENDING
        : "compare the decoded answer with the whole text, leave the loop, and close the socket",
    );
  }
}

const userOf = (run: DatagramClientRun) =>
  run.shared.get(User, () => new User(run));

const patient: Suite<DatagramClientRun> = {
  pauses: true,
  cases: required(SENDS, {
    "A user may take their time": async (run) => {
      const user = userOf(run);
      await user.asks(`Permission${run.random.digits(4)}`, PERMITTER);
      await run.rest();
      await user.asks(`Permission${run.random.digits(4)}`, PERMITTER);
      await user.leaves();
    },
  }),
};

const conversation: Suite<DatagramClientRun> = {
  anyOrder: 3,
  cases: [
    ...required<DatagramClientRun>(SENDS, {
      "A message comes to the server": async (run) => {
        if (!run.canType) await run.converses();
        else await userOf(run).asks(run.random.word(), PERMITTER);
      },
    }),
    ...required<DatagramClientRun>(PORT, {
      "The user determines the client's port": async (run) => {
        const user = userOf(run);
        const received = await user.says(run.random.word());
        await run.shows(await run.answers(received, PERMITTER));
        if (received.port !== user.port) throw wrongPort(user, received);
      },
    }),
    ...required<DatagramClientRun>(SENDS, {
      "The message is sent as it was typed": async (run) => {
        const { random } = run;
        const word = random.mixedCase("permission");
        const text = `${random.name()} ${random.word()}  ${random.digits(2)}`;
        await userOf(run).asks(word + random.digits(4), PERMITTER);
        await userOf(run).asks(text, PERMITTER);
      },
      "One message is sent once": async (run) => {
        await userOf(run).asks(run.random.word(), PERMITTER);
        await run.sendsNothing(
          "nothing until the user has typed another message",
        );
      },
    }),
    ...required<DatagramClientRun>(ENDS, {
      [`Only “${PORT_NOT_ALLOWED}” ends the client`]: async (run) => {
        const user = userOf(run);
        const number = run.random.digits(4);
        const requests = async () => {
          await user.asks(`Request${number}`, REQUESTER);
          await user.asks(run.random.word(), REQUESTER);
        };
        await requests();
        await user.asks(`Permission${number}`, PERMITTER);
        await user.asks(`Permission${number}`, PERMITTER);
        await user.asks(run.random.word(), PERMITTER);
        await requests();
      },
    }),
    ...required<DatagramClientRun>(ENDS, {
      [`“${PORT_NOT_ALLOWED}” ends the client`]: async (run) => {
        await userOf(run).leaves();
        await run.sendsNothing("nothing more");
        run.remarkOnExit();
      },
    }, { isLast: true }),
    ...requiredAfterwards<DatagramClientRun>(PRINTS, {
      "The server's response is printed": printsReplies,
    }),
  ],
};

async function printsReplies(run: DatagramClientRun): Promise<void> {
  const { replies } = run;
  const printed = await run.printed(replies.at(-1) ?? "");
  printsInOrder(printed, replies, "the server's responses");
}

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
  cases: required(ENDS, {
    [`“${PORT_NOT_ALLOWED}” at the first message`]: async (run) => {
      await userOf(run).leaves();
      await printsReplies(run);
    },
  }),
};

/** The suites for a `permission` client. */
export const suites: Suites<DatagramClientRun> = [
  conversation,
  patient,
  refused,
];
