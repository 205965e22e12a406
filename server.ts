#!/usr/bin/env -S deno run --unstable-net --allow-net=127.0.0.1 --no-prompt
/**
 * The server's half of five socket assignments, each chosen by `--mode`:
 *
 *     deno run --allow-net=127.0.0.1 server.ts --mode uppercase
 *
 * @module
 */
import type { Settings } from "./lib/cli/flags.ts";
import { runProgram } from "./lib/cli/program.ts";
import { addressOf } from "./lib/rules/contract.ts";
import { listen, serveStreams } from "./lib/net/tcp_server.ts";
import type { Printer } from "./lib/cli/terminal.ts";
import { bind, serveDatagrams } from "./lib/net/udp_server.ts";

/**
 * Serves one assignment until it is over, or until it is aborted.
 *
 * @throws {Failure} when the address cannot be used
 */
export async function serve(
  settings: Settings,
  printer: Printer,
  { signal }: AbortController,
): Promise<void> {
  const { mode, address, server } = settings;
  const rules = mode.server({ ...server, random: Math.random });
  const ready = (local: Deno.NetAddr) => {
    const where = `${addressOf(local)} (${mode.transport}, ${mode.name})`;
    printer.print("The server is ready to receive");
    printer.log("info", "server", `listening on ${where}`);
  };
  if (mode.transport === "udp") {
    const socket = bind(address);
    ready(socket.addr as Deno.NetAddr);
    await serveDatagrams(socket, rules, printer, signal);
  } else {
    const listener = listen(address);
    ready(listener.addr);
    await serveStreams(listener, rules, mode.format, printer, signal);
  }
}

if (import.meta.main) await runProgram("server", Deno.args, serve);
