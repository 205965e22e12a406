/**
 * How a name and a number are written in the messages of `sum`.
 *
 * The assignment leaves it open. Its own programs send a JSON object with the
 * keys `client_name` and `client_number`; others use other keys, or a line of
 * text such as `Alice,25`. The server answers in the format of the request.
 */
import { quote } from "./contract.ts";

/** A request of the assignment's own format, for error messages. */
export const SEED_FORM = '{"client_name": "...", "client_number": 25}';

/** A name and a number, as a message carried them. */
export interface Entry {
  readonly name: string;
  /** NaN for an integer that is too large to be held exactly. */
  readonly number: number;
  /** The number as it was written. */
  readonly written: string;
}

/** What was wrong with a message. */
export interface Problem {
  readonly error: string;
}

/** How messages are written that carry a name and a number. */
export interface Format {
  /** The message that carries these. */
  fill(name: string, number: number): string;
}

/** A request, and the format that it came in. */
export interface Request extends Entry {
  /** Undefined for the format of the assignment's own programs. */
  readonly format: Format | undefined;
}

/** Reads a request in any format. */
export function readRequest(text: string | undefined): Request | Problem {
  if (text === undefined) return { error: "the message is not UTF-8" };
  const fields = readObject(text);
  if (fields === undefined) return readText(text);
  if ("error" in fields) return fields;
  const { object } = fields;
  if ("client_name" in object || "client_number" in object) {
    const entry = entryOf(object, "client_name", "client_number");
    return "error" in entry ? entry : { ...entry, format: undefined };
  }
  return readOtherKeys(object, text);
}

/** Reads the fields `name` and `number`. */
export function entryOf(
  object: Fields,
  name: string,
  number: string,
): Entry | Problem {
  const { [name]: nameValue, [number]: numberValue } = object;
  for (const key of [name, number]) {
    if (object[key] === undefined) return { error: `${key} is missing` };
  }
  if (typeof nameValue !== "string") {
    return { error: `${name} is ${shown(nameValue)}, not a string` };
  }
  const integer = integerOf(numberValue);
  if (integer === undefined) {
    return { error: `${number} is ${shown(numberValue)}, not an integer` };
  }
  return { name: nameValue, ...integer };
}

export type Fields = Readonly<Record<string, unknown>>;

/** A number that JavaScript's numbers cannot hold exactly, as it was written. */
class LargeNumber {
  constructor(readonly written: string) {}
}

/** The fields of a JSON object; undefined where the text is not JSON. */
export function readObject(
  text: string,
): { object: Fields } | Problem | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text, keepLargeNumbers);
  } catch {
    return undefined;
  }
  if (
    typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof LargeNumber)
  ) return { object: { ...value } };
  return { error: `${quote(text)} is not a JSON object` };
}

function keepLargeNumbers(
  _key: string,
  value: unknown,
  context?: { source?: string },
): unknown {
  const isLarge = typeof value === "number" &&
    Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return isLarge ? new LargeNumber(context?.source ?? String(value)) : value;
}

function integerOf(value: unknown): Omit<Entry, "name"> | undefined {
  if (value instanceof LargeNumber) {
    const { written } = value;
    return /^-?[0-9]+$/.test(written) ? { number: NaN, written } : undefined;
  }
  if (!Number.isSafeInteger(value)) return undefined;
  return { number: value as number, written: String(value) };
}

/** A value of a JSON object as it was written, shortened where it is long. */
export function shown(value: unknown): string {
  if (typeof value === "string") return quote(value);
  const text = value instanceof LargeNumber
    ? value.written
    : JSON.stringify(value);
  return text.length > 100 ? quote(text) : text;
}

/** Its one string is the name, its one integer the number. */
function readOtherKeys(object: Fields, text: string): Request | Problem {
  const keys = Object.keys(object);
  const names = keys.filter((key) => typeof object[key] === "string");
  const numbers = keys.filter((key) => integerOf(object[key]) !== undefined);
  const [name] = names;
  const [number] = numbers;
  if (names.length !== 1 || numbers.length !== 1) {
    return { error: `${quote(text)} is not one name and one integer` };
  }
  const entry = entryOf(object, name!, number!);
  if ("error" in entry) return entry;
  const used = keys.filter((key) => key === name || key === number);
  const fill: Format["fill"] = (ownName, ownNumber) => {
    const values = used.map((key) => [key, key === name ? ownName : ownNumber]);
    return JSON.stringify(Object.fromEntries(values));
  };
  return { ...entry, format: { fill } };
}

/** A line of text: the number is what follows the last separator. */
function readText(text: string): Request | Problem {
  const line = text.trim();
  const start = startOfInteger(line);
  const head = line.slice(0, start);
  const written = line.slice(start);
  const separator = separatorAfter(head);
  const name = head.slice(0, head.length - separator.length);
  if (written === "" || name === "" || separator === "") {
    return { error: `${quote(text)} is neither JSON nor a name and a number` };
  }
  const number = Number(written);
  return {
    name,
    number: Number.isSafeInteger(number) ? number : NaN,
    written,
    format: new Template(`NAME${separator}NUMBER`),
  };
}

