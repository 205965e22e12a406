/**
 * Is this `chat` server right? What the assignment (CST 311, Programming
 * Assignment 2) says under "Extra Credit", sentence by sentence.
 *
 * Not judged, because right servers differ in it: whether X and Y are
 * acknowledged, whether what is relayed has a name before it, line endings, and
 * whether the server goes on after a chat.
 */
import type { Side } from "../../rules/pairing.ts";
import {
  type Hint,
  type Life,
  note,
  required,
  requiredAfterwards,
  silent,
} from "../case.ts";
import { LONG_PAUSE } from "../patience.ts";
import { contains } from "../printed.ts";
import { quote } from "../quote.ts";
import { Finding } from "../case.ts";
import type { StreamStage } from "../stream_stage.ts";
import { chatOf } from "./chat_pair.ts";

const RELAYS =
  "For example, every message that client X sends to the server, the server relays to client Y and vice versa.";
const ANY_NUMBER =
  "As this is a chat service the number/content of messages exchanged is not fixed.";
const ENDS =
  "When a server sees a “Bye” message, it relays this message to Y and then terminates the connection to both clients.";
const PRINTS =
  "Your program should print out the messages sent by the client at both the client and server and vice versa for messages sent by the server.";

const ALTERNATES: Hint = {
  shows: silent,
  means:
    "X and Y may have to speak in turns: read both connections at the same time (a thread for each, or select)",
};
const TIMES_OUT =
  "the server may have a timeout (settimeout): a chat has pauses";
const LOST =
  "what comes while the server is busy may be lost, or only the last message kept: send on each as it comes";
const ONE_RECV =
  "one recv is not one message: TCP may deliver two of them together, or one in pieces";

/** How long a note waits for what a server may do, in milliseconds. */
const SOON = 400;

const talk: Life<StreamStage> = {
  cases: [
    required("What X says comes to Y", RELAYS, async (stage) => {
      const chat = await chatOf(stage);
      await chat.says("X", stage.draw.sentence(2));
    }),
    required("What Y says comes to X", RELAYS, async (stage) => {
      const chat = await chatOf(stage);
      await chat.says("Y", stage.draw.sentence(2));
    }),
    required("A message is relayed as it was sent", RELAYS, async (stage) => {
      const { draw } = stage;
      const chat = await chatOf(stage);
      await chat.says("X", draw.mixedCase(draw.sentence()));
      await chat.says(
        "Y",
        `${draw.name()}, ${draw.digits(3)} & (${draw.word()})?`,
      );
    }),
    required("X and Y need not speak in turns", ANY_NUMBER, async (stage) => {
      const chat = await chatOf(stage);
      for (const side of ["X", "Y"] as const) {
        await chat.says(side, stage.draw.word());
        await chat.says(side, stage.draw.word(), ALTERNATES);
        await chat.says(side, stage.draw.word(), ALTERNATES);
      }
    }),
    required("Messages in quick succession", ANY_NUMBER, async (stage) => {
      const chat = await chatOf(stage);
      for (const [side, gap] of [["X", 0], ["Y", 40], ["X", 40]] as const) {
        const texts = [1, 2, 3].map(() => stage.draw.word());
        await chat.saysQuickly(side, texts, async (speaker) => {
          for (const text of texts) {
            await speaker.sends(text + stage.ending);
            if (gap > 0) await stage.pause(gap);
          }
        }, LOST);
      }
    }),
    required("Two lines that come together", ANY_NUMBER, async (stage) => {
      const chat = await chatOf(stage);
      const texts = [stage.draw.word(), stage.draw.word()];
      await chat.saysQuickly(
        "X",
        texts,
        (speaker) => speaker.sends(texts.map((text) => `${text}\n`).join("")),
        ONE_RECV,
      );
    }),
    required(
      "A long message, and a short one after it",
      ANY_NUMBER,
      async (stage) => {
        const chat = await chatOf(stage);
        const long = stage.draw.sentence(60);
        await chat.says("X", long);
        await hasNoTail(stage, "X", stage.draw.word(2), long.slice(-12));
      },
    ),
    required("The same text from both", ANY_NUMBER, async (stage) => {
      const chat = await chatOf(stage);
      const text = stage.draw.word();
      for (const side of ["X", "Y", "X"] as const) await chat.says(side, text);
    }),
    required("Goodbye is not Bye", ENDS, async (stage) => {
      const chat = await chatOf(stage);
      await chat.says("X", `Goodbye ${stage.draw.word()}`);
      await stage.pause(100);
      await chat.says("Y", stage.draw.word(), {
        shows: () => true,
        means: "only a message that is Bye, and nothing else, ends the chat",
      });
    }),
    required("X and Y may take their time", ANY_NUMBER, async (stage) => {
      const chat = await chatOf(stage);
      chat.areConnected("");
      await stage.pause(LONG_PAUSE);
      chat.areConnected(TIMES_OUT);
      await chat.says("Y", stage.draw.word());
      await chat.says("X", stage.draw.word());
    }),
    required(
      "Y says Bye, which ends the chat for both",
      ENDS,
      async (stage) => {
        const chat = await chatOf(stage);
        await chat.says("X", stage.draw.word());
        await chat.saysBye("Y");
      },
    ),
    requiredAfterwards(
      "The server prints the messages",
      PRINTS,
      async (stage) => {
        const { said } = await chatOf(stage);
        const printed = await stage.printed();
        for (const text of said) contains(stage, printed, text, "the message");
      },
    ),
  ],
};

/** Whether the end of an earlier message comes with a later one. */
async function hasNoTail(
  stage: StreamStage,
  from: Side,
  text: string,
  tail: string,
): Promise<void> {
  const chat = await chatOf(stage);
  const hearer = from === "X" ? chat.y : chat.x;
  const before = hearer.stream.text.length;
  await chat.says(from, text);
  const came = hearer.stream.text.slice(before);
  if (!came.includes(tail)) return;
  throw new Finding(
    `${quote(text)}, and nothing of the message before`,
    quote(came),
    "the end of the longer message may still be in the buffer: use only as many bytes as were received",
  );
}

/** Who comes last says Bye here as well: nobody's may be a special one. */
const yComesFirst: Life<StreamStage> = {
  cases: [
    required("Y comes first, and X says Bye", ENDS, async (stage) => {
      const chat = await chatOf(stage, "X");
      await chat.says("Y", stage.draw.word());
      await chat.says("X", stage.draw.word());
      await chat.saysBye("X");
    }),
  ],
};

const notes: Life<StreamStage> = {
  cases: [
    note("A message in which Bye is only a word", async (stage) => {
      const chat = await chatOf(stage);
      await chat.says("X", `Bye is what ${stage.draw.name()} says`);
      await chat.says("Y", stage.draw.word());
    }),
    note("Bytes that are not UTF-8", async (stage) => {
      const chat = await chatOf(stage);
      await chat.x.sends(new Uint8Array([0xff, 0xfe, 0x0a]));
      await stage.pause(100);
      chat.y.takes();
      const word = stage.draw.word();
      await chat.x.says(word);
      if (await chat.y.gets((unread) => unread.includes(word), SOON)) return;
      throw new Finding(`Y to get ${quote(word)}`, chat.y.missing());
    }),
    note(
      "One that leaves without Bye: the other's connection is closed",
      async (stage) => {
        const chat = await chatOf(stage);
        await chat.x.leaves();
        await chat.y.isClosed("X has left", SOON);
      },
    ),
  ],
};

/** The lives of a `chat` server, and what is said in each. */
export const chatServer: readonly Life<StreamStage>[] = [
  talk,
  yComesFirst,
  notes,
];
