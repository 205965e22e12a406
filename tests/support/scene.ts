/**
 * A mode of the demo: its programs, and what they print, with the program's name
 * before it and a `>` before what is typed.
 */
import { bold, cyan, dim, green, magenta, yellow } from "@std/fmt/colors";
import { type ModeName, MODES } from "../../lib/rules.ts";
import { type Script, startClient, startServer, until } from "./harness.ts";

/** Whether a browser is to show the wire. */
export const isShown = Deno.args.includes("--view");
/** Where the page is: the same for all servers, so that it goes on. */
export const PAGE_PORT = 9_000;
/** How long to wait before each step when it is shown, in milliseconds. */
const STEP = 1_500;
/** How long the page stays before the first step, in milliseconds. */
const OPENING = 8_000;
/** Loses the first answer and the question that repeats it, and no more. */
export const LOSS = ["--loss", "25%", "--seed", "530"];
export const RETRIES = ["--timeout", "1", "--retries", "5"];

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
export class Scene implements AsyncDisposable {
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

/** Starts a mode's server with some options. */
export type OpenScene = (...args: string[]) => Promise<Scene>;
