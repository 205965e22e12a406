/**
 * Is this `sum` client right? What the assignment (Dr. Bazmi, implemented by
 * Amirreza Yarahmadi) says in its section "Client Side", and shows in its log.
 *
 * Not judged, because right clients differ in it: the form of messages, what
 * else they ask for, whether they expect the sum in the reply or add up
 * themselves, and whether they then ask for another number.
 */
import { MAX_NUMBER, MIN_NUMBER } from "../../rules/sum.ts";
import {
  Finding,
  notes,
  NotPrinted,
  type Plays,
  required,
  requiredAfterwards,
  Skip,
  type Suite,
  type Suites,
} from "../play/case.ts";
import { ONE_RECV } from "../play/hints.ts";
import type { Field } from "../play/prompts.ts";
import {
  contains,
  hasWord,
  mentions,
  withoutTracebacks,
} from "../play/printed.ts";
import type { SeededRandom } from "../play/seeded_random.ts";
import type { StreamClientRun } from "../play/stream_client_run.ts";
import { PAUSE } from "../play/timeouts.ts";
import { quote } from "../reports/quote.ts";
import { mustBeText } from "./protocol.ts";
import {
  type Answer,
  answerTo,
  readRequest,
  type ReplyForm,
  type Request,
  write,
} from "./sum_request.ts";

const SENDS =
  "The client asks the user to enter a number, connects to the server, and sends its name and the number.";
const WAITS =
  "The client then waits for the server's response, which has the server's name, number, and the sum of both numbers.";
const STOPS =
  "If the number is not between 1 and 100, the client stops and exits.";
const SENT_ANYWAY =
  "Enter an integer between 1 and 100: 0 / Connected to server at 0.0.0.0:8000 / The integer input out of range. Terminating the server";
const PRINTS = "The printed logs are the same as the server logs.";
const NAMES = "Amirreza Yarahmadi Client | Amirreza Yarahmadi Server";
const NUMBERS = "Client Number: 25 | Server Number: 10 | Sum: 35";
const SAME =
  "[...] the sum of the numbers that are logged in server and client should be the same.";

const JOINED = "the numbers are joined as texts: make integers of them first";

/** How long a client may take to show the reply, in milliseconds. */
const SHOWN = 1_500;

/** How long a client may take to end after its input ends, in milliseconds. */
const END_OF_INPUT = 1_000;

/** More different numbers than this count as printing every possible sum. */
const MANY = 20;

/** What the client of a run asked, and what it was answered. */
class Talk {
  request: Request | undefined;
  answer: Answer | undefined;
}

/** What its runs have found out about the client. */
class Habits {
  replyForm: ReplyForm = "plain";
  asksAgain = false;
}

const habitsOf = ({ check }: StreamClientRun) =>
  check.shared.get(Habits, () => new Habits());

/** A number in the range that is unlikely to be printed for another reason. */
function inside(random: SeededRandom): number {
  return random.integer(MIN_NUMBER + 10, MAX_NUMBER - 1);
}

/** What a client may ask its user for. */
function fields(run: StreamClientRun, number: number): Field[] {
  return [
    {
      name: "the number",
      prompt: /number|integer|\bint\b|value|\b1\b.{1,5}\b100\b/i,
      answer: String(number),
    },
    {
      name: "the client's name",
      prompt: /\bname\b/i,
      answer: run.random.name(),
      isOptional: true,
    },
  ];
}

/** Types a number. @returns the client's request */
async function asks(run: StreamClientRun, number: number): Promise<Request> {
  run.needsKeyboard();
  const text = await run.hears(...fields(run, number));
  const request = readRequest(text, run.check.options.format?.text);
  if ("problem" in request) {
    mustBeText(text);
    throw new Finding(
      "one message with the client's name and its number",
      quote(text),
      request.problem,
    );
  }
  if (request.quoted) run.remark("the number is a text, in quotation marks");
  if (request.number === number) return request;
  throw new Finding(`the number ${number}, as it was typed`, quote(text));
}

/** Sends our own server's reply, and closes the connection as it does. */
async function isAnswered(
  run: StreamClientRun,
  request: Request,
  name = serverName(run, request),
  form = habitsOf(run).replyForm,
): Promise<Answer> {
  const answer = answers(run, request, name);
  await run.reply(write(answer, request, form));
  await run.hangsUp();
  return answer;
}

/** An answer that can be recognized in the output. */
function answers(run: StreamClientRun, request: Request, name: string): Answer {
  // Different from the client's number, so that neither is taken for the other.
  const number = otherNumber(run.random, request.number);
  const answer = answerTo(run, request, { name, number });
  Object.assign(run.shared.get(Talk, () => new Talk()), { request, answer });
  return answer;
}

