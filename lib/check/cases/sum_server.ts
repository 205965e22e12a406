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
  note,
  required,
  requiredAfterwards,
  Skip,
  type Suite,
  type Suites,
} from "../play/case.ts";
import type { SeededRandom } from "../play/seeded_random.ts";
import { Model, peerAt, type Reaction } from "../play/expectation.ts";
import { END, PAUSE } from "../play/timeouts.ts";
import { contains, mentions, withoutTracebacks } from "../play/printed.ts";
import { quote } from "../reports/quote.ts";
import { describeExit } from "../play/run.ts";
import type {
  StreamProbe,
  StreamServerRun,
} from "../play/stream_server_run.ts";
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
  run: StreamServerRun,
  name: string,
  number: number,
  own: { name: string; number: number },
): Reaction {
  const model = new Model(run.check, own);
  const message = { client_name: name, client_number: number };
  return model.message(peerAt(run.check.address), JSON.stringify(message));
}

/** The sum that our own server sends, with that number of its own. */
function sumOf(
  run: StreamServerRun,
  { name, number, reply }: Exchange,
): number {
  const own = { name: reply.name ?? "", number: reply.number ?? 0 };
  const [sent] = reaction(run, name, number, own).sent;
  return JSON.parse(sent!.text).sum;
}

const exchanges = new WeakMap<StreamServerRun, Exchange[]>();

function exchangesOf(run: StreamServerRun): Exchange[] {
  const all = exchanges.get(run) ?? [];
  exchanges.set(run, all);
  return all;
}

/** A number in the range that nothing else is likely to print. */
function inside(random: SeededRandom): number {
  return random.integer(MIN_NUMBER + 10, MAX_NUMBER - 1);
}

/** A client comes, asks and is answered. */
async function ask(
  run: StreamServerRun,
  number: number,
  name = run.random.name(),
): Promise<Exchange> {
  needsForm(run);
  const probe = await run.connects(name);
  await probe.sends(request(run, name, number));
  return await isAnswered(run, probe, name, number);
}

