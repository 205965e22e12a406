/**
 * Is this `sum` server right? What the assignment (Dr. Bazmi, implemented by
 * Amirreza Yarahmadi) says in its section "Server Side", and shows in its log.
 *
 * Not judged, because right servers differ in it: the form of messages, whether
 * the reply has the sum, which number the server picks, and whether it closes
 * the connection after its reply.
 */
import { addressOf } from "../../rules/contract.ts";
import { MAX_NUMBER, MIN_NUMBER } from "../../rules/sum.ts";
import {
  Finding,
  notes,
  type Plays,
  required,
  requiredAfterwards,
  Skip,
  type Suite,
  type Suites,
} from "../play/case.ts";
import { isServed } from "../play/ports.ts";
import { NOT_FLUSHED, ONE_RECV } from "../play/hints.ts";
import { contains, mentions, withoutTracebacks } from "../play/printed.ts";
import type { SeededRandom } from "../play/seeded_random.ts";
import type {
  StreamProbe,
  StreamServerRun,
} from "../play/stream_server_run.ts";
import { END, PAUSE } from "../play/timeouts.ts";
import { quote } from "../reports/quote.ts";
import { restart } from "./restart.ts";
import {
  dies,
  type Exchange,
  type Failed,
  findForm,
  formOf,
  isUnderstood,
  needsForm,
  readsOn,
  request,
  separatorOf,
} from "./sum_form.ts";
import { isWhole, readReply, twice } from "../../rules/sum_reply.ts";
import { answerTo } from "./sum_request.ts";

const REPLIES =
  "If the number is between 1 and 100, the server picks a random number and sends it back to the client, along with the server's name.";
const SUM = "The server also sends the sum of both numbers.";
const GETS =
  "When the client connects, the server gets the client's name and a number.";
const AGAIN =
  "Then as supposed the client connection closed. Then another client `127.0.0.1:40484` connected to the server [...].";
const STOPS =
  "If the client sends a number that is too big or too small, the server stops and closes the connection.";
const NAMES =
  "The server logged its name with client name as `Client Name: Amirreza Yarahmadi Client | Server Name: Amirreza Yarahmadi Server` [...].";
const NUMBERS =
  "[...] and its int value, the client int value and sum of those as `Client Number: 25 | Server Number: 10 | Sum: 35`.";
const SAME =
  "[...] the sum of the numbers that are logged in server and client should be the same.";

const REPLY = "one reply with the server's name and number";
const THREAD =
  "return or sys.exit() in a thread ends only that thread; and break leaves only the innermost loop, not that of accept";

/** How long a name, a number and a sum may be, in characters. */
const MAX_REPLY = 4_096;

/** The sum that our own server sends, if this is its number. */
function sumOf(
  run: StreamServerRun,
  { name, number, reply }: Exchange,
): number {
  const own = { name: reply.name ?? "", number: reply.number ?? 0 };
  return answerTo(run, { name, number }, own).sum;
}

/** The exchanges of a run, which the server should have printed. */
class Exchanges {
  readonly all: Exchange[] = [];
}

const exchangesOf = (run: StreamServerRun): Exchange[] =>
  run.shared.get(Exchanges, () => new Exchanges()).all;

/** A number in the range that is unlikely to be printed for another reason. */
function inside(random: SeededRandom): number {
  return random.integer(MIN_NUMBER + 10, MAX_NUMBER - 1);
}

/** Has a client come, ask and be answered. */
async function ask(
  run: StreamServerRun,
  number = inside(run.random),
  name = run.random.name(),
): Promise<Exchange> {
  needsForm(run);
  const probe = await run.connects(name);
  await probe.sends(request(run, name, number));
  return await isAnswered(run, probe, name, number);
}

/** Checks that the server's reply comes, and is right. */
async function isAnswered(
  run: StreamServerRun,
  probe: StreamProbe,
  name: string,
  number: number,
  hint?: string,
): Promise<Exchange> {
  await probe.gets(isWhole);
  await readsOn(run, probe);
  if (probe.stream.unread === "" || probe.stream.flooded) {
    await dies(run);
    const isMute = !probe.stream.ended && !run.hasDied &&
      run.program?.output.text.includes(name);
    const mute = isMute ? NOT_FLUSHED : undefined;
    throw new Finding(REPLY, probe.missing(), hint ?? range(number) ?? mute);
  }
  const text = probe.takes();
  await probe.leaves();
  const reply = readReply(text, { name, number }, separatorOf(formOf(run)));
  const exchange = { name, number, reply };
  hasNameAndNumber(exchange);
  hasRightSum(run, exchange);
  exchangesOf(run).push(exchange);
  return exchange;
}

