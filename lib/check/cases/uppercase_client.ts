/**
 * Is this `uppercase` client right? What the assignment (Introduction To
 * Networks, 2021) says in its steps 1 to 8, and shows in its sample session.
 */
import { CLOSED, QUIT } from "../../rules/uppercase.ts";
import {
  Finding,
  notes,
  required,
  requiredAfterwards,
  type Suite,
  type Suites,
} from "../play/case.ts";
import type { DatagramClientRun } from "../play/datagram_client_run.ts";
import { contains, printsInOrder } from "../play/printed.ts";
import { quote } from "../reports/quote.ts";
import { asTyped, hearsNext, KEEPS_LINE_ENDING } from "./typed.ts";

const SENDS =
  "Client writes the lowercase message to client program to send it to the server.";
const PRINTS =
  "message test 1 / MESSAGE TEST 1 (the sample session, client side)";
const QUITS =
  "IF the client wrote “quit”, the client program automatically closes the connection with the server.";
const CLOSES =
  "quit / QUIT / CONNECTION CLOSED (the sample session, client side)";

const OWN_UPPER =
  "it may print its own upper case, and not what recvfrom returned";

const quit = QUIT.toLowerCase();

/** Types a message, and answers it. */
async function ask(
  run: DatagramClientRun,
  typed: string,
  answer?: string,
): Promise<boolean> {
  run.needsKeyboard();
  const field = { name: "the message", prompt: /./, answer: typed };
  const received = await hearsNext(run, [field], quit);
  const message = asTyped(run, received, typed);
  if (answer !== undefined) await run.reply(message.port, answer);
  await run.shows(answer ?? await run.answers(message));
  return /[\r\n]/.test(received.text);
}

/** Types quit, answers it, and waits for the end. */
async function leave(run: DatagramClientRun): Promise<void> {
  const keepsLineEnding = await ask(run, quit);
  await run.mustEnd(
    quit,
    keepsLineEnding
      ? KEEPS_LINE_ENDING
      : "leave the loop after quit, and close the socket",
  );
}

async function printsReplies(run: DatagramClientRun): Promise<void> {
  const { replies } = run;
  const printed = await run.printed(replies.at(-1) ?? "");
  printsInOrder(printed, replies, "the server's answers");
}

const patient: Suite<DatagramClientRun> = {
  pauses: true,
  cases: required(SENDS, {
    "A user may take their time": async (run) => {
      await ask(run, run.random.word());
      await run.rest();
      await ask(run, run.random.word());
      await leave(run);
    },
  }),
};

const session: Suite<DatagramClientRun> = {
  anyOrder: 2,
  cases: [
    ...required<DatagramClientRun>(SENDS, {
      "A message comes to the server": async (run) => {
        if (run.canType) await ask(run, run.random.word());
        else await run.converses();
      },
      "The message is sent as it was typed": async (run) => {
        const { random } = run;
        await ask(run, random.sentence());
        await ask(run, random.mixedCase(random.sentence()));
        await ask(run, random.sentence(40));
      },
      "One message is sent once": async (run) => {
        await ask(run, run.random.word());
        await run.sendsNothing(
          "nothing until the user has typed another message",
        );
      },
    }),
    ...required<DatagramClientRun>(QUITS, {
      "Only quit ends the client": async (run) => {
        await ask(run, `quite ${run.random.word()}`);
        await ask(run, `do not ${quit}`);
        await ask(run, run.random.word());
      },
    }),
    ...required<DatagramClientRun>(QUITS, {
      "quit is sent, answered, and ends the client": async (run) => {
        await leave(run);
        await run.sendsNothing("nothing more");
        run.remarkOnExit();
      },
    }, { isLast: true }),
    ...requiredAfterwards<DatagramClientRun>(PRINTS, {
      "The server's answers are printed": printsReplies,
    }),
    ...requiredAfterwards<DatagramClientRun>(CLOSES, {
      "CONNECTION CLOSED is printed at quit": async (run) => {
        const printed = await run.printed();
        if (!printed.toUpperCase().includes(CLOSED) && /clos/i.test(printed)) {
          run.remark(`it does not say ${quote(CLOSED)} word by word`);
        } else contains(run, printed, CLOSED, "the end");
      },
    }),
  ],
};

const answers: Suite<DatagramClientRun> = {
  cases: [
    ...required<DatagramClientRun>(PRINTS, {
      "What is printed is what the server answered": async (run) => {
        // Not in upper case what was typed, to catch a client that makes up the
        // answer instead of reading it.
        const [typed, answer] = [run.random.word(), run.random.word()];
        await ask(run, typed, answer.toUpperCase());
        await ask(run, quit);
        const printed = await run.printed(QUIT);
        const { replies } = run;
        printsInOrder(printed, replies, "the server's answers", OWN_UPPER);
        if (!printed.includes(typed.toUpperCase())) return;
        throw new Finding("only the server's answers", quote(printed));
      },
    }),
    ...notes<DatagramClientRun>({
      "Letters beyond ASCII": async (run) => {
        await ask(run, "straße, été");
        await ask(run, quit);
        await printsReplies(run);
      },
    }),
  ],
};

/** The suites for an `uppercase` client. */
export const suites: Suites<DatagramClientRun> = [
  session,
  patient,
  answers,
];
