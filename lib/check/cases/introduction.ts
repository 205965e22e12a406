/**
 * How a `sequence` or `chat` client says who it is, and what it asks its user
 * for.
 */
import { greetingOf } from "../../rules/greeting.ts";
import type { Side } from "../../rules/pairing.ts";
import { Finding } from "../play/case.ts";
import { hintFor } from "../play/hints.ts";
import type { Field } from "../play/prompts.ts";
import { quote } from "../reports/quote.ts";
import { mustBeText } from "./protocol.ts";
import type { StreamClientRun } from "../play/stream_client_run.ts";

const FORM = /^Client ([XY]):[ \t]*(\S.*)$/s;

/** How a program of the later edition appears when checked as the first. */
export const LATER_EDITION =
  "if this is the later edition of the assignment, in which the server speaks first, check it with --greeting";
const OWN_TEXT =
  "what the user types has to be sent, and not a text of the program's own";

/** A client that has said who it is. */
export interface Introduced {
  readonly message: string;
  readonly side: Side;
  readonly name: string;
}

/** What to type for a side and a name, in the usual order. */
function fieldsFor(side: Side, name: string): [Field, Field] {
  return [
    {
      name: "X or Y",
      prompt:
        /\bX\b.*\bY\b|\b[XY]\/[XY]\b|\bside\b|which client|client (id|letter)/i,
      answer: side,
      anywhere: true,
    },
    nameField(name),
  ];
}

const nameField = (name: string): Field => (
  { name: "the name", prompt: /name/i, answer: name, anywhere: true }
);

/** What to type if the client asks for its whole message. */
function wholeMessage(message: string): Field {
  return {
    name: "the message",
    prompt: /message|Client X: /i,
    answer: message,
  };
}

/**
 * Has the client say who it is, typing what it asks for.
 *
 * @throws {Finding} if it does not say so in the assignment's form, or not what
 * was typed
 */
export async function introduced(
  run: StreamClientRun,
  side: Side,
  name: string,
): Promise<Introduced> {
  const whole = wholeMessage(`Client ${side}: ${name}`);
  const [sideField, nameField] = fieldsFor(side, name);
  const message = await hears(run, sideField, nameField, whole);
  const [, own, ownName = ""] = FORM.exec(message) ?? [];
  if (own !== "X" && own !== "Y") {
    throw notIntroduced(message, name, hintFor(message, whole.answer));
  }
  const { given } = run;
  if (given.has(sideField) && own !== side) {
    const hint = `the user has typed ${side}, and client ${side} sends that`;
    throw Finding.between(whole.answer, message, hint);
  }
  const isOther = (given.has(nameField) && ownName.trim() !== name) ||
    (given.has(whole) && message !== whole.answer);
  if (isOther) throw Finding.between(whole.answer, message, OWN_TEXT);
  return { message, side: own, name: ownName.trim() };
}

/** @throws {Unjudged} if it is a private protocol, not a known mistake */
function notIntroduced(
  message: string,
  name: string,
  hint: string | undefined,
): Finding {
  if (hint === undefined) mustBeText(message);
  return new Finding(
    '"Client X: <name>" or "Client Y: <name>"',
    quote(message),
    message === name ? `it sends the name alone: ${LATER_EDITION}` : hint,
  );
}

/** The first message; if none comes, the client may await a greeting. */
async function hears(
  run: StreamClientRun,
  ...fields: Field[]
): Promise<string> {
  try {
    return await run.hears(...fields);
  } catch (error) {
    const isMute = run.stream?.ended === false && !run.hasMessage;
    if (!(error instanceof Finding) || !isMute) throw error;
    const { expected, came } = error;
    // Tried only once.
    const mute = run.check.shared.get(Mute, () => new Mute());
    mute.hint ??= await waitsForGreeting(run, fields)
      ? LATER_EDITION
      : error.hint;
    throw new Finding(expected, came, mute.hint);
  }
}

/** Why a client has connected but says nothing. */
class Mute {
  hint?: string | undefined;
}

/** Whether a connected client speaks once it is greeted. */
async function waitsForGreeting(
  run: StreamClientRun,
  fields: readonly Field[],
): Promise<boolean> {
  await run.send(greetingOf("X"));
  await run.enters(fields, () => run.hasMessage || run.isOver);
  return run.hasMessage;
}

/**
 * The later edition: the client connects, is silent, and is told who it is.
 *
 * @param name what to type if it asks for a name before it connects
 * @throws {Finding} if it speaks first
 */
export async function greeted(
  run: StreamClientRun,
  side: Side,
  name: string,
): Promise<void> {
  await run.connected(nameField(name));
  await run.saysNothing("nothing before the server has greeted");
  const isX = side === "X";
  const [first, second] = isX
    ? [run.peer, run.partner]
    : [run.partner, run.peer];
  run.model.opened(first);
  await run.carriesOut(run.model.opened(second));
}

/**
 * The later edition: once greeted, the client says what its user types. Some
 * add words around it, and those that asked before need not ask again.
 *
 * @throws {Finding} if it says anything else
 */
export async function says(
  run: StreamClientRun,
  side: Side,
  text: string,
): Promise<Introduced> {
  const field = { name: "the message", prompt: /./, answer: text };
  const isAsked = () => run.typed.has(text);
  const message = await run.hears(...isAsked() ? [] : [field]);
  if (message !== text && isAsked() && message.includes(text)) {
    run.remark(`the message is ${quote(message)}, not ${quote(text)} alone`);
  } else if (message !== text) {
    throw Finding.between(text, message, hintFor(message, text) ?? OWN_TEXT);
  }
  return { message, side, name: message };
}
