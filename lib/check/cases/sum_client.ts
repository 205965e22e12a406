/**
 * Is this `sum` client right? What the assignment (Dr. Bazmi, implemented by
 * Amirreza Yarahmadi) says in its section "Client Side", and shows in its log.
 *
 * Not judged, because right clients differ in it: how the messages are written,
 * what else they ask for, whether they expect the sum in the reply or add up
 * themselves, and whether they ask for another number afterwards.
 */
import { MAX_NUMBER, MIN_NUMBER } from "../../rules/sum.ts";
import {
  type Case,
  Finding,
  note,
  required,
  requiredAfterwards,
  Skip,
  type Suite,
  type Suites,
} from "../play/case.ts";
import type { Field } from "../play/client_run.ts";
import type { SeededRandom } from "../play/seeded_random.ts";
import { PAUSE } from "../play/timeouts.ts";
import {
  contains,
  hasWord,
  mentions,
  withoutTracebacks,
} from "../play/printed.ts";
import { quote } from "../reports/quote.ts";
import type { StreamClientRun } from "../play/stream_client_run.ts";
import {
  type Answer,
  answerTo,
  readRequest,
  REPLY_FORMS,
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

/** How long a client may take to show the reply, in milliseconds. */
const SHOWN = 1_500;

/** How long a client may take to end once its input has, in milliseconds. */
const END_OF_INPUT = 1_000;

/** What a client of a run has asked, and what it was answered. */
interface Talk {
  readonly request: Request;
  readonly answer: Answer;
}

const talks = new WeakMap<StreamClientRun, Talk>();

/** A number in the range that nothing else is likely to print. */
function inside(random: SeededRandom): number {
  return random.integer(MIN_NUMBER + 10, MAX_NUMBER - 1);
}

/** What a client may ask its user for. */
function fields(run: StreamClientRun, number: number): Field[] {
  const asked: Field = {
    name: "the number",
    prompt: /number|integer|\bint\b|value|\b1\b.{1,5}\b100\b/i,
    answer: String(number),
  };
  if (!run.check.known.has("asks name")) return [asked];
  const answer = run.random.name();
  return [asked, { name: "the client's name", prompt: NAME_PROMPT, answer }];
}

/** A line that ends as a question for a name does. */
const NAME_PROMPT = /\bname\b[^\p{L}]*$/iu;

/** Types a number. @returns what the client sends */
async function asks(
  run: StreamClientRun,
  number: number,
): Promise<Request> {
  run.needsKeyboard();
  const text = await run.hears(...fields(run, number));
  const lines = run.program?.output.text.split("\n") ?? [];
  if (lines.some((line) => NAME_PROMPT.test(line))) {
    run.check.known.set("asks name", "yes");
  }
  const request = readRequest(text, run.check.options.format?.text);
  if ("problem" in request) {
    throw new Finding(
      "one message with the client's name and its number",
      quote(text),
      request.problem,
    );
  }
  if (request.number === number) return request;
  throw new Finding(`the number ${number}, as it was typed`, quote(text));
}

/** Sends the reply of our own server, which then closes the connection. */
async function isAnswered(
  run: StreamClientRun,
  request: Request,
  name = serverName(run, request),
  form = replyForm(run),
): Promise<Answer> {
  // Other numbers than the client's, so that neither is taken for the other.
  const number = otherNumber(run.random, request.number);
  const answer = answerTo(run, request, { name, number });
  talks.set(run, { request, answer });
  await run.reply(write(answer, request, form));
  await run.hangsUp();
  return answer;
}

function otherNumber(random: SeededRandom, number: number): number {
  for (;;) {
    const other = inside(random);
    if (other !== number && !isCommon(number + other)) return other;
  }
}

/** Numbers that prompts and addresses hold: 100, and that of 127.0.0.1. */
function isCommon(number: number): boolean {
  return number === MAX_NUMBER || number === 127;
}

/** Of several words where blanks do not separate. */
function serverName(
  { random }: StreamClientRun,
  { separator }: Request,
): string {
  return random.name() + (separator.trim() === "" ? "" : " ") + random.name();
}

function replyForm({ check }: StreamClientRun): ReplyForm {
  const known = check.known.get("reply");
  return REPLY_FORMS.find((form) => form === known) ?? "plain";
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

/** Finds out whether the client wants the sum in the reply as well. */
async function findReplyForm(run: StreamClientRun): Promise<void> {
  const { known, launcher } = run.check;
  if (launcher === undefined) return;
  const suite = run.another();
  try {
    await suite.begin(false);
    const request = await asks(suite, inside(suite.random));
    const answer = await isAnswered(
      suite,
      request,
      suite.random.name(),
      "summed",
    );
    if (!await showsSum(suite, answer)) return;
    known.set("reply", "summed");
    run.remark("it expects the sum in the reply");
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
  } finally {
    await suite.end();
  }
}

const sends: Suite<StreamClientRun> = {
  cases: [
    required(
      "The client sends its name and the number that the user enters",
      SENDS,
      async (run) => {
        const request = await asks(run, inside(run.random));
        const answer = await isAnswered(run, request, run.random.name());
        if (!await showsSum(run, answer)) {
          await run.end();
          await findReplyForm(run);
        }
      },
    ),
  ],
};

/** The reply has come: the client ends, or asks for another number. */
async function ends(run: StreamClientRun): Promise<void> {
  const { program, check } = run;
  if (program === undefined) return;
  try {
    if (!check.known.has("asks again")) await run.mustEnd("the reply");
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    program.endInput();
    if (!await run.waits(() => run.hasDied, END_OF_INPUT)) throw error;
    check.known.set("asks again", "yes");
    run.remark("it ends only when its input does");
    return;
  }
  const code = program.ownExit?.code;
  if (code) run.remark(`it ends with exit status ${code}, not 0`);
}

const conversation: Suite<StreamClientRun> = {
  cases: [
    required(
      "The request is sent once, and the client waits for the reply",
      WAITS,
      async (run) => {
        const request = await asks(run, inside(run.random));
        // A client may give up some time, so the server takes only a little.
        await run.pause(PAUSE);
        await run.saysNothing("one request, and nothing more");
        await isAnswered(run, request);
        await ends(run);
      },
    ),
    requiredAfterwards("Both names are printed", NAMES, async (run) => {
      const { request, answer } = talkOf(run);
      const printed = await printedBy(run, answer.name);
      contains(run, printed, request.name, "the client's name");
      contains(run, printed, answer.name, "the server's name");
    }),
    requiredAfterwards("Both numbers are printed", NUMBERS, async (run) => {
      const { request, answer } = talkOf(run);
      const printed = await printedBy(run, String(answer.number));
      const [client, server] = [request.number, answer.number].map(String);
      mentions(run, printed, client!, "the client's number");
      mentions(run, printed, server!, "the server's number");
    }),
    requiredAfterwards("The sum is printed", SAME, printsSum),
  ],
};

/**
 * What was printed, without tracebacks: they show the message that they are
 * about, and do not tell the user anything.
 */
async function printedBy(
  run: StreamClientRun,
  last: string,
): Promise<string> {
  return withoutTracebacks(await run.printed(last));
}

/** @throws {Skip} where the client of this run was not answered */
function talkOf(run: StreamClientRun): Talk {
  const talk = talks.get(run);
  if (talk === undefined) throw new Skip("there was no reply to print");
  return talk;
}

async function printsSum(run: StreamClientRun): Promise<void> {
  const { request, answer } = talkOf(run);
  const sum = String(answer.sum);
  const printed = await printedBy(run, sum);
  const joined = `${request.number}${answer.number}`;
  const both = `${request.number} and ${answer.number}`;
  try {
    mentions(run, printed, sum, `the sum of ${both}`);
  } catch (error) {
    if (!(error instanceof Finding) || !hasWord(printed, joined)) throw error;
    const hint = "the numbers are joined as texts: make integers of them first";
    throw new Finding(error.expected, error.came, hint);
  }
}

/** A number in the range: the reply has to be waited for and shown. */
function isInRange(number: number): Case<StreamClientRun> {
  return required(`${number} is in the range`, WAITS, async (run) => {
    const request = await asks(run, number);
    await isAnswered(run, request);
    await printsSum(run);
  });
}

const longName = required<StreamClientRun>(
  "A long name of the server",
  PRINTS,
  async (run) => {
    const { random } = run;
    const request = await asks(run, inside(random));
    const blank = request.separator.trim() === "" ? "" : " ";
    const words = [random.name(), random.name(), random.name(), random.name()];
    const name = [...words, "Server"].join(blank);
    const answer = await isAnswered(run, request, name);
    const printed = await printedBy(run, String(answer.sum));
    contains(run, printed, name, "the server's name");
    await printsSum(run);
  },
);

/** A number out of the range: it ends the server, and the client. */
function stops(
  what: string,
  random: (random: SeededRandom) => number,
): Case<StreamClientRun> {
  return required(
    `${what} is out of range: it is sent, and the client exits`,
    `${STOPS} (${SENT_ANYWAY})`,
    async (run) => {
      const number = random(run.random);
      const request = await asks(run, number);
      const { stops } = answerTo(run, request, { name: "", number: 1 });
      if (!stops) throw new Error(`${number} is in the range`); // a bug of ours
      await run.hangsUp();
      await run.mustEnd(`${number}, which is out of range`);
      const code = run.program?.ownExit?.code;
      if (code) run.remark(`it ends with exit status ${code}, not 0`);
    },
  );
}

const patientUser: Suite<StreamClientRun> = {
  pauses: true,
  cases: [
    required("The user may take their time", SENDS, async (run) => {
      run.needsKeyboard();
      if (!await run.settles()) await run.rest();
      const request = await asks(run, inside(run.random));
      await isAnswered(run, request);
      await printsSum(run);
    }),
  ],
};

const notes = [
  note<StreamClientRun>("A reply in two segments", async (run) => {
    const request = await asks(run, inside(run.random));
    const name = serverName(run, request);
    const number = otherNumber(run.random, request.number);
    const answer = answerTo(run, request, { name, number });
    talks.set(run, { request, answer });
    const text = write(answer, request, replyForm(run));
    await run.send(text.slice(0, 5));
    await run.pause(50);
    await run.reply(text.slice(5));
    await run.hangsUp();
    await printsSum(run);
  }),
];

const alone = (each: Case<StreamClientRun>): Suite<StreamClientRun> => ({
  cases: [each],
});

/** The suites for a `sum` client: one number in each. */
export const suites: Suites<StreamClientRun> = [
  sends,
  patientUser,
  conversation,
  ...[
    isInRange(MIN_NUMBER),
    isInRange(MAX_NUMBER),
    longName,
    stops(`${MIN_NUMBER - 1}`, () => MIN_NUMBER - 1),
    stops(`${MAX_NUMBER + 1}`, () => MAX_NUMBER + 1),
    stops("A negative number", (random) => -random.integer(2, 99)),
    ...notes,
  ].map(alone),
];
