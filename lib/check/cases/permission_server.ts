/**
 * Is this `permission` server right? What the assignment (CMPE 472, Computer
 * Networks, Programming Assignment 2) says under "Server side", sentence by
 * sentence.
 *
 * Not judged, because right servers differ in it: whether the fourth client is
 * answering, whether 007 is 7, and what comes between the word and the number.
 */
import { INVALID_MESSAGE } from "../../rules/contract.ts";
import {
  ALREADY_PERMITTED,
  PERMISSION_PORT,
  PORT_NOT_ALLOWED,
  REQUEST_ACCEPTED,
  REQUEST_PORT,
  REQUEST_REJECTED,
} from "../../rules/permission.ts";
import {
  Finding,
  notes,
  required,
  type Suite,
  type Suites,
} from "../play/case.ts";
import type { DatagramServerRun } from "../play/datagram_server_run.ts";
import { answering, ended, type Hint, silent, STALE } from "../play/hints.ts";
import { contains, mentions } from "../play/printed.ts";
import { quote, textOf } from "../reports/quote.ts";
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
const BEFORE =
  "If the number is already in the list (it was permitted before), “Already Permitted” message will be send to the client.";
const REQUESTED =
  "If the number is already in the list of permitted numbers, “Request Accepted” message will be sent to the client. If it is not in the list, “Request Rejected” message will be sent to the client.";
const PRINTED =
  "After receiving a message, the server will print the received message and the address of the client (IP address and port number).";

const COUNTS_MESSAGES: Hint = {
  shows: ended,
  means:
    "it may count messages, or changes of the sender: the four have to be different clients",
};
const FIRST_ONLY: Hint = {
  shows: silent,
  means:
    "only the first client may be answered: each answer goes to the address that recvfrom has given with its message",
};
const ENDS_EARLY: Hint = {
  shows: ended,
  means: "it may end before its fourth client",
};
const PART_COMPARED = answering(
  [REQUEST_ACCEPTED],
  "only a part of the number may be compared: its last digit, or a text that contains it (`in` on a string)",
);
const CUT = answering(
  [REQUEST_ACCEPTED, ALREADY_PERMITTED],
  "only the beginning of a long message may be received, or of a long number be kept: recvfrom(2048) takes more",
);
const REQUEST_PERMITS = answering(
  [REQUEST_ACCEPTED, ALREADY_PERMITTED],
  "the number of a request may be added to the list of permitted numbers",
);
const STRANGER_PERMITS = answering(
  [REQUEST_ACCEPTED],
  "a message from a port that is not allowed may permit its number",
);
const STRANGER_CLEARS = answering(
  [REQUEST_REJECTED],
  "a message from a port that is not allowed may clear the list of permitted numbers",
);
const FORGETS = answering(
  [REQUEST_REJECTED],
  "only the last permitted numbers may be kept: keep them all in a list",
);
const STALE_BUFFER = answering(
  [ALREADY_PERMITTED],
  STALE,
);

/** What a second answer probably means. */
function secondAnswer(came: string): string | undefined {
  return came.startsWith(PORT_NOT_ALLOWED)
    ? "`if port == 3333: ... else: ...` is also run for port 1234: make it `elif` (`else if`)"
    : undefined;
}

/** A message and its port; `#1` stands for a random number. */
type Step = string | readonly [step: string, hint: Hint];

const CLIENTS: Readonly<Record<string, typeof permitter>> = {
  [PERMISSION_PORT]: permitter,
  [REQUEST_PORT]: requester,
};

