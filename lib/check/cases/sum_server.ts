/**
 * Is this `sum` server right? What the assignment (Dr. Bazmi, implemented by
 * Amirreza Yarahmadi) says in its section "Server Side", and shows in its log.
 *
 * Not judged, because right servers differ in it: how the messages are written,
 * whether the reply holds the sum, which number the server picks, and whether
 * it closes the connection after its reply.
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
import type { Draw } from "../draw.ts";
import { Model, peerAt, type Reaction } from "../expectation.ts";
import { END, PAUSE } from "../patience.ts";
import { contains, mentions, withoutTracebacks } from "../printed.ts";
import { quote } from "../quote.ts";
import { describeExit } from "../stage.ts";
import type { Caller, StreamStage } from "../stream_stage.ts";
import {
  dies,
  type Exchange,
  type Failed,
  findForm,
  formOf,
  needsForm,
  readsOn,
  request,
  separatorOf,
} from "./sum_form.ts";
import { restart } from "./restart.ts";
import { isWhole, readReply, type Reply } from "./sum_reply.ts";

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

const THREAD =
  "return or sys.exit() in a thread ends only that thread; and break leaves only the innermost loop, not that of accept";

/** How long a name, a number and a sum may be, in characters. */
const MAX_REPLY = 4_096;

/** What our own server does with a request. */
function reaction(
  stage: StreamStage,
  name: string,
  number: number,
  own: { name: string; number: number },
): Reaction {
  const model = new Model("sum", stage.draw.random, own);
  const message = { client_name: name, client_number: number };
  return model.message(peerAt(stage.world.address), JSON.stringify(message));
}

/** The sum that our own server sends, with that number of its own. */
function sumOf(stage: StreamStage, { name, number, reply }: Exchange): number {
  const own = { name: reply.name ?? "", number: reply.number ?? 0 };
  const [sent] = reaction(stage, name, number, own).sent;
  return JSON.parse(sent!.text).sum;
}

const exchanges = new WeakMap<StreamStage, Exchange[]>();

function exchangesOf(stage: StreamStage): Exchange[] {
  const all = exchanges.get(stage) ?? [];
  exchanges.set(stage, all);
  return all;
}

/** A number in the range that nothing else is likely to print. */
function inside(draw: Draw): number {
  return draw.integer(MIN_NUMBER + 10, MAX_NUMBER - 1);
}

/** A client comes, asks and is answered. */
async function ask(
  stage: StreamStage,
  number: number,
  name = stage.draw.name(),
): Promise<Exchange> {
  needsForm(stage);
  const caller = await stage.connects(name);
  await caller.sends(request(stage, name, number));
  return await isAnswered(stage, caller, name, number);
}

/** The server has been asked: its reply has to come, and has to be right. */
async function isAnswered(
  stage: StreamStage,
  caller: Caller,
  name: string,
  number: number,
): Promise<Exchange> {
  await caller.gets(isWhole);
  await readsOn(stage, caller);
  if (caller.stream.unread === "" || caller.stream.flooded) {
    await dies(stage);
    throw new Finding(REPLY, caller.missing(), range(number));
  }
  const text = caller.takes();
  await caller.leaves();
  const reply = readReply(text, { name, number }, separatorOf(formOf(stage)));
  const exchange = { name, number, reply };
  hasNameAndNumber(exchange);
  hasRightSum(stage, exchange);
  exchangesOf(stage).push(exchange);
  return exchange;
}

const REPLY = "one reply with the server's name and number";

function range(number: number): string | undefined {
  return number === MIN_NUMBER || number === MAX_NUMBER
    ? `${number} belongs to the range [${MIN_NUMBER}, ${MAX_NUMBER}]`
    : undefined;
}

/** @throws {Finding} where one of them is not there, or too much is */
function hasNameAndNumber({ name, reply }: Exchange): void {
  const came = quote(reply.text);
  if (reply.text.length > MAX_REPLY) {
    throw new Finding(REPLY, `a reply without end: ${came}`);
  }
  if (reply.number === undefined) {
    throw new Finding("the server's number in its reply, an integer", came);
  }
  if (reply.name === undefined) {
    throw new Finding("the server's name in its reply", came);
  }
  if (reply.name === name) {
    throw new Finding(
      "the server's own name in its reply",
      `${came}, which has the client's name`,
    );
  }
}

