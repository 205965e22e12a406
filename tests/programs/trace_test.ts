/**
 * `--trace` and the faults, as somebody types them: what goes to which output,
 * that a trace is complete however the program ends, and that the same seed
 * gives the same faults.
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import type { TraceFormat } from "../../lib/trace/formats.ts";
import { TRACE_FORMATS } from "../../lib/trace/formats.ts";
import {
  RawDatagrams,
  type Script,
  start,
  startClient,
  startServer,
  until,
} from "../support/harness.ts";
import { untilPortIsFree } from "../support/play.ts";

/** One mode of each transport, and what its client is to say. */
const MODES = {
  uppercase: { talk: ["--message", "hello"], prints: "HELLO" },
  sum: { talk: ["--name", "Ann", "--number", "5"], prints: "Sum: " },
};
type Tried = keyof typeof MODES;

const READABLE: TraceFormat[] = ["text", "hex"];

interface Record {
  type: string;
  from: { port: number };
  text?: string;
  lost?: boolean;
  duplicate?: boolean;
  delay?: number;
}

function recordsOf({ stdout }: Script): Record[] {
  return stdout.lines.map((line) => JSON.parse(line));
}

/** What a trace has to have, whoever wrote it: both messages, and its form. */
const CHECKS: {
  [Format in TraceFormat]: (trace: string, mode: Tried, port: number) => void;
} = {
  text(trace, mode, port) {
    const there = new RegExp(
      `^\\d+\\.\\d{6}  127.0.0.1:\\d+ -> 127.0.0.1:${port}  \\d+ bytes  `,
      "m",
    );
    assertMatch(trace, there);
    const back = new RegExp(
      `^\\d+\\.\\d{6}  127.0.0.1:${port} -> 127.0.0.1:\\d+  \\d+ bytes  `,
      "m",
    );
    assertMatch(trace, back);
    assert(trace.includes(mode === "sum" ? "closing brace" : '"HELLO"'), trace);
    if (mode === "sum") assertMatch(trace, / {2}closed$/m);
  },
  hex(trace, mode, port) {
    CHECKS.text(trace, mode, port);
    const dump = mode === "sum" ? '|{"client' : "|HELLO|";
    assert(trace.includes(`  ${dump}`), trace);
  },
  json(trace, mode, port) {
    const records: Record[] = trace.split("\n").slice(0, -1)
      .map((line) => JSON.parse(line));
    const types = records.map(({ type, from }) =>
      `${from.port === port ? "server" : "client"} ${type}`
    );
    if (mode === "uppercase") {
      return assertEquals(types, ["client datagram", "server datagram"]);
    }
    const [begin, ends] = [types.slice(0, 5), types.slice(5)];
    assertEquals(
      begin.toSorted(),
      ["client data", "client message", "client open"]
        .concat(["server data", "server message"]),
    );
    assertEquals(types[0], "client open");
    assertMatch(types.at(-1)!, / close$/);
    assertEquals(
      ends.slice(0, -1).toSorted(),
      ["client end", "server end"],
    );
  },
  mermaid(trace, mode) {
    assert(trace.startsWith("sequenceDiagram\n"), trace);
    assert(trace.includes(mode === "sum" ? "closing brace" : ": HELLO<br/>"));
    assert(trace.endsWith("\n"));
    if (mode === "sum") assert(trace.includes("closed"), trace);
  },
  pcap(trace) {
    assert(trace.length > 24 + 2 * 16);
  },
};

/** Checks how both outputs are used; gives the trace. */
function traceIn(script: Script, format: TraceFormat, line: string): string {
  const [transcript, trace] = READABLE.includes(format)
    ? [script.stdout, script.stderr]
    : [script.stderr, script.stdout];
  assert(transcript.lines.some((each) => each.includes(line)), line);
  assert(!trace.lines.includes(line), trace.text);
  return trace.text;
}

