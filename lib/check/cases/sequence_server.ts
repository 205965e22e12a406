/**
 * Is this `sequence` server right? What the assignment (CST 311, Programming
 * Assignment 2) says about the server, sentence by sentence, and what its later
 * edition demands.
 *
 * Not judged, because right servers differ in it: whether the server goes on
 * after its pair, the words around the acknowledgment, and line endings.
 */
import type { Side } from "../../rules/pairing.ts";
import { BOTH_ACKNOWLEDGED } from "../../rules/sequence.ts";
import {
  type Case,
  notes,
  type Plays,
  required,
  requiredAfterwards,
  Skip,
  type Suite,
} from "../play/case.ts";
import { ONE_RECV } from "../play/hints.ts";
import { contains, missing } from "../play/printed.ts";
import type { SeededRandom } from "../play/seeded_random.ts";
import type { StreamServerRun } from "../play/stream_server_run.ts";
import { PAUSE } from "../play/timeouts.ts";
import { quote } from "../reports/quote.ts";
import { Acknowledgment } from "../../rules/acknowledgment.ts";
import { GAP, type Names, Pair } from "./pair.ts";
import { restart } from "./restart.ts";

const ORDER =
  'The acknowledgment from the server should contain the sequence in which the client messages were received ("X: Alice received before Y: Bob", or "Y: Bob received before X: Alice").';
const SENT =
  'After the server sends out this message it should output a message saying - "Sent acknowledgment to both X and Y".';
const PRINTS =
  "Your program should print out the messages sent by the client at both the client and server and vice versa for messages sent by the server.";
const NAME =
  'The message contains the name of the client followed by your name (e.g., "Client X: Alice", "Client Y: Bob").';
const GREETS =
  "The later edition: the server greets its clients with “Client X connected” and “Client Y connected”.";
const ARRIVES =
  "The later edition: what arrives is printed at the receiving end.";

const ORDER_OF_ACCEPT =
  "the order of accept is not that of the messages: read both connections at the same time (a thread for each, or select), and note whose message comes first";
const ORDER_OF_TEXT =
  "the order may be that of the letters or of the names, and not that in which the messages came";

/** The pair of a run, with messages that can be found in the output. */
function pairOf(run: StreamServerRun, names?: Names): Pair {
  const { random } = run;
  return run.shared.get(
    Pair,
    () => new Pair(run, names ?? { X: random.name(), Y: random.name() }),
  );
}

/** The order in which a pair connects and speaks. */
interface Order {
  readonly name: string;
  /** Whose name is first in the alphabet, so that sorting by name is wrong. */
  readonly first: Side;
  /** `+X` connects, `X` speaks. */
  readonly steps: string;
  /** The probable mistake if the order is wrong. */
  readonly hint: string;
}

const [Y_CONNECTS_FIRST, X_CONNECTS_FIRST, X_FIRST, Y_FIRST] = ([
  ["Y connects first, and X's message comes first", "X", "+Y +X X Y"],
  ["X connects first, and Y's message comes first", "X", "+X +Y Y X"],
  ["X connects first, and X's message comes first", "Y", "+X +Y X Y"],
  ["Y has spoken before X connects", "X", "+Y Y +X X"],
] as const).map(([name, first, steps], i): Order => (
  { name, first, steps, hint: i < 2 ? ORDER_OF_ACCEPT : ORDER_OF_TEXT }
)) as [Order, Order, Order, Order];

function ordered({ name, first, steps, hint }: Order): Case<StreamServerRun>[] {
  return required(ORDER, {
    [`The order: ${name}`]: async (run) => {
      const names = [run.random.name(), run.random.name()].sort();
      const [X, Y] = first === "X" ? names : names.reverse();
      const pair = pairOf(run, { X: X!, Y: Y! });
      for (const step of steps.split(" ")) {
        const side = step.at(-1) as Side;
        await (step === side ? pair.speak(side) : pair.connect(side));
      }
      await pair.isAcknowledged(hint);
    },
  });
}

const printsMessages: Plays<StreamServerRun> = {
  "The server prints both messages": async (run) => {
    const { messages, expected } = acknowledged(run);
    // The acknowledgment has the names in it, too, but is not their message.
    const rest = expected.without(await run.printed());
    for (const message of [messages.X, messages.Y]) {
      printsMessage(run, rest, message);
    }
  },
};

const printsAcknowledgment: Plays<StreamServerRun> = {
  "The server prints the acknowledgment that it sends": async (run) => {
    const { expected } = acknowledged(run);
    const all = await run.printed();
    // Another case judges a wrong order.
    if (expected.isIn(all) || expected.isReversedIn(all)) return;
    throw missing(all, expected.expected, "the acknowledgment");
  },
};

