/**
 * From the command line to the exit status: what both programs do around their
 * half of an assignment.
 */
import {
  type Information,
  readFlags,
  type Settings,
  UsageError,
} from "./flags.ts";
import type { Program } from "./options.ts";
import { Failure } from "../rules/contract.ts";
import { Printer } from "./terminal.ts";

/** What both programs tell whoever started them. */
export const STATUS = {
  done: 0,
  /** It could not be done: a port taken, no server, no answer. */
  failed: 1,
  usage: 2,
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
    if (!(error instanceof UsageError)) throw error;
    const printer = new Printer();
    printer.log("error", program, error.message);
    return exit(printer, STATUS.usage);
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
    onReaderGone: () => ending.abort(STATUS.failed),
  });
  // A server that is told to end has done its work; a client has not.
  const isServer = program === "server";
  onSignal("SIGINT", () => ending.abort(isServer ? 0 : STATUS.interrupted));
  onSignal("SIGTERM", () => ending.abort(isServer ? 0 : STATUS.terminated));
  let status: number = STATUS.done;
  try {
    await half(settings, printer, ending);
  } catch (error) {
    status = STATUS.failed;
    // Anything but a Failure is a bug; it gets a line, too, not a stack trace.
    const text = error instanceof Failure
      ? error.message
      : `Unexpected: ${error}`;
    if (!ending.signal.aborted) printer.log("error", program, text);
  }
  return exit(printer, ending.signal.aborted ? ending.signal.reason : status);
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