function range(number: number): string | undefined {
  return number === MIN_NUMBER || number === MAX_NUMBER
    ? `${number} belongs to the range [${MIN_NUMBER}, ${MAX_NUMBER}]`
    : undefined;
}

/** @throws {Finding} if one is missing, or there is too much */
function hasNameAndNumber({ name, reply }: Exchange): void {
  const came = quote(reply.text);
  const double = twice(reply.text);
  const [expected, what] = reply.text.length > MAX_REPLY
    ? [REPLY, `a reply without end: ${came}`]
    : double !== undefined
    ? [REPLY, `${came}, which has ${double} twice`]
    : reply.number === undefined
    ? ["the server's number in its reply, an integer", came]
    : reply.name === undefined
    ? ["the server's name in its reply", came]
    : reply.name === name
    ? ["the server's own name in its reply", `${came}, which has the client's`]
    : [];
  if (expected !== undefined) throw new Finding(expected, what!);
}

/** @throws {Finding} if the reply has a wrong sum */
function hasRightSum(run: StreamServerRun, exchange: Exchange): void {
  const { number, reply } = exchange;
  const sum = sumOf(run, exchange);
  if (reply.sum === undefined || reply.sum === sum) return;
  throw new Finding(
    `the sum ${sum} of ${number} and ${reply.number}`,
    quote(reply.text),
    String(reply.sum) === `${number}${reply.number}`
      ? "the numbers are joined as texts: make integers of them first"
      : undefined,
  );
}

function notAnswered(
  run: StreamServerRun,
  { complaint, tried }: Failed,
): Finding {
  const last = complaint === undefined ? "" : `; it printed ${complaint}`;
  const forms = tried.map(quote).join(", ");
  return new Finding(
    REPLY,
    `no reply to a message written as ${forms}${last}`,
    isUnderstood(run)
      ? undefined
      : `say how its messages are written with --format, as in --format 'NAME,NUMBER'`,
  );
}

/** A number in the range that a program may take for one outside. */
function isInRange(number: number): Plays<StreamServerRun> {
  return {
    [`${number} is in the range`]: async (run) => {
      await ask(run, number);
    },
  };
}

/** One run in which every number is in the range. */
const service: Suite<StreamServerRun> = {
  anyOrder: 3,
  cases: [
    ...required<StreamServerRun>(REPLIES, {
      "The server replies with its name and a number": async (run) => {
        const found = await findForm(run);
        if ("tried" in found) throw notAnswered(run, found);
        hasNameAndNumber(found);
        if (!run.isOver) exchangesOf(run).push(found);
      },
    }),
    ...required<StreamServerRun>(SUM, {
      "If the reply holds a sum, it is the right one": async (run) => {
        const { reply } = await ask(run);
        if (reply.sum !== undefined) return;
        run.remark("the reply has no sum; the client has to add up itself");
      },
    }),
    ...required<StreamServerRun>(AGAIN, {
      "Another client is served": async (run) => {
        await ask(run);
        await ask(run);
      },
    }),
    ...required<StreamServerRun>(REPLIES, {
      ...isInRange(MIN_NUMBER),
      ...isInRange(MAX_NUMBER),
    }),
    ...required<StreamServerRun>(GETS, {
      "A long name": async (run) => {
        await ask(run, inside(run.random), longName(run));
      },
      "A client may take its time": async (run) => {
        needsForm(run);
        const [name, number] = [run.random.name(), inside(run.random)];
        const probe = await run.connects(name);
        await run.pause(PAUSE);
        await probe.sends(request(run, name, number));
        await isAnswered(run, probe, name, number);
      },
    }),
    ...requiredAfterwards<StreamServerRun>(NAMES, {
      "Both names are printed": printing((run, printed, { name, reply }) => {
        contains(run, printed, name, "the client's name");
        if (reply.name === undefined) return;
        contains(run, printed, reply.name, "the server's name");
      }),
    }),
    ...requiredAfterwards<StreamServerRun>(NUMBERS, {
      "Both numbers are printed": printing((run, printed, exchange) => {
        const { number, reply } = exchange;
        mentions(run, printed, String(number), "the client's number");
        const own = "the server's number, as the client got it,";
        mentions(run, printed, String(reply.number), own);
      }),
    }),
    ...requiredAfterwards<StreamServerRun>(SAME, {
      "The sum is printed": printing((run, printed, exchange) => {
        const { number, reply } = exchange;
        const what = `the sum of ${number} and ${reply.number}`;
        mentions(run, printed, String(sumOf(run, exchange)), what);
      }),
    }),
  ],
};

