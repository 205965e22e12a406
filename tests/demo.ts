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
import { bold, cyan, dim, green, magenta, yellow } from "@std/fmt/colors";
import { type ModeName, MODES } from "../lib/rules.ts";
import {
  type Script,
  startClient,
  startServer,
  until,
} from "./support/harness.ts";

/** Whether a browser is to show the wire. */
const isShown = Deno.args.includes("--view");
/** Where the page is: the same for all servers, so that it goes on. */
const PAGE_PORT = 9_000;
/** How long to wait before each step when it is shown, in milliseconds. */
const STEP = 1_500;
/** How long the page stays before the first step, in milliseconds. */
const OPENING = 8_000;
/** Loses the first answer and the question that repeats it, and no more. */
const LOSS = ["--loss", "25%", "--seed", "530"];
const RETRIES = ["--timeout", "1", "--retries", "5"];

/** Waits for eyes to follow. */
async function pause(milliseconds = STEP): Promise<void> {
  if (!isShown) return;
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

type Color = (text: string) => string;
const LABEL_WIDTH = 12;

/** A program of the demo, and how much of what it printed has been shown. */
class Player {
  readonly #label: string;
  #shownOut = 0;
  #shownLog = 0;

  constructor(readonly script: Script, name: string, color: Color) {
    this.#label = color(name.padEnd(LABEL_WIDTH));
  }

  /** Shows what is new: the transcript, and less brightly the log. */
  show(): void {
    const { stdout, stderr } = this.script;
    for (const line of stdout.lines.slice(this.#shownOut)) this.say(line);
    for (const line of stderr.lines.slice(this.#shownLog)) this.say(dim(line));
    this.#shownOut = stdout.lines.length;
    this.#shownLog = stderr.lines.length;
  }

  say(text: string): void {
    console.log(`  ${this.#label} ${dim("|")} ${text}`);
  }
}

/** One mode's server and clients, from the first line to the last exit. */
class Scene implements AsyncDisposable {
  readonly #players: Player[] = [];
  #colors: Color[] = [cyan, magenta, green, yellow];

  private constructor(
    readonly mode: ModeName,
    readonly port: number,
    readonly server: Player,
  ) {
    this.#players.push(server);
  }

  static async open(mode: ModeName, ...args: string[]): Promise<Scene> {
    const { summary, transport } = MODES[mode];
    console.log(`\n${bold(mode)} (${transport.toUpperCase()}): ${summary}\n`);
    // The ready line, but not every coming and going.
    const view = isShown ? ["--view", String(PAGE_PORT)] : [];
    const all = ["--mode", mode, "--log-level", "info", ...args, ...view];
    const { server, port } = await startServer(all);
    const player = new Player(server, "server", bold);
    player.say(dim(["$ server.ts", ...all].join(" ")));
    player.show();
    await pause(mode === "permission" ? OPENING : STEP);
    return new Scene(mode, port, player);
  }

  /** Starts another client. */
  async client(name: string, ...args: string[]): Promise<Player> {
    await pause();
    const all = ["--mode", this.mode, "--log-level", "warning", ...args];
    const script = await startClient(this.port, all);
    const player = new Player(script, name, this.#colors.shift()!);
    this.#players.push(player);
    player.say(dim(["$ client.ts", ...all].join(" ")));
    return player;
  }

  /** Types a line, and waits for what it brings about. */
  async type(player: Player, line: string, expected: string): Promise<void> {
    await pause();
    player.say(`> ${line}`);
    const { stdout } = this.server.script;
    const before = stdout.lines.length;
    await player.script.type(`${line}\n`);
    await player.script.prints(expected);
    await until(() => stdout.lines.length > before, "the server's line");
    this.show();
  }

  async endInput(player: Player): Promise<void> {
    await pause();
    await player.script.endInput();
    await player.script.exits();
    this.show();
  }

  show(): void {
    for (const player of this.#players) player.show();
  }

  /** Waits until every program has ended, and shows their last words. */
  async end(): Promise<void> {
    for (const { script } of this.#players) await script.exits();
    this.show();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { script } of this.#players) await script[Symbol.asyncDispose]();
  }
}

async function permission(): Promise<void> {
  await using scene = await Scene.open("permission");
  const permitter = await scene.client("port 1234", "--client-port", "1234");
  await scene.type(permitter, "permission7", "Permission Accepted");
  await scene.type(permitter, "PERMISSION007", "Already Permitted");
  const requester = await scene.client("port 3333", "--client-port", "3333");
  await scene.type(requester, "request7", "Request Accepted");
  await scene.type(requester, "request8", "Request Rejected");
  await scene.endInput(permitter);
  await scene.endInput(requester);
  for (const name of ["a stranger", "the fourth"]) {
    const stranger = await scene.client(name, "--client-port", "0");
    await scene.type(stranger, "permission9", "Port is not allowed");
  }
  await scene.end();
}

async function uppercase(): Promise<void> {
  const loss = isShown ? LOSS : [];
  await using scene = await Scene.open("uppercase", "--sessions", "1", ...loss);
  const client = await scene.client("client", ...isShown ? RETRIES : []);
  await scene.type(client, "hello", "HELLO");
  await scene.type(client, "straße", "STRASSE");
  await scene.type(client, "quit", "CONNECTION CLOSED");
  await scene.end();
}

async function sequence(): Promise<void> {
  await using scene = await Scene.open("sequence");
  await scene.client("client Y", "--client", "Y", "--name", "Bob");
  await scene.server.script.prints("Client Y: Bob");
  scene.show();
  await scene.client("client X", "--client", "X", "--name", "Alice");
  await scene.end();
}

async function chat(): Promise<void> {
  await using scene = await Scene.open("chat");
  const alice = await scene.client(
    "client X",
    "--client",
    "X",
    "--name",
    "Alice",
  );
  await scene.server.script.prints("Client X: Alice");
  const bob = await scene.client("client Y", "--client", "Y", "--name", "Bob");
  await bob.script.prints("received before");
  await alice.script.prints("received before");
  scene.show();
  await scene.type(alice, "hello, Bob", "X: hello");
  await bob.script.prints("X: hello");
  await scene.type(bob, "hi, Alice", "Y: hi");
  await alice.script.prints("Y: hi");
  await scene.type(alice, "Bye", "X: Bye");
  await scene.end();
}

async function sum(): Promise<void> {
  await using scene = await Scene.open("sum", "--number", "10");
  const alice = await scene.client(
    "Alice",
    "--name",
    "Alice",
    "--number",
    "25",
  );
  await alice.script.exits();
  scene.show();
  await scene.client("Mallory", "--name", "Mallory", "--number", "101");
  await scene.end();
}

/** One scene for each mode, in this order. */
const SCENES: Record<ModeName, () => Promise<void>> = {
  permission,
  uppercase,
  sequence,
  chat,
  sum,
};

if (import.meta.main) {
  if (isShown) {
    const address = bold(`http://127.0.0.1:${PAGE_PORT}/`);
    console.log(`Open ${address} in a browser now.`);
  }
  for (const play of Object.values(SCENES)) await play();
  console.log(`\nNow play them yourself: see ${bold("README.md")}.`);
}