/** @throws {Finding} where the reply has another sum */
function hasRightSum(stage: StreamStage, exchange: Exchange): void {
  const { number, reply } = exchange;
  const sum = sumOf(stage, exchange);
  if (reply.sum === undefined || reply.sum === sum) return;
  const both = `${number} and ${reply.number}`;
  throw new Finding(
    `the sum ${sum} of ${both}`,
    quote(reply.text),
    String(reply.sum) === `${number}${reply.number}`
      ? "the numbers are joined as texts: make integers of them first"
      : undefined,
  );
}

const first: Case<StreamStage> = required(
  "The server replies with its name and a number",
  REPLIES,
  async (stage) => {
    const found = await findForm(stage);
    if ("tried" in found) throw notAnswered(stage, found);
    hasNameAndNumber(found);
    if (!stage.isOver) exchangesOf(stage).push(found);
  },
);

function notAnswered(
  stage: StreamStage,
  { complaint, tried }: Failed,
): Finding {
  const last = complaint === undefined ? "" : `; it printed ${complaint}`;
  const isKnown = stage.world.known.get("form understood") !== "no";
  const forms = tried.map(quote).join(", ");
  return new Finding(
    REPLY,
    `no reply to a message written as ${forms}${last}`,
    isKnown
      ? undefined
      : `say how its messages are written with --format, as in --format 'NAME,NUMBER'`,
  );
}

/** One life in which every number is in the range. */
const service: Life<StreamStage> = {
  cases: [
    first,
    required(
      "Where the reply holds a sum, it is the right one",
      SUM,
      async (stage) => {
        const { reply } = await ask(stage, inside(stage.draw));
        if (reply.sum !== undefined) return;
        stage.remark("the reply has no sum; the client has to add up itself");
      },
    ),
    required("Another client is served", AGAIN, async (stage) => {
      await ask(stage, inside(stage.draw));
      await ask(stage, inside(stage.draw));
    }),
    ...[MIN_NUMBER, MAX_NUMBER].map((number) =>
      required<StreamStage>(
        `${number} is in the range`,
        REPLIES,
        async (stage) => {
          await ask(stage, number);
        },
      )
    ),
    required("A long name", GETS, async (stage) => {
      await ask(stage, inside(stage.draw), longName(stage));
    }),
    required("A client may take its time", GETS, async (stage) => {
      needsForm(stage);
      const name = stage.draw.name();
      const number = inside(stage.draw);
      const caller = await stage.connects(name);
      await stage.pause(PAUSE);
      await caller.sends(request(stage, name, number));
      await isAnswered(stage, caller, name, number);
    }),
    requiredAfterwards("Both names are printed", NAMES, async (stage) => {
      const printed = withoutTracebacks(await stage.printed());
      for (const { name, reply } of answered(stage)) {
        contains(stage, printed, name, "the client's name");
        if (reply.name === undefined) continue;
        contains(stage, printed, reply.name, "the server's name");
      }
    }),
    requiredAfterwards("Both numbers are printed", NUMBERS, async (stage) => {
      const printed = withoutTracebacks(await stage.printed());
      for (const { number, reply } of answered(stage)) {
        mentions(stage, printed, String(number), "the client's number");
        const own = `the server's number, as the client got it,`;
        mentions(stage, printed, String(reply.number), own);
      }
    }),
    requiredAfterwards("The sum is printed", SAME, async (stage) => {
      const printed = withoutTracebacks(await stage.printed());
      for (const exchange of answered(stage)) {
        const { number, reply } = exchange;
        const sum = String(sumOf(stage, exchange));
        const what = `the sum of ${number} and ${reply.number}`;
        mentions(stage, printed, sum, what);
      }
    }),
  ],
};

/** More than 16 bytes; of several words where blanks do not separate. */
function longName(stage: StreamStage): string {
  const { draw } = stage;
  const blank = separatorOf(formOf(stage)).trim() === "" ? "" : " ";
  return [draw.name(), draw.name(), draw.name(), draw.name(), "Client"]
    .join(blank);
}

/** @throws {Skip} where the server has answered nobody in this life */
function answered(stage: StreamStage): Exchange[] {
  const all = exchangesOf(stage);
  if (all.length === 0) throw new Skip("no client was answered");
  return all;
}