/** Looks for each exchange in what was printed. */
function printing(
  look: (run: StreamServerRun, printed: string, exchange: Exchange) => void,
) {
  return async (run: StreamServerRun) => {
    const printed = withoutTracebacks(await run.printed());
    const all = exchangesOf(run);
    if (all.length === 0) throw new Skip("no client was answered");
    for (const exchange of all) look(run, printed, exchange);
  };
}

/** More than 16 bytes; several words, unless spaces separate fields. */
function longName(run: StreamServerRun): string {
  const { random } = run;
  const space = separatorOf(formOf(run)).trim() === "" ? "" : " ";
  return [random.name(), random.name(), random.name(), random.name(), "Client"]
    .join(space);
}

/** A number out of range, sent to a server that has just started. */
function shutsDown(
  what: string,
  draw: (random: SeededRandom) => number,
  before?: (run: StreamServerRun) => Promise<unknown>,
): Plays<StreamServerRun> {
  return {
    [`${what} is out of range: the server stops`]: async (run) => {
      needsForm(run);
      await before?.(run);
      const [number, name] = [draw(run.random), run.random.name()];
      const probe = await run.connects(name);
      await probe.sends(request(run, name, number));
      const own = { name, number: MIN_NUMBER };
      if (!answerTo(run, { name, number }, own).stops) {
        throw new Error(`${number} is in the range`); // our own bug
      }
      await stops(run, probe, number);
    },
  };
}

/** Waits for the server's end, and checks that nothing is left of it. */
async function stops(
  run: StreamServerRun,
  probe: StreamProbe,
  number: number,
): Promise<void> {
  const { program, check } = run;
  if (program === undefined) await probe.isClosed(String(number), END);
  const limit = run.timeouts.for("end", END);
  const hasEnded = program === undefined
    ? await run.polls(async () => !await isServed(check.address), limit)
    : await run.waits(() => program.exit !== undefined, limit);
  if (!hasEnded) throw await goesOn(run, number, limit);
  if (await isServed(check.address)) {
    throw new Finding(
      `the server to stop after ${number}`,
      `the program has ended, and somebody still listens on ${
        addressOf(check.address)
      }`,
      "a process that it has started keeps the listening socket",
    );
  }
  run.remarkOnExit();
}

/** Checks that the server goes on, and serves the next client. */
async function goesOn(
  run: StreamServerRun,
  number: number,
  limit: number,
): Promise<Finding> {
  run.timeouts.failed("end");
  const name = run.random.name();
  const next = await run.connects(name).catch(() => undefined);
  await next?.sends(request(run, name, inside(run.random)));
  const isAnswered = await next?.gets(isWhole, 500);
  next?.takes();
  const more = isAnswered ? ", and answers the next client" : "";
  return new Finding(
    `the server to stop after ${number}`,
    `it still runs ${(limit / 1000).toFixed(1)} s later${more}`,
    THREAD,
  );
}

const goodPractice: Suite<StreamServerRun> = {
  used: true,
  cases: [
    ...notes<StreamServerRun>({
      "The server's number is between 1 and 100": async (run) => {
        const { reply } = await ask(run);
        const { number = NaN } = reply;
        if (number >= MIN_NUMBER && number <= MAX_NUMBER) return;
        throw new Finding(
          `a number from ${MIN_NUMBER} to ${MAX_NUMBER}`,
          quote(reply.text),
        );
      },
      "A client that leaves before it has said anything": async (run) => {
        const visitor = await run.connects("a visitor");
        await visitor.leaves();
        await ask(run);
      },
      "A message in two segments": async (run) => {
        needsForm(run);
        const [name, number] = [run.random.name(), inside(run.random)];
        const message = request(run, name, number);
        const probe = await run.connects(name);
        await probe.sends(message.slice(0, 3));
        await run.pause(50);
        await probe.sends(message.slice(3));
        await isAnswered(run, probe, name, number, ONE_RECV);
      },
    }),
    restart,
  ],
};

const ends = required<StreamServerRun>(STOPS, {
  ...shutsDown(`${MAX_NUMBER + 1}`, () => MAX_NUMBER + 1),
  ...shutsDown("A negative number", (random) => -random.integer(2, 99)),
  ...shutsDown("A large number", (random) => random.integer(1_000, 9_999)),
});

/** The suites for a `sum` server; each of the last ones ends it. */
export const suites: Suites<StreamServerRun> = (_, random) => [
  service,
  goodPractice,
  {
    used: true,
    cases: required(
      STOPS,
      shutsDown(`${MIN_NUMBER - 1}`, () => MIN_NUMBER - 1, (run) => ask(run)),
    ),
  },
  ...random.shuffled(ends).map((each) => ({ cases: [each] })),
];
