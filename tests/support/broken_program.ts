/**
 * A program of ours with a bug in it: a server whose rules throw, or a client
 * whose conversation does, over real sockets and with the real program around.
 *
 *     deno run --allow-net=127.0.0.1 tests/support/broken_program.ts server sum
 *
 * The further words say where the bug is: `opened`, `message`, `closed` or
 * `silent`. Before it strikes, a line is printed and a line is logged.
 */
import type { Settings } from "../../lib/cli/flags.ts";
import { runProgram } from "../../lib/cli/program.ts";
import type { Printer } from "../../lib/cli/terminal.ts";
import { addressOf } from "../../lib/rules/contract.ts";
import { bind, listen } from "../../lib/net/address.ts";
import { serveStreams } from "../../lib/net/tcp_server.ts";
import { serveDatagrams } from "../../lib/net/udp_server.ts";
import { brokenRules, type Place } from "./broken_rules.ts";

const [program, mode = "", place] = Deno.args;

async function serveBadly(
  { mode, modeName, address }: Settings,
  printer: Printer,
  { signal }: AbortController,
): Promise<void> {
  const rules = brokenRules(place as Place);
  const ready = (local: Deno.NetAddr) => {
    const where = `${addressOf(local)} (${mode.transport}, ${modeName})`;
    printer.log("info", "server", `listening on ${where}`);
  };
  if (mode.transport === "udp") {
    const socket = bind(address);
    ready(socket.addr as Deno.NetAddr);
    return await serveDatagrams(socket, rules, printer, signal);
  }
  const listener = listen(address);
  ready(listener.addr);
  const options = { rules, json: mode.json, journal: printer, signal };
  await serveStreams(listener, options);
}

function converseBadly(_: Settings, printer: Printer): Promise<void> {
  printer.print("about to fail");
  printer.log("info", "client", "about to fail");
  return Promise.reject(new TypeError("the client's bug"));
}

if (program === "server") {
  await runProgram("server", ["--mode", mode, "--port", "0"], serveBadly);
} else {
  await runProgram("client", ["--mode", mode], converseBadly);
}