Deno.test("each format, from both programs, complete after SIGINT", async (t) => {
  for (const mode of Object.keys(MODES) as Tried[]) {
    const { talk, prints } = MODES[mode];
    for (const format of TRACE_FORMATS) {
      await t.step(`${mode}: ${format}`, async () => {
        const tracing = ["--mode", mode, "--trace", format];
        const { server, port } = await startServer(tracing);
        await using _ = server;
        await using client = await startClient(port, [...tracing, ...talk]);
        assertEquals(await client.exits(), 0, client.stderr.text);
        // In `sum` the transcript of a client is its log.
        const transcript = mode === "sum" ? client.stderr : undefined;
        const trace = transcript && READABLE.includes(format)
          ? client.stderr.text
          : traceIn(client, format, prints);
        CHECKS[format](trace, mode, port);
        server.kill("SIGINT");
        assertEquals(await server.exits(), 0, server.stderr.text);
        const ready = "The server is ready to receive";
        CHECKS[format](traceIn(server, format, ready), mode, port);
      });
    }
  }
});

Deno.test("a client's trace is complete after SIGINT", async () => {
  const { server, port } = await startServer(["--mode", "chat"]);
  await using _ = server;
  const args = ["--mode", "chat", "--client", "X", "--name", "Alice"];
  await using client = await startClient(port, [...args, "--trace", "json"]);
  await server.prints("Client X: Alice\n");
  client.kill("SIGINT");
  assertEquals(await client.exits(), 130, client.stderr.text);
  const story = recordsOf(client).map(({ type }) => type);
  assertEquals(story.slice(0, 3), ["open", "data", "message"]);
  assertEquals(story.slice(3).toSorted(), ["close", "end", "end"]);
});

/** Whether a program is there; Deno may not look itself. */
function isThere(...args: string[]): boolean {
  try {
    const options: Deno.CommandOptions = {
      args,
      stdout: "null",
      stderr: "null",
    };
    return new Deno.Command(args.shift()!, options).outputSync().success;
  } catch {
    return false;
  }
}

const hasFullDisk = isThere("sh", "-c", "test -c /dev/full");

Deno.test({
  name: `a full disk under a trace${
    hasFullDisk ? "" : " (ignored: no /dev/full)"
  }`,
  ignore: !hasFullDisk,
  async fn(t) {
    const deno = [Deno.execPath(), "run", "--quiet", "--allow-net=127.0.0.1"]
      .concat("--no-prompt");
    const { server, port } = await startServer(["--mode", "uppercase"]);
    await using _ = server;
    for (const format of TRACE_FORMATS.slice(2)) {
      await t.step(format, async () => {
        const args = ["client.ts", "--mode", "uppercase", "--port", `${port}`]
          .concat(["--message", "hello", "--trace", format]);
        await using client = await start("sh", [
          "-c",
          'exec "$@" >/dev/full',
          "sh",
          ...deno,
          ...args,
        ]);
        assertEquals(await client.exits(), 1);
        const errors = client.stderr.lines.filter((line) =>
          line.includes("[ERROR]")
        );
        assertEquals(errors, [
          "[ERROR] [output]: Cannot write to standard output: No space left " +
          "on device (os error 28). Make room there, or send the output " +
          "somewhere else.",
        ]);
      });
    }
  },
});

const hasTshark = isThere("tshark", "--version");

