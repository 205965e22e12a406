/**
 * Reading the reply of a `sum` server. The assignment leaves its form open, so
 * anything with a name, a number and perhaps a sum will do: JSON with any keys,
 * or text, with numbers as numbers or as strings.
 */
import { quote } from "./contract.ts";

/** What a reply says; undefined for what it leaves out. */
export interface Reply {
  readonly text: string;
  readonly name: string | undefined;
  readonly number: number | undefined;
  readonly sum: number | undefined;
}

/** What the client has sent: a reply may repeat it. */
export interface Asked {
  readonly name: string;
  readonly number: number;
}

/**
 * Reads a reply.
 *
 * @param separator what is between the fields, if the messages are text
 */
export function readReply(
  text: string,
  asked: Asked,
  separator: string,
): Reply {
  const fields = fieldsOf(text) ?? labelled(text) ??
    listed(text, asked, separator);
  const { name } = fields;
  const own = name?.replace(asked.name, "").replace(/^[\s,;|:]+/, "").trim();
  return { text, ...fields, name: own === "" ? name : name && own };
}

/** What occurs twice in a message; undefined if nothing does. */
export function twice(text: string): string | undefined {
  const keys = [...text.matchAll(/"([^"\\]*)"\s*:/g)].map(([, key]) => key!);
  const key = keys.find((each, i) => keys.indexOf(each) < i);
  const isOneObject = parsed(text) !== undefined;
  if (key !== undefined && isOneObject) return `the key ${quote(key)}`;
  const [one = "", two, ...more] = text.trim().split(/(?<=})\s*(?={)|\n/);
  if (more.length === 0 && two !== undefined && one.trim() === two.trim()) {
    return "the message";
  }
  const half = text.length / 2;
  const isDoubled = half > 3 && text.slice(0, half) === text.slice(half);
  return isDoubled || (key !== undefined && /}\s*{/.test(text))
    ? "the message"
    : undefined;
}

type Fields = Omit<Reply, "text">;

/** Whether a reply is whole, as far as one can tell: JSON can be parsed. */
export function isWhole(text: string): boolean {
  const start = text.trimStart()[0];
  if (start !== "{") return text !== "";
  return parsed(text) !== undefined;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The fields of a reply in JSON, going by their keys. */
function fieldsOf(text: string): Fields | undefined {
  const object = parsed(text);
  if (object === undefined) return undefined;
  const entries = Object.entries(object);
  const numbers = entries.filter(([, value]) => integerOf(value) !== undefined);
  const names = entries.filter(([, value]) =>
    typeof value === "string" && integerOf(value) === undefined
  );
  const isSum = ([key]: [string, unknown]) => /sum|total|result/i.test(key);
  const number = serverOf(numbers.filter((each) => !isSum(each)));
  const sum = numbers.find(isSum);
  return {
    name: serverOf(names)?.[1] as string | undefined,
    number: integerOf(number?.[1]),
    sum: integerOf(sum?.[1]),
  };
}

/** The server's field: one named so, or one not named the client's. */
function serverOf<T>(fields: readonly [string, T][]): [string, T] | undefined {
  return fields.find(([key]) => /server/i.test(key)) ??
    fields.find(([key]) => !/client/i.test(key)) ?? fields[0];
}

function integerOf(value: unknown): number | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return undefined;
  return /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : undefined;
}

/** The fields of a sentence such as `Server number: 10, sum: 35`. */
function labelled(text: string): Fields | undefined {
  const number = /server.{0,20}?\bnumber\b\W*([+-]?\d+)/is.exec(text)?.[1];
  if (number === undefined) return undefined;
  const sum = /\b(?:sum|total)\b\D{0,10}?([+-]?\d+)/is.exec(text)?.[1];
  const name = /server.{0,4}name\W*([^,;|\n]+)/is.exec(text)?.[1]?.trim();
  return {
    name: name ?? "server",
    number: Number(number),
    sum: sum === undefined ? undefined : Number(sum),
  };
}

/** The fields of a list: a name, a number, and perhaps a sum. */
function listed(text: string, asked: Asked, separator: string): Fields {
  const blank = separator.trim() === "";
  const mark = blank ? /\s+/ : separator.trim();
  const fields = text.trim().split(mark).map((field) => field.trim());
  const numbers = fields.flatMap((field) => integerOf(field) ?? []);
  const names = fields.filter((field) =>
    integerOf(field) === undefined && /\p{L}/u.test(field)
  );
  const name = names.length === 0
    ? undefined
    : names.join(blank ? " " : separator);
  return { name, ...assigned(numbers, asked.number) };
}

/** Which of some numbers is the server's, and which the sum. */
function assigned(
  numbers: readonly number[],
  client: number,
): { number: number | undefined; sum: number | undefined } {
  for (const number of numbers) {
    const sum = number + client;
    const rest = numbers.filter((each) => each !== number && each !== client);
    if (rest.length > 0 && rest.every((each) => each === sum)) {
      return { number, sum };
    }
  }
  const own = numbers.length > 2 && numbers[0] === client
    ? numbers.slice(1)
    : numbers;
  return { number: own[0], sum: own[1] };
}
