/**
 * Is this `sequence` client right? What the assignment (CST 311, Programming
 * Assignment 2) says of the clients, sentence by sentence.
 *
 * Not judged, because right clients differ in it: whether the side and the name
 * are typed or are in the program, and in which order they are asked for.
 */
import type { Side } from "../../rules/pairing.ts";
import {
  Finding,
  type Life,
  required,
  requiredAfterwards,
  Skip,
} from "../case.ts";
import { missing } from "../printed.ts";
import type { StreamClientStage } from "../stream_client_stage.ts";
import { greeted, type Introduced, introduced, says } from "./introduction.ts";

const SENDS =
  "Clients X and Y will each open a TCP socket to your server and send a message to your server.";
const FORM =
  'The message contains the name of the client followed by your name (e.g., "Client X: Alice", "Client Y: Bob").';
const PRINTS =
  "Once your clients receive the message from the server, they should print the message that they sent to the server, followed by the reply received from the server.";
const WAITS =
  "The server will accept connections from both clients and after it has received messages from both X and Y [...] send an acknowledgment back to your clients.";

/** What the client of a life has said, and what it was told. */
interface Talk extends Introduced {
  readonly reply: string;
}

const talks = new WeakMap<StreamClientStage, Talk>();

/** The client says who it is, in either edition. */
async function comes(
  stage: StreamClientStage,
  side: Side,
  beforeTyping?: () => Promise<void>,
): Promise<Introduced> {
  const { draw, world } = stage;
  const name = `${draw.name()} ${draw.name()}`;
  if (world.greeting) await greeted(stage, side);
  await beforeTyping?.();
  return await (world.greeting ? says : introduced)(stage, side, name);
}

/** Its partner speaks, before it or after it; both are acknowledged. */
async function isAnswered(
  stage: StreamClientStage,
  { message, side, name }: Introduced,
  order: "first" | "second",
): Promise<void> {
  const { model, partner, peer, world, draw } = stage;
  const other = side === "X" ? "Y" : "X";
  const text = draw.name();
  const theirs = world.greeting ? text : `Client ${other}: ${text}`;
  if (!world.greeting) {
    model.opened(peer);
    model.opened(partner);
  }
  const both: [typeof peer, string][] = [[peer, message], [partner, theirs]];
  if (order === "second") both.reverse();
  model.message(...both[0]!);
  const reaction = model.message(...both[1]!);
  await stage.carriesOut(reaction);
  const reply = reaction.sentTo(peer)[0] ?? "";
  talks.set(stage, { message, side, name, reply });
  await stage.hangsUp();
  await stage.shows(reply);
}

/** The message, and then the reply, in what was printed. */
async function printsBoth(stage: StreamClientStage): Promise<void> {
  const talk = talks.get(stage);
  if (talk === undefined) throw new Skip("there was no reply to print");
  const { message, reply } = talk;
  const printed = await stage.printed(reply);
  // The prompts and the greeting may hold the same words: the last one counts.
  const at = printed.lastIndexOf(reply);
  if (at < 0) throw missing(printed, reply, "the reply");
  if (printed.lastIndexOf(message, at - 1) >= 0) return;
  if (!printed.includes(message)) {
    throw missing(printed, message, "the message");
  }
  throw new Finding(
    "the message that was sent, followed by the reply",
    "the reply is printed before the message",
  );
}

/** The reply has come and the connection is closed: the client has nothing to do. */
async function ends(stage: StreamClientStage): Promise<void> {
  try {
    await stage.mustEnd("the reply");
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    stage.program?.endInput();
    if (!await stage.waits(() => stage.hasDied, 1_000)) throw error;
    stage.remark("it ends only when its input does");
  }
  const code = stage.program?.ownExit?.code;
  if (code) stage.remark(`it ends with exit status ${code}, not 0`);
}

/** A life as one of the two, whose message comes first or second. */
function life(side: Side, order: "first" | "second"): Life<StreamClientStage> {
  const who = `Client ${side}`;
  const when = `(its message comes ${order})`;
  return {
    cases: [
      required(
        `${who} sends its message, and waits for the reply ${when}`,
        FORM,
        async (stage) => {
          const introduction = await comes(stage, side);
          await stage.saysNothing("one message, and nothing more");
          stage.isConnected("the reply has come");
          await isAnswered(stage, introduction, order);
          await ends(stage);
        },
      ),
      requiredAfterwards(
        `${who} prints its message, followed by the reply ${when}`,
        PRINTS,
        printsBoth,
      ),
    ],
  };
}

const patientUser: Life<StreamClientStage> = {
  pauses: true,
  cases: [
    required("The user may take their time", SENDS, async (stage) => {
      stage.needsKeyboard();
      const introduction = await comes(stage, "X", async () => {
        if (!await stage.settles()) await stage.rest();
      });
      await isAnswered(stage, introduction, "first");
    }),
  ],
};

const latePartner: Life<StreamClientStage> = {
  pauses: true,
  cases: [
    required("The partner may take its time", WAITS, async (stage) => {
      const introduction = await comes(stage, "Y");
      await stage.idle(
        "gets no reply for more than five seconds",
        "a client that waits for its partner",
      );
      stage.isConnected("the reply has come");
      await isAnswered(stage, introduction, "second");
      await printsBoth(stage);
    }),
  ],
};

/** The lives of a `sequence` client, and what is done in each. */
export const sequenceClient: readonly Life<StreamClientStage>[] = [
  life("X", "first"),
  patientUser,
  latePartner,
  life("Y", "second"),
  life("X", "second"),
];
