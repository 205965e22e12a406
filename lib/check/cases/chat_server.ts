/**
 * Is this `chat` server right? What the assignment (CST 311, Programming
 * Assignment 2) says under "Extra Credit", sentence by sentence.
 *
 * Not judged, because right servers differ in it: whether X and Y are
 * acknowledged, whether a relayed message has a name before it or is echoed to
 * the speaker, line endings, and whether the server goes on after a chat.
 */
import {
  Finding,
  notes,
  required,
  requiredAfterwards,
  type Suite,
  type Suites,
} from "../play/case.ts";
import { type Hint, ONE_RECV, silent, STALE } from "../play/hints.ts";
import { contains } from "../play/printed.ts";
import type { StreamServerRun } from "../play/stream_server_run.ts";
import { LONG_PAUSE } from "../play/timeouts.ts";
import { quote } from "../reports/quote.ts";
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
const ONLY_BYE: Hint = {
  shows: () => true,
  means: "only a message that is Bye, and nothing else, ends the chat",
};
const TIMES_OUT =
  "the server may have a timeout (settimeout): a chat has pauses";
const LOST =
  "what comes while the server is busy may be lost, or only the last message kept: send on each as it comes";

/** How long a note waits for what a server might do, in milliseconds. */
const SOON = 400;

const talk: Suite<StreamServerRun> = {
  anyOrder: 2,
  cases: [
    ...required<StreamServerRun>(RELAYS, {
      "What X says comes to Y": async (run) => {
        const chat = await chatOf(run);
        await chat.says("X", run.random.sentence(2));
      },
      "What Y says comes to X": async (run) => {
        const chat = await chatOf(run);
        await chat.says("Y", run.random.sentence(2));
      },
      "A message is relayed as it was sent": async (run) => {
        const { random } = run;
        const chat = await chatOf(run);
        await chat.says("X", random.mixedCase(random.sentence()));
        const marks = `${random.digits(3)} & (${random.word()})?`;
        await chat.says("Y", `${random.name()}, ${marks}`);
      },
    }),
    ...required<StreamServerRun>(ANY_NUMBER, {
      "X and Y need not speak in turns": async (run) => {
        const chat = await chatOf(run);
        for (const side of run.random.shuffled(["X", "Y"] as const)) {
          await chat.says(side, run.random.word());
          await chat.says(side, run.random.word(), ALTERNATES);
          await chat.says(side, run.random.word(), ALTERNATES);
        }
      },
      "Messages in quick succession": async (run) => {
        const chat = await chatOf(run);
        for (const [side, gap] of [["X", 0], ["Y", 40], ["X", 40]] as const) {
          const texts = [1, 2, 3].map(() => run.random.word());
          await chat.saysQuickly(side, texts, async (speaker) => {
            for (const text of texts) {
              await speaker.sends(text + run.ending);
              if (gap > 0) await run.pause(gap);
            }
          }, LOST);
        }
      },
      "Two lines that come together": async (run) => {
        const chat = await chatOf(run);
        const texts = [run.random.word(), run.random.word()];
        const lines = texts.map((text) => `${text}\n`).join("");
        const send = (speaker: typeof chat.x) => speaker.sends(lines);
        await chat.saysQuickly("X", texts, send, ONE_RECV);
      },
      "A long message, and a short one after it": async (run) => {
        const chat = await chatOf(run);
        const long = run.random.sentence(60);
        await chat.says("X", long);
        const before = chat.y.stream.text.length;
        const short = run.random.word(2);
        await chat.says("X", short);
        const came = chat.y.stream.text.slice(before);
        if (!came.includes(long.slice(-12))) return;
        throw new Finding(
          `${quote(short)}, and nothing of the message before`,
          quote(came),
          STALE,
        );
      },
      "The same text from both": async (run) => {
        const chat = await chatOf(run);
        const text = run.random.word();
        await chat.says("X", text);
        await chat.says("Y", text);
        await chat.says("X", text);
      },
    }),
    ...required<StreamServerRun>(ENDS, {
      "Goodbye is not Bye": async (run) => {
        const chat = await chatOf(run);
        await chat.says("X", `Goodbye ${run.random.word()}`);
        await run.pause(100);
        await chat.says("Y", run.random.word(), ONLY_BYE);
      },
    }),
    ...required<StreamServerRun>(ANY_NUMBER, {
      "X and Y may take their time": async (run) => {
        const chat = await chatOf(run);
        chat.areConnected();
        await run.pause(LONG_PAUSE);
        chat.areConnected(TIMES_OUT);
        await chat.says("Y", run.random.word());
        await chat.says("X", run.random.word());
      },
    }),
    ...required<StreamServerRun>(ENDS, {
      "Y says Bye, which ends the chat for both": async (run) => {
        const chat = await chatOf(run);
        await chat.says("X", run.random.word());
        await chat.saysBye("Y");
      },
    }, { isLast: true }),
    ...requiredAfterwards<StreamServerRun>(PRINTS, {
      "The server prints the messages": async (run) => {
        const { said } = await chatOf(run);
        const printed = await run.printed(said.at(-1) ?? "");
        for (const text of said) contains(run, printed, text, "the message");
      },
    }),
  ],
};

/** The last to come says Bye here, too: either's Bye must work. */
const yComesFirst: Suite<StreamServerRun> = {
  cases: required(ENDS, {
    "Y comes first, and X says Bye": async (run) => {
      const chat = await chatOf(run, "X");
      await chat.says("Y", run.random.word());
      await chat.says("X", run.random.word());
      await chat.saysBye("X");
    },
  }),
};

const goodPractice: Suite<StreamServerRun> = {
  cases: notes({
    "A message in which Bye is only a word": async (run) => {
      const chat = await chatOf(run);
      await chat.says("X", `Bye is what ${run.random.name()} says`);
      await chat.says("Y", run.random.word());
    },
    "Bytes that are not UTF-8": async (run) => {
      const chat = await chatOf(run);
      await chat.x.sends(new Uint8Array([0xff, 0xfe, 0x0a]));
      await run.pause(100);
      chat.y.takes();
      const word = run.random.word();
      await chat.x.says(word);
      if (await chat.y.gets((unread) => unread.includes(word), SOON)) return;
      throw new Finding(`Y to get ${quote(word)}`, chat.y.missing());
    },
    "One that leaves without Bye: the other's connection is closed": async (
      run,
    ) => {
      const chat = await chatOf(run);
      await chat.x.leaves();
      await chat.y.isClosed("X has left", SOON);
    },
  }),
};

/** The suites for a `chat` server. */
export const suites: Suites<StreamServerRun> = [
  talk,
  yComesFirst,
  goodPractice,
];
