/**
 * Is this `sequence` server right? What the assignment (CST 311, Programming
 * Assignment 2) says of the server, sentence by sentence.
 *
 * Not judged, because right servers differ in it: whether the server goes on
 * after its pair, the words around the acknowledgment, and line endings.
 */
import { BOTH_ACKNOWLEDGED } from "../../rules/pairing.ts";
import { Acknowledgment } from "../acknowledgment.ts";
import { type Life, note, required, requiredAfterwards } from "../case.ts";
import { PAUSE } from "../patience.ts";
import { contains, missing } from "../printed.ts";
import { quote } from "../quote.ts";
import type { StreamStage } from "../stream_stage.ts";
import { GAP, type Names, Pair } from "./pair.ts";

const ORDER =
  'The acknowledgment from the server should contain the sequence in which the client messages were received ("X: Alice received before Y: Bob", or "Y: Bob received before X: Alice").';
const SENT =
  'After the server sends out this message it should output a message saying - "Sent acknowledgment to both X and Y".';
const PRINTS =
  "Your program should print out the messages sent by the client at both the client and server and vice versa for messages sent by the server.";
const NAME =
  'The message contains the name of the client followed by your name (e.g., "Client X: Alice", "Client Y: Bob").';

const ORDER_OF_ACCEPT =
  "the order of accept is not that of the messages: read both connections at the same time (a thread for each, or select), and note whose message comes first";
const ORDER_OF_TEXT =
  "the order may be that of the letters or of the names, and not that in which the messages came";

/** Two names, in the order of the alphabet. */
function sortedNames(stage: StreamStage): [string, string] {
  const [one, other] = [stage.draw.name(), stage.draw.name()];
  return one < other ? [one, other] : [other, one];
}

const pairs = new WeakMap<StreamStage, Pair>();

/** Starts a pair; what it says can be looked for later in what was printed. */
function pairOf(stage: StreamStage, names: Names): Pair {
  const pair = new Pair(stage, names);
  pairs.set(stage, pair);
  return pair;
}

/** X connects and speaks first; its name comes last in the alphabet. */
const xFirst: Life<StreamStage> = {
  cases: [
    required("X's message comes first", ORDER, async (stage) => {
      const [Y, X] = sortedNames(stage);
      const pair = pairOf(stage, { X, Y });
      await pair.connect("X", "Y");
      await pair.speak("X");
      await pair.speak("Y");
      await pair.isAcknowledged(ORDER_OF_TEXT);
    }),
    requiredAfterwards(
      "The server prints both messages",
      PRINTS,
      async (stage) => {
        const { messages, acknowledgment } = pairs.get(stage)!;
        const { X, Y } = messages;
        // The acknowledgment has the names as well, and is no message of theirs.
        const printed = new Acknowledgment(acknowledgment)
          .without(await stage.printed());
        for (const message of [X, Y]) printsMessage(stage, printed, message);
      },
    ),
    requiredAfterwards(
      "The server prints the acknowledgment that it sends",
      PRINTS,
      async (stage) => {
        const { acknowledgment } = pairs.get(stage)!;
        const printed = await stage.printed();
        if (new Acknowledgment(acknowledgment).isIn(printed)) return;
        throw missing(printed, acknowledgment, "the acknowledgment");
      },
    ),
    requiredAfterwards(
      `The server prints “${BOTH_ACKNOWLEDGED}”`,
      SENT,
      async (stage) => {
        const printed = await stage.printed();
        if (!printed.includes(BOTH_ACKNOWLEDGED) && /\back/i.test(printed)) {
          stage.remark(
            `it does not say ${quote(BOTH_ACKNOWLEDGED)} word by word`,
          );
        } else contains(stage, printed, BOTH_ACKNOWLEDGED, "the line");
      },
    ),
  ],
};

/** In what it printed; where a server cuts off `Client`, that is a remark. */
function printsMessage(
  stage: StreamStage,
  printed: string,
  message: string,
): void {
  const [, rest = message] = /^Client (.*)$/s.exec(message) ?? [];
  if (!printed.includes(message) && printed.includes(rest)) {
    stage.remark(`it prints ${quote(rest)}, and not ${quote(message)}`);
  } else contains(stage, printed, message, "the message");
}