/** The server has been asked: its reply has to come, and has to be right. */
async function isAnswered(
  run: StreamServerRun,
  probe: StreamProbe,
  name: string,
  number: number,
): Promise<Exchange> {
  await probe.gets(isWhole);
  await readsOn(run, probe);
  if (probe.stream.unread === "" || probe.stream.flooded) {
    await dies(run);
    throw new Finding(REPLY, probe.missing(), range(number));
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
function hasRightSum(run: StreamServerRun, exchange: Exchange): void {
  const { number, reply } = exchange;
  const sum = sumOf(run, exchange);
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

const first: Case<StreamServerRun> = required(
  "The server replies with its name and a number",
  REPLIES,
  async (run) => {
    const found = await findForm(run);
    if ("tried" in found) throw notAnswered(run, found);
    hasNameAndNumber(found);
    if (!run.isOver) exchangesOf(run).push(found);
  },
);

function notAnswered(
  run: StreamServerRun,
  { complaint, tried }: Failed,
): Finding {
  const last = complaint === undefined ? "" : `; it printed ${complaint}`;
  const isKnown = run.check.known.get("form understood") !== "no";
  const forms = tried.map(quote).join(", ");
  return new Finding(
    REPLY,
    `no reply to a message written as ${forms}${last}`,
    isKnown
      ? undefined
      : `say how its messages are written with --format, as in --format 'NAME,NUMBER'`,
  );
}

/** One run in which every number is in the range. */
const service: Suite<StreamServerRun> = {
  cases: [
    first,
    required(
      "Where the reply holds a sum, it is the right one",
      SUM,
      async (run) => {
        const { reply } = await ask(run, inside(run.random));
        if (reply.sum !== undefined) return;
        run.remark("the reply has no sum; the client has to add up itself");
      },
    ),
    required("Another client is served", AGAIN, async (run) => {
      await ask(run, inside(run.random));
      await ask(run, inside(run.random));
    }),
    ...[MIN_NUMBER, MAX_NUMBER].map((number) =>
      required<StreamServerRun>(
        `${number} is in the range`,
        REPLIES,
        async (run) => {
          await ask(run, number);
        },
      )
    ),
    required("A long name", GETS, async (run) => {
      await ask(run, inside(run.random), longName(run));
    }),
    required("A client may take its time", GETS, async (run) => {
      needsForm(run);
      const name = run.random.name();
      const number = inside(run.random);
      const probe = await run.connects(name);
      await run.pause(PAUSE);
      await probe.sends(request(run, name, number));
      await isAnswered(run, probe, name, number);
    }),
    requiredAfterwards("Both names are printed", NAMES, async (run) => {
      const printed = withoutTracebacks(await run.printed());
      for (const { name, reply } of answered(run)) {
        contains(run, printed, name, "the client's name");
        if (reply.name === undefined) continue;
        contains(run, printed, reply.name, "the server's name");
      }
    }),
    requiredAfterwards("Both numbers are printed", NUMBERS, async (run) => {
      const printed = withoutTracebacks(await run.printed());
      for (const { number, reply } of answered(run)) {
        mentions(run, printed, String(number), "the client's number");
        const own = `the server's number, as the client got it,`;
        mentions(run, printed, String(reply.number), own);
      }
    }),
    requiredAfterwards("The sum is printed", SAME, async (run) => {
      const printed = withoutTracebacks(await run.printed());
      for (const exchange of answered(run)) {
        const { number, reply } = exchange;
        const sum = String(sumOf(run, exchange));
        const what = `the sum of ${number} and ${reply.number}`;
        mentions(run, printed, sum, what);
      }
    }),
  ],
};

/** More than 16 bytes; of several words where blanks do not separate. */
function longName(run: StreamServerRun): string {
  const { random } = run;
  const blank = separatorOf(formOf(run)).trim() === "" ? "" : " ";
  return [random.name(), random.name(), random.name(), random.name(), "Client"]
    .join(blank);
}

/** @throws {Skip} where the server has answered nobody in this run */
function answered(run: StreamServerRun): Exchange[] {
  const all = exchangesOf(run);
  if (all.length === 0) throw new Skip("no client was answered");
  return all;
}

/** A number out of the range, sent to a server that has just been started. */
function shutsDown(
  what: string,
  random: (random: SeededRandom) => number,
  before?: (run: StreamServerRun) => Promise<unknown>,
): Case<StreamServerRun> {
  return required(
    `${what} is out of range: the server stops`,
    STOPS,
    async (run) => {
      needsForm(run);
      await before?.(run);
      const number = random(run.random);
      const name = run.random.name();
      const probe = await run.connects(name);
      await probe.sends(request(run, name, number));
      const own = { name, number: MIN_NUMBER };
      if (!reaction(run, name, number, own).stops) {
        throw new Error(`${number} is in the range`); // a mistake of this file
      }
      await stops(run, probe, number);
    },
  );
}

/** Waits for the server's end, and looks whether anybody is left. */
async function stops(
  run: StreamServerRun,
  probe: StreamProbe,
  number: number,
): Promise<void> {
  const { program, check } = run;
  if (program === undefined) await probe.isClosed(String(number), END);
  const limit = run.timeouts.for("end", END);
  const hasEnded = program === undefined
    ? await isDeserted(run, limit)
    : await run.waits(() => program.exit !== undefined, limit);
  if (!hasEnded) throw await goesOn(run, number, limit);
  const { hostname, port } = check.address;
  if (await isServed(run)) {
    throw new Finding(
      `the server to stop after ${number}`,
      `the program has ended, and somebody still listens on ${hostname}:${port}`,
      "a process that it has started keeps the listening socket",
    );
  }
  const exit = program?.ownExit;
  if (exit?.code) run.remark(`it ends with ${describeExit(exit)}, not 0`);
}

/** The server goes on: does it serve the next client as well? */
async function goesOn(
  run: StreamServerRun,
  number: number,
  limit: number,
): Promise<Finding> {
  run.timeouts.failed("end");
  const name = run.random.name();
  const next = await run.connects(name).catch(() => undefined);
  await next?.sends(request(run, name, inside(run.random)));
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
async function isDeserted(
  run: StreamServerRun,
  limit: number,
): Promise<boolean> {
  const latest = performance.now() + limit;
  while (await isServed(run)) {
    if (performance.now() > latest) return false;
    await run.pause(50);
  }
  return true;
}

/** Whether somebody accepts a connection. */
async function isServed({ check }: StreamServerRun): Promise<boolean> {
  try {
    const conn = await Deno.connect(check.address);
    conn.close();
    return true;
  } catch {
    return false;
  }
}

const notes: Suite<StreamServerRun> = {
  used: true,
  cases: [
    note("The server's number is between 1 and 100", async (run) => {
      const { reply } = await ask(run, inside(run.random));
      const { number = NaN } = reply as Reply;
      if (number >= MIN_NUMBER && number <= MAX_NUMBER) return;
      throw new Finding(
        `a number from ${MIN_NUMBER} to ${MAX_NUMBER}`,
        quote(reply.text),
      );
    }),
    note("A client that leaves before it has said anything", async (run) => {
      const visitor = await run.connects("a visitor");
      await visitor.leaves();
      await ask(run, inside(run.random));
    }),
    note("A message in two segments", async (run) => {
      needsForm(run);
      const name = run.random.name();
      const number = inside(run.random);
      const message = request(run, name, number);
      const probe = await run.connects(name);
      await probe.sends(message.slice(0, 3));
      await run.pause(50);
      await probe.sends(message.slice(3));
      await isAnswered(run, probe, name, number);
    }),
    restart,
  ],
};

const alone = (
  what: string,
  random: (random: SeededRandom) => number,
): Suite<StreamServerRun> => ({ cases: [shutsDown(what, random)] });

/** The suites for a `sum` server; each of the last ones ends it. */
export const suites: Suites<StreamServerRun> = [
  service,
  notes,
  {
    used: true,
    cases: [
      shutsDown(
        `${MIN_NUMBER - 1}`,
        () => MIN_NUMBER - 1,
        (run) => ask(run, inside(run.random)),
      ),
    ],
  },
  alone(`${MAX_NUMBER + 1}`, () => MAX_NUMBER + 1),
  alone("A negative number", (random) => -random.integer(2, 99)),
  alone("A large number", (random) => random.integer(1_000, 9_999)),
];
