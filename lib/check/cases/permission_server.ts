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
  PERMISSION_PORT,
  REQUEST_ACCEPTED,
  REQUEST_PORT,
  REQUEST_REJECTED,
} from "../../rules/permission.ts";
import {
  answered,
  ended,
  type Hint,
  note,
  required,
  type Suite,
} from "../play/case.ts";
import type { DatagramServerRun } from "../play/datagram_server_run.ts";
import { contains, mentions } from "../play/printed.ts";
import {
  COUNTED,
  FORMAT,
  OTHER_PORT,
  permitter,
  REQUEST_FORMAT,
  requester,
  stranger,
} from "./permission_clients.ts";
import { ending, pause } from "./permission_ending.ts";
import { invalidMessages } from "./permission_formats.ts";

const PERMITTED =
  "This number will be added to list of permitted numbers. In this case, “Permission Accepted” message will be send to the client.";
const REQUESTED =
  "If the number is already in the list of permitted numbers, “Request Accepted” message will be sent to the client. If it is not in the list, “Request Rejected” message will be sent to the client.";
const PRINTED =
  "After receiving a message, the server will print the received message and the address of the client (IP address and port number).";

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

const answers: Suite<DatagramServerRun> = {
  ports: [PERMISSION_PORT, REQUEST_PORT],
  cases: [
    required("Clients are counted, not messages", COUNTED, async (run) => {
      for (let i = 0; i < 5; i++) {
        await permitter(run).asks(`Permission${run.random.digits(4)}`, {
          shows: ended,
          means: "it may count messages: the four have to be different clients",
        });
      }
    }),
    required(
      "A number on port 1234: Permission Accepted",
      PERMITTED,
      async (run) => {
        await permitter(run).asks(`Permission${run.random.digits(3)}`);
        await permitter(run).asks(`Permission${run.random.digits(6)}`);
      },
    ),
    required(
      "Letter case does not matter to Permission",
      FORMAT,
      async (run) => {
        const { random } = run;
        await permitter(run).asks(`permission${random.digits(3)}`);
        await permitter(run).asks(`PERMISSION${random.digits(3)}`);
        await permitter(run).asks(
          random.mixedCase("permission") + random.digits(4),
        );
      },
    ),
    required(
      "A number that was permitted before is Already Permitted",
      "If the number is already in the list (it was permitted before), “Already Permitted” message will be send to the client.",
      async (run) => {
        const number = run.random.digits(4);
        await permitter(run).asks(`Permission${number}`);
        await permitter(run).asks(`Permission${run.random.digits(4)}`);
        await permitter(run).asks(`Permission${number}`);
        await permitter(run).asks(
          run.random.mixedCase("permission") + number,
        );
      },
    ),
    required(
      "A request for a permitted number: Request Accepted",
      REQUESTED,
      async (run) => {
        const number = run.random.digits(4);
        await permitter(run).asks(`Permission${number}`);
        await requester(run).asks(`Request${number}`);
        await requester(run).asks(`Request${number}`);
      },
    ),
    required(
      "Letter case does not matter to Request",
      REQUEST_FORMAT,
      async (run) => {
        const { random } = run;
        const number = random.digits(3);
        await permitter(run).asks(`PERMISSION${number}`);
        await requester(run).asks(`request${number}`);
        await requester(run).asks(`REQUEST${number}`);
        await requester(run).asks(random.mixedCase("request") + number);
      },
    ),
    required(
      "A number that was never permitted: Request Rejected",
      REQUESTED,
      async (run) => {
        await requester(run).asks(`Request${run.random.digits(4)}`);
      },
    ),
    required("A request permits nothing", REQUESTED, async (run) => {
      const number = run.random.digits(4);
      await requester(run).asks(`Request${number}`);
      await requester(run).asks(`Request${number}`, REQUEST_PERMITS);
      await permitter(run).asks(`Permission${number}`, REQUEST_PERMITS);
    }),
    required(
      "Every permitted number stays permitted",
      REQUESTED,
      async (run) => {
        const numbers = [4, 5, 3].map((length) => run.random.digits(length));
        for (const each of numbers) {
          await permitter(run).asks(`Permission${each}`);
        }
        for (const each of numbers) {
          await requester(run).asks(`Request${each}`, {
            shows: answered(REQUEST_REJECTED),
            means: "only the last permitted number may be kept: keep a list",
          });
        }
      },
    ),
    required("The whole number counts", REQUESTED, async (run) => {
      const number = run.random.digits(9);
      await permitter(run).asks(`Permission${number}`);
      for (const other of lookalikes(number)) {
        await requester(run).asks(`Request${other}`, PART_COMPARED);
      }
      await requester(run).asks(`Request${number}`);
    }),
    required(
      "A shorter message after a longer one",
      PERMITTED,
      async (run) => {
        const digit = run.random.integer(1, 9);
        const long = String(digit).repeat(8);
        await permitter(run).asks(`Permission${long}`);
        await permitter(run).asks(`Permission${long.slice(0, 2)}`, STALE);
      },
    ),
    ...invalidMessages(),
    required(
      "Any other port is not allowed to communicate",
      OTHER_PORT,
      async (run) => {
        const other = stranger(run);
        const number = run.random.digits(4);
        await requester(run).asks(`Request${number}`);
        await other.asks(`Permission${number}`);
        await other.asks(`Request${number}`);
        await other.asks(run.random.word());
        await requester(run).asks(`Request${number}`, {
          shows: answered(REQUEST_ACCEPTED),
          means:
            "a message from a port that is not allowed may permit its number",
        });
      },
    ),
    required(
      "Each client gets the answer to its own message",
      REQUESTED,
      async (run) => {
        const number = run.random.digits(4);
        const accepted = await permitter(run).tells(`Permission${number}`);
        const rejected = await requester(run).tells(
          `Request${run.random.digits(4)}`,
        );
        await permitter(run).hears(accepted);
        await requester(run).hears(rejected);
        await requester(run).hearsNothing("one answer to one message");
      },
    ),
    required(
      "The server prints each message and its client's address",
      PRINTED,
      async (run) => {
        await ask(run);
        const printed = await run.printed();
        for (const { message, from } of run.asked.filter(isPlain)) {
          contains(run, printed, message, "the message");
          mentions(
            run,
            printed,
            from.hostname,
            "the IP address of the client",
          );
          mentions(run, printed, String(from.port), "the port of the client");
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

/** Has each of three clients say something, where they have not yet. */
async function ask(run: DatagramServerRun): Promise<void> {
  if (run.asked.length > 2) return;
  const number = run.random.digits(4);
  await permitter(run).asks(`Permission${number}`);
  await requester(run).asks(`Request${number}`);
  await stranger(run).asks(run.random.word());
}

function isPlain({ message }: { message: string }): boolean {
  return message.length > 3;
}

const rest: Suite<DatagramServerRun> = {
  ports: [PERMISSION_PORT, REQUEST_PORT],
  cases: [
    note("An empty message", async (run) => {
      await permitter(run).asks("");
      await permitter(run).asks(`Permission${run.random.digits(4)}`);
    }),
    note("A message that is not UTF-8", async (run) => {
      await permitter(run).sendBytes(new Uint8Array([0xff, 0xfe, 0x37]));
      await permitter(run).next();
      await permitter(run).asks(`Permission${run.random.digits(4)}`);
    }),
  ],
};

/** The suites for a `permission` server, and what is asked in each. */
export const permissionServer: readonly Suite<DatagramServerRun>[] = [
  answers,
  pause,
  ending,
  rest,
];
