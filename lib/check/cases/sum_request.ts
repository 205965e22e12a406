/**
 * Reading the request of a `sum` client, and writing the reply in its form. The
 * assignment leaves the form open; our own server's rules know the usual ones.
 */
import {
  type Format,
  readRequest as read,
  SEED_FORM,
  Template,
} from "../../rules/sum_format.ts";
import { Model, peerAt } from "../play/expectation.ts";
import type { Run } from "../play/run.ts";
import { separatorOf } from "./sum_form.ts";
import { twice } from "../../rules/sum_reply.ts";

const SINGLE_QUOTES =
  "str() of a dict is not JSON, which has double quotes: use json.dumps()";

/** What a client sends. */
export interface Request {
  readonly name: string;
  readonly number: number;
  /** The form of the message; undefined for the assignment's own. */
  readonly form: Format | undefined;
  readonly isJson: boolean;
  /** The separator of the fields, if the messages are text. */
  readonly separator: string;
  /** Whether the number is a JSON string. */
  readonly quoted: boolean;
}

/** Our own server's answer to a request. */
export interface Answer {
  readonly name: string;
  readonly number: number;
  readonly sum: number;
  /** Whether it stops without sending anything. */
  readonly stops: boolean;
}

/**
 * What a reply has: what our own server sends, or also the sum, for a client
 * that expects it; in JSON under all the usual keys.
 */
export type ReplyForm = "plain" | "summed";

/**
 * Reads a request.
 *
 * @param format from `--format`, if given
 * @returns the request, or what is wrong with it
 */
export function readRequest(
  text: string,
  format: string | undefined,
): Request | { problem: string } {
  const what = twice(text);
  if (what === "the message") return { problem: "it is sent twice" };
  if (what !== undefined) return { problem: `it has ${what} twice` };
  if (/^\s*\{\s*'/.test(text)) return { problem: SINGLE_QUOTES };
  const unquoted = withNumbers(text);
  const template = format === undefined ? undefined : new Template(format);
  const entry = template ? template.read(unquoted) : read(unquoted);
  if ("error" in entry) {
    const hint = template
      ? ""
      : `: ${SEED_FORM}, or say its form with --format`;
    return { problem: entry.error + hint };
  }
  const form = template ?? (entry as { format?: Format }).format;
  const { name, number } = entry;
  const isJson = text.trimStart().startsWith("{");
  const separator = isJson ? ", " : separatorIn(form);
  return { name, number, form, isJson, separator, quoted: unquoted !== text };
}

function separatorIn(form: Format | undefined): string {
  if (form instanceof Template) return separatorOf(form.text);
  return separatorOf(form?.fill("NAME", 0).replace("0", "NUMBER") ?? "");
}

/** Turns JSON's numeric strings into numbers; leaves other text as it is. */
function withNumbers(text: string): string {
  if (!text.trimStart().startsWith("{")) return text;
  return text.replace(/(:\s*)"([+-]?\d+)"/g, "$1$2");
}

/** Our own server's answer, if it has this name and number. */
export function answerTo(
  { check, random }: Run,
  { name, number }: Pick<Request, "name" | "number">,
  own: { name: string; number: number },
): Answer {
  const model = new Model({ mode: "sum", random, options: {} }, own);
  const message = { client_name: name, client_number: number };
  const peer = peerAt(check.address);
  const reaction = model.message(peer, JSON.stringify(message));
  const [sent] = reaction.sentTo(peer);
  const { sum = NaN } = sent === undefined ? {} : JSON.parse(sent);
  return { ...own, sum, stops: reaction.stops };
}

/** The reply, in the form of the request. */
export function write(
  { name, number, sum }: Answer,
  { form, isJson, separator, quoted }: Request,
  replyForm: ReplyForm,
): string {
  const own = { server_name: name, server_number: number, sum };
  const plain = form?.fill(name, number) ?? JSON.stringify(own);
  if (!isJson) return replyForm === "plain" ? plain : plain + separator + sum;
  const more = replyForm === "plain"
    ? {}
    : { ...usualKeys(name, number), ...own };
  return json({ ...more, ...JSON.parse(plain) }, quoted);
}

/** The keys that clients look for besides those they send. */
function usualKeys(name: string, number: number): Record<string, unknown> {
  return { name, number, serverName: name, serverNumber: number };
}

function json(object: Record<string, unknown>, quoted: boolean): string {
  const text = JSON.stringify(object);
  return quoted ? text.replace(/(:)([+-]?\d+)(?=[,}])/g, '$1"$2"') : text;
}
