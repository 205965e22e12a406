/**
 * What the log of a relay says of the programs of `tests/check/programs`:
 *
 *     deno run --lock=tests/deno.lock -A tests/programs/relay_corpus.ts [PATTERN...]
 *
 * Each server is checked as it stands behind a relay. A wrong one has to be named
 * by the log, a right one must not be, and has to pass.
 */
import { runCheck } from "../../lib/check/check.ts";
import { freePort } from "../../lib/check/play/ports.ts";
import { Template } from "../../lib/rules/sum_format.ts";
import { allPrograms, type Program } from "../check/corpus/corpus.ts";
import { lacking, make } from "../check/corpus/languages.ts";

const LIFE = new URL("relay_life.py", import.meta.url).pathname;
const SERVER = new URL("../../server.ts", import.meta.url).pathname;
const WORKERS = 5;

/** The lines of the relay's log that name the server, and the verdict. */
async function run(program: Program) {
  const { mode, greeting, verdict, source, extension } = program;
  const isRight = verdict === "passes";
  const [, form] = /^# note: speaks (\{.*?\}|NAME.?NUMBER)/m.exec(source) ?? [];
  const folder = await Deno.makeTempDir();
  const made = make(source, extension, `${folder}`);
  const log = await Deno.makeTempFile();
  const hostname = "127.0.0.1";
  const [port, upstream] = [freePort(hostname), freePort(hostname)];
  const relay = [
    ...[Deno.execPath(), "run", "--quiet", "--no-lock", "--no-prompt"],
    ...["--allow-net=127.0.0.1,127.0.0.2", SERVER, "--mode", mode],
    ...["--upstream", String(upstream), "--port", String(port)],
    ...["--log-level", Deno.env.get("LEVEL") ?? "warning"],
    ...Deno.env.has("LEVEL") ? ["--trace", "text"] : [],
    ...greeting ? ["--greeting"] : [],
    ...mode === "sequence" || mode === "chat" ? ["--sessions", "0"] : [],
  ];
  const command = [
    ...["python3", LIFE, log, String(upstream), ...made, "--", ...relay],
  ];
  const ending = new AbortController();
  const look = async () => {
    const text = await Deno.readTextFile(log);
    const lines = text.split("\n").filter((each) =>
      each.includes("[rules]: to ")
    );
    if (!isRight && lines.length > 0) ending.abort();
    return lines;
  };
  const timer = setInterval(look, 300);
  const address = { hostname, port };
  const { signal } = ending;
  const report = await runCheck("server", {
    mode,
    address,
    command,
    options: { greeting, ...form && { format: new Template(form) } },
    signal,
  });
  clearInterval(timer);
  const lines = await look();
  if (Deno.env.has("LEVEL")) console.log(await Deno.readTextFile(log));
  await Deno.remove(log);
  return { lines, report };
}

const counts = { "right, silent": 0, "right, named": 0, named: 0, missed: 0 };
const queue = [...allPrograms()].filter(({ name, end, extension }) =>
  end === "server" && !lacking(extension) &&
  (Deno.args.length === 0 ||
    Deno.args.some((each) => new RegExp(each).test(name)))
);
// The fixed client ports of permission are there once.
const isAlone = ({ mode }: Program) => mode === "permission";
const queues = [
  queue.filter(isAlone),
  ...Array.from(
    { length: WORKERS },
    (_, i) =>
      queue.filter((each) => !isAlone(each)).filter((_, n) =>
        n % WORKERS === i
      ),
  ),
];
await Promise.all(queues.map(async (programs) => {
  for (const each of programs) {
    const { lines, report } = await run(each);
    const verdict = each.verdict === "passes"
      ? lines.length > 0 ? "right, named" : "right, silent"
      : lines.length > 0
      ? "named"
      : "missed";
    counts[verdict]++;
    const failed = each.verdict === "passes" && !report.passed;
    console.log(`${failed ? "NOT PASSED " : ""}${verdict}: ${each.name}`);
    for (const line of lines.slice(0, 2)) console.log(`    ${line}`);
    if (failed) {
      for (const { verdict, name, came } of report.cases) {
        if (verdict === "fail") console.log(`    ${name}: ${came}`);
      }
    }
  }
}));
console.log(counts);
Deno.exit(counts["right, named"] > 0 ? 1 : 0);
