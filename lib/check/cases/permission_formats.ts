/**
 * Messages that a `permission` server must call invalid by any reading of the
 * assignment, and some that allow more than one reading.
 */
import {
  ALREADY_PERMITTED,
  PERMISSION_ACCEPTED,
  REQUEST_ACCEPTED,
} from "../../rules/permission.ts";
import { type Case, Finding, required } from "../play/case.ts";
import type { DatagramServerRun } from "../play/datagram_server_run.ts";
import { answering, type Hint } from "../play/hints.ts";
import {
  FORMAT,
  permitter,
  REQUEST_FORMAT,
  requester,
} from "./permission_clients.ts";

const ACCEPTED = [PERMISSION_ACCEPTED, ALREADY_PERMITTED, REQUEST_ACCEPTED];

const STRIPS = answering(
  ACCEPTED,
  "the word may be taken off with str.strip, which takes letters off both ends, and not a word; compare the beginning with startswith, and cut it off by its length",
);
const NOT_ANCHORED = answering(
  ACCEPTED,
  "the format may be looked for anywhere in the message: it has to be the whole message (re.fullmatch)",
);
const PERMITS_INVALID = answering(
  [REQUEST_ACCEPTED],
  "the number of a message that was answered “Invalid Message” may be permitted all the same",
);

/** In a form, `#` stands for a number. */
type Row = readonly [name: string, form: string, hint?: Hint];

const PERMISSIONS: readonly Row[] = [
  ["a permission without a number", "Permission"],
  ["a permission with text after the number", "Permission#x", NOT_ANCHORED],
  ["a permission with text before the word", "xPermission#", NOT_ANCHORED],
  ["letters of the word after the number", "Permission#son", STRIPS],
  ["only some letters of the word", "mission#", STRIPS],
  ["a number alone", "#"],
  ["any other text on port 1234", "hello"],
  ["a request on port 1234", "Request#"],
];

const REQUESTS: readonly Row[] = [
  ["a request without a number", "Request"],
  ["a request with text after the number", "Request#x", NOT_ANCHORED],
  ["a request with text before the word", "xRequest#", NOT_ANCHORED],
  ["letters of the word request after the number", "Request#rest", STRIPS],
  ["any other text on port 3333", "hello"],
  ["a permission on port 3333", "Permission#"],
];

/** A case for each of them. */
export function invalidMessages(): Case<DatagramServerRun>[] {
  return [
    ...PERMISSIONS.flatMap((row) => invalid(FORMAT, permitter, row)),
    ...REQUESTS.flatMap((row) => invalid(REQUEST_FORMAT, requester, row)),
    ...required<DatagramServerRun>(FORMAT, {
      "A message that can be read in two ways is answered": async (run) => {
        for (const form of ["Permissionabc#", "Permission #", "Permission-#"]) {
          await isAnswered(run, permitter, form);
        }
        await isAnswered(run, requester, "Requestabc#");
        await isAnswered(run, requester, "Request #");
      },
    }),
  ];
}

function invalid(
  sentence: string,
  client: typeof permitter,
  [name, form, hint]: Row,
): Case<DatagramServerRun>[] {
  return required(sentence, {
    [`Invalid Message: ${name}`]: async (run) => {
      const number = run.random.digits(4);
      // The number must not be permitted already, except for a request, which
      // only tells anything about a permitted one.
      const isRequest = /Request#/.test(form) && client === requester;
      if (isRequest) await permitter(run).asks(`Permission${number}`);
      else await requester(run).asks(`Request${number}`);
      const hints = hint ? [hint] : [];
      await client(run).asks(form.replace("#", number), ...hints);
      if (isRequest) return;
      await requester(run).asks(`Request${number}`, PERMITS_INVALID);
    },
  });
}

/** Takes any answer, but the server must not fall silent or die. */
async function isAnswered(
  run: DatagramServerRun,
  client: typeof permitter,
  form: string,
): Promise<void> {
  const probe = client(run);
  await probe.tells(form.replace("#", run.random.digits(4)));
  if (await probe.next() !== undefined) return;
  throw new Finding("an answer, whichever it is", run.nothing());
}