const saysThatItSent: Plays<StreamServerRun> = {
  [`The server prints “${BOTH_ACKNOWLEDGED}”`]: async (run) => {
    const all = await run.printed(BOTH_ACKNOWLEDGED);
    if (!all.includes(BOTH_ACKNOWLEDGED) && /\back/i.test(all)) {
      const words = quote(BOTH_ACKNOWLEDGED);
      run.remark(`it does not say ${words} word by word`);
    } else contains(run, all, BOTH_ACKNOWLEDGED, "the line");
  },
};

/** What the server prints in a run in which both were acknowledged. */
function printed(greeting: boolean): Case<StreamServerRun>[] {
  if (!greeting) {
    return [
      ...requiredAfterwards(PRINTS, {
        ...printsMessages,
        ...printsAcknowledgment,
      }),
      ...requiredAfterwards(SENT, saysThatItSent),
    ];
  }
  const more = notes({ ...printsAcknowledgment, ...saysThatItSent });
  return [
    ...requiredAfterwards(ARRIVES, printsMessages),
    ...more.map((each) => ({ ...each, afterwards: true })),
  ];
}

/** @throws {Skip} if it did not get that far */
function acknowledged(run: StreamServerRun) {
  const { messages, acknowledgment } = pairOf(run);
  if (acknowledgment === "") throw new Skip("there was no pair to acknowledge");
  return { messages, expected: new Acknowledgment(acknowledgment) };
}

/** Looks for a message in the output; cutting off `Client` gets a remark. */
function printsMessage(
  run: StreamServerRun,
  all: string,
  message: string,
): void {
  const [, rest = message] = /^Client (.*)$/s.exec(message) ?? [];
  if (!all.includes(message) && all.includes(rest)) {
    run.remark(`it prints ${quote(rest)}, and not ${quote(message)}`);
  } else contains(run, all, message, "the message");
}

/** Draws which of the two comes first. */
function anySide({ random }: StreamServerRun): Side {
  return random.integer(0, 1) === 0 ? "X" : "Y";
}

const names = required<StreamServerRun>(NAME, {
  "Both have the same name, and take their time": async (run) => {
    const name = run.random.name();
    const pair = pairOf(run, { X: name, Y: name });
    const first = anySide(run);
    await pair.connect("X", "Y");
    await run.pause(PAUSE);
    await pair.speak(first);
    await pair.speak(first === "X" ? "Y" : "X");
    await pair.isAcknowledged();
  },
  "Names of more than one word": async (run) => {
    const { random } = run;
    // str.lstrip would strip the letters of "Client" from a name.
    const X = `Celine ${random.name()} ${random.name()}`;
    const Y = `tina ${random.name()}`;
    const pair = pairOf(run, { X, Y });
    await pair.meet(anySide(run));
    await pair.isAcknowledged();
  },
});

const goodPractice = notes<StreamServerRun>({
  "A message in two segments": async (run) => {
    const pair = pairOf(run);
    await pair.connect("X", "Y");
    await pair.x.sends(pair.messages.X.slice(0, 5));
    await run.pause(50);
    await pair.x.sends(pair.messages.X.slice(5) + run.ending);
    run.model.message(pair.x.peer, pair.messages.X);
    await run.pause(GAP);
    await pair.speak("Y");
    await pair.isAcknowledged(ONE_RECV, true);
  },
  "A client that leaves before it has spoken": async (run) => {
    const visitor = await run.connects("a visitor");
    await visitor.leaves();
    await run.pause(GAP);
    const pair = pairOf(run);
    await pair.meet("X");
    await pair.isAcknowledged();
  },
});

const greetings = required<StreamServerRun>(GREETS, {
  "The server greets X and Y": async (run) => {
    await pairOf(run).connect("X", "Y");
  },
});

const alone = (each: Case<StreamServerRun>) => ({ cases: [each] });

/** The suites for a `sequence` server: one pair in each, in random order. */
export function suites(
  { greeting = false }: { readonly greeting?: boolean },
  random: SeededRandom,
): readonly Suite<StreamServerRun>[] {
  // In the later edition the first to connect is X.
  const orders = greeting
    ? [X_CONNECTS_FIRST, X_FIRST]
    : [Y_CONNECTS_FIRST, X_FIRST, X_CONNECTS_FIRST, Y_FIRST];
  const [first, ...others] = random.shuffled(orders);
  return [
    ...greeting ? greetings.map(alone) : [],
    { cases: [...ordered(first!), ...printed(greeting)] },
    ...[
      ...others.flatMap(ordered),
      ...random.shuffled(names),
      ...goodPractice,
      restart,
    ].map(alone),
  ];
}