/** The place of the integer that a line ends with; its length where none is. */
function startOfInteger(line: string): number {
  // By hand: a pattern that ends with $ would be tried at each digit.
  let at = line.length;
  while (at > 0 && line[at - 1]! >= "0" && line[at - 1]! <= "9") at--;
  const hasSign = at < line.length && at > 0 && "+-".includes(line[at - 1]!);
  return hasSign ? at - 1 : at;
}

/** A comma, semicolon, bar or colon with the blanks around it, or blanks alone. */
function separatorAfter(head: string): string {
  const withoutBlanks = head.trimEnd();
  const hasMark = /[,;|:]$/.test(withoutBlanks.slice(-1));
  const name = hasMark ? withoutBlanks.slice(0, -1).trimEnd() : withoutBlanks;
  return head.slice(name.length);
}

/**
 * A message with `NAME` and `NUMBER` in the places of the two:
 * `NAME,NUMBER` or `{"name": "NAME", "number": NUMBER}`.
 */
export class Template implements Format {
  readonly text: string;
  /** The keys of the two, where the template is a JSON object. */
  readonly #keys: { name: string; number: string } | undefined;

  /** @throws {RangeError} where it has not both words, each of them once, apart */
  constructor(text: string) {
    if (count(text, "NAME") !== 1 || count(text, "NUMBER") !== 1) {
      throw new RangeError("no template: it needs NAME once and NUMBER once");
    }
    if (/NAMENUMBER|NUMBERNAME/.test(text)) {
      throw new RangeError("no template: nothing parts NAME from NUMBER");
    }
    this.text = text;
    this.#keys = keysOf(text);
  }

  fill(name: string, number: number): string {
    const safeName = this.#keys ? JSON.stringify(name).slice(1, -1) : name;
    // Functions, because a name may hold the $ of a replacement pattern.
    return this.text.replace(
      /NAME|NUMBER/g,
      (word) => word === "NAME" ? safeName : String(number),
    );
  }

  /** Reads a message of this format. */
  read(text: string): Entry | Problem {
    const other = {
      error: `it is in another format: ${quote(text)} is not ${this.text}`,
    };
    const { name, number } = this.#keys ?? {};
    if (name === undefined || number === undefined) {
      return this.#readText(text) ?? other;
    }
    const fields = readObject(text);
    if (fields === undefined || "error" in fields) return other;
    const entry = entryOf(fields.object, name, number);
    return "error" in entry
      ? { error: `${entry.error}; ${other.error}` }
      : entry;
  }

  #readText(text: string): Entry | undefined {
    const form = this.text.trim();
    const [before, between, after] = form.split(/NAME|NUMBER/) as [
      string,
      string,
      string,
    ];
    const isNameFirst = this.text.indexOf("NAME") < this.text.indexOf("NUMBER");
    const line = text.trim();
    const inner = line.slice(before.length, line.length - after.length);
    if (before + inner + after !== line) return undefined;
    const at = isNameFirst
      ? inner.lastIndexOf(between)
      : inner.indexOf(between);
    if (at < 0) return undefined;
    const parts = [inner.slice(0, at), inner.slice(at + between.length)];
    const [name, written] = isNameFirst ? parts : parts.reverse();
    return entryFromText(name!, written!.trim(), between);
  }
}

/**
 * A name that itself begins or ends with a number tells of a third field, such
 * as the sum: which of them is the number cannot be told.
 */
function entryFromText(
  name: string,
  written: string,
  separator: string,
): Entry | undefined {
  const number = Number(written);
  const isInteger = /^[+-]?[0-9]+$/.test(written);
  if (!isInteger || !Number.isSafeInteger(number)) return undefined;
  const parts = name.split(separator);
  const hasThird = parts.length > 1 &&
    (isNumber(parts[0]!) || isNumber(parts.at(-1)!));
  return hasThird ? undefined : { name, number, written };
}

function isNumber(text: string): boolean {
  return text.trim() !== "" && !Number.isNaN(Number(text));
}

function count(text: string, word: string): number {
  return text.split(word).length - 1;
}

/** The keys of a template that is a JSON object; undefined for any other. */
function keysOf(text: string): { name: string; number: string } | undefined {
  const fields = readObject(text.replace(/(?<!")NUMBER(?!")/, '"NUMBER"'));
  if (fields === undefined || "error" in fields) return undefined;
  const keyOf = (word: string) =>
    Object.keys(fields.object).find((key) => fields.object[key] === word);
  const name = keyOf("NAME");
  const number = keyOf("NUMBER");
  return name !== undefined && number !== undefined
    ? { name, number }
    : undefined;
}
