/**
 * The faults of a relay: each makes both ways worse, or with `--toward` the one
 * that it names, and no other.
 */
import { assertEquals } from "@std/assert";
import { readFlags, type Settings } from "../../lib/cli/flags.ts";
import { openLab } from "../../lib/cli/lab.ts";
import { relay } from "../../lib/cli/relaying.ts";
import type { Toward } from "../../lib/cli/relay_options.ts";
import { bind } from "../../lib/net/address.ts";
import type { Address } from "../../lib/rules/contract.ts";
import { within } from "../support/harness.ts";
import { ANY, collectingPrinter } from "../support/in_process.ts";

/** How many datagrams a client sends. */
const COUNT = 20;
/** What comes later than this has been held back, in milliseconds. */
const LATE = 400;
/** By then everything has come, in milliseconds. */
const ENOUGH = 3_000;

/** The delays on one way, in milliseconds, and how many set out there. */
interface Leg {
  readonly sent: number;
  readonly delays: readonly number[];
}

/** Each fault, and how it shows in what arrives. */
const FAULTS: [option: string, value: string, shows: (leg: Leg) => boolean][] =
  [
    ["--loss", "50%", ({ sent, delays }) => delays.length < sent],
    ["--duplicate", "50%", ({ sent, delays }) => delays.length > sent],
    ["--delay", "500", ({ delays }) => Math.min(...delays) > LATE],
    ["--jitter", "900", ({ delays }) => Math.max(...delays) > LATE],
  ];

/** Echoes what comes, and notes when; each datagram is one byte, its number. */
async function echo(server: Deno.DatagramConn, sentAt: readonly number[]) {
  const echoedAt: number[] = [];
  const delays: number[] = [];
  for await (const [[number], from] of server) {
    const now = performance.now();
    delays.push(now - sentAt[number!]!);
    await server.send(Uint8Array.of(echoedAt.push(now) - 1), from);
  }
  return { echoedAt, delays };
}

async function arrivals(client: Deno.DatagramConn) {
  const seen: { number: number; time: number }[] = [];
  for await (const [[number]] of client) {
    seen.push({ number: number!, time: performance.now() });
  }
  return seen;
}

/** A relay with these arguments, before a server at this port. */
async function open(port: number, args: readonly string[]) {
  const own = ["--mode", "uppercase", "--port", "0", "--upstream", `${port}`];
  const settings = readFlags("server", [...own, ...args]) as Settings;
  const { printer } = collectingPrinter();
  const lab = await openLab("server", settings, printer);
  const ending = new AbortController();
  const { promise: address, resolve } = Promise.withResolvers<Address>();
  const { upstream } = settings;
  const { signal } = ending;
  const ended = relay(settings, upstream!, printer, signal, lab, resolve);
  const close = async () => {
    ending.abort();
    await within(ended, "the end of the relay");
    await lab.close();
    await printer.flush();
  };
  const to = { ...await address, transport: "udp" as const };
  return { to, close };
}

/** Sends datagrams through a relay to a server that echoes them. */
async function play(args: readonly string[]): Promise<Record<Toward, Leg>> {
  const [server, client] = [bind(ANY), bind(ANY)];
  const { port } = server.addr as Deno.NetAddr;
  const { to, close } = await open(port, args);
  const sentAt: number[] = [];
  const both = Promise.all([echo(server, sentAt), arrivals(client)]);
  for (let n = 0; n < COUNT; n++) {
    sentAt.push(performance.now());
    await client.send(Uint8Array.of(n), to);
  }
  await new Promise((resolve) => setTimeout(resolve, ENOUGH));
  await close();
  for (const each of [server, client]) each.close();
  const [{ echoedAt, delays }, seen] = await both;
  const back = seen.map(({ number, time }) => time - echoedAt[number]!);
  return {
    server: { sent: COUNT, delays },
    client: { sent: delays.length, delays: back },
  };
}

const ENDS: readonly Toward[] = ["server", "client"];

Deno.test("a fault acts on both ways, or on the one that is named", async () => {
  const trials = FAULTS.flatMap(([option, value, shows]) =>
    [undefined, ...ENDS].map(async (end) => {
      const toward = end === undefined ? [] : ["--toward", end];
      const seed = option === "--delay" ? [] : ["--seed", "7"];
      const args = [option, value, ...seed, ...toward];
      const legs = await play(args);
      const worse = ENDS.filter((each) => shows(legs[each]));
      assertEquals(worse, end === undefined ? ENDS : [end], args.join(" "));
    })
  );
  await Promise.all(trials);
});
