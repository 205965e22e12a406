/**
 * What a program asks its user for, by what it printed last.
 *
 * What it asks for, and in which order, is up to the program. So the check looks
 * at each prompt, and types what seems to be asked for.
 */
import type { Address } from "../../rules/contract.ts";

/** Something that a program may ask its user for. */
export interface Field {
  /** What it is, for a person who is told to type it. */
  readonly name: string;
  /** What a prompt says that asks for it. */
  readonly prompt: RegExp;
  /** Whether some programs ask for it sooner, and others later. */
  readonly anywhere?: boolean;
  /** Whether it is typed only when it is asked for. */
  readonly isOptional?: boolean;
  readonly answer: string;
}

/** How long a prompt may go on after its first letter, in milliseconds. */
export const WHOLE_PROMPT = 40;

/** How a line ends, or begins, that waits for an answer. */
const ASKS = /[:?>=\])]\s*$|\b(enter|input|type|give|press|hit)\b/i;
/** What is in the prompt for a message that names a server, too. */
const MESSAGE = /message|sentence|\btext\b|\bword/i;

/**
 * What the check knows of itself: where the server is, and how to go on.
 *
 * @param hasPort whether a client has a port of its own to ask for
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
 * The field of these that a line asks for.
 *
 * @param others what it may ask for as well: what it names first counts
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

/** The line that a text ends with, whether or not a line feed follows. */
export function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

/**
 * The field that a prompt asks for: by the last line that names any, and of
 * those that it names the first that was not given yet.
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
