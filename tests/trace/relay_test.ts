/** `--trace` between two programs: in each format both legs are there, whole. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  listening,
  startClient,
  startScript,
  startServer,
} from "../support/harness.ts";
import { hexDump } from "../../lib/trace/text.ts";
import { bytesOf } from "./events.ts";
import { charactersOf, readCapture } from "./pcap_reader.ts";

/** A datagram: two ports, and its text. */
type Sent = readonly [from: number, to: number, text: string];

/** The port at the end of an address, however that is written. */
function portOf(address: string): number {
  return Number(/\d+$/.exec(address)![0]);
}

/** What reads each format, and fails if the trace is not well-formed. */
const READERS: Record<string, (trace: Uint8Array) => Sent[]> = {
  json: (trace) =>
    linesOf(trace).map((line) => {
      const { type, from, to, text, lost } = JSON.parse(line);
      assertEquals([type, lost], ["datagram", false]);
      return [from.port, to.port, text];
    }),

  mermaid(trace) {
    const [first, ...lines] = linesOf(trace);
    assertEquals(first, "sequenceDiagram");
    const names = new Map<string, number>();
    return lines.flatMap((line) => {
      const [, name, address] = /^ {4}participant (p\d+) as (.*)$/.exec(line) ??
        [];
      if (name !== undefined) {
        names.set(name, portOf(address!));
        return [];
      }
      const arrow = /^ {4}(p\d+)->>(p\d+): (\w+)<br\/>[\d.]+ s, \d+ bytes$/;
      assertMatch(line, arrow);
      const [, from, to, text] = arrow.exec(line)!;
      return [[names.get(from!)!, names.get(to!)!, text!]];
    });
  },

  pcap: (trace) =>
    readCapture(trace).map((
      { from, to, payload },
    ) => [portOf(from), portOf(to), charactersOf(payload)]),

  hex(trace) {
    const line =
      /^[\d.]+ {2}\S+:(\d+) -> \S+:(\d+) {2}(\d+) bytes {2}"(\w+)"\n/;
    let rest = new TextDecoder().decode(trace);
    const all: Sent[] = [];
    while (rest !== "") {
      assertMatch(rest, line);
      const [whole, from, to, size, text] = line.exec(rest)!;
      const dump = hexDump(bytesOf(text!));
      assert(rest.startsWith(whole + dump), rest);
      assertEquals(Number(size), text!.length);
      rest = rest.slice((whole + dump).length);
      all.push([Number(from), Number(to), text!]);
    }
    return all;
  },
};

function linesOf(trace: Uint8Array): string[] {
  const lines = new TextDecoder().decode(trace).split("\n");
  assertEquals(lines.pop(), "", "the last line is whole");
  return lines;
}

/** The trace of a lab that has passed one conversation on. */
async function traced(format: string, upstream: number) {
  const file = await Deno.makeTempFile();
  const mode = ["--mode", "uppercase"];
  const between = ["--port", "0", "--upstream", String(upstream)];
  const args = [...mode, ...between, "--trace", format, "--output", file];
  const flags = ["--allow-net=127.0.0.1", `--allow-write=${file}`];
  await using lab = await startScript("server", args, { flags });
  const port = await listening(lab);
  const input = "hello\nquit\n";
  await using client = await startClient(port, mode, { input });
  assertEquals(await client.exits(), 0);
  lab.kill("SIGINT");
  assertEquals(await lab.exits(), 0);
  const trace = await Deno.readFile(file);
  await Deno.remove(file);
  return { trace, port };
}

Deno.test("a trace between two programs has both legs", async (t) => {
  const args = ["--mode", "uppercase", "--sessions", "0"];
  const { server, port: upstream } = await startServer(args);
  await using _ = server;
  for (const [format, read] of Object.entries(READERS)) {
    await t.step(format, async () => {
      const { trace, port } = await traced(format, upstream);
      const all = read(trace);
      const [client, lab] = [all[0]![0], all[1]![0]];
      const expected = ["hello", "quit"].flatMap((text): Sent[] => [
        [client, port, text],
        [lab, upstream, text],
        [upstream, lab, text.toUpperCase()],
        [port, client, text.toUpperCase()],
      ]);
      assertEquals(all, expected);
      assertEquals(new Set([client, port, lab, upstream]).size, 4);
    });
  }
});
