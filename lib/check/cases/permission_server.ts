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
  type Life,
  note,
  required,
} from "../case.ts";
import type { DatagramStage } from "../datagram_stage.ts";
import { contains, mentions } from "../printed.ts";
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

const answers: Life<DatagramStage> = {
  ports: [PERMISSION_PORT, REQUEST_PORT],
  cases: [
    required("Clients are counted, not messages", COUNTED, async (stage) => {
      for (let i = 0; i < 5; i++) {
        await permitter(stage).asks(`Permission${stage.draw.digits(4)}`, {
          shows: ended,
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
    ...invalidMessages(),
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

/** The lives of a `permission` server, and what is asked in each. */
export const permissionServer: readonly Life<DatagramStage>[] = [
  answers,
  pause,
  ending,
  rest,
];
