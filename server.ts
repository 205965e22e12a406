#!/usr/bin/env -S deno run --unstable-net --allow-net=127.0.0.1 --no-prompt
/**
 * The server's half of a socket assignment, which `--mode` chooses:
 *
 *     deno run --allow-net=127.0.0.1 server.ts --mode uppercase
 *
 * @module
 */
import type { Settings } from "./lib/cli/flags.ts";
import type { Lab } from "./lib/cli/lab.ts";
import { runProgram } from "./lib/cli/program.ts";
import type { Printer } from "./lib/cli/terminal.ts";
import { bind, listen, requireAnswering } from "./lib/net/address.ts";
import { addressOf, READY } from "./lib/rules/contract.ts";

/**
 * Serves one assignment until it is over, or until it is aborted.
 *
 * @throws {Failure} when the address cannot be used
 */
export async function serve(
  { mode, modeName, address, options }: Settings,
  printer: Printer,
  { signal }: AbortController,
  { network }: Lab,
): Promise<void> {
  const rules = mode.server(options, Math.random);
  const ready = (local: Deno.NetAddr) => {
    const where = `${addressOf(local)} (${mode.transport}, ${modeName})`;
    printer.print(READY);
    printer.log("info", "server", `listening on ${where}`);
  };
  if (mode.transport === "udp") {
    const { serveDatagrams } = await import("./lib/net/udp_server.ts");
    requireAnswering(address);
    const socket = bind(address);
    ready(socket.addr as Deno.NetAddr);
    await serveDatagrams(socket, rules, printer, signal, network);
  } else {
    const { serveStreams } = await import("./lib/net/tcp_server.ts");
    const listener = listen(address);
    ready(listener.addr);
    const { json } = mode;
    const journal = printer;
    await serveStreams(listener, { rules, json, journal, signal, network });
  }
}

if (import.meta.main) await runProgram("server", Deno.args, serve);
