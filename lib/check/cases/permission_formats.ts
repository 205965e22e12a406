/**
 * Messages that a `permission` server has to call invalid, by any reading of the
 * assignment.
 */
import {
  ALREADY_PERMITTED,
  PERMISSION_ACCEPTED,
  PERMISSION_PORT,
  REQUEST_ACCEPTED,
  REQUEST_PORT,
} from "../../rules/permission.ts";
import { answered, type Case, type Hint, required } from "../play/case.ts";
import type { DatagramServerRun } from "../play/datagram_server_run.ts";
import {
  FORMAT,
  permitter,
  REQUEST_FORMAT,
  requester,
} from "./permission_clients.ts";

const isAccepted = answered(
  PERMISSION_ACCEPTED,
  ALREADY_PERMITTED,
  REQUEST_ACCEPTED,
);

const STRIPS: Hint = {
  shows: isAccepted,
  means:
    "the word may be taken off with str.strip, which takes letters off both ends, and not a word; compare the beginning with startswith, and cut it off by its length",
};
const NOT_ANCHORED: Hint = {
  shows: isAccepted,
  means:
    "the format may be looked for anywhere in the message: it has to be the whole message (re.fullmatch)",
};

/** A case for each of them. */
export function invalidMessages(): Case<DatagramServerRun>[] {
  const rows: [
    name: string,
    sentence: string,
    port: number,
    form: string,
    hint?: Hint,
  ][] = [
    [
      "Invalid Message: a permission without a number",
      FORMAT,
      PERMISSION_PORT,
      "Permission",
    ],
    [
      "Invalid Message: a permission with text after the number",
      FORMAT,
      PERMISSION_PORT,
      "Permission#x",
      NOT_ANCHORED,
    ],
    [
      "Invalid Message: a permission with text before the word",
      FORMAT,
      PERMISSION_PORT,
      "xPermission#",
      NOT_ANCHORED,
    ],
    [
      "Invalid Message: letters of the word after the number",
      FORMAT,
      PERMISSION_PORT,
      "Permission#son",
      STRIPS,
    ],
    [
      "Invalid Message: only some letters of the word",
      FORMAT,
      PERMISSION_PORT,
      "mission#",
      STRIPS,
    ],
    ["Invalid Message: a number alone", FORMAT, PERMISSION_PORT, "#"],
    [
      "Invalid Message: any other text on port 1234",
      FORMAT,
      PERMISSION_PORT,
      "hello",
    ],
    [
      "Invalid Message: a request on port 1234",
      FORMAT,
      PERMISSION_PORT,
      "Request#",
    ],
    [
      "Invalid Message: a request without a number",
      REQUEST_FORMAT,
      REQUEST_PORT,
      "Request",
    ],
    [
      "Invalid Message: a request with text after the number",
      REQUEST_FORMAT,
      REQUEST_PORT,
      "Request#x",
      NOT_ANCHORED,
    ],
    [
      "Invalid Message: a request with text before the word",
      REQUEST_FORMAT,
      REQUEST_PORT,
      "xRequest#",
      NOT_ANCHORED,
    ],
    [
      "Invalid Message: letters of the word request after the number",
      REQUEST_FORMAT,
      REQUEST_PORT,
      "Request#rest",
      STRIPS,
    ],
    [
      "Invalid Message: any other text on port 3333",
      REQUEST_FORMAT,
      REQUEST_PORT,
      "hello",
    ],
    [
      "Invalid Message: a permission on port 3333",
      REQUEST_FORMAT,
      REQUEST_PORT,
      "Permission#",
    ],
  ];
  return rows.map(([name, sentence, port, form, hint]) =>
    required<DatagramServerRun>(name, sentence, async (run) => {
      const permitted = run.random.digits(4);
      const isRequest = form.startsWith("xRequest") ||
        form.startsWith("Request#");
      if (isRequest) await permitter(run).asks(`Permission${permitted}`);
      // First without the message: a number that is accepted anyway tells nothing.
      if (!isRequest) await requester(run).asks(`Request${permitted}`);
      await run.client(port).asks(
        form.replace("#", permitted),
        ...hint ? [hint] : [],
      );
      if (isRequest) return;
      await requester(run).asks(`Request${permitted}`, {
        shows: answered(REQUEST_ACCEPTED),
        means:
          "the number of a message that was answered “Invalid Message” may be permitted all the same",
      });
    })
  );
}