function otherNumber(random: SeededRandom, number: number): number {
  for (;;) {
    const other = inside(random);
    if (other !== number && !isCommon(number + other)) return other;
  }
}

/** Numbers that prompts and addresses contain: 100, and 127 of 127.0.0.1. */
function isCommon(number: number): boolean {
  return number === MAX_NUMBER || number === 127;
}

/** Several words, unless spaces separate fields. */
function serverName(
  { random }: StreamClientRun,
  { separator }: Request,
): string {
  return random.name() + (separator.trim() === "" ? "" : " ") + random.name();
}

/** Whether the client has shown the sum of a reply. */
async function showsSum(
  run: StreamClientRun,
  { name, sum }: Answer,
): Promise<boolean> {
  const { program } = run;
  if (program === undefined) return true;
  const text = () => withoutTracebacks(program.output.text);
  const isShown = () => text().includes(name) && hasWord(text(), String(sum));
  const over = () => isShown() || program.exit !== undefined;
  await run.waits(over, SHOWN);
  await run.quiet(20, 200);
  return isShown();
}

/** Finds out whether the client also wants the sum in the reply. */
async function findReplyForm(run: StreamClientRun): Promise<void> {
  if (run.check.launcher === undefined) return;
  const other = run.another();
  try {
    await other.begin(false);
    const request = await asks(other, inside(other.random));
    const name = other.random.name();
    const answer = await isAnswered(other, request, name, "summed");
    if (!await showsSum(other, answer)) return;
    habitsOf(run).replyForm = "summed";
    run.remark("it expects the sum in the reply");
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
  } finally {
    await other.end();
  }
}

const sends: Suite<StreamClientRun> = {
  cases: required(SENDS, {
    "The client sends its name and the number that the user enters": async (
      run,
    ) => {
      const request = await asks(run, inside(run.random));
      const answer = await isAnswered(run, request, run.random.name());
      if (await showsSum(run, answer)) return;
      await run.end();
      await findReplyForm(run);
    },
  }),
};

/** Checks that the client, given its reply, ends or asks for another number. */
async function ends(run: StreamClientRun): Promise<void> {
  const { program } = run;
  const habits = habitsOf(run);
  if (program === undefined) return;
  try {
    if (!habits.asksAgain) await run.mustEnd("the reply");
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    program.endInput();
    if (!await run.waits(() => run.hasDied, END_OF_INPUT)) throw error;
    habits.asksAgain = true;
    return run.remark("it ends only when its input does");
  }
  run.remarkOnExit();
}

const conversation: Suite<StreamClientRun> = {
  cases: [
    ...required<StreamClientRun>(WAITS, {
      "The request is sent once, and the client waits for the reply": async (
        run,
      ) => {
        const request = await asks(run, inside(run.random));
        // The client may use a timeout, so the server is only a little slow.
        await run.pause(PAUSE);
        await run.saysNothing("one request, and nothing more");
        await isAnswered(run, request);
        await ends(run);
      },
    }),
    ...requiredAfterwards<StreamClientRun>(NAMES, {
      "Both names are printed": async (run) => {
        const { request, answer } = talkOf(run);
        const printed = await printedBy(run, answer.name);
        contains(run, printed, request.name, "the client's name");
        contains(run, printed, answer.name, "the server's name");
      },
    }),
    ...requiredAfterwards<StreamClientRun>(NUMBERS, {
      "Both numbers are printed": async (run) => {
        const { request, answer } = talkOf(run);
        const printed = await printedBy(run, String(answer.number));
        const [client, server] = [request.number, answer.number].map(String);
        mentions(run, printed, client!, "the client's number");
        mentions(run, printed, server!, "the server's number");
      },
    }),
    ...requiredAfterwards<StreamClientRun>(SAME, {
      "The sum is printed": (run) => printsSum(run),
    }),
  ],
};

/**
 * What was printed, without tracebacks, which quote the message but tell the
 * user nothing.
 */
async function printedBy(run: StreamClientRun, last: string): Promise<string> {
  return withoutTracebacks(await run.printed(last));
}

/** @throws {Skip} if this run's client was not answered */
function talkOf(run: StreamClientRun): { request: Request; answer: Answer } {
  const { request, answer } = run.shared.get(Talk, () => new Talk());
  if (request && answer) return { request, answer };
  throw new Skip("there was no reply to print");
}

async function printsSum(run: StreamClientRun, hint?: string): Promise<void> {
  const { request, answer } = talkOf(run);
  const sum = String(answer.sum);
  const printed = await printedBy(run, sum);
  const joined = `${request.number}${answer.number}`;
  const what = `the sum of ${request.number} and ${answer.number}`;
  try {
    mentions(run, printed, sum, what);
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    const { expected, came } = error;
    const isJoined = hasWord(printed, joined);
    throw new NotPrinted(
      expected,
      came,
      isJoined ? JOINED : hint ?? error.hint,
    );
  }
  const wrong = otherSums(printed, sum);
  if (wrong === undefined) return;
  throw new Finding(`${what}, printed: "${sum}", and no other`, wrong);
}

