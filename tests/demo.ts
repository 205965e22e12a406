/**
 * Plays every mode with a real server and real clients, for a newcomer to see.
 *
 *     deno task demo
 *     deno task demo --view
 *
 * What each program prints is shown with the program's name before it, and
 * what is typed into a client with a `>`. With `--view` everything is slowed to
 * what eyes can follow, a few datagrams are lost, and a browser shows the wire.
 * It ends by itself.
 */
import { bold, dim } from "@std/fmt/colors";
import { MODE_NAMES } from "../lib/rules.ts";
import { MODE_TESTS } from "./modes.ts";
import {
  listening,
  type Script,
  startClient,
  startScript,
  startServer,
} from "./support/harness.ts";
import { isShown, PAGE_PORT, Scene } from "./support/scene.ts";
import { python, sourceServer } from "./support/strangers.ts";
import { UPPERCASE_SERVER, uppercaseClient } from "./support/textbook.ts";

const INPUT = "hello\nquit\n";

/** A textbook's client and server; ours if there is no Python. */
async function strangers(): Promise<
  { server: Script; port: number; ask: (port: number) => Promise<Script> }
> {
  // One with a mistake: there is something to be told.
  const source = UPPERCASE_SERVER.replace("text.upper()", "text.capitalize()");
  const textbook = await sourceServer(source).catch(() => undefined);
  if (textbook) {
    return { ...textbook, ask: (port) => python(uppercaseClient(port), INPUT) };
  }
  const mode = ["--mode", "uppercase"];
  const ask = (port: number) => startClient(port, mode, { input: INPUT });
  return { ...await startServer(mode), ask };
}

/** Somebody's client and somebody's server, and what is told of them. */
async function between(): Promise<void> {
  console.log(`\n${bold("between")}: your own client and your own server\n`);
  const { server, port, ask } = await strangers();
  await using _ = server;
  const upstream = ["--mode", "uppercase", "--upstream", String(port)];
  const args = [...upstream, "--port", "0", "--trace", "text"];
  await using relay = await startScript("server", args);
  await using client = await ask(await listening(relay));
  await client.exits();
  relay.kill("SIGINT");
  await relay.exits();
  console.log(dim(`  $ server.ts ${args.join(" ")}`));
  for (const line of relay.stderr.lines) console.log(`  ${line}`);
}

if (import.meta.main) {
  if (isShown) {
    const address = bold(`http://127.0.0.1:${PAGE_PORT}/`);
    console.log(`Open ${address} in a browser now.`);
  }
  for (const mode of MODE_NAMES) {
    await MODE_TESTS[mode].demo((...args) => Scene.open(mode, ...args));
  }
  await between();
  console.log(`\nNow play them yourself: see ${bold("README.md")}.`);
}
