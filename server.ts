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
import { type Address, addressOf, READY } from "./lib/rules/contract.ts";

/**
 * Serves one assignment until it is over, or until it is aborted; or passes
 * everything on to another server.
 *
 * @throws {Failure} when the address cannot be used
 */
export async function serve(
  settings: Settings,
  printer: Printer,
  { signal }: AbortController,
  lab: Lab,
): Promise<void> {
  const { mode, modeName, address, options, upstream } = settings;
  const listening = (local: Address, more = "") => {
    const where = `${addressOf(local)} (${mode.transport}, ${modeName})`;
    printer.log("info", "server", `listening on ${where}${more}`);
  };
  if (upstream) {
    const { relay } = await import("./lib/cli/relaying.ts");
    const ready = (local: Address) =>
      listening(local, ` before ${addressOf(upstream)}`);
    return await relay(settings, upstream, printer, signal, lab, ready);
  }
  const rules = mode.server(options, Math.random);
  const { network } = lab;
  const ready = (local: Address) => {
    printer.print(READY);
    listening(local);
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
    await serveStreams(listener, {
      rules,
      json: mode.json,
      isUnfinished: mode.isUnfinished,
      linesOnly: options.framing === "line",
      journal: printer,
      signal,
      network,
    });
  }
}

if (import.meta.main) await runProgram("server", Deno.args, serve);
