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
  type Life,
  note,
  required,
  silent,
} from "../case.ts";
import type { DatagramStage } from "../datagram_stage.ts";
import { PAUSE } from "../patience.ts";
import { contains } from "../printed.ts";
import { quote } from "../quote.ts";

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

const messages: Life<DatagramStage> = {
  cases: [
    required("A message comes back in upper case", UPPER, async (stage) => {
      await stage.client().asks(stage.draw.word());
    }),
    required(
      "Upper case changes no digits, blanks and marks",
      UPPER,
      async (stage) => {
        const { draw } = stage;
        const client = stage.client();
        await client.asks(`${draw.sentence()} ${draw.digits(3)}`);
        await client.asks(`${draw.word()}, (${draw.word()}) no. 7 - ok?`);
      },
    ),
    required("What is in upper case already stays so", UPPER, async (stage) => {
      await stage.client().asks(stage.draw.mixedCase(stage.draw.sentence()));
    }),
    required("Message after message of one client", UPPER, async (stage) => {
      const client = stage.client();
      for (let i = 0; i < 4; i++) await client.asks(stage.draw.sentence(2));
      await client.hearsNothing("one answer to one message");
    }),
    required(
      "A long message, and a short one after it",
      UPPER,
      async (stage) => {
        const client = stage.client();
        await client.asks(stage.draw.sentence(50), SMALL_BUFFER);
        await client.asks(stage.draw.word(2), STALE);
      },
    ),
    required(
      "Each client gets the answer to its own message",
      UPPER,
      async (stage) => {
        const [one, other] = [stage.client(), stage.client()];
        const first = await one.tells(stage.draw.sentence());
        const second = await other.tells(stage.draw.sentence());
        await other.hears(second);
        await one.hears(first);
        const word = stage.draw.word();
        await one.asks(word);
        await other.asks(word);
      },
    ),
    required("A client may take its time", UPPER, async (stage) => {
      const client = stage.client();
      await client.asks(stage.draw.word());
      await stage.pause(PAUSE);
      await client.asks(stage.draw.word(), {
        shows: silent,
        means: "the server may have a timeout (settimeout)",
      });
    }),
    required("quit is answered QUIT", QUITS, async (stage) => {
      const client = stage.client();
      await client.asks(stage.draw.word());
      await client.asks(QUIT.toLowerCase());
    }),
    required(
      "The server is ready again after quit",
      READY_AGAIN,
      async (stage) => {
        const client = stage.client();
        await client.asks(QUIT.toLowerCase());
        await stage.client().asks(stage.draw.word(), ENDS_AT_QUIT);
        await client.asks(stage.draw.word(), ENDS_AT_QUIT);
      },
    ),
    required("The server prints each message", PRINTS, async (stage) => {
      if (stage.asked.length < 3) await session(stage);
      const printed = await stage.printed();
      for (const { message } of stage.asked) {
        contains(stage, printed, message, "the message");
      }
    }),
  ],
};

const quits: Life<DatagramStage> = {
  used: true,
  cases: [
    required(
      "The server prints CONNECTION CLOSED at quit, and only then",
      QUITS,
      async (stage) => {
        const { before, after } = await session(stage);
        const printed = await stage.printed();
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
        stage.remark(`it does not say ${quote(CLOSED)} word by word`);
      },
    ),
    note("Letters beyond ASCII", async (stage) => {
      await stage.client().asks("straße, été");
    }),
    note("A message of 1400 bytes", async (stage) => {
      await stage.client().asks("lo".repeat(700), SMALL_BUFFER);
    }),
    note("An empty message", async (stage) => {
      const client = stage.client();
      await client.tells("");
      await client.next();
      await client.asks(stage.draw.word());
    }),
    note("A message that is not UTF-8", async (stage) => {
      const client = stage.client();
      await client.sendBytes(new Uint8Array([0x68, 0xff, 0xfe]));
      await client.next();
      await client.asks(stage.draw.word());
    }),
  ],
};

/** A session as the assignment shows it, with a message that only looks like quit. */
async function session(
  stage: DatagramStage,
): Promise<{ before: { first: string; last: string }; after: string }> {
  const { draw } = stage;
  const client = stage.client();
  const [first, last, after] = [draw.word(), draw.word(), draw.word()];
  await client.asks(first);
  await client.asks(`quite ${draw.word()}`);
  await client.asks(`do not quit ${draw.word()}`);
  await client.asks(last);
  await client.asks(QUIT.toLowerCase());
  await stage.client().asks(after);
  return { before: { first, last }, after };
}

function isClosing(text: string): boolean {
  return /clos/i.test(text);
}

/** The lives of an `uppercase` server, and what is asked in each. */
export const uppercaseServer: readonly Life<DatagramStage>[] = [
  messages,
  quits,
];
