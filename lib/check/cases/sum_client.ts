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
  type Life,
  note,
  required,
  requiredAfterwards,
  Skip,
} from "../case.ts";
import type { Field } from "../client_stage.ts";
import type { Draw } from "../draw.ts";
import { PAUSE } from "../patience.ts";
import { contains, hasWord, mentions, withoutTracebacks } from "../printed.ts";
import { quote } from "../quote.ts";
import type { StreamClientStage } from "../stream_client_stage.ts";
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

/** What a client of a life has asked, and what it was answered. */
interface Talk {
  readonly request: Request;
  readonly answer: Answer;
}

const talks = new WeakMap<StreamClientStage, Talk>();

/** A number in the range that nothing else is likely to print. */
function inside(draw: Draw): number {
  return draw.integer(MIN_NUMBER + 10, MAX_NUMBER - 1);
}

/** What a client may ask its user for. */
function fields(stage: StreamClientStage, number: number): Field[] {
  const asked: Field = {
    name: "the number",
    prompt: /number|integer|\bint\b|value|\b1\b.{1,5}\b100\b/i,
    answer: String(number),
  };
  if (!stage.world.known.has("asks name")) return [asked];
  const answer = stage.draw.name();
  return [asked, { name: "the client's name", prompt: NAME_PROMPT, answer }];
}

/** A line that ends as a question for a name does. */
const NAME_PROMPT = /\bname\b[^\p{L}]*$/iu;

/** Types a number. @returns what the client sends */
async function asks(
  stage: StreamClientStage,
  number: number,
): Promise<Request> {
  stage.needsKeyboard();
  const text = await stage.hears(...fields(stage, number));
  const lines = stage.program?.output.text.split("\n") ?? [];
  if (lines.some((line) => NAME_PROMPT.test(line))) {
    stage.world.known.set("asks name", "yes");
  }
  const request = readRequest(text, stage.world.format);
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
  stage: StreamClientStage,
  request: Request,
  name = serverName(stage, request),
  form = replyForm(stage),
): Promise<Answer> {
  // Other numbers than the client's, so that neither is taken for the other.
  const number = otherNumber(stage.draw, request.number);
  const answer = answerTo(stage, request, { name, number });
  talks.set(stage, { request, answer });
  await stage.reply(write(answer, request, form));
  await stage.hangsUp();
  return answer;
}

function otherNumber(draw: Draw, number: number): number {
  for (;;) {
    const other = inside(draw);
    if (other !== number && !isCommon(number + other)) return other;
  }
}

/** Numbers that prompts and addresses hold: 100, and that of 127.0.0.1. */
function isCommon(number: number): boolean {
  return number === MAX_NUMBER || number === 127;
}

/** Of several words where blanks do not separate. */
function serverName(
  { draw }: StreamClientStage,
  { separator }: Request,
): string {
  return draw.name() + (separator.trim() === "" ? "" : " ") + draw.name();
}

function replyForm({ world }: StreamClientStage): ReplyForm {
  const known = world.known.get("reply");
  return REPLY_FORMS.find((form) => form === known) ?? "plain";
}

/** Whether the client has shown the sum of a reply. */
async function showsSum(
  stage: StreamClientStage,
  { name, sum }: Answer,
): Promise<boolean> {
  const { program } = stage;
  if (program === undefined) return true;
  const text = () => withoutTracebacks(program.output.text);
  const isShown = () => text().includes(name) && hasWord(text(), String(sum));
  const over = () => isShown() || program.exit !== undefined;
  await stage.waits(over, SHOWN);
  await stage.quiet(20, 200);
  return isShown();
}

/** Finds out whether the client wants the sum in the reply as well. */
async function findReplyForm(stage: StreamClientStage): Promise<void> {
  const { known, starter } = stage.world;
  if (starter === undefined) return;
  const life = stage.another();
  try {
    await life.begin(false);
    const request = await asks(life, inside(life.draw));
    const answer = await isAnswered(life, request, life.draw.name(), "summed");
    if (!await showsSum(life, answer)) return;
    known.set("reply", "summed");
    stage.remark("it expects the sum in the reply");
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
  } finally {
    await life.end();
  }
}

const sends: Life<StreamClientStage> = {
  cases: [
    required(
      "The client sends its name and the number that the user enters",
      SENDS,
      async (stage) => {
        const request = await asks(stage, inside(stage.draw));
        const answer = await isAnswered(stage, request, stage.draw.name());
        if (!await showsSum(stage, answer)) {
          await stage.end();
          await findReplyForm(stage);
        }
      },
    ),
  ],
};

/** The reply has come: the client ends, or asks for another number. */
async function ends(stage: StreamClientStage): Promise<void> {
  const { program, world } = stage;
  if (program === undefined) return;
  try {
    if (!world.known.has("asks again")) await stage.mustEnd("the reply");
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    program.endInput();
    if (!await stage.waits(() => stage.hasDied, END_OF_INPUT)) throw error;
    world.known.set("asks again", "yes");
    stage.remark("it ends only when its input does");
    return;
  }
  const code = program.ownExit?.code;
  if (code) stage.remark(`it ends with exit status ${code}, not 0`);
}