Deno.test({
  name: `tshark reads a program's capture${
    hasTshark ? "" : " (ignored: no tshark on this machine)"
  }`,
  ignore: !hasTshark,
  async fn(t) {
    for (const mode of Object.keys(MODES) as Tried[]) {
      await t.step(mode, async () => {
        const { server, port } = await startServer(["--mode", mode]);
        await using _ = server;
        const file = await Deno.makeTempFile({ suffix: ".pcap" });
        try {
          const args = [Deno.execPath(), "run", "--allow-net=127.0.0.1"]
            .concat(["client.ts", "--port", `${port}`, "--mode", mode])
            .concat([...MODES[mode].talk, "--trace", "pcap"]);
          const shell = ["-c", 'file=$1; shift; exec "$@" >"$file"', "sh"];
          await using client = await start("sh", [...shell, file, ...args]);
          assertEquals(await client.exits(), 0, client.stderr.text);
          const protocol = mode === "sum" ? "tcp" : "udp";
          await using tshark = await start("tshark", [
            ...["-r", file, "-d", `${protocol}.port==${port},data`],
            ...["-o", `${protocol}.check_checksum:TRUE`, "-T", "fields"],
            ...["-e", `${protocol}.dstport`, "-e", "data.data"],
            ...["-e", `${protocol}.checksum.status`],
            ...["-e", "_ws.malformed", "-e", "tcp.analysis.flags"],
            ...["-e", "tcp.flags.fin"],
          ]);
          assertEquals(await tshark.exits(), 0, tshark.stderr.text);
          const rows = tshark.stdout.lines.map((line) => line.split("\t"));
          assertEquals(rows.filter(([, , status]) => status !== "1"), []);
          assertEquals(rows.filter((row) => row[3] || row[4]), []);
          const carried = rows.filter(([, data]) => data);
          assertEquals(carried.map(([to]) => Number(to) === port), [
            true,
            false,
          ]);
          if (mode === "uppercase") assertEquals(rows[0]![1], "68656c6c6f");
          const ends = rows.filter((row) => /^(1|True)$/.test(row[5] ?? ""));
          assertEquals(ends.length, mode === "sum" ? 2 : 0);
        } finally {
          await Deno.remove(file);
        }
      });
    }
  },
});

/** What is refused, by whom, and why. */
const REFUSED: [mode: string, option: string, why: string][] = [
  ["chat", "--loss", "TCP repeats what is lost, so a program never sees it"],
  [
    "sum",
    "--duplicate",
    "TCP throws away what comes twice, so a program never sees it",
  ],
  [
    "sequence",
    "--jitter",
    "TCP keeps the order, so a program never sees it change",
  ],
  ["chat", "--retries", "TCP repeats what is lost by itself"],
  ["uppercase", "--slice", "a datagram arrives whole or not at all"],
  ["permission", "--slice", "a datagram arrives whole or not at all"],
];

Deno.test("faults that mean nothing are refused with the reason", async (t) => {
  for (const [mode, option, why] of REFUSED) {
    await t.step(`${mode} ${option}`, async () => {
      await using client = await startClient(1, ["-m", mode, option, "1"]);
      assertEquals(await client.exits(), 2);
      const [line, ...more] = client.stderr.lines;
      assert(line!.includes(`${option} has no effect over `), line);
      assert(line!.includes(`: ${why}.`), line);
      assertEquals([more, client.stdout.text], [[], ""]);
    });
  }
});

/** The faults of a server that is asked thirty times, and the answers. */
async function faultsOf(...seed: string[]) {
  const { server, port } = await startServer([
    ...["--mode", "uppercase", "--trace", "json"],
    ...["--loss", "30%", "--duplicate", "20%", ...seed],
  ]);
  await using _ = server;
  using peer = new RawDatagrams();
  for (let i = 0; i < 30; i++) await peer.send(`${i}`, port);
  const isLast = () => recordsOf(server).some(({ text }) => text === "29");
  await until(isLast, "the last of them");
  server.kill("SIGINT");
  assertEquals(await server.exits(), 0, server.stderr.text);
  // What comes and what goes need not alternate in the same way each time.
  const faultsFrom = (isOurs: boolean) =>
    recordsOf(server).filter(({ from }) => (from.port === port) === isOurs)
      .map(({ text, lost, duplicate }) => [text, lost, duplicate]);
  const faults = [faultsFrom(false), faultsFrom(true)];
  const drawn = /--seed (\d+) repeats these faults/.exec(server.stderr.text);
  return { faults, drawn: drawn?.[1] };
}

