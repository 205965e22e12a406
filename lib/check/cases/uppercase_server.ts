/**
 * Is this `uppercase` server right? What the assignment (Introduction To
 * Networks, 2021) says in its steps 3 to 9, and shows in its sample session.
 *
 * Not judged, because right servers differ in it: what else they print, and
 * whether a QUIT in capitals counts.
 */
import { CLOSED, QUIT } from "../../rules/uppercase.ts";
import {
  Finding,
  notes,
  NotPrinted,
  required,
  type Suite,
  type Suites,
} from "../play/case.ts";
import type { DatagramServerRun } from "../play/datagram_server_run.ts";
import { type Hint, silent } from "../play/hints.ts";
import { PAUSE } from "../play/timeouts.ts";
import { contains } from "../play/printed.ts";
import { quote } from "../reports/quote.ts";

const UPPER =
  "The server makes the message characters uppercases. The server sends the message back to the port number of the client but in Uppercase shape.";
const QUITS =
  "IF the server received “quit” from the client, the server closes the connection with the client too.";
const READY_AGAIN =
  "CONNECTION CLOSED / ===== / the server is ready to recieve (the sample session, server side)";
const PRINTS =
  "message test 1 / message test 2 / quit (the sample session, server side)";

const ENDS_AT_QUIT: Hint = {
  shows: (came) => came === "",
  means:
    "the server may close its socket, or leave its loop, at quit: over UDP there is no connection to close, and other clients follow",
};
const TIMES_OUT: Hint = {
  shows: silent,
  means: "the server may have a timeout (settimeout)",
};

const messages: Suite<DatagramServerRun> = {
  anyOrder: 3,
  cases: [
    ...required<DatagramServerRun>(UPPER, {
      "A message comes back in upper case": async (run) => {
        await run.client().asks(run.random.word());
      },
      "Message after message of one client: one answer to each": async (
        run,
      ) => {
        const client = run.client(run.asked[0]?.from.port);
        for (let i = 0; i < 4; i++) await client.asks(run.random.word());
        await run.gotOneAnswerEach();
      },
      "Each client gets the answer to its own message": async (run) => {
        const [one, other] = [run.client(), run.client()];
        const first = await one.tells(run.random.word());
        const second = await other.tells(run.random.word());
        await other.hears(second);
        await one.hears(first);
        const word = run.random.word();
        await one.asks(word);
        await other.asks(word);
      },
      "Upper case changes no digits, spaces and marks": async (run) => {
        const { random } = run;
        const client = run.client();
        await client.asks(`${random.sentence()} ${random.digits(3)}`);
        await client.asks(`${random.word()}, (${random.word()}) no. 7 - ok?`);
      },
      "What is in upper case already stays so": async (run) => {
        await run.client().asks(run.random.mixedCase(run.random.sentence()));
      },
      "A long message, and a short one after it": async (run) => {
        const client = run.client();
        await client.asks(run.random.sentence(50));
        await client.asks(run.random.word(2));
      },
      "A client may take its time": async (run) => {
        const client = run.client();
        await client.asks(run.random.word());
        await run.pause(PAUSE);
        await client.asks(run.random.word(), TIMES_OUT);
      },
    }),
    ...required<DatagramServerRun>(QUITS, {
      "quit is answered QUIT": async (run) => {
        const client = run.client();
        await client.asks(run.random.word());
        await client.asks(QUIT.toLowerCase());
      },
    }, { isLast: true }),
    ...required<DatagramServerRun>(READY_AGAIN, {
      "The server is ready again after quit": async (run) => {
        const client = run.client();
        await client.asks(QUIT.toLowerCase());
        await run.client().asks(run.random.word(), ENDS_AT_QUIT);
        await client.asks(run.random.word(), ENDS_AT_QUIT);
        await run.gotOneAnswerEach();
      },
    }, { isLast: true }),
    ...required<DatagramServerRun>(PRINTS, {
      "The server prints each message": async (run) => {
        if (run.asked.length < 3) await session(run);
        const printed = await run.printed(run.asked.at(-1)!.message);
        for (const { message } of run.asked) {
          contains(run, printed, message, "the message");
        }
      },
    }, { isLast: true }),
  ],
};

const quits: Suite<DatagramServerRun> = {
  used: true,
  cases: [
    ...required<DatagramServerRun>(QUITS, {
      "The server prints CONNECTION CLOSED at quit, and only then": async (
        run,
      ) => {
        const { before, after } = await session(run);
        printsClosed(run, await run.printed(after), before, after);
      },
    }),
    ...notes<DatagramServerRun>({
      "Letters beyond ASCII": async (run) => {
        await run.client().asks("straße, été");
      },
      "A message of 1400 bytes": async (run) => {
        await run.client().asks("lo".repeat(700));
      },
      "An empty message": async (run) => {
        const client = run.client();
        await client.tells("");
        await client.next();
        await client.asks(run.random.word());
      },
      "A message that is not UTF-8": async (run) => {
        const client = run.client();
        await client.sendBytes(new Uint8Array([0x68, 0xff, 0xfe]));
        await client.next();
        await client.asks(run.random.word());
      },
    }),
  ],
};

/** The texts around quit: the first and last before it, and the next. */
interface Session {
  readonly before: { readonly first: string; readonly last: string };
  readonly after: string;
}

/** A session as the assignment shows it, with a message that only looks like quit. */
async function session(run: DatagramServerRun): Promise<Session> {
  const { random } = run;
  const client = run.client();
  const [first, last, after] = [random.word(), random.word(), random.word()];
  await client.asks(first);
  await client.asks(`quite ${random.word()}`);
  await client.asks(`do not quit ${random.word()}`);
  await client.asks(last);
  await client.asks(QUIT.toLowerCase());
  await run.client().asks(after);
  return { before: { first, last }, after };
}

/** @throws {Finding} if it is printed too early, or in other words */
function printsClosed(
  run: DatagramServerRun,
  printed: string,
  before: Session["before"],
  after: string,
): void {
  const start = Math.max(printed.indexOf(before.first), 0);
  contains(run, printed, before.last, "the message");
  const quitAt = Math.max(printed.lastIndexOf(before.last), 0);
  const end = printed.indexOf(after);
  const early = printed.slice(start, quitAt);
  if (isClosing(early)) {
    throw new Finding(
      `no ${CLOSED} before the message is quit`,
      `printed ${quote(early.slice(-100))}`,
      "only a message that is quit, and nothing else, is the end",
    );
  }
  const late = printed.slice(quitAt, end < 0 ? undefined : end);
  if (late.toUpperCase().includes(CLOSED)) return;
  if (isClosing(late)) {
    return run.remark(`it does not say ${quote(CLOSED)} word by word`);
  }
  // The assignment demands no words here; the sample session shows some.
  if (/^\W*(quit)?\W*$/i.test(late.replace(before.last, ""))) {
    return run.remark(`at quit it does not print ${quote(CLOSED)}`);
  }
  throw new NotPrinted(
    `printed: ${quote(CLOSED)}`,
    `printed ${quote(late.slice(-100))}`,
  );
}

function isClosing(text: string): boolean {
  return /clos/i.test(text);
}

/** The suites for an `uppercase` server. */
export const suites: Suites<DatagramServerRun> = [
  messages,
  quits,
];
