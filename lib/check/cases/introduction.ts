/**
 * What a `sequence` or `chat` client may ask its user for, and how it says who
 * it is.
 */
import type { Side } from "../../rules/pairing.ts";
import { Finding } from "../play/case.ts";
import type { Field } from "../play/client_run.ts";
import { quote } from "../reports/quote.ts";
import type { StreamClientRun } from "../play/stream_client_run.ts";

const FORM = /^Client ([XY]):[ \t]*(\S.*)$/s;

/** A client that has said who it is. */
export interface Introduced {
  readonly message: string;
  readonly side: Side;
  readonly name: string;
}

/** What is typed for a side and a name, in the usual order. */
export function fieldsFor(side: Side, name: string): [Field, Field] {
  return [
    {
      name: "X or Y",
      prompt:
        /\bX\b.*\bY\b|\b[XY]\/[XY]\b|\bside\b|which client|client (id|datagram)/i,
      answer: side,
      anywhere: true,
    },
    { name: "the name", prompt: /name/i, answer: name, anywhere: true },
  ];
}

/** For a client whose whole message is typed. */
export function wholeMessage(message: string): Field {
  return {
    name: "the message",
    prompt: /message|Client X: /i,
    answer: message,
  };
}

/**
 * The client says who it is; what it asks for is typed.
 *
 * @throws {Finding} where it does not say so in the assignment's form, or says
 * something else than was typed
 */
export async function introduced(
  run: StreamClientRun,
  side: Side,
  name: string,
): Promise<Introduced> {
  const whole = wholeMessage(`Client ${side}: ${name}`);
  const [sideField, nameField] = fieldsFor(side, name);
  const message = await run.hears(sideField, nameField, whole);
  const [, own, ownName = ""] = FORM.exec(message) ?? [];
  if (own !== "X" && own !== "Y") {
    throw new Finding(
      '"Client X: <name>" or "Client Y: <name>"',
      quote(message),
      message === name
        ? "it sends the name alone: if this is the later edition of the assignment, check it with --greeting"
        : undefined,
    );
  }
  const { given } = run;
  const isOther = (given.has(sideField) && own !== side) ||
    (given.has(nameField) && ownName.trim() !== name) ||
    (given.has(whole) && message !== whole.answer);
  if (isOther) {
    throw new Finding(
      quote(whole.answer),
      quote(message),
      "what the user types has to be sent, and not a text of the program's own",
    );
  }
  return { message, side: own, name: ownName.trim() };
}

/**
 * The later edition: the client connects, says nothing, and is told who it is.
 *
 * @throws {Finding} where it speaks before
 */
export async function greeted(
  run: StreamClientRun,
  side: Side,
): Promise<void> {
  await run.connected();
  await run.saysNothing("nothing before the server has greeted");
  const isX = side === "X";
  const [first, second] = isX
    ? [run.peer, run.partner]
    : [run.partner, run.peer];
  run.model.opened(first);
  await run.carriesOut(run.model.opened(second));
  await run.saysNothing("nothing before the user has typed something");
}

/**
 * The later edition: the client that was greeted says what its user types.
 *
 * @throws {Finding} where it says something else
 */
export async function says(
  run: StreamClientRun,
  side: Side,
  text: string,
): Promise<Introduced> {
  const field = { name: "the message", prompt: /./, answer: text };
  const message = await run.hears(field);
  if (!run.given.has(field) || message === text) {
    return { message, side, name: message };
  }
  throw new Finding(
    quote(text),
    quote(message),
    "what the user types has to be sent, and not a text of the program's own",
  );
}