/** What is printed as the sum but is wrong, or all the candidates for it. */
function otherSums(printed: string, sum: string): string | undefined {
  // Not the first of two summands: `Sum: 25 + 10 = 35`.
  const sums = [
    ...printed.matchAll(/\bsum\b\W{0,4}(\d+)\b(?!\s*([+&]|and\b))/gi),
  ];
  const wrong = sums.find(([, number]) => number !== sum);
  if (wrong !== undefined) return quote(wrong[0]);
  const lines = printed.match(/^\D{0,20}\b\d{1,3}\b\D{0,20}$/gm) ?? [];
  const different = new Set(lines.map((line) => /\d+/.exec(line)![0]));
  return different.size > MANY ? `${different.size} numbers` : undefined;
}

/** A number in the range: the client must wait for the reply and show it. */
function isInRange(number: number): Plays<StreamClientRun> {
  return {
    [`${number} is in the range`]: async (run) => {
      await isAnswered(run, await asks(run, number));
      await printsSum(run);
    },
  };
}

const longName: Plays<StreamClientRun> = {
  "A long name of the server": async (run) => {
    const { random } = run;
    const request = await asks(run, inside(random));
    const space = request.separator.trim() === "" ? "" : " ";
    const words = [random.name(), random.name(), random.name(), random.name()];
    const name = [...words, "Server"].join(space);
    const answer = await isAnswered(run, request, name);
    const printed = await printedBy(run, String(answer.sum));
    contains(run, printed, name, "the server's name");
    await printsSum(run);
  },
};

/**
 * A number out of range must end the client. It need not be sent; a client that
 * asks for another number has not ended.
 */
function stops(
  what: string,
  draw: (random: SeededRandom) => number,
): Plays<StreamClientRun> {
  return {
    [`${what} is out of range: the client exits`]: async (run) => {
      run.needsKeyboard();
      const number = draw(run.random);
      await sendsOrEnds(run, number);
      await run.mustEnd(`${number}, which is out of range`);
      run.remarkOnExit();
    },
  };
}

/**
 * A client that ends without connecting obeys the assignment; one that connects
 * and says nothing leaves the server waiting.
 */
async function sendsOrEnds(
  run: StreamClientRun,
  number: number,
): Promise<void> {
  try {
    const request = await asks(run, number);
    const { stops } = answerTo(run, request, { name: "", number: 1 });
    if (!stops) throw new Error(`${number} is in the range`); // our own bug
    await run.hangsUp();
  } catch (error) {
    const isTyped = run.typed.has(String(number));
    const isSilent = run.stream === undefined && isTyped;
    if (!(error instanceof Finding) || !isSilent) throw error;
    if (run.hasDied) return run.remark("it ends without sending the number");
    throw new Finding(
      `the client to exit after ${number}, which is out of range`,
      "it still runs, and has sent nothing",
      "it may ask for another number: the text says that it exits",
    );
  }
}

const patientUser: Suite<StreamClientRun> = {
  pauses: true,
  cases: required(SENDS, {
    "The user may take their time": async (run) => {
      run.needsKeyboard();
      if (!await run.settles()) await run.rest();
      await isAnswered(run, await asks(run, inside(run.random)));
      await printsSum(run);
    },
  }),
};

const segments = notes<StreamClientRun>({
  "A reply in two segments": async (run) => {
    const request = await asks(run, inside(run.random));
    const answer = answers(run, request, serverName(run, request));
    const text = write(answer, request, habitsOf(run).replyForm);
    await run.send(text.slice(0, 5));
    await run.pause(50);
    await run.reply(text.slice(5));
    await run.hangsUp();
    await printsSum(run, ONE_RECV);
  },
});

const outside = `${STOPS} (${SENT_ANYWAY})`;

/** The suites for a `sum` client: one number in each, in random order. */
export const suites: Suites<StreamClientRun> = (_, random) => [
  sends,
  conversation,
  patientUser,
  ...random.shuffled([
    ...required(WAITS, { ...isInRange(MIN_NUMBER), ...isInRange(MAX_NUMBER) }),
    ...required(PRINTS, longName),
    ...required(outside, {
      ...stops(`${MIN_NUMBER - 1}`, () => MIN_NUMBER - 1),
      ...stops(`${MAX_NUMBER + 1}`, () => MAX_NUMBER + 1),
      ...stops("A negative number", (random) => -random.integer(2, 99)),
    }),
    ...segments,
  ]).map((each) => ({ cases: [each] })),
];
