#!/usr/bin/env -S deno run --unstable-net --allow-net=127.0.0.1 --no-prompt
/**
 * The client's half of a socket assignment, which `--mode` chooses:
 *
 *     deno run --allow-net=127.0.0.1 client.ts --mode uppercase
 *
 * @module
 */
import { advised } from "./lib/cli/advice.ts";
import {
  LiveDatagramDialogue,
  type LiveDialogue,
  LiveStreamDialogue,
  requireClientPermission,
  type Surroundings,
} from "./lib/cli/dialogue.ts";
import type { Settings } from "./lib/cli/flags.ts";
import { Keyboard } from "./lib/cli/keyboard.ts";
import { type Lab, wantsSummary } from "./lib/cli/lab.ts";
import { interrupt, runProgram } from "./lib/cli/program.ts";
import type { Printer } from "./lib/cli/terminal.ts";
import { Failure } from "./lib/rules/contract.ts";

/**
 * Holds one conversation with a server until it is over, or until it is aborted.
 *
 * @throws {Failure} when the assignment could not be done
 */
export async function converse(
  settings: Settings,
  printer: Printer,
  ending: AbortController,
  lab: Lab,
): Promise<void> {
  requireClientPermission(settings);
  const ended = new Promise<void>((resolve) => {
    ending.signal.addEventListener("abort", () => resolve());
  });
  const keyboard = new Keyboard(printer, () => interrupt(ending));
  const { io, over } = begin({ settings, printer, keyboard, lab });
  try {
    await Promise.race([over, ended]);
  } catch (error) {
    throw error instanceof Failure ? await withUnsent(error, io) : error;
  } finally {
    keyboard.close();
    const closed = io.close();
    if (lab.isWatched) await closed;
    if (wantsSummary(settings)) tellSummary(lab, printer);
  }
}

/** Adds to a failure how many of the lines given were not sent. */
async function withUnsent(
  failure: Failure,
  io: LiveDialogue,
): Promise<Failure> {
  const count = await io.countLeft();
  if (count === 0) return failure;
  const lines = count === 1 ? "1 line was" : `${count} lines were`;
  return new Failure(`${advised(failure).message} ${lines} not sent.`);
}

function tellSummary({ trips }: Lab, printer: Printer): void {
  for (const line of trips.summary()) printer.log("info", "client", line);
}

/** Begins a conversation over the transport of its mode. */
function begin(surroundings: Surroundings) {
  const { mode, options } = surroundings.settings;
  if (mode.transport === "udp") {
    const io = new LiveDatagramDialogue(surroundings);
    return { io, over: mode.client(io, options) };
  }
  const io = new LiveStreamDialogue(surroundings);
  return { io, over: mode.client(io, options) };
}

if (import.meta.main) await runProgram("client", Deno.args, converse);
