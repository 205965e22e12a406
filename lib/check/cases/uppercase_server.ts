/**
 * Is this `uppercase` server right? What the assignment (Introduction To
 * Networks, 2021) says in its steps 3 to 9, and shows in its sample session.
 *
 * Not judged, because right servers differ in it: what else they print, and
 * whether a QUIT in capitals counts.
 */
import { CLOSED, QUIT } from "../../rules/uppercase.ts";
import {
  cutOff,
  Finding,
  goesOn,
  type Hint,
  note,
  required,
  silent,
  type Suite,
} from "../play/case.ts";
import type { DatagramServerRun } from "../play/datagram_server_run.ts";
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

const STALE: Hint = {
  shows: goesOn,
  means:
    "the end of the longer message may still be in the buffer: use only as many bytes as were received",
};
const SMALL_BUFFER: Hint = {
  shows: cutOff,
  means: "the buffer may be too small: recvfrom(2048) takes more",
};
const ENDS_AT_QUIT: Hint = {
  shows: silent,
  means:
    "the server may close its socket, or leave its loop, at quit: over UDP there is no connection to close, and other clients follow",
};

const messages: Suite<DatagramServerRun> = {
  cases: [
    required("A message comes back in upper case", UPPER, async (run) => {
      await run.client().asks(run.random.word());
    }),
    required(
      "Upper case changes no digits, blanks and marks",
      UPPER,
      async (run) => {
        const { random } = run;
        const client = run.client();
        await client.asks(`${random.sentence()} ${random.digits(3)}`);
        await client.asks(`${random.word()}, (${random.word()}) no. 7 - ok?`);
      },
    ),
    required("What is in upper case already stays so", UPPER, async (run) => {
      await run.client().asks(run.random.mixedCase(run.random.sentence()));
    }),
    required("Message after message of one client", UPPER, async (run) => {
      const client = run.client();
      for (let i = 0; i < 4; i++) await client.asks(run.random.sentence(2));
      await client.hearsNothing("one answer to one message");
    }),
    required(
      "A long message, and a short one after it",
      UPPER,
      async (run) => {
        const client = run.client();
        await client.asks(run.random.sentence(50), SMALL_BUFFER);
        await client.asks(run.random.word(2), STALE);
      },
    ),
    required(
      "Each client gets the answer to its own message",
      UPPER,
      async (run) => {
        const [one, other] = [run.client(), run.client()];
        const first = await one.tells(run.random.sentence());
        const second = await other.tells(run.random.sentence());
        await other.hears(second);
        await one.hears(first);
        const word = run.random.word();
        await one.asks(word);
        await other.asks(word);
      },
    ),
    required("A client may take its time", UPPER, async (run) => {
      const client = run.client();
      await client.asks(run.random.word());
      await run.pause(PAUSE);
      await client.asks(run.random.word(), {
        shows: silent,
        means: "the server may have a timeout (settimeout)",
      });
    }),
    required("quit is answered QUIT", QUITS, async (run) => {
      const client = run.client();
      await client.asks(run.random.word());
      await client.asks(QUIT.toLowerCase());
    }),
    required(
      "The server is ready again after quit",
      READY_AGAIN,
      async (run) => {
        const client = run.client();
        await client.asks(QUIT.toLowerCase());
        await run.client().asks(run.random.word(), ENDS_AT_QUIT);
        await client.asks(run.random.word(), ENDS_AT_QUIT);
      },
    ),
    required("The server prints each message", PRINTS, async (run) => {
      if (run.asked.length < 3) await session(run);
      const printed = await run.printed();
      for (const { message } of run.asked) {
        contains(run, printed, message, "the message");
      }
    }),
  ],
};

const quits: Suite<DatagramServerRun> = {
  used: true,
  cases: [
    required(
      "The server prints CONNECTION CLOSED at quit, and only then",
      QUITS,
      async (run) => {
        const { before, after } = await session(run);
        const printed = await run.printed();
        const start = Math.max(printed.indexOf(before.first), 0);
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
        if (!isClosing(late)) {
          throw new Finding(
            `printed: ${quote(CLOSED)}`,
            `printed ${quote(late.slice(-100))}`,
          );
        }
        run.remark(`it does not say ${quote(CLOSED)} word by word`);
      },
    ),
    note("Letters beyond ASCII", async (run) => {
      await run.client().asks("straße, été");
    }),
    note("A message of 1400 bytes", async (run) => {
      await run.client().asks("lo".repeat(700), SMALL_BUFFER);
    }),
    note("An empty message", async (run) => {
      const client = run.client();
      await client.tells("");
      await client.next();
      await client.asks(run.random.word());
    }),
    note("A message that is not UTF-8", async (run) => {
      const client = run.client();
      await client.sendBytes(new Uint8Array([0x68, 0xff, 0xfe]));
      await client.next();
      await client.asks(run.random.word());
    }),
  ],
};

/** A session as the assignment shows it, with a message that only looks like quit. */
async function session(
  run: DatagramServerRun,
): Promise<{ before: { first: string; last: string }; after: string }> {
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

function isClosing(text: string): boolean {
  return /clos/i.test(text);
}

/** The suites for a `uppercase` server, and what is asked in each. */
export const uppercaseServer: readonly Suite<DatagramServerRun>[] = [
  messages,
  quits,
];
