/**
 * From the command line to the exit status: what both programs do around their
 * half of an assignment.
 */
import { onSignal } from "../net/system.ts";
import { Failure } from "../rules/contract.ts";
import { advised } from "./advice.ts";
import type { Program } from "./common_options.ts";
import { isDumb } from "./dumb.ts";
import {
  type Information,
  readFlags,
  type Settings,
  UsageError,
} from "./flags.ts";
import { createFile } from "./file.ts";
import { type Lab, openLab, outputsOf } from "./lab.ts";
import type { Output } from "./output.ts";
import { Printer, type PrinterOptions } from "./terminal.ts";

/** The exit statuses of both programs. */
export const STATUS = {
  done: 0,
  /** It could not be done: a port taken, no server, no answer. */
  failed: 1,
  usage: 2,
  /** A bug of ours, as sysexits.h counts it (EX_SOFTWARE). */
  bug: 70,
  /** As shells report a program that a signal ended: 128 plus its number. */
  hungUp: 129,
  interrupted: 130,
  quit: 131,
  terminated: 143,
} as const;

/** The signals that end a program. */
const SIGNALS = {
  SIGINT: STATUS.interrupted,
  SIGTERM: STATUS.terminated,
  SIGHUP: STATUS.hungUp,
};
/** The same for a check, which first has to end another program. */
const CHECK_SIGNALS = { ...SIGNALS, SIGQUIT: STATUS.quit };

/**
 * How long after the first signal the next is still listened to, in
 * milliseconds: one sent along with the first is already on its way, and would
 * be lost.
 */
const HANDOVER = 100;

/**
 * A program's half of an assignment. It returns when that is over, or soon
 * after `ending` is aborted, with the exit status as the reason.
 */
export type Part = (
  settings: Settings,
  printer: Printer,
  ending: AbortController,
  lab: Lab,
) => Promise<void>;

/** Runs a program from its command line to its end, and exits. */
export async function runProgram(
  program: Program,
  args: readonly string[],
  part: Part,
): Promise<never> {
  let settings: Settings | Information;
  let file: Output | undefined;
  try {
    settings = readFlags(program, args);
    if ("output" in settings) file = createFile(settings.output);
  } catch (error) {
    const printer = await openPrinter();
    return await exit(printer, tell(printer, program, error));
  }
  if ("information" in settings) {
    const printer = await openPrinter();
    settings.information.split("\n").forEach((line) => printer.print(line));
    return await exit(printer, STATUS.done);
  }
  return await play(program, settings, part, file);
}

async function play(
  program: Program,
  settings: Settings,
  part: Part,
  file: Output | undefined,
): Promise<never> {
  const ending = new AbortController();
  const printer = await openPrinter({
    level: settings.level,
    transcript: outputsOf(settings).transcript,
    ...file && { file },
    onLost: () => ending.abort(STATUS.failed),
  });
  endOnSignals(program, settings, ending);
  let status: number = STATUS.done;
  try {
    status = await inLab(program, settings, printer, async (lab) => {
      if (settings.check) {
        return await check(program, settings, printer, ending, lab);
      }
      await part(settings, printer, ending, lab);
      return STATUS.done;
    });
  } catch (error) {
    const isExpected = error instanceof Failure && ending.signal.aborted;
    if (!isExpected) status = tell(printer, program, error);
  }
  if (status !== STATUS.bug && ending.signal.aborted) {
    status = ending.signal.reason;
  }
  return await exit(printer, status);
}

/** Checks somebody's program; the code for that is loaded only on demand. */
async function check(
  program: Program,
  settings: Settings,
  printer: Printer,
  ending: AbortController,
  lab: Lab,
): Promise<number> {
  const { checkProgram } = await import("./checking.ts");
  const { signal } = ending;
  const passed = await checkProgram(program, settings, printer, {
    lab,
    signal,
    interrupt: () => interrupt(ending),
  });
  return passed ? STATUS.done : STATUS.failed;
}

/** Plays inside a lab, and has the lab finish its output. */
async function inLab(
  program: Program,
  settings: Settings,
  printer: Printer,
  play: (lab: Lab) => Promise<number>,
): Promise<number> {
  const lab = await openLab(program, settings, printer);
  try {
    return await play(lab);
  } finally {
    await lab.close();
  }
}

/**
 * Tells why a program has ended. An outside problem gets one line; a bug of
 * ours is loud, because finding it takes the stack.
 *
 * @returns the exit status
 */
function tell(printer: Printer, program: Program, error: unknown): number {
  if (error instanceof Failure || error instanceof UsageError) {
    const port = program === "client" ? "--client-port" : "--port";
    printer.log("error", program, advised(error, port).message);
    return error instanceof Failure ? STATUS.failed : STATUS.usage;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  const text = `This is a bug in this program: ${stack ?? error}`;
  for (const line of text.split("\n")) printer.log("error", program, line);
  return STATUS.bug;
}

/**
 * Ends the program in an orderly way; the second time, at once.
 *
 * @param status the status of ending at once, and by default of any end
 * @param orderly the status of an orderly end
 */
function end(ending: AbortController, status: number, orderly = status): void {
  if (ending.signal.aborted) Deno.exit(status);
  ending.abort(orderly);
}

/**
 * Does what SIGINT does. While a client's line is edited on a terminal, Ctrl-C
 * is a key and sends no signal.
 */
export function interrupt(ending: AbortController): void {
  end(ending, STATUS.interrupted);
}

function endOnSignals(
  program: Program,
  { check }: Settings,
  ending: AbortController,
): void {
  // A server told to end has done its work; a client and a check have not.
  const isDone = program === "server" && !check;
  const signals = Object.entries(check ? CHECK_SIGNALS : SIGNALS);
  for (const [signal, status] of signals as [Deno.Signal, number][]) {
    const orderly = isDone ? STATUS.done : status;
    const listener = () => end(ending, status, orderly);
    const remove = onSignal(signal, listener);
    // A check ends what it started, at the second signal, too.
    if (!check) handOver(ending.signal, remove);
  }
}

/**
 * After `ending` is aborted, the system ends the program at the next signal, even
 * if no code here can run any more.
 */
function handOver(ending: AbortSignal, remove: () => void): void {
  ending.addEventListener("abort", () => setTimeout(remove, HANDOVER));
}

/** A printer for standard output and error, in colour if colours show. */
async function openPrinter(options: PrinterOptions = {}): Promise<Printer> {
  const isSeen = Deno.stderr.isTerminal() && !Deno.noColor;
  return new Printer({ isColored: isSeen && !await isDumb(), ...options });
}

/**
 * Exits once everything has been written. Nothing less would do: a pending read
 * of the keyboard keeps the program running for ever.
 */
async function exit(printer: Printer, status: number): Promise<never> {
  await printer.flush();
  Deno.exit(status === STATUS.done && printer.failed ? STATUS.failed : status);
}
