/**
 * Finding out how a `sum` server wants its messages written. The assignment
 * leaves that open, so forms are tried until one is answered; if one ends the
 * program, it is started again for the next.
 */
import { Template } from "../../rules/sum_format.ts";
import { Skip, Unjudged } from "../play/case.ts";
import type { Check } from "../play/run.ts";
import { ANSWER } from "../play/timeouts.ts";
import { oneLine } from "../reports/quote.ts";
import {
  type StreamProbe,
  StreamServerRun,
} from "../play/stream_server_run.ts";
import { mustBeText } from "./protocol.ts";
import { isWhole, readReply, type Reply } from "../../rules/sum_reply.ts";

/** The form that the assignment's own programs use. */
const SEED = '{"client_name": "NAME", "client_number": NUMBER}';

/** What other programs use, the most common first. */
const FORMS: readonly string[] = [
  SEED,
  "NAME,NUMBER",
  '{"name": "NAME", "number": NUMBER}',
  "NAME NUMBER",
  "NAME:NUMBER",
  "NAME;NUMBER",
  "NAME|NUMBER",
  "NAME\nNUMBER",
  '{"clientName": "NAME", "clientNumber": NUMBER}',
  '{"name": "NAME", "num": NUMBER}',
  '{"name": "NAME", "integer": NUMBER}',
  '{"name": "NAME", "value": NUMBER}',
  '{"name": "NAME", "int": NUMBER}',
  '{"client_name": "NAME", "number": NUMBER}',
  '{"client": "NAME", "number": NUMBER}',
  '{"username": "NAME", "number": NUMBER}',
  "NAME, NUMBER",
  "NAME-NUMBER",
  "NAME/NUMBER",
  "NUMBER,NAME",
  "NUMBER NAME",
];

/** How long to try forms, in milliseconds: slow starts add up. */
const TRYING = 20_000;

/** How long to wait before trying a line feed, in milliseconds. */
const NO_LINE_FEED = 1_000;

/** How long the rest of a reply may take, in milliseconds. */
const WHOLE = 150;

/** How long a program may take to end after closing, in milliseconds. */
const DYING = 200;

/** After this many forms without any reaction, the server is taken to hang. */
const MAX_SILENT = 3;

/** A message and what came back. */
export interface Exchange {
  readonly name: string;
  readonly number: number;
  readonly reply: Reply;
}

/** What the runs have found out about a server's messages. */
class Form {
  text: string;
  /** Whether forms were tried, and none was understood. */
  isUnknown = false;

  constructor({ options }: Check) {
    this.text = options.format?.text ?? SEED;
  }
}

const learned = ({ check }: StreamServerRun) =>
  check.shared.get(Form, () => new Form(check));

/** The form of the messages, as far as it is known. */
export function formOf(run: StreamServerRun): string {
  return learned(run).text;
}

/** A message in the server's form, with a line feed if it needs one. */
export function request(
  run: StreamServerRun,
  name: string,
  number: number,
): string {
  return new Template(formOf(run)).fill(name, number) + run.ending;
}

/** The separator of the form's fields. */
export function separatorOf(form: string): string {
  return /NAME(.*)NUMBER|NUMBER(.*)NAME/s.exec(form)?.slice(1)
    .find((part) => part !== undefined) ?? ",";
}

/** Whether some form was understood. */
export function isUnderstood(run: StreamServerRun): boolean {
  return !learned(run).isUnknown;
}

/** @throws {Skip} if the server answered none of the forms tried */
export function needsForm(run: StreamServerRun): void {
  if (isUnderstood(run)) return;
  throw new Skip("how its messages are written was not found out", true);
}

/** Waits for the rest of a reply that has begun. */
export async function readsOn(
  run: StreamServerRun,
  { stream }: StreamProbe,
): Promise<void> {
  await run.waits(() => stream.ended || stream.flooded, WHOLE);
}

/**
 * Gives a crashing server time to end: it closes its connections a little
 * earlier, and may even accept another one meanwhile.
 */
export async function dies(run: StreamServerRun): Promise<void> {
  await run.waits(() => run.hasDied, DYING);
}

/** The result of trying a form. */
interface Trial {
  readonly form: string;
  readonly exchange: Exchange | undefined;
  /** Whether the server reacted at all. */
  readonly reacted: boolean;
  /** The last line it printed, if that is a complaint. */
  readonly complaint: string | undefined;
  /** Whether it said that the request was wrong. */
  readonly isRefused: boolean;
}