const conversation: Life<StreamClientStage> = {
  cases: [
    required(
      "The request is sent once, and the client waits for the reply",
      WAITS,
      async (stage) => {
        const request = await asks(stage, inside(stage.draw));
        // A client may give up some time, so the server takes only a little.
        await stage.pause(PAUSE);
        await stage.saysNothing("one request, and nothing more");
        await isAnswered(stage, request);
        await ends(stage);
      },
    ),
    requiredAfterwards("Both names are printed", NAMES, async (stage) => {
      const { request, answer } = talkOf(stage);
      const printed = await printedBy(stage, answer.name);
      contains(stage, printed, request.name, "the client's name");
      contains(stage, printed, answer.name, "the server's name");
    }),
    requiredAfterwards("Both numbers are printed", NUMBERS, async (stage) => {
      const { request, answer } = talkOf(stage);
      const printed = await printedBy(stage, String(answer.number));
      const [client, server] = [request.number, answer.number].map(String);
      mentions(stage, printed, client!, "the client's number");
      mentions(stage, printed, server!, "the server's number");
    }),
    requiredAfterwards("The sum is printed", SAME, printsSum),
  ],
};

/**
 * What was printed, without tracebacks: they show the message that they are
 * about, and do not tell the user anything.
 */
async function printedBy(
  stage: StreamClientStage,
  last: string,
): Promise<string> {
  return withoutTracebacks(await stage.printed(last));
}

/** @throws {Skip} where the client of this life was not answered */
function talkOf(stage: StreamClientStage): Talk {
  const talk = talks.get(stage);
  if (talk === undefined) throw new Skip("there was no reply to print");
  return talk;
}

async function printsSum(stage: StreamClientStage): Promise<void> {
  const { request, answer } = talkOf(stage);
  const sum = String(answer.sum);
  const printed = await printedBy(stage, sum);
  const joined = `${request.number}${answer.number}`;
  const both = `${request.number} and ${answer.number}`;
  try {
    mentions(stage, printed, sum, `the sum of ${both}`);
  } catch (error) {
    if (!(error instanceof Finding) || !hasWord(printed, joined)) throw error;
    const hint = "the numbers are joined as texts: make integers of them first";
    throw new Finding(error.expected, error.came, hint);
  }
}

/** A number in the range: the reply has to be waited for and shown. */
function isInRange(number: number): Case<StreamClientStage> {
  return required(`${number} is in the range`, WAITS, async (stage) => {
    const request = await asks(stage, number);
    await isAnswered(stage, request);
    await printsSum(stage);
  });
}

const longName = required<StreamClientStage>(
  "A long name of the server",
  PRINTS,
  async (stage) => {
    const { draw } = stage;
    const request = await asks(stage, inside(draw));
    const blank = request.separator.trim() === "" ? "" : " ";
    const words = [draw.name(), draw.name(), draw.name(), draw.name()];
    const name = [...words, "Server"].join(blank);
    const answer = await isAnswered(stage, request, name);
    const printed = await printedBy(stage, String(answer.sum));
    contains(stage, printed, name, "the server's name");
    await printsSum(stage);
  },
);

/** A number out of the range: it ends the server, and the client. */
function stops(
  what: string,
  draw: (draw: Draw) => number,
): Case<StreamClientStage> {
  return required(
    `${what} is out of range: it is sent, and the client exits`,
    `${STOPS} (${SENT_ANYWAY})`,
    async (stage) => {
      const number = draw(stage.draw);
      const request = await asks(stage, number);
      const { stops } = answerTo(stage, request, { name: "", number: 1 });
      if (!stops) throw new Error(`${number} is in the range`); // a bug of ours
      await stage.hangsUp();
      await stage.mustEnd(`${number}, which is out of range`);
      const code = stage.program?.ownExit?.code;
      if (code) stage.remark(`it ends with exit status ${code}, not 0`);
    },
  );
}

const patientUser: Life<StreamClientStage> = {
  pauses: true,
  cases: [
    required("The user may take their time", SENDS, async (stage) => {
      stage.needsKeyboard();
      if (!await stage.settles()) await stage.rest();
      const request = await asks(stage, inside(stage.draw));
      await isAnswered(stage, request);
      await printsSum(stage);
    }),
  ],
};

const notes = [
  note<StreamClientStage>("A reply in two segments", async (stage) => {
    const request = await asks(stage, inside(stage.draw));
    const name = serverName(stage, request);
    const number = otherNumber(stage.draw, request.number);
    const answer = answerTo(stage, request, { name, number });
    talks.set(stage, { request, answer });
    const text = write(answer, request, replyForm(stage));
    await stage.send(text.slice(0, 5));
    await stage.pause(50);
    await stage.reply(text.slice(5));
    await stage.hangsUp();
    await printsSum(stage);
  }),
];

const alone = (each: Case<StreamClientStage>): Life<StreamClientStage> => ({
  cases: [each],
});

/** The lives of a `sum` client: one number in each. */
export const sumClient: readonly Life<StreamClientStage>[] = [
  sends,
  patientUser,
  conversation,
  ...[
    isInRange(MIN_NUMBER),
    isInRange(MAX_NUMBER),
    longName,
    stops(`${MIN_NUMBER - 1}`, () => MIN_NUMBER - 1),
    stops(`${MAX_NUMBER + 1}`, () => MAX_NUMBER + 1),
    stops("A negative number", (draw) => -draw.integer(2, 99)),
    ...notes,
  ].map(alone),
];
