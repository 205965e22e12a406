/**
 * Is this `uppercase` client right? What the assignment (Introduction To
 * Networks, 2021) says in its steps 1 to 8, and shows in its sample session.
 */
import { CLOSED, QUIT } from "../../rules/uppercase.ts";
import {
  Finding,
  type Life,
  note,
  required,
  requiredAfterwards,
} from "../case.ts";
import type {
  DatagramClientStage,
  Received,
} from "../datagram_client_stage.ts";
import { contains, printsInOrder } from "../printed.ts";
import { quote } from "../quote.ts";

const SENDS =
  "Client writes the lowercase message to client program to send it to the server.";
const PRINTS =
  "message test 1 / MESSAGE TEST 1 (the sample session, client side)";
const QUITS =
  "IF the client wrote “quit”, the client program automatically closes the connection with the server.";
const CLOSES =
  "quit / QUIT / CONNECTION CLOSED (the sample session, client side)";

const quit = QUIT.toLowerCase();

/** Types a message. */
async function say(
  stage: DatagramClientStage,
  message: string,
): Promise<Received> {
  stage.needsKeyboard();
  return await stage.hears({
    name: "the message",
    prompt: /./,
    answer: message,
  });
}

/** Types a message, and has it answered. */
async function ask(stage: DatagramClientStage, message: string): Promise<void> {
  await stage.shows(await stage.answers(await say(stage, message)));
}

/** Types quit, has it answered, and waits for the end. */
async function leave(stage: DatagramClientStage): Promise<void> {
  await ask(stage, quit);
  await stage.mustEnd(quit, "leave the loop after quit, and close the socket");
}

const patient: Life<DatagramClientStage> = {
  pauses: true,
  cases: [
    required("A user may take their time", SENDS, async (stage) => {
      await ask(stage, stage.draw.word());
      await stage.rest();
      await ask(stage, stage.draw.word());
      await leave(stage);
    }),
  ],
};

const session: Life<DatagramClientStage> = {
  cases: [
    required("A message comes to the server", SENDS, async (stage) => {
      if (stage.canType) await ask(stage, stage.draw.word());
      else await stage.converses();
    }),
    required("The message is sent as it was typed", SENDS, async (stage) => {
      const { draw } = stage;
      for (
        const message of [
          draw.sentence(),
          draw.mixedCase(draw.sentence()),
          draw.sentence(40),
        ]
      ) await sendsAsTyped(stage, message);
    }),
    required("One message is sent once", SENDS, async (stage) => {
      await ask(stage, stage.draw.word());
      await stage.sendsNothing(
        "nothing until the user has typed another message",
      );
    }),
    required("Only quit ends the client", QUITS, async (stage) => {
      const { draw } = stage;
      await ask(stage, `quite ${draw.word()}`);
      await ask(stage, `do not ${quit}`);
      await ask(stage, draw.word());
    }),
    required(
      "quit is sent, answered, and ends the client",
      QUITS,
      async (stage) => {
        await sendsAsTyped(stage, quit);
        await stage.mustEnd(
          quit,
          "leave the loop after quit, and close the socket",
        );
        await stage.sendsNothing("nothing more");
        const code = stage.program?.ownExit?.code;
        if (code) stage.remark(`it ends with exit status ${code}, not 0`);
      },
    ),
    requiredAfterwards(
      "The server's answers are printed",
      PRINTS,
      async (stage) => {
        const printed = await stage.printed();
        printsInOrder(printed, stage.replies, "the server's answers");
      },
    ),
    requiredAfterwards(
      "CONNECTION CLOSED is printed at quit",
      CLOSES,
      async (stage) => {
        const printed = await stage.printed();
        if (!printed.toUpperCase().includes(CLOSED) && /clos/i.test(printed)) {
          stage.remark(`it does not say ${quote(CLOSED)} word by word`);
        } else contains(stage, printed, CLOSED, "the end");
      },
    ),
  ],
};

/** Types a message, which has to come as it is, and has it answered. */
async function sendsAsTyped(
  stage: DatagramClientStage,
  message: string,
): Promise<void> {
  const received = await say(stage, message);
  await stage.shows(await stage.answers(received));
  if (received.text.trim() === message) return;
  throw new Finding(quote(message), quote(received.text));
}

const answers: Life<DatagramClientStage> = {
  cases: [
    required(
      "What is printed is what the server answered",
      PRINTS,
      async (stage) => {
        // Not the upper case of what was typed: a client that does not read the
        // answer, but makes it, would print that.
        const { port } = await say(stage, stage.draw.word());
        const answer = stage.draw.word().toUpperCase();
        await stage.reply(port, answer);
        await stage.shows(answer);
        await ask(stage, quit);
        printsInOrder(
          await stage.printed(),
          stage.replies,
          "the server's answers",
          "it may print its own upper case, and not what recvfrom returned",
        );
      },
    ),
    note("Letters beyond ASCII", async (stage) => {
      await ask(stage, "straße, été");
      await ask(stage, quit);
      const printed = await stage.printed();
      printsInOrder(printed, stage.replies, "the server's answers");
    }),
  ],
};

/** The lives of an `uppercase` client, and what is done in each. */
export const uppercaseClient: readonly Life<DatagramClientStage>[] = [
  session,
  patient,
  answers,
];
