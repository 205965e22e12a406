/**
 * Is this `permission` server right? What the assignment (CMPE 472, Computer
 * Networks, Programming Assignment 2) says under "Server side", sentence by
 * sentence.
 *
 * Not judged, because right servers differ in it: whether the fourth client is
 * answered, whether 007 is 7, and what comes between the word and the number.
 */
import {
  ALREADY_PERMITTED,
  PERMISSION_ACCEPTED,
  PERMISSION_PORT,
  REQUEST_ACCEPTED,
  REQUEST_PORT,
  REQUEST_REJECTED,
} from "../../rules/permission.ts";
import { addressOf } from "../../rules/contract.ts";
import {
  answered,
  Finding,
  type Hint,
  type Life,
  note,
  required,
  silent,
} from "../case.ts";
import type { DatagramStage, Questioner } from "../datagram_stage.ts";
import { END, PAUSE } from "../patience.ts";
import { contains, mentions } from "../printed.ts";
import { quote } from "../quote.ts";

const FORMAT =
  "The messages have to start with the text “Permission” and end with a number (“Permission1111”, “pErMission33”, “permission3”, etc.). If the message is not in this format, the server socket has to send “Invalid Message” message to the client.";
const REQUEST_FORMAT =
  "The messages have to start with the text “Request” and end with a number (“Request1111”, “requEST33”, “request3”, etc.). If the message is not in this format, the server socket has to send “Invalid Message” message to the client.";
const PERMITTED =
  "This number will be added to list of permitted numbers. In this case, “Permission Accepted” message will be send to the client.";
const REQUESTED =
  "If the number is already in the list of permitted numbers, “Request Accepted” message will be sent to the client. If it is not in the list, “Request Rejected” message will be sent to the client.";
const OTHER_PORT =
  'If the port of the client is not 1234 or 3333: The response of the server will be "Port is not allowed to communicate" regardless of the content of the message.';
const COUNTED =
  "If the total numbers of clients which has sent a message to the server is greater than or equal to 4, close the server socket and finish the server side program.";
const PRINTED =
  "After receiving a message, the server will print the received message and the address of the client (IP address and port number).";

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
const PART_COMPARED: Hint = {
  shows: answered(REQUEST_ACCEPTED),
  means:
    "only a part of the number may be compared: its last digit, or a text that contains it (`in` on a string)",
};
const REQUEST_PERMITS: Hint = {
  shows: answered(REQUEST_ACCEPTED, ALREADY_PERMITTED),
  means:
    "the number of a request may be added to the list of permitted numbers",
};
const STALE: Hint = {
  shows: answered(ALREADY_PERMITTED),
  means:
    "the end of the longer message may still be in the buffer: use only as many bytes as were received",
};

/** A message that is in neither format; `#` stands for a permitted number. */
type InvalidForm = readonly [
  name: string,
  sentence: string,
  port: number,
  form: string,
  hint?: Hint,
];

