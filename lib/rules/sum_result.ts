/**
 * The reply of `sum`, as the client reads and checks it.
 */
import { quote } from "./contract.ts";
import {
  type Entry,
  entryOf,
  ERROR,
  type Problem,
  readObject,
  shown,
  type Template,
  untilNul,
} from "./sum_format.ts";

/** Reads the reply, and checks its sum if it has one. */
export function readReply(
  whole: string,
  own: number,
  format: Template | undefined,
): Entry | Problem {
  const text = untilNul(whole);
  const fields = readObject(text);
  const object = fields && "object" in fields ? fields.object : {};
  if (object.error !== undefined) {
    return { error: `error: ${shown(object.error)}` };
  }
  if (text.trim() === ERROR) return { error: "the server refused the request" };
  const reply = format ? format.read(text) : readSeedReply(fields);
  if ("error" in reply) return reply;
  if (Number.isNaN(reply.number)) {
    return { error: `the number ${quote(reply.written)} is too large` };
  }
  const expected = own + reply.number;
  if (reply.sum !== undefined && Number(reply.sum) !== expected) {
    return { error: `sum is ${reply.sum}, not ${expected}` };
  }
  return reply;
}

function readSeedReply(
  fields: ReturnType<typeof readObject>,
): Entry | Problem {
  if (fields === undefined) return { error: `it is not JSON; ${OTHER_FORMAT}` };
  if ("error" in fields) return fields;
  const { object } = fields;
  const entry = entryOf(object, "server_name", "server_number");
  const isSeeds = "server_name" in object || "server_number" in object;
  const isOther = !isSeeds && Object.keys(object).length > 0;
  if (!("error" in entry) || !isOther) return entry;
  return { error: `${entry.error}; ${OTHER_FORMAT}` };
}

/** What is wrong if the server closes the connection without a reply. */
export function noReply(format: Template | undefined): string {
  const text = "The server closed the connection without a reply. " +
    "Look at what it printed";
  return format ? `${text}.` : `${text}; ${OTHER_FORMAT}.`;
}

const OTHER_FORMAT = "if the server uses another format, name it with --format";
