/** What a program asks its user for, judging by what it printed last. */
import type { Address } from "../../rules/contract.ts";

/** Something that a program may ask its user for. */
export interface Field {
  /** What it is, for a person who is told to type it. */
  readonly name: string;
  /** Matches a prompt that asks for it. */
  readonly prompt: RegExp;
  /** Whether programs differ in when they ask for it. */
  readonly anywhere?: boolean;
  /** Whether to type it only when asked. */
  readonly isOptional?: boolean;
  readonly answer: string;
}

/** How long a prompt may go on after its first letter, in milliseconds. */
export const WHOLE_PROMPT = 40;

/** Matches a line that waits for an answer. */
const ASKS = /[:?>=\])]\s*$|\b(enter|input|type|give|press|hit)\b/i;
/** What a prompt for a message has in it, even if it also names a server. */
const MESSAGE = /message|sentence|\btext\b|\bword/i;

/**
 * What the check can always answer: the server's address, and how to go on.
 *
 * @param hasPort whether a client may also ask for its own port
 */
export function knownFields(
  { hostname, port }: Address,
  hasPort: boolean,
): Field[] {
  return [
    {
      name: "the server's port",
      prompt: hasPort
        ? /\bserver.{0,20}\bport\b|\bport\b.{0,20}\bserver/i
        : /\bport\b/i,
      answer: String(port),
    },
    {
      name: "the server's address",
      prompt: /\bip\b|\bhost ?(name)?\b|\baddress\b/i,
      answer: hostname,
    },
    {
      name: "the key Enter",
      prompt: /\b(press|hit)\b.{0,20}\b(enter|return|key)\b/i,
      answer: "",
    },
  ];
}

/** What a server may ask its user for. */
export function serverFields(address: Address, number: number): Field[] {
  return [
    ...knownFields(address, false),
    { name: "a number", prompt: /number|integer/i, answer: String(number) },
    { name: "a name", prompt: /\bname\b/i, answer: "Server" },
  ];
}

/**
 * The field that a line asks for.
 *
 * @param others other things it may ask for; the first one named counts
 */
export function askedBy(
  line: string,
  fields: readonly Field[],
  others: readonly Field[],
): Field | undefined {
  if (!ASKS.test(line) || MESSAGE.test(line)) return undefined;
  const at = ({ prompt }: Field) => {
    const place = line.search(prompt);
    return place < 0 || prompt.source === "." ? Infinity : place;
  };
  const first = Math.min(...others.map(at));
  return fields.find((each) => at(each) <= first && at(each) < Infinity);
}

/** The last line of a text, with or without a line feed after it. */
export function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

/**
 * The field that a prompt asks for: the first not yet given, in the last line
 * that names any.
 */
export function fieldFor(
  prompt: string,
  rest: readonly Field[],
  all: readonly Field[],
): Field | undefined {
  for (const line of prompt.split("\n").reverse()) {
    const isNamed = (field: Field) => field.prompt.test(line);
    const field = rest.find(isNamed) ?? all.find(isNamed);
    if (field !== undefined) return field;
  }
  return undefined;
}

/**
 * The answer to a prompt that asks for several things at once, such as `Name and
 * number: `; undefined if it asks for one.
 */
export function joinedAnswer(
  line: string,
  fields: readonly Field[],
): string | undefined {
  if (!/\band\b|[,&]/i.test(line)) return undefined;
  const at = ({ prompt }: Field) => line.search(prompt);
  const asked = fields.filter((each) => at(each) >= 0)
    .sort((one, other) => at(one) - at(other));
  if (new Set(asked.map(at)).size < 2) return undefined;
  const separator = /comma|,/.test(line) ? "," : " ";
  return asked.map(({ answer }) => answer).join(separator);
}
