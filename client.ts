#!/usr/bin/env -S deno run --unstable-net --allow-net=127.0.0.1 --no-prompt
/**
 * The client's half of five socket assignments, each chosen by `--mode`:
 *
 *     deno run --allow-net=127.0.0.1 client.ts --mode uppercase
 *
 * @module
 */
import {
  LiveDatagramDialogue,
  LiveStreamDialogue,
  requireClientPermission,
} from "./lib/cli/dialogue.ts";
import type { Settings } from "./lib/cli/flags.ts";
import { Keyboard } from "./lib/cli/keyboard.ts";
import { runProgram, STATUS } from "./lib/cli/program.ts";
import type { Printer } from "./lib/cli/terminal.ts";

/**
 * Holds one conversation with a server until it is over, or until it is aborted.
 *
 * @throws {Failure} when the assignment could not be done
 */
export async function converse(
  settings: Settings,
  printer: Printer,
  ending: AbortController,
): Promise<void> {
  requireClientPermission(settings);
  const ended = new Promise<void>((resolve) => {
    ending.signal.addEventListener("abort", () => resolve());
  });
  // While a line is edited Ctrl-C is a key, and no signal comes of it.
  const keyboard = new Keyboard(
    printer,
    () => ending.abort(STATUS.interrupted),
  );
  const conversation = begin(settings, printer, keyboard);
  try {
    await Promise.race([conversation.over, ended]);
  } finally {
    keyboard.close();
    conversation.close();
  }
}

/** Begins a conversation over the transport of its mode. */
function begin(settings: Settings, printer: Printer, keyboard: Keyboard) {
  const { mode, options } = settings;
  if (mode.transport === "udp") {
    const io = new LiveDatagramDialogue(settings, printer, keyboard);
    return { over: mode.client(io, options), close: () => io.close() };
  }
  const io = new LiveStreamDialogue(settings, printer, keyboard);
  return { over: mode.client(io, options), close: () => io.close() };
}

if (import.meta.main) await runProgram("client", Deno.args, converse);
