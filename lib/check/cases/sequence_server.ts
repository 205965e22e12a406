/**
 * Is this `sequence` server right? What the assignment (CST 311, Programming
 * Assignment 2) says of the server, sentence by sentence.
 *
 * Not judged, because right servers differ in it: whether the server goes on
 * after its pair, the words around the acknowledgment, and line endings.
 */
import { BOTH_ACKNOWLEDGED, type Side } from "../../rules/pairing.ts";
import { Acknowledgment } from "../acknowledgment.ts";
import {
  type Case,
  type Life,
  note,
  required,
  requiredAfterwards,
  Skip,
} from "../case.ts";
import { PAUSE } from "../patience.ts";
import { contains, missing } from "../printed.ts";
import { quote } from "../quote.ts";
import type { StreamStage } from "../stream_stage.ts";
import { restart } from "./restart.ts";
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

const pairs = new WeakMap<StreamStage, Pair>();

/** Starts a pair; what it says can be looked for later in what was printed. */
function pairOf(stage: StreamStage, names: Names): Pair {
  const pair = new Pair(stage, names);
  pairs.set(stage, pair);
  return pair;
}

/** A pair whose messages come in an order, and how the two have connected. */
interface Order {
  readonly name: string;
  /** Whose name comes first in the alphabet: an order by name should not fit. */
  readonly first: Side;
  readonly steps: readonly ["connects" | "speaks", Side][];
  /** What it probably is where the order that comes is the wrong one. */
  readonly hint?: string;
}

const Y_CONNECTS_FIRST: Order = {
  name: "Y connects first, and X's message comes first",
  first: "X",
  steps: [
    ["connects", "Y"],
    ["connects", "X"],
    ["speaks", "X"],
    ["speaks", "Y"],
  ],
  hint: ORDER_OF_ACCEPT,
};

const X_CONNECTS_FIRST: Order = {
  name: "X connects first, and Y's message comes first",
  first: "X",
  steps: [
    ["connects", "X"],
    ["connects", "Y"],
    ["speaks", "Y"],
    ["speaks", "X"],
  ],
};

const X_FIRST: Order = {
  name: "X connects first, and X's message comes first",
  first: "Y",
  steps: [
    ["connects", "X"],
    ["connects", "Y"],
    ["speaks", "X"],
    ["speaks", "Y"],
  ],
  hint: ORDER_OF_TEXT,
};

const Y_FIRST: Order = {
  name: "Y has spoken before X connects",
  first: "X",
  steps: [
    ["connects", "Y"],
    ["speaks", "Y"],
    ["connects", "X"],
    ["speaks", "X"],
  ],
  hint: ORDER_OF_TEXT,
};

function ordered({ name, first, steps, hint }: Order): Case<StreamStage> {
  return required(`The order: ${name}`, ORDER, async (stage) => {
    const names = [stage.draw.name(), stage.draw.name()].sort();
    const [X, Y] = first === "X" ? names : names.reverse();
    const pair = pairOf(stage, { X: X!, Y: Y! });
    for (const [what, side] of steps) {
      await (what === "connects" ? pair.connect(side) : pair.speak(side));
    }
    await pair.isAcknowledged(hint);
  });
}

/** What the server prints in a life in which both have been acknowledged. */
const printed = [
  requiredAfterwards<StreamStage>(
    "The server prints both messages",
    PRINTS,
    async (stage) => {
      const { messages, expected } = acknowledged(stage);
      // The acknowledgment has the names as well, and is no message of theirs.
      const rest = expected.without(await stage.printed());
      for (const message of [messages.X, messages.Y]) {
        printsMessage(stage, rest, message);
      }
    },
  ),
  requiredAfterwards<StreamStage>(
    "The server prints the acknowledgment that it sends",
    PRINTS,
    async (stage) => {
      const { expected } = acknowledged(stage);
      const all = await stage.printed();
      // One in the wrong order is another case's affair.
      if (expected.isIn(all) || expected.isReversedIn(all)) return;
      throw missing(all, expected.expected, "the acknowledgment");
    },
  ),
  requiredAfterwards<StreamStage>(
    `The server prints “${BOTH_ACKNOWLEDGED}”`,
    SENT,
    async (stage) => {
      const all = await stage.printed(BOTH_ACKNOWLEDGED);
      if (!all.includes(BOTH_ACKNOWLEDGED) && /\back/i.test(all)) {
        const words = quote(BOTH_ACKNOWLEDGED);
        stage.remark(`it does not say ${words} word by word`);
      } else contains(stage, all, BOTH_ACKNOWLEDGED, "the line");
    },
  ),
];

/** @throws {Skip} where it did not come so far */
function acknowledged(stage: StreamStage) {
  const pair = pairs.get(stage);
  if (pair === undefined || pair.acknowledgment === "") {
    throw new Skip("there was no pair to acknowledge");
  }
  const { messages, acknowledgment } = pair;
  return { messages, expected: new Acknowledgment(acknowledgment) };
}

/** In what it printed; where a server cuts off `Client`, that is a remark. */
function printsMessage(
  stage: StreamStage,
  all: string,
  message: string,
): void {
  const [, rest = message] = /^Client (.*)$/s.exec(message) ?? [];
  if (!all.includes(message) && all.includes(rest)) {
    stage.remark(`it prints ${quote(rest)}, and not ${quote(message)}`);
  } else contains(stage, all, message, "the message");
}

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
    await pair.isAcknowledged();
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

const alone = (each: Case<StreamStage>) => ({ cases: [each] });

/** The lives of a `sequence` server: one pair in each. */
export function sequenceServer(
  greeting: boolean,
): readonly Life<StreamStage>[] {
  // In the later edition the first to connect is X.
  const [first, ...orders] = greeting
    ? [{ ...X_CONNECTS_FIRST, hint: ORDER_OF_ACCEPT }, X_FIRST]
    : [Y_CONNECTS_FIRST, X_FIRST, X_CONNECTS_FIRST, Y_FIRST];
  return [
    { cases: [ordered(first!), ...printed] },
    ...greeting ? [alone(greetings)] : [],
    ...orders.map(ordered).map(alone),
    ...[sameName, longNames, ...notes, restart].map(alone),
  ];
}