/** Sends messages one after the other. */
function asking(...steps: Step[]) {
  return async (run: DatagramServerRun) => {
    const numbers = [1, 2, 3].map((i) => run.random.digits(3 + i));
    for (const step of steps) {
      const [text, ...hints] = typeof step === "string" ? [step] : step;
      const [, port = "", form = ""] = /^(\d+) (.*)$/.exec(text) ?? [];
      const message = form.replace(/#(\d)/, (_, i) => numbers[i - 1]!);
      const client = CLIENTS[port] ?? stranger;
      await client(run).asks(message, ...hints);
    }
  };
}

const answers: Suite<DatagramServerRun> = {
  ports: [PERMISSION_PORT, REQUEST_PORT],
  anyOrder: 2,
  cases: [
    ...required<DatagramServerRun>(OTHER_PORT, {
      "One answer to one message, on every port": async (run) => {
        for (const [i, client] of [permitter, requester, stranger].entries()) {
          const message = `Permission${run.random.digits(4)}`;
          const hints = i > 0 ? [ENDS_EARLY, FIRST_ONLY] : [];
          await client(run).asks(message, ...hints);
        }
        await run.gotOneAnswerEach(secondAnswer);
      },
    }),
    ...required<DatagramServerRun>(COUNTED, {
      "Clients are counted, not messages": async (run) => {
        for (let i = 0; i < 4; i++) {
          const number = run.random.digits(4);
          await permitter(run).asks(`Permission${number}`, COUNTS_MESSAGES);
          await requester(run).asks(`Request${number}`, COUNTS_MESSAGES);
        }
      },
    }),
    ...required<DatagramServerRun>(PERMITTED, {
      "A number on port 1234: Permission Accepted": asking(
        "1234 Permission#1",
        "1234 Permission#2",
      ),
    }),
    ...required<DatagramServerRun>(FORMAT, {
      "Letter case does not matter to Permission": asking(
        "1234 permission#1",
        "1234 PERMISSION#2",
        "1234 pErMission#3",
      ),
    }),
    ...required<DatagramServerRun>(BEFORE, {
      "A number that was permitted before is Already Permitted": asking(
        "1234 Permission#1",
        "1234 Permission#2",
        "1234 Permission#1",
        "1234 perMISSIOn#1",
      ),
    }),
    ...required<DatagramServerRun>(REQUEST_FORMAT, {
      "Letter case does not matter to Request": asking(
        "1234 PERMISSION#1",
        "3333 request#1",
        "3333 REQUEST#1",
        "3333 reQUEst#1",
      ),
    }),
    ...required<DatagramServerRun>(REQUESTED, {
      "A request for a permitted number: Request Accepted": asking(
        "1234 Permission#1",
        "3333 Request#1",
        "3333 Request#1",
      ),
      "A number that was never permitted: Request Rejected": asking(
        "3333 Request#1",
      ),
      "A request permits nothing": asking(
        "3333 Request#1",
        ["3333 Request#1", REQUEST_PERMITS],
        ["1234 Permission#1", REQUEST_PERMITS],
      ),
      "Every permitted number stays permitted": async (run) => {
        const numbers = Array.from(
          { length: 25 },
          (_, i) => run.random.digits(4 + i % 3),
        );
        for (const each of numbers) {
          await permitter(run).asks(`Permission${each}`);
        }
        for (const each of run.random.shuffled(numbers)) {
          await requester(run).asks(`Request${each}`, FORGETS);
        }
      },
      "The whole number counts": async (run) => {
        const number = run.random.digits(8);
        await permitter(run).asks(`Permission${number}`);
        for (const other of run.random.shuffled(lookalikes(number))) {
          await requester(run).asks(`Request${other}`, PART_COMPARED);
        }
        await requester(run).asks(`Request${number}`);
      },
      "A shorter message after a longer one": async (run) => {
        const long = String(run.random.integer(1, 9)).repeat(8);
        await permitter(run).asks(`Permission${long}`);
        await permitter(run).asks(
          `Permission${long.slice(0, 2)}`,
          STALE_BUFFER,
        );
      },
      // Short enough for 64 bits: a server need not keep numbers as text.
      "A number of 15 digits": async (run) => {
        const number = run.random.digits(15);
        if (!await isTaken(run, number)) return;
        await requester(run).asks(`Request${otherEnd(number)}`, CUT);
        await permitter(run).asks(`Permission${otherEnd(number)}`, CUT);
        await requester(run).asks(`Request${number}`);
      },
    }),
    ...invalidMessages(),
    ...required<DatagramServerRun>(OTHER_PORT, {
      "Any other port is not allowed to communicate": asking(
        "1234 Permission#1",
        "3333 Request#2",
        "4711 Permission#2",
        "4711 Request#2",
        "4711 hello",
        ["3333 Request#2", STRANGER_PERMITS],
        ["3333 Request#1", STRANGER_CLEARS],
      ),
    }),
    ...required<DatagramServerRun>(REQUESTED, {
      "Each client gets the answer to its own message": async (run) => {
        const [one, other] = [run.random.digits(4), run.random.digits(4)];
        const accepted = await permitter(run).tells(`Permission${one}`);
        const rejected = await requester(run).tells(`Request${other}`);
        await permitter(run).hears(accepted);
        await requester(run).hears(rejected);
        await run.gotOneAnswerEach(secondAnswer);
      },
    }),
    ...required<DatagramServerRun>(PRINTED, {
      "The server prints each message and its client's address": async (
        run,
      ) => {
        await ask(run);
        const printed = await run.printed(run.asked.at(-1)!.message);
        for (const { message, from } of run.asked.filter(isPlain)) {
          const { hostname, port } = from;
          contains(run, printed, message, "the message");
          mentions(run, printed, hostname, "the IP address of the client");
          mentions(run, printed, String(port), "the port of the client");
        }
      },
    }, { isLast: true }),
  ],
};

/**
 * Whether a long number is permitted. The assignment has no limit, but many
 * servers keep numbers in 32 bits.
 */
async function isTaken(
  run: DatagramServerRun,
  number: string,
): Promise<boolean> {
  const probe = permitter(run);
  const expected = await probe.tells(`Permission${number}`);
  const came = await probe.next();
  if (came === undefined) throw new Finding(quote(expected), run.nothing());
  const isInvalid = textOf(came).startsWith(INVALID_MESSAGE);
  if (isInvalid) run.remark("a number of 15 digits is called invalid");
  return !isInvalid;
}

/** Other numbers that share some digits with this one. */
function lookalikes(number: string): string[] {
  const otherFirst = String(Number(number[0]) % 9 + 1);
  return [
    otherFirst + number.slice(1),
    otherEnd(number),
    number.slice(0, -1),
    number.slice(-2).replace(/^0/, "9"),
    number.at(-1) === "0" ? "8" : number.at(-1)!,
    number + otherFirst,
  ];
}

/** The number with a different last digit. */
function otherEnd(number: string): string {
  return number.slice(0, -1) + (Number(number.at(-1)) + 1) % 10;
}

/** Has each of three clients say something, unless they already have. */
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
  cases: notes({
    "An empty message": async (run) => {
      await permitter(run).asks("");
      await permitter(run).asks(`Permission${run.random.digits(4)}`);
    },
    "A message that is not UTF-8": async (run) => {
      await permitter(run).sendBytes(new Uint8Array([0xff, 0xfe, 0x37]));
      await permitter(run).next();
      await permitter(run).asks(`Permission${run.random.digits(4)}`);
    },
    "A number of 25 digits": async (run) => {
      const number = run.random.digits(25);
      await permitter(run).asks(`Permission${number}`);
      await requester(run).asks(`Request${otherEnd(number)}`, CUT);
      await requester(run).asks(`Request${number}`);
    },
  }),
};

/** The suites for a `permission` server. */
export const suites: Suites<DatagramServerRun> = [
  answers,
  pause,
  ending,
  rest,
];