/** What was tried in vain, and the complaint closest to the cause. */
export interface Failed {
  readonly complaint: string | undefined;
  readonly tried: readonly string[];
}

/**
 * Finds the form. This may end the run's program.
 *
 * @returns the first exchange in it, or what was tried
 */
export async function findForm(
  run: StreamServerRun,
): Promise<Exchange | Failed> {
  const search = new Search(run);
  try {
    return await search.run();
  } finally {
    await search.end();
  }
}

class Search {
  readonly #run: StreamServerRun;
  readonly #forms: string[];
  readonly #trials: Trial[] = [];
  /** The run in use: the case's own, or a later one. */
  #living: StreamServerRun;

  constructor(run: StreamServerRun) {
    const format: string | undefined = run.check.options.format?.text;
    this.#run = run;
    this.#living = run;
    this.#forms = format === undefined ? [...FORMS] : [format];
  }

  async run(): Promise<Exchange | Failed> {
    const { timeouts } = this.#run;
    const latest = timeouts.spent + TRYING;
    for (let form = this.#next(); form; form = this.#next()) {
      if (timeouts.spent > latest || !await this.#revive()) break;
      const trial = await this.#try(form);
      this.#trials.push(trial);
      if (trial.exchange === undefined) this.#learn();
      else {
        learned(this.#run).text = form;
        this.#tell();
        return trial.exchange;
      }
    }
    return await this.#fail();
  }

  #next(): string | undefined {
    const silent = this.#trials.slice(-MAX_SILENT)
      .filter(({ reacted }) => !reacted).length;
    return silent === MAX_SILENT ? undefined : this.#forms.shift();
  }

  /** Starts the program again if necessary. @returns whether it runs */
  async #revive(): Promise<boolean> {
    const isHung = this.#trials.at(-1)?.reacted === false;
    if (!this.#living.isOver && !isHung) return true;
    await this.#living.end();
    if (this.#run.check.launcher === undefined) return false;
    this.#living = new StreamServerRun(this.#run.check);
    await this.#living.begin(false);
    return true;
  }

  async #try(form: string): Promise<Trial> {
    const run = this.#living;
    const { random, program } = run;
    const [name, number] = [random.name(), random.integer(11, 99)];
    const seen = program?.output.text.length ?? 0;
    const printed = () => program?.output.text.slice(seen) ?? "";
    run.clear();
    const probe = await run.connects(name);
    const message = new Template(form).fill(name, number);
    await probe.sends(message + run.ending);
    const reacted = await this.#reacts(probe, printed);
    await readsOn(run, probe);
    const text = probe.takes();
    if (!isWhole(text)) await dies(run);
    const complaint = complaintIn(printed());
    await probe.leaves();
    mustBeText(text);
    if (/struct\.error|pickl/i.test(complaint ?? "")) {
      throw new Unjudged(`its messages are no text: ${complaint}`);
    }
    const reply = readReply(text, { name, number }, separatorOf(form));
    const exchange = isRefusal(reply) ? undefined : { name, number, reply };
    const isRefused = REFUSAL.test(text);
    return { form, exchange, reacted, complaint, isRefused };
  }

  /** Waits for any reaction, and tries whether a line feed causes one. */
  async #reacts(probe: StreamProbe, printed: () => string): Promise<boolean> {
    const run = this.#living;
    const { reader } = run;
    const { stream } = probe;
    const reacts = () =>
      isWhole(stream.unread) || stream.ended || run.hasDied ||
      complaintIn(printed()) !== undefined;
    const isKnown = reader.ending !== undefined;
    if (await run.waits(reacts, isKnown ? ANSWER : NO_LINE_FEED)) {
      reader.ending ??= "";
      return true;
    }
    if (isKnown) return false;
    await probe.sends("\n");
    if (!await run.waits(reacts, ANSWER)) return false;
    reader.ending = "\n";
    return true;
  }

  /** Learns from a Python program's complaint what it wants. */
  #learn(): void {
    if (this.#run.check.options.format) return;
    const text = this.#living.program?.output.text ?? "";
    const tried = this.#trials.map(({ form }) => form);
    const better = formsFor(text, tried).filter((form) =>
      !tried.includes(form)
    );
    const rest = this.#forms.filter((form) => !better.includes(form));
    this.#forms.splice(0, this.#forms.length, ...better, ...rest);
  }

