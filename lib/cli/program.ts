/**
 * From the command line to the exit status: what both programs do around their
 * half of an assignment.
 */
import { Failure } from "../rules/contract.ts";
import type { Program } from "./common_options.ts";
import {
  type Information,
  readFlags,
  type Settings,
  UsageError,
} from "./flags.ts";
import { type Lab, openLab, transcriptOutput } from "./lab.ts";
import { Printer } from "./terminal.ts";

/** What both programs tell whoever started them. */
export const STATUS = {
  done: 0,
  /** It could not be done: a port taken, no server, no answer. */
  failed: 1,
  usage: 2,
  /** A bug of ours, as sysexits.h counts it (EX_SOFTWARE). */
  bug: 70,
  /** As shells count a program that a signal ended: 128 and its number. */
  interrupted: 130,
  terminated: 143,
} as const;

/**
 * A program's half of an assignment. It ends when that is over, or soon after
 * `ending` is aborted, with the exit status for the reason.
 */
export type Half = (
  settings: Settings,
  printer: Printer,
  ending: AbortController,
  lab: Lab,
) => Promise<void>;

/** Runs a program from its command line to its end, and exits. */
export async function runProgram(
  program: Program,
  args: readonly string[],
  half: Half,
): Promise<never> {
  let settings: Settings | Information;
  try {
    settings = readFlags(program, args);
  } catch (error) {
    const printer = new Printer();
    return exit(printer, tell(printer, program, error));
  }
  if ("information" in settings) {
    const printer = new Printer();
    settings.information.split("\n").forEach((line) => printer.print(line));
    return exit(printer, STATUS.done);
  }
  return await play(program, settings, half);
}

async function play(
  program: Program,
  settings: Settings,
  half: Half,
): Promise<never> {
  const ending = new AbortController();
  const printer = new Printer({
    level: settings.level,
    transcript: transcriptOutput(settings),
    onReaderGone: () => ending.abort(STATUS.failed),
  });
  // A server that is told to end has done its work; a client has not.
  const isServer = program === "server";
  onSignal("SIGINT", () => ending.abort(isServer ? 0 : STATUS.interrupted));
  onSignal("SIGTERM", () => ending.abort(isServer ? 0 : STATUS.terminated));
  let status: number = STATUS.done;
  try {
    await inLab(
      program,
      settings,
      printer,
      (lab) => half(settings, printer, ending, lab),
    );
  } catch (error) {
    const isExpected = error instanceof Failure && ending.signal.aborted;
    if (!isExpected) status = tell(printer, program, error);
  }
  if (status !== STATUS.bug && ending.signal.aborted) {
    status = ending.signal.reason;
  }
  return exit(printer, status);
}

/** Plays inside a lab, and completes what that has to say. */
async function inLab(
  program: Program,
  settings: Settings,
  printer: Printer,
  play: (lab: Lab) => Promise<void>,
): Promise<void> {
  const lab = await openLab(program, settings, printer);
  try {
    await play(lab);
  } finally {
    await lab.close();
  }
}

/**
 * Tells why a program has ended. What went wrong outside gets one line; a bug
 * of ours is loud, for whoever is to find it needs the stack.
 *
 * @returns the exit status
 */
function tell(printer: Printer, program: Program, error: unknown): number {
  if (error instanceof Failure || error instanceof UsageError) {
    printer.log("error", program, error.message);
    return error instanceof Failure ? STATUS.failed : STATUS.usage;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  const text = `This is a bug in this program: ${stack ?? error}`;
  for (const line of text.split("\n")) printer.log("error", program, line);
  return STATUS.bug;
}

/** The first signal ends in an orderly way; a second one ends at once. */
function onSignal(signal: Deno.Signal, listener: () => void): void {
  const once = () => {
    Deno.removeSignalListener(signal, once);
    listener();
  };
  try {
    Deno.addSignalListener(signal, once);
  } catch {
    // Windows knows no SIGTERM before Deno 2.8; nobody can send it there.
  }
}

/** A pending read of the keyboard would keep the program running for ever. */
function exit(printer: Printer, status: number): never {
  printer.flush();
  Deno.exit(status);
}
