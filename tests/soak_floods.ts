/**
 * The part of the soak that looks at floods, with the limits that a quiet
 * machine of two cores has to keep: how long everybody else waits beside each
 * of them, how soon one signal then ends the server, and what memory those take
 * who talk before their partners have come, or to partners who do not listen.
 */
import {
  type FloodKind,
  Probe,
  QuietServer,
  startFlood,
  STREAM_FLOODS,
} from "./support/floods.ts";

/** How long others are watched beside a flood, in milliseconds. */
const WATCHED = 5_000;
/** How long the longest of their waits may be, in milliseconds. */
const LONGEST = 100;
/** How long the end may take after a signal, in milliseconds. */
const END = 1_500;
/** What many who are not heard may take of memory, in MiB. */
const GROWTH = 300;
/** How long their memory is watched, in milliseconds. */
const GROWING = 8_000;

/** Who is not heard, and how many of them. */
const UNHEARD: [kind: FloodKind, count: number][] = [
  ["early messages", 1_500],
  ["unread messages", 500],
];

/** Looks at each flood in turn; tells which kept the limits. */
export async function soakFloods(): Promise<boolean[]> {
  const results: boolean[] = [];
  for (const [kind, mode] of Object.entries(STREAM_FLOODS)) {
    results.push(await watchOthers(kind as FloodKind, mode));
  }
  for (const [kind, count] of UNHEARD) {
    results.push(await watchMemory(kind, count));
  }
  return results;
}

async function watchOthers(
  kind: FloodKind,
  mode: "chat" | "sum",
): Promise<boolean> {
  await using server = await QuietServer.start(mode);
  using probe = await Probe.open(server.port, mode);
  await probe.longestWait(WATCHED / 10); // a program that runs gets faster
  const alone = await probe.longestWait(WATCHED / 5);
  await using _flood = await startFlood(server.port, kind);
  const beside = await probe.longestWait(WATCHED);
  const end = await timeOfEnd(server);
  const text = `${mode}, beside a flood of ${kind}: the longest wait ` +
    `${beside.toFixed(0)} ms (alone ${alone.toFixed(0)}), ${
      end.toFixed(0)
    } ms to end`;
  return report(beside <= LONGEST && end <= END, text);
}

async function watchMemory(kind: FloodKind, count: number): Promise<boolean> {
  await using server = await QuietServer.start("chat");
  const before = await server.memory() ?? NaN;
  await using _flood = await startFlood(server.port, kind, count);
  await new Promise((resolve) => setTimeout(resolve, GROWING));
  const growth = (await server.memory() ?? NaN) - before;
  const end = await timeOfEnd(server);
  const mebibytes = growth / 1024;
  const text = `${count} with ${kind}: ${mebibytes.toFixed(0)} MiB, ` +
    `${end.toFixed(0)} ms to end`;
  return report(!(mebibytes > GROWTH) && end <= END, text);
}

/** How long a server takes to end after a signal, in milliseconds. */
async function timeOfEnd(server: QuietServer): Promise<number> {
  const began = performance.now();
  server.kill("SIGINT");
  await server.exits().catch(() => {}); // it takes longer than anything may
  return performance.now() - began;
}

function report(passed: boolean, text: string): boolean {
  console.log(`${passed ? "ok" : "FAILED"} ${text}`);
  return passed;
}