  /** Reports another run's exchange as part of this case. */
  #tell(): void {
    if (this.#living === this.#run) return;
    const failed = this.#trials.length - 1;
    this.#run.steps = [`tries ${failed} other forms of the message`];
    for (const step of this.#living.steps) this.#run.did(step);
  }

  async #fail(): Promise<Failed> {
    // It reacted to this form without complaint, so something else is wrong.
    const accepted = this.#trials.find(({ complaint, reacted, isRefused }) =>
      reacted && !isRefused && !isAboutForm(complaint)
    );
    const form = learned(this.#run);
    form.text = accepted?.form ?? this.#trials[0]?.form ?? SEED;
    form.isUnknown = accepted === undefined;
    if (form.isUnknown) await this.#tryLengths();
    const { complaint } = accepted ?? this.#trials[0] ?? {};
    return { complaint, tried: this.#trials.map(({ form }) => form) };
  }

  /** @throws {Unjudged} if it answers messages with a length before them */
  async #tryLengths(): Promise<void> {
    for (const size of [4, 2]) {
      if (!await this.#revive()) return;
      const run = this.#living;
      const probe = await run.connects("a client");
      const text = new Template(formOf(run)).fill("Ana", 25);
      const bytes = new TextEncoder().encode("\0".repeat(size) + text);
      new DataView(bytes.buffer).setUint16(size - 2, text.length);
      await probe.sends(bytes);
      const replies = (unread: string) =>
        unread !== "" && !REFUSAL.test(unread);
      if (!await probe.gets(replies, NO_LINE_FEED)) continue;
      throw new Unjudged(
        `it takes ${size} bytes of length before the text, and nothing else`,
      );
    }
  }

  async end(): Promise<void> {
    if (this.#living !== this.#run) await this.#living.end();
  }
}

const REFUSAL = /\b(error|invalid|expected|malformed|wrong|bad)\b/i;

/** Whether a reply has no number, or says that the request was wrong. */
function isRefusal({ text, number, sum }: Reply): boolean {
  return (number === undefined && sum === undefined) || REFUSAL.test(text);
}

/** The last line of a Python traceback. */
function complaintIn(printed: string): string | undefined {
  const at = printed.lastIndexOf("Traceback (most recent call last)");
  if (at < 0) return undefined;
  const lines = printed.slice(at).split("\n");
  const line = lines.find((each) =>
    /^([A-Za-z_.]+(Error|Exception)|struct\.error)\b/.test(each)
  );
  return line === undefined ? undefined : oneLine(line);
}

/** Whether a complaint may be about the form of a message. */
function isAboutForm(complaint: string | undefined): boolean {
  return complaint !== undefined &&
    /^(json\.|KeyError|ValueError|IndexError|TypeError|AttributeError|[a-z.]*JSONDecodeError)/
      .test(complaint);
}

/** Forms that a traceback suggests, by a missing key or by its code. */
function formsFor(printed: string, tried: readonly string[]): string[] {
  const at = printed.lastIndexOf("Traceback (most recent call last)");
  if (at < 0) return [];
  const trace = printed.slice(at);
  const key = /^KeyError: (['"])(\w+)\1/m.exec(trace)?.[2];
  if (key !== undefined) return [withKey(key, tried)];
  const call = /(?:split|partition)\((?:sep=)?(['"])(.{1,4}?)\1/.exec(trace);
  const separator = call?.[2]?.replace("\\n", "\n").replace("\\t", "\t");
  if (separator !== undefined) return [`NAME${separator}NUMBER`];
  return /split\(\)/.test(trace) ? ["NAME NUMBER"] : [];
}

/** The last JSON form that was tried, with the missing key. */
function withKey(key: string, tried: readonly string[]): string {
  const last = tried.findLast((form) => form.startsWith("{")) ?? SEED;
  const isNumber = /num|int|val|digit|age|^n$/i.test(key);
  const pattern = isNumber ? /"(\w+)": NUMBER/ : /"(\w+)": "NAME"/;
  const field = isNumber ? `"${key}": NUMBER` : `"${key}": "NAME"`;
  return last.replace(pattern, () => field);
}