/** A number out of the range, sent to a server that has just been started. */
function shutsDown(
  what: string,
  draw: (draw: Draw) => number,
  before?: (stage: StreamStage) => Promise<unknown>,
): Case<StreamStage> {
  return required(
    `${what} is out of range: the server stops`,
    STOPS,
    async (stage) => {
      needsForm(stage);
      await before?.(stage);
      const number = draw(stage.draw);
      const name = stage.draw.name();
      const caller = await stage.connects(name);
      await caller.sends(request(stage, name, number));
      const own = { name, number: MIN_NUMBER };
      if (!reaction(stage, name, number, own).stops) {
        throw new Error(`${number} is in the range`); // a mistake of this file
      }
      await stops(stage, caller, number);
    },
  );
}

/** Waits for the server's end, and looks whether anybody is left. */
async function stops(
  stage: StreamStage,
  caller: Caller,
  number: number,
): Promise<void> {
  const { program, world } = stage;
  if (program === undefined) await caller.isClosed(String(number), END);
  const limit = stage.patience.for("end", END);
  const hasEnded = program === undefined
    ? await isDeserted(stage, limit)
    : await stage.waits(() => program.exit !== undefined, limit);
  if (!hasEnded) throw await goesOn(stage, number, limit);
  const { hostname, port } = world.address;
  if (await isServed(stage)) {
    throw new Finding(
      `the server to stop after ${number}`,
      `the program has ended, and somebody still listens on ${hostname}:${port}`,
      "a process that it has started keeps the listening socket",
    );
  }
  const exit = program?.ownExit;
  if (exit?.code) stage.remark(`it ends with ${describeExit(exit)}, not 0`);
}

/** The server goes on: does it serve the next client as well? */
async function goesOn(
  stage: StreamStage,
  number: number,
  limit: number,
): Promise<Finding> {
  stage.patience.failed("end");
  const name = stage.draw.name();
  const next = await stage.connects(name).catch(() => undefined);
  await next?.sends(request(stage, name, inside(stage.draw)));
  const isServed = await next?.gets(isWhole, 500);
  next?.takes();
  const seconds = (limit / 1000).toFixed(1);
  return new Finding(
    `the server to stop after ${number}`,
    `it still runs ${seconds} s later${
      isServed ? ", and answers the next client" : ""
    }`,
    THREAD,
  );
}

/** Waits until nobody listens any more. @returns whether that is so */
async function isDeserted(stage: StreamStage, limit: number): Promise<boolean> {
  const latest = performance.now() + limit;
  while (await isServed(stage)) {
    if (performance.now() > latest) return false;
    await stage.pause(50);
  }
  return true;
}

/** Whether somebody accepts a connection. */
async function isServed({ world }: StreamStage): Promise<boolean> {
  try {
    const conn = await Deno.connect(world.address);
    conn.close();
    return true;
  } catch {
    return false;
  }
}

const notes: Life<StreamStage> = {
  used: true,
  cases: [
    note("The server's number is between 1 and 100", async (stage) => {
      const { reply } = await ask(stage, inside(stage.draw));
      const { number = NaN } = reply as Reply;
      if (number >= MIN_NUMBER && number <= MAX_NUMBER) return;
      throw new Finding(
        `a number from ${MIN_NUMBER} to ${MAX_NUMBER}`,
        quote(reply.text),
      );
    }),
    note("A client that leaves before it has said anything", async (stage) => {
      const visitor = await stage.connects("a visitor");
      await visitor.leaves();
      await ask(stage, inside(stage.draw));
    }),
    note("A message in two segments", async (stage) => {
      needsForm(stage);
      const name = stage.draw.name();
      const number = inside(stage.draw);
      const message = request(stage, name, number);
      const caller = await stage.connects(name);
      await caller.sends(message.slice(0, 3));
      await stage.pause(50);
      await caller.sends(message.slice(3));
      await isAnswered(stage, caller, name, number);
    }),
    restart,
  ],
};

const alone = (
  what: string,
  draw: (draw: Draw) => number,
): Life<StreamStage> => ({ cases: [shutsDown(what, draw)] });

/** The lives of a `sum` server; each of the last ones ends it. */
export const sumServer: readonly Life<StreamStage>[] = [
  service,
  notes,
  {
    used: true,
    cases: [
      shutsDown(
        `${MIN_NUMBER - 1}`,
        () => MIN_NUMBER - 1,
        (stage) => ask(stage, inside(stage.draw)),
      ),
    ],
  },
  alone(`${MAX_NUMBER + 1}`, () => MAX_NUMBER + 1),
  alone("A negative number", (draw) => -draw.integer(2, 99)),
  alone("A large number", (draw) => draw.integer(1_000, 9_999)),
];
