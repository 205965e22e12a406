/**
 * How a name and a number are written in the messages of `sum`.
 *
 * The assignment leaves it open. Its own programs send a JSON object with the
 * keys `client_name` and `client_number`; others use other keys, or text such
 * as `Alice,25`, or two lines. The server answers in the format of the request.
 * A number in JSON counts by its value: 25.0 and 1e2 are integers, 2.5 is not,
 * and "25" is taken to mean 25. What follows a NUL is an old buffer's rest.
 */
import { quote, quoteReceived, type Received } from "./contract.ts";

/** A request of the assignment's own format, for error messages. */
export const SEED_FORM = '{"client_name": "...", "client_number": 25}';

/**
 * The answer to a request in no known format: one word, which no program can
 * take for a name and a number.
 */
export const ERROR = "error";

/** A name and a number, as a message carried them. */
export interface Entry {
  readonly name: string;
  /** NaN for an integer that is too large to be held exactly. */
  readonly number: number;
  /** The number as it was written. */
  readonly written: string;
  /** Whether JSON had the number as a text: "25". */
  readonly isText?: boolean;
  /** The sum as it was written; undefined if the message has none. */
  readonly sum?: string;
}

/** What was wrong with a message. */
export interface Problem {
  readonly error: string;
}

/** How messages with a name and a number are written. */
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
export function readRequest(received: Received): Request | Problem {
  if (typeof received !== "string") return { error: quoteReceived(received) };
  const text = untilNul(received);
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

/** Some C programs send their whole buffer. A leading NUL does not end a text. */
export function untilNul(text: string): string {
  const end = text.indexOf("\0");
  return end > 0 ? text.slice(0, end) : text;
}

/**
 * Whether more of a request must be on its way: a brace is open, or there is a
 * line without a number, which may be on the next line.
 */
export function isUnfinished(text: string): boolean {
  const isObject = /^\s*\{/.test(text);
  return isObject ? !/\}\s*$/.test(text) : /^[^0-9{}]*\n$/.test(text);
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the fields `name` and `number`, and a sum if there is one. */
export function entryOf(
  object: Fields,
  name: string,
  number: string,
): Entry | Problem {
  for (const key of [name, number]) {
    if (object[key] === undefined) return { error: `${key} is missing` };
  }
  const { [name]: nameValue, [number]: numberValue } = object;
  if (typeof nameValue !== "string") {
    return { error: `${name} is ${shown(nameValue)}, not a string` };
  }
  const integer = integerOf(numberValue);
  if (integer === undefined) {
    return { error: `${number} is ${shown(numberValue)}, not an integer` };
  }
  const sumKey = Object.keys(object).find((key) => /^(.*_)?sum$/i.test(key));
  const sum = sumKey === undefined ? {} : { sum: shown(object[sumKey]) };
  return { name: nameValue, ...integer, ...sum };
}

/** A number that JavaScript's numbers cannot hold exactly, as it was written. */
class LargeNumber {
  constructor(readonly written: string) {}
}

/** The fields of a JSON object; undefined if the text is not JSON. */
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

/** The integer that a JSON value stands for. */
function integerOf(value: unknown): Omit<Entry, "name"> | undefined {
  if (value instanceof LargeNumber) {
    const { written } = value;
    return isInteger(written) ? { number: NaN, written } : undefined;
  }
  if (typeof value === "string") {
    const written = value.trim();
    return isInteger(written)
      ? { ...numberOf(written), isText: true }
      : undefined;
  }
  if (!Number.isSafeInteger(value)) return undefined;
  return { number: value as number, written: String(value) };
}

/** Whether a text is an integer in digits. */
function isInteger(text: string): boolean {
  return /^[+-]?[0-9]+$/.test(text);
}

function numberOf(written: string): Omit<Entry, "name"> {
  const number = Number(written);
  return { number: Number.isSafeInteger(number) ? number : NaN, written };
}

/** A JSON value as it was written; only the beginning if it is long. */
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
  const isName = (key: string) => typeof object[key] === "string";
  const isNumber = (key: string) => integerOf(object[key]) !== undefined;
  const integers = keys.filter((key) => isNumber(key) && !isName(key));
  // An integer as a text is the number only if nothing else could be.
  const numbers = integers.length > 0 ? integers : keys.filter(isNumber);
  const names = keys.filter((key) => isName(key) && !numbers.includes(key));
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

/** Text: the number is what follows the last separator. */
function readText(text: string): Request | Problem {
  const line = text.trim();
  const start = startOfInteger(line);
  const head = line.slice(0, start);
  const separator = separatorAfter(head);
  const name = head.slice(0, head.length - separator.length);
  // Some programs send a length first, in a header padded with spaces.
  const isHeader = separator.trim() === "" &&
    (isInteger(name) || separator.length >= 8);
  if (start === line.length || !name || !separator || isHeader) {
    return { error: `${quote(text)} is neither JSON nor a name and a number` };
  }
  const format = new Template(`NAME${separator}NUMBER`);
  return { name, ...numberOf(line.slice(start)), format };
}

/** Where the integer at the end of a line starts; its length if there is none. */
function startOfInteger(line: string): number {
  // By hand: a pattern that ends with $ would be tried at each digit.
  let at = line.length;
  while (at > 0 && line[at - 1]! >= "0" && line[at - 1]! <= "9") at--;
  const hasSign = at < line.length && at > 0 && "+-".includes(line[at - 1]!);
  return hasSign ? at - 1 : at;
}

/** A comma, semicolon, bar or colon with the spaces around it, or spaces alone. */
function separatorAfter(head: string): string {
  const withoutSpaces = head.trimEnd();
  const hasMark = /[,;|:]$/.test(withoutSpaces.slice(-1));
  const name = hasMark ? withoutSpaces.slice(0, -1).trimEnd() : withoutSpaces;
  return head.slice(name.length);
}

/**
 * A message with `NAME` and `NUMBER` in the places of the two:
 * `NAME,NUMBER` or `{"name": "NAME", "number": NUMBER}`.
 */
export class Template implements Format {
  readonly text: string;
  /** The keys of the two, if the template is a JSON object. */
  readonly #keys: { name: string; number: string } | undefined;

  /** @throws {RangeError} unless it has both words, once each and apart */
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
    // A function, because a name may hold the $ of a replacement pattern.
    return this.text.replace(
      /NAME|NUMBER/g,
      (word) => word === "NAME" ? safeName : String(number),
    );
  }

  /** Reads a message of this format; a third integer in it is the sum. */
  read(text: string): Entry | Problem {
    const other = {
      error: `it is in another format: ${quote(text)} is not ${this.text}`,
    };
    if (this.#keys === undefined) return this.#readText(text) ?? other;
    const fields = readObject(text);
    if (fields === undefined || "error" in fields) return other;
    const { name, number } = this.#keys;
    const entry = entryOf(fields.object, name, number);
    return "error" in entry
      ? { error: `${entry.error}; ${other.error}` }
      : entry;
  }

  #readText(text: string): Entry | undefined {
    const form = this.text.trim();
    const [before, separator, after] = form.split(/NAME|NUMBER/) as [
      string,
      string,
      string,
    ];
    const line = text.trim();
    const inner = line.slice(before.length, line.length - after.length);
    if (before + inner + after !== line) return undefined;
    const parts = inner.split(separator);
    const isNameFirst = form.indexOf("NAME") < form.indexOf("NUMBER");
    return isNameFirst
      ? entryFrom(parts, -1, separator)
      : entryFrom(parts, 0, separator);
  }
}

/**
 * The number is the part at one end of a line, and the rest is the name, which
 * may hold the separator. If a second integer is next to the first, or at the
 * other end, the later one is the sum.
 */
function entryFrom(
  parts: readonly string[],
  end: 0 | -1,
  separator: string,
): Entry | undefined {
  const isNumber = (at: number) => isInteger(parts.at(at)?.trim() ?? "");
  if (parts.length < 2 || !isNumber(end)) return undefined;
  const places = [end, end + (end || 1), -1 - end].map((at) =>
    at < 0 ? parts.length + at : at
  );
  const numbers = [...new Set(places)].filter(isNumber)
    .slice(0, Math.min(2, parts.length - 1))
    .sort((a, b) => a - b);
  const rest = parts.filter((_, at) => !numbers.includes(at));
  const [number, sum] = numbers.map((at) => parts[at]!.trim());
  // If the name starts or ends with a number, nobody knows which one counts.
  const isOpen = rest.length > 1 && [rest[0]!, rest.at(-1)!].some(isNumeric);
  if (rest.length === 0 || isOpen) return undefined;
  const entry = { name: rest.join(separator), ...numberOf(number!) };
  return sum === undefined ? entry : { ...entry, sum };
}

function isNumeric(text: string): boolean {
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
  return name && number ? { name, number } : undefined;
}