/** Messages that are in neither format, by any reading of it. */
const INVALID: readonly InvalidForm[] = [
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

/** The client on port 1234. */
function permitter(stage: DatagramStage): Questioner {
  return stage.client(PERMISSION_PORT);
}

/** The client on port 3333. */
function requester(stage: DatagramStage): Questioner {
  return stage.client(REQUEST_PORT);
}

const answers: Life<DatagramStage> = {
  ports: [PERMISSION_PORT, REQUEST_PORT],
  cases: [
    required("Clients are counted, not messages", COUNTED, async (stage) => {
      for (let i = 0; i < 5; i++) {
        await permitter(stage).asks(`Permission${stage.draw.digits(4)}`, {
          shows: silent,
          means: "it may count messages: the four have to be different clients",
        });
      }
    }),
    required(
      "A number on port 1234: Permission Accepted",
      PERMITTED,
      async (stage) => {
        await permitter(stage).asks(`Permission${stage.draw.digits(3)}`);
        await permitter(stage).asks(`Permission${stage.draw.digits(6)}`);
      },
    ),
    required(
      "Letter case does not matter to Permission",
      FORMAT,
      async (stage) => {
        const { draw } = stage;
        await permitter(stage).asks(`permission${draw.digits(3)}`);
        await permitter(stage).asks(`PERMISSION${draw.digits(3)}`);
        await permitter(stage).asks(
          draw.mixedCase("permission") + draw.digits(4),
        );
      },
    ),
    required(
      "A number that was permitted before is Already Permitted",
      "If the number is already in the list (it was permitted before), “Already Permitted” message will be send to the client.",
      async (stage) => {
        const number = stage.draw.digits(4);
        await permitter(stage).asks(`Permission${number}`);
        await permitter(stage).asks(`Permission${stage.draw.digits(4)}`);
        await permitter(stage).asks(`Permission${number}`);
        await permitter(stage).asks(
          stage.draw.mixedCase("permission") + number,
        );
      },
    ),
    required(
      "A request for a permitted number: Request Accepted",
      REQUESTED,
      async (stage) => {
        const number = stage.draw.digits(4);
        await permitter(stage).asks(`Permission${number}`);
        await requester(stage).asks(`Request${number}`);
        await requester(stage).asks(`Request${number}`);
      },
    ),
    required(
      "Letter case does not matter to Request",
      REQUEST_FORMAT,
      async (stage) => {
        const { draw } = stage;
        const number = draw.digits(3);
        await permitter(stage).asks(`PERMISSION${number}`);
        await requester(stage).asks(`request${number}`);
        await requester(stage).asks(`REQUEST${number}`);
        await requester(stage).asks(draw.mixedCase("request") + number);
      },
    ),
    required(
      "A number that was never permitted: Request Rejected",
      REQUESTED,
      async (stage) => {
        await requester(stage).asks(`Request${stage.draw.digits(4)}`);
      },
    ),
    required("A request permits nothing", REQUESTED, async (stage) => {
      const number = stage.draw.digits(4);
      await requester(stage).asks(`Request${number}`);
      await requester(stage).asks(`Request${number}`, REQUEST_PERMITS);
      await permitter(stage).asks(`Permission${number}`, REQUEST_PERMITS);
    }),
    required(
      "Every permitted number stays permitted",
      REQUESTED,
      async (stage) => {
        const numbers = [4, 5, 3].map((length) => stage.draw.digits(length));
        for (const each of numbers) {
          await permitter(stage).asks(`Permission${each}`);
        }
        for (const each of numbers) {
          await requester(stage).asks(`Request${each}`, {
            shows: answered(REQUEST_REJECTED),
            means: "only the last permitted number may be kept: keep a list",
          });
        }
      },
    ),
    required("The whole number counts", REQUESTED, async (stage) => {
      const number = stage.draw.digits(9);
      await permitter(stage).asks(`Permission${number}`);
      for (const other of lookalikes(number)) {
        await requester(stage).asks(`Request${other}`, PART_COMPARED);
      }
      await requester(stage).asks(`Request${number}`);
    }),
    required(
      "A shorter message after a longer one",
      PERMITTED,
      async (stage) => {
        const digit = stage.draw.integer(1, 9);
        const long = String(digit).repeat(8);
        await permitter(stage).asks(`Permission${long}`);
        await permitter(stage).asks(`Permission${long.slice(0, 2)}`, STALE);
      },
    ),
    ...invalid(),
    required(
      "Any other port is not allowed to communicate",
      OTHER_PORT,
      async (stage) => {
        const other = stranger(stage);
        const number = stage.draw.digits(4);
        await requester(stage).asks(`Request${number}`);
        await other.asks(`Permission${number}`);
        await other.asks(`Request${number}`);
        await other.asks(stage.draw.word());
        await requester(stage).asks(`Request${number}`, {
          shows: answered(REQUEST_ACCEPTED),
          means:
            "a message from a port that is not allowed may permit its number",
        });
      },
    ),
    required(
      "Each client gets the answer to its own message",
      REQUESTED,
      async (stage) => {
        const number = stage.draw.digits(4);
        const accepted = await permitter(stage).tells(`Permission${number}`);
        const rejected = await requester(stage).tells(
          `Request${stage.draw.digits(4)}`,
        );
        await permitter(stage).hears(accepted);
        await requester(stage).hears(rejected);
        await requester(stage).hearsNothing("one answer to one message");
      },
    ),
    required(
      "The server prints each message and its client's address",
      PRINTED,
      async (stage) => {
        await ask(stage);
        const printed = await stage.printed();
        for (const { message, from } of stage.asked.filter(isPlain)) {
          contains(stage, printed, message, "the message");
          mentions(
            stage,
            printed,
            from.hostname,
            "the IP address of the client",
          );
          mentions(stage, printed, String(from.port), "the port of the client");
        }
      },
    ),
  ],
};

/** Numbers that have some digits in common with this one, and are others. */
function lookalikes(number: string): string[] {
  const firstDigit = Number(number[0]);
  const otherFirst = String(firstDigit % 9 + 1);
  const otherLast = String((Number(number.at(-1)) + 1) % 10);
  return [
    otherFirst + number.slice(1),
    number.slice(0, -1) + otherLast,
    number.slice(0, -1),
    number.slice(-2),
    number.at(-1)!,
    number + otherLast,
  ];
}

/** A required case for each of `INVALID`. */
function invalid() {
  return INVALID.map(([name, sentence, port, form, hint]) =>
    required<DatagramStage>(name, sentence, async (stage) => {
      const permitted = stage.draw.digits(4);
      const isRequest = form.startsWith("xRequest") ||
        form.startsWith("Request#");
      if (isRequest) await permitter(stage).asks(`Permission${permitted}`);
      // First without the message: a number that is accepted anyway tells nothing.
      if (!isRequest) await requester(stage).asks(`Request${permitted}`);
      await stage.client(port).asks(
        form.replace("#", permitted),
        ...hint ? [hint] : [],
      );
      if (isRequest) return;
      await requester(stage).asks(`Request${permitted}`, {
        shows: answered(REQUEST_ACCEPTED),
        means:
          "the number of a message that was answered “Invalid Message” may be permitted all the same",
      });
    })
  );
}

/** A client on a port of no meaning: the same one for a whole life. */
function stranger(stage: DatagramStage): Questioner {
  const known = stage.asked.find(({ from }) =>
    from.port !== PERMISSION_PORT && from.port !== REQUEST_PORT
  );
  return stage.client(known?.from.port);
}

/** Has each of three clients say something, where they have not yet. */
async function ask(stage: DatagramStage): Promise<void> {
  if (stage.asked.length > 2) return;
  const number = stage.draw.digits(4);
  await permitter(stage).asks(`Permission${number}`);
  await requester(stage).asks(`Request${number}`);
  await stranger(stage).asks(stage.draw.word());
}

function isPlain({ message }: { message: string }): boolean {
  return message.length > 3;
}

const rest: Life<DatagramStage> = {
  ports: [PERMISSION_PORT, REQUEST_PORT],
  cases: [
    note("An empty message", async (stage) => {
      await permitter(stage).asks("");
      await permitter(stage).asks(`Permission${stage.draw.digits(4)}`);
    }),
    note("A message that is not UTF-8", async (stage) => {
      await permitter(stage).sendBytes(new Uint8Array([0xff, 0xfe, 0x37]));
      await permitter(stage).next();
      await permitter(stage).asks(`Permission${stage.draw.digits(4)}`);
    }),
  ],
};

const pause: Life<DatagramStage> = {
  used: true,
  cases: [
    required("A client may take its time", OTHER_PORT, async (stage) => {
      const client = stranger(stage);
      await client.asks(stage.draw.word());
      await stage.pause(PAUSE);
      await client.asks(stage.draw.word(), {
        shows: silent,
        means: "the server may have a timeout (settimeout)",
      });
    }),
  ],
};

const ending: Life<DatagramStage> = {
  ports: [PERMISSION_PORT, REQUEST_PORT],
  used: true,
  cases: [
    required("The fourth client ends the server", COUNTED, async (stage) => {
      for (const client of [stranger, permitter, requester, permitter]) {
        await isAnswered(stage, client(stage));
      }
      await stage.client().tells(stage.draw.word());
      await hasEnded(stage);
    }),
  ],
};

/** @throws {Finding} where the server has ended too early */
async function isAnswered(stage: DatagramStage, client: Questioner) {
  const expected = await client.tells(`Permission${stage.draw.digits(5)}`);
  if (await client.next() !== undefined) return await stage.pause(30);
  throw new Finding(
    quote(expected),
    stage.nothing(),
    stage.hasDied ? "it may count fewer than four clients" : undefined,
  );
}

/** @throws {Finding} where the server still answers, or still runs */
async function hasEnded(stage: DatagramStage): Promise<void> {
  const { program } = stage;
  const deadline = performance.now() + END;
  while (!hasGone(stage) && performance.now() < deadline) await stage.pause(50);
  const code = program?.ownExit?.code;
  if (code) stage.remark(`it ends with exit status ${code}, not 0`);
  if (hasGone(stage)) return;
  const fifth = stage.client();
  await fifth.tells(`Permission${stage.draw.digits(4)}`);
  const answers = await fifth.next() !== undefined;
  const runs = program?.exit === undefined;
  const later = `${END / 1000} s later`;
  throw new Finding(
    "the server to end after its fourth client",
    answers
      ? `it answers a fifth client, ${addressOf(fifth.address)}`
      : runs
      ? `it still runs ${later}`
      : `its port is still in use ${later}`,
    whyNotEnded(runs, answers, program?.output.text ?? ""),
  );
}

function hasGone({ program, isListening }: DatagramStage): boolean {
  return !isListening && (!program || program.exit !== undefined);
}

function whyNotEnded(
  runs: boolean,
  answers: boolean,
  printed: string,
): string | undefined {
  if (!runs) return "a process that it started goes on: end that, too";
  const end = printed.trimEnd().split("\n").at(-1) ?? "";
  if (/clos|finish|terminat|shut|\bend/i.test(end)) {
    return "it says that it ends: perhaps a `break` or `return` leaves only one loop, function or thread, and the program goes on";
  }
  return answers
    ? "it may count IP addresses without the port, or only clients that are allowed, or look at the number too late"
    : undefined;
}

/** The lives of a `permission` server, and what is asked in each. */
export const permissionServer: readonly Life<DatagramStage>[] = [
  answers,
  pause,
  ending,
  rest,
];
