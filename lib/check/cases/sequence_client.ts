/**
 * Is this `sequence` client right? What the assignment (CST 311, Programming
 * Assignment 2) says about the clients, sentence by sentence, and what its
 * later edition demands.
 *
 * Not judged, because right clients differ in it: whether the side and the name
 * are typed or built in, and the order of prompts.
 */
import type { Side } from "../../rules/pairing.ts";
import {
  Finding,
  required,
  requiredAfterwards,
  Skip,
  type Suite,
} from "../play/case.ts";
import { missing } from "../play/printed.ts";
import type { StreamClientRun } from "../play/stream_client_run.ts";
import { quote } from "../reports/quote.ts";
import { Acknowledgment } from "../../rules/acknowledgment.ts";
import { greeted, type Introduced, introduced, says } from "./introduction.ts";

const SENDS =
  "Clients X and Y will each open a TCP socket to your server and send a message to your server.";
const FORM =
  'The message contains the name of the client followed by your name (e.g., "Client X: Alice", "Client Y: Bob").';
const PRINTS =
  "Once your clients receive the message from the server, they should print the message that they sent to the server, followed by the reply received from the server.";
const WAITS =
  "The server will accept connections from both clients and after it has received messages from both X and Y [...] send an acknowledgment back to your clients.";
const SENDS_LATER =
  "The later edition: each client sends a message once the server has greeted it.";
const PRINTS_LATER =
  "The later edition: what arrives is printed at the receiving end.";

type Order = "first" | "second";

/** What the client of a run said, and what it was told. */
class Talk {
  message = "";
  reply = "";
}

const talkOf = (run: StreamClientRun) => run.shared.get(Talk, () => new Talk());

/** Has the client say who it is, in either edition. */
async function comes(
  run: StreamClientRun,
  side: Side,
  beforeTyping?: () => Promise<void>,
): Promise<Introduced> {
  const { random, check } = run;
  const name = `${random.name()} ${random.name()}`;
  if (!check.options.greeting) {
    await beforeTyping?.();
    return await introduced(run, side, name);
  }
  await greeted(run, side, name);
  await beforeTyping?.();
  return await says(run, side, name);
}

/** Has its partner speak, before or after it, and acknowledges both. */
async function isAnswered(
  run: StreamClientRun,
  { message, side }: Introduced,
  order: Order,
): Promise<void> {
  const { model, partner, peer, check, random } = run;
  const other = side === "X" ? "Y" : "X";
  const text = random.name();
  const theirs = check.options.greeting ? text : `Client ${other}: ${text}`;
  if (!check.options.greeting) {
    model.opened(peer);
    model.opened(partner);
  }
  const both: [typeof peer, string][] = [[peer, message], [partner, theirs]];
  if (order === "second") both.reverse();
  model.message(...both[0]!);
  const reaction = model.message(...both[1]!);
  await run.carriesOut(reaction);
  const talk = talkOf(run);
  talk.message = message;
  talk.reply = reaction.sentTo(peer)[0] ?? "";
  await run.hangsUp();
  await run.shows(talk.reply);
}

/** Checks that it printed the message, then the reply, and no other order. */
async function printsBoth(run: StreamClientRun): Promise<void> {
  const { message, reply } = talkOf(run);
  if (reply === "") throw new Skip("there was no reply to print");
  const printed = await run.printed(reply);
  // Prompts and the greeting may have the same words: the last match counts.
  const at = printed.lastIndexOf(reply);
  if (at < 0) throw missing(printed, reply, "the reply");
  if (new Acknowledgment(reply).isReversedIn(printed)) {
    throw new Finding(`only the reply, ${quote(reply)}`, quote(printed));
  }
  // What its user typed is on the screen already.
  if (run.check.options.greeting) return;
  if (printed.lastIndexOf(message, at - 1) >= 0) return;
  if (!printed.includes(message)) {
    throw missing(printed, message, "the message");
  }
  throw new Finding(
    "the message that was sent, followed by the reply",
    "the reply is printed before the message",
  );
}

/** Checks that it ends: it has its reply, and the connection is closed. */
async function ends(run: StreamClientRun): Promise<void> {
  try {
    await run.mustEnd("the reply");
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    run.program?.endInput();
    if (!await run.waits(() => run.hasDied, 1_000)) throw error;
    run.remark("it ends only when its input does");
  }
  run.remarkOnExit();
}

/** A suite in which the client is X or Y, and its message first or second. */
function life(
  greeting: boolean,
  side: Side,
  order: Order,
  more = "",
): Suite<StreamClientRun> {
  const when = `(its message comes ${order}${more})`;
  const prints = greeting ? "the reply" : "its message, followed by the reply";
  return {
    cases: [
      ...required<StreamClientRun>(greeting ? SENDS_LATER : FORM, {
        [`The client sends its message, and waits for the reply ${when}`]:
          async (run) => {
            const introduction = await comes(run, side);
            await run.saysNothing("one message, and nothing more");
            run.isConnected("the reply has come");
            await isAnswered(run, introduction, order);
            await ends(run);
          },
      }),
      ...requiredAfterwards(greeting ? PRINTS_LATER : PRINTS, {
        [`The client prints ${prints} ${when}`]: printsBoth,
      }),
    ],
  };
}

const patientUser: Suite<StreamClientRun> = {
  pauses: true,
  cases: required(SENDS, {
    "The user may take their time": async (run) => {
      run.needsKeyboard();
      const introduction = await comes(run, "X", async () => {
        if (!await run.settles()) await run.rest();
      });
      await isAnswered(run, introduction, "first");
    },
  }),
};

const latePartner: Suite<StreamClientRun> = {
  pauses: true,
  cases: required(WAITS, {
    "The partner may take its time": async (run) => {
      const introduction = await comes(run, "Y");
      await run.idle(
        "gets no reply for more than five seconds",
        "a client that waits for its partner",
      );
      run.isConnected("the reply has come");
      await isAnswered(run, introduction, "second");
      await printsBoth(run);
    },
  }),
};

/** The suites for a `sequence` client. */
export function suites(
  { greeting = false }: { readonly greeting?: boolean },
): readonly Suite<StreamClientRun>[] {
  return [
    life(greeting, "X", "first"),
    patientUser,
    latePartner,
    life(greeting, "Y", "second"),
    life(greeting, "X", "second", ", once more"),
  ];
}