Deno.test("a seed repeats the faults, given or drawn", async () => {
  const first = await faultsOf();
  const { drawn } = first;
  assert(drawn !== undefined);
  const second = await faultsOf("--seed", `${drawn}`);
  assertEquals(second.faults, first.faults);
  assertEquals(second.drawn, undefined);
  const other = await faultsOf("--seed", `${(Number(drawn) + 1) % 9}`);
  assertNotEquals(other.faults, first.faults);
});

Deno.test("the end is that of ping", async (t) => {
  const TIMES = /^\[INFO\] \[client\]: round trip min\/avg\/max = (.*) ms$/;
  await t.step("all are answered", async () => {
    const { server, port } = await startServer(["--mode", "uppercase"]);
    await using _ = server;
    const args = ["--mode", "uppercase", "--message", "a", "--message", "b"];
    await using client = await startClient(port, [...args, "--retries", "2"]);
    assertEquals(await client.exits(), 0);
    const [counts, times, ...more] = client.stderr.lines;
    assertEquals(counts, "[INFO] [client]: 2 sent, 2 answered, 0% lost");
    const [least, mean, most] = TIMES.exec(times!)![1]!.split("/").map(Number);
    assert(0 < least! && least! <= mean! && mean! <= most!, times);
    assertEquals([more, client.stdout.lines], [[], ["A", "B"]]);
  });
  await t.step("none is", async () => {
    using silent = new RawDatagrams();
    const args = ["--mode", "uppercase", "--message", "a", "--retries", "1"];
    const all = [...args, "--timeout", "0.1"];
    await using client = await startClient(silent.port, all);
    assertEquals(await client.exits(), 1);
    const [again, counts, error, ...more] = client.stderr.lines;
    assert(again!.endsWith("within 0.1 s: asking again (1 of 1)"), again);
    assertEquals(counts, "[INFO] [client]: 2 sent, 0 answered, 100% lost");
    assert(error!.startsWith("[ERROR] [client]: No answer from "), error);
    assertEquals(more, []);
  });
  await t.step("nobody asks for it", async () => {
    const { server, port } = await startServer(["--mode", "uppercase"]);
    await using _ = server;
    const args = ["--mode", "uppercase", "--message", "a"];
    await using client = await startClient(port, args);
    assertEquals(await client.exits(), 0);
    assertEquals([client.stdout.text, client.stderr.text], ["A\n", ""]);
  });
});

Deno.test("at least once is not exactly once", async () => {
  // With this seed the server's network takes the question, and loses the answer.
  const faults = ["--loss", "50%", "--seed", "10"];
  await using stack = new AsyncDisposableStack();
  let server: Script;
  const client = stack.use(
    await untilPortIsFree(async () => {
      const started = await startServer(["--mode", "permission", ...faults]);
      server = stack.use(started.server);
      return await startClient(started.port, [
        ...["--mode", "permission", "--client-port", "1234"],
        ...["--message", "Permission7", "--retries", "1", "--timeout", "2"],
      ]);
    }),
  );
  assertEquals(client.stdout.lines, ["Already Permitted"], client.stderr.text);
  assertEquals(
    client.stderr.lines.slice(0, 2),
    [
      "[INFO] [client]: no answer within 2 s: asking again (1 of 1)",
      "[INFO] [client]: 2 sent, 1 answered, 50% lost",
    ],
  );
  await until(
    () => server.stdout.lines.length === 3,
    "both copies of the question",
  );
  assertEquals(
    server!.stdout.lines.slice(1),
    Array(2).fill("Permission7 from 127.0.0.1:1234"),
  );
  const lost = "[DEBUG] [network]: lost 19 bytes to 127.0.0.1:1234";
  assert(server!.stderr.lines.includes(lost), server!.stderr.text);
});