/** Y is there, and has spoken, before X comes. */
const yFirst = required<StreamStage>(
  "Y's message comes first",
  ORDER,
  async (stage) => {
    const [Y, X] = sortedNames(stage);
    const pair = pairOf(stage, { X, Y });
    await pair.connect("Y");
    await pair.speak("Y");
    await pair.connect("X");
    await pair.speak("X");
    await pair.isAcknowledged(ORDER_OF_TEXT);
  },
);

const connectedFirst = [
  required<StreamStage>(
    "X connects first, and Y's message comes first",
    ORDER,
    async (stage) => {
      const [X, Y] = sortedNames(stage);
      const pair = pairOf(stage, { X, Y });
      await pair.connect("X", "Y");
      await pair.speak("Y");
      await pair.speak("X");
      await pair.isAcknowledged(ORDER_OF_ACCEPT);
    },
  ),
  required<StreamStage>(
    "Y connects first, and X's message comes first",
    ORDER,
    async (stage) => {
      const [X, Y] = sortedNames(stage);
      const pair = pairOf(stage, { X, Y });
      await pair.connect("Y", "X");
      await pair.speak("X");
      await pair.speak("Y");
      await pair.isAcknowledged(ORDER_OF_ACCEPT);
    },
  ),
];

const sameName = required<StreamStage>(
  "Both have the same name, and take their time",
  NAME,
  async (stage) => {
    const name = stage.draw.name();
    const pair = pairOf(stage, { X: name, Y: name });
    await pair.connect("X", "Y");
    await stage.pause(PAUSE);
    await pair.speak("X");
    await pair.speak("Y");
    await pair.isAcknowledged(ORDER_OF_TEXT);
  },
);

const longNames = required<StreamStage>(
  "Names of more than one word",
  NAME,
  async (stage) => {
    const { draw } = stage;
    // The letters of "Client" are what str.lstrip would take off a name.
    const X = `Celine ${draw.name()} ${draw.name()}`;
    const Y = `tina ${draw.name()}`;
    const pair = pairOf(stage, { X, Y });
    await pair.connect("X", "Y");
    await pair.speak("X");
    await pair.speak("Y");
    await pair.isAcknowledged();
  },
);

const notes = [
  note<StreamStage>("A message in two segments", async (stage) => {
    const pair = pairOf(stage, { X: stage.draw.name(), Y: stage.draw.name() });
    await pair.connect("X", "Y");
    const half = pair.messages.X.slice(0, 5);
    await pair.x.sends(half);
    await stage.pause(50);
    await pair.x.sends(pair.messages.X.slice(5) + stage.ending);
    stage.model.message(pair.x.peer, pair.messages.X);
    await stage.pause(GAP);
    await pair.speak("Y");
    await pair.isAcknowledged(
      "one recv is not one message: TCP may deliver it in pieces",
    );
  }),
  note<StreamStage>(
    "A client that leaves before it has spoken",
    async (stage) => {
      const visitor = await stage.connects("a visitor");
      await visitor.leaves();
      await stage.pause(GAP);
      const pair = pairOf(stage, {
        X: stage.draw.name(),
        Y: stage.draw.name(),
      });
      await pair.connect("X", "Y");
      await pair.speak("X");
      await pair.speak("Y");
      await pair.isAcknowledged();
    },
  ),
];

const greetings = required<StreamStage>(
  "The server greets X and Y",
  "Client X connected / Client Y connected (the later edition)",
  async (stage) => {
    const pair = pairOf(stage, { X: stage.draw.name(), Y: stage.draw.name() });
    await pair.connect("X", "Y");
  },
);

const alone = (each: Life<StreamStage>["cases"][number]) => ({
  cases: [each],
  used: true,
});

/** The lives of a `sequence` server: one pair in each. */
export function sequenceServer(
  greeting: boolean,
): readonly Life<StreamStage>[] {
  const [xThenY] = connectedFirst;
  const orders = greeting ? [greetings, xThenY!] : [yFirst, ...connectedFirst];
  return [
    xFirst,
    ...[...orders, sameName, longNames, ...notes].map(alone),
  ];
}
