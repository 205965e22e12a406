/**
 * Is this `uppercase` client right? What the assignment (Introduction To
 * Networks, 2021) says in its steps 1 to 8, and shows in its sample session.
 */
import { CLOSED, QUIT } from "../../rules/uppercase.ts";
import {
  Finding,
  note,
  required,
  requiredAfterwards,
  type Suite,
  type Suites,
} from "../play/case.ts";
import type {
  DatagramClientRun,
  Received,
} from "../play/datagram_client_run.ts";
import { contains, printsInOrder } from "../play/printed.ts";
import { quote } from "../reports/quote.ts";

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
  run: DatagramClientRun,
  message: string,
): Promise<Received> {
  run.needsKeyboard();
  return await run.hears({
    name: "the message",
    prompt: /./,
    answer: message,
  });
}

/** Types a message, and has it answered. */
async function ask(run: DatagramClientRun, message: string): Promise<void> {
  await run.shows(await run.answers(await say(run, message)));
}

/** Types quit, has it answered, and waits for the end. */
async function leave(run: DatagramClientRun): Promise<void> {
  await ask(run, quit);
  await run.mustEnd(quit, "leave the loop after quit, and close the socket");
}

const patient: Suite<DatagramClientRun> = {
  pauses: true,
  cases: [
    required("A user may take their time", SENDS, async (run) => {
      await ask(run, run.random.word());
      await run.rest();
      await ask(run, run.random.word());
      await leave(run);
    }),
  ],
};

const session: Suite<DatagramClientRun> = {
  cases: [
    required("A message comes to the server", SENDS, async (run) => {
      if (run.canType) await ask(run, run.random.word());
      else await run.converses();
    }),
    required("The message is sent as it was typed", SENDS, async (run) => {
      const { random } = run;
      for (
        const message of [
          random.sentence(),
          random.mixedCase(random.sentence()),
          random.sentence(40),
        ]
      ) await sendsAsTyped(run, message);
    }),
    required("One message is sent once", SENDS, async (run) => {
      await ask(run, run.random.word());
      await run.sendsNothing(
        "nothing until the user has typed another message",
      );
    }),
    required("Only quit ends the client", QUITS, async (run) => {
      const { random } = run;
      await ask(run, `quite ${random.word()}`);
      await ask(run, `do not ${quit}`);
      await ask(run, random.word());
    }),
    required(
      "quit is sent, answered, and ends the client",
      QUITS,
      async (run) => {
        await sendsAsTyped(run, quit);
        await run.mustEnd(
          quit,
          "leave the loop after quit, and close the socket",
        );
        await run.sendsNothing("nothing more");
        const code = run.program?.ownExit?.code;
        if (code) run.remark(`it ends with exit status ${code}, not 0`);
      },
    ),
    requiredAfterwards(
      "The server's answers are printed",
      PRINTS,
      async (run) => {
        const printed = await run.printed();
        printsInOrder(printed, run.replies, "the server's answers");
      },
    ),
    requiredAfterwards(
      "CONNECTION CLOSED is printed at quit",
      CLOSES,
      async (run) => {
        const printed = await run.printed();
        if (!printed.toUpperCase().includes(CLOSED) && /clos/i.test(printed)) {
          run.remark(`it does not say ${quote(CLOSED)} word by word`);
        } else contains(run, printed, CLOSED, "the end");
      },
    ),
  ],
};

/** Types a message, which has to come as it is, and has it answered. */
async function sendsAsTyped(
  run: DatagramClientRun,
  message: string,
): Promise<void> {
  const received = await say(run, message);
  await run.shows(await run.answers(received));
  if (received.text.trim() === message) return;
  throw new Finding(quote(message), quote(received.text));
}

const answers: Suite<DatagramClientRun> = {
  cases: [
    required(
      "What is printed is what the server answered",
      PRINTS,
      async (run) => {
        // Not the upper case of what was typed: a client that does not read the
        // answer, but makes it, would print that.
        const { port } = await say(run, run.random.word());
        const answer = run.random.word().toUpperCase();
        await run.reply(port, answer);
        await run.shows(answer);
        await ask(run, quit);
        printsInOrder(
          await run.printed(),
          run.replies,
          "the server's answers",
          "it may print its own upper case, and not what recvfrom returned",
        );
      },
    ),
    note("Letters beyond ASCII", async (run) => {
      await ask(run, "straße, été");
      await ask(run, quit);
      const printed = await run.printed();
      printsInOrder(printed, run.replies, "the server's answers");
    }),
  ],
};

/** The suites for a `uppercase` client, and what is done in each. */
export const suites: Suites<DatagramClientRun> = [
  session,
  patient,
  answers,
];
