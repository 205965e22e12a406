/**
 * Plays the sessions of a document: each command in a shell, as it stands, in a
 * folder that looks like the project's.
 */
import { assertEquals } from "@std/assert";
import { Script, until } from "./harness.ts";
import type { Command, FileSource, Session, Step } from "./console_blocks.ts";

const PROJECT = new URL("../../", import.meta.url);

/** How long a line may take that a block shows, in milliseconds. */
const PATIENCE = 40_000;
/**
 * For how long nothing has to be printed anywhere before somebody types, or opens
 * the next terminal, in milliseconds: a person would be slower, and the server
 * takes 100 ms to see that a message without a line feed has ended.
 */
const QUIET = 250;
/** The same for a terminal that has not shown what it waits for. */
const STUCK = 1_500;

/** What a program says when the others take long, as they do on a busy machine. */
const SLOW = /no answer yet|has not answered|has connected and said nothing/;

/** What a program says that goes on once somebody else has come. */
const WAITS = /listening on|waiting for/;

/** Plays a session, and throws if a terminal shows anything else. */
export async function playSession(session: Session): Promise<void> {
  const folder = await Deno.makeTempDir();
  await using player = new Player(session, folder);
  await furnish(folder, session.files);
  await player.play();
}

/** The project's files, the session's, and the Deno that runs this test. */
async function furnish(
  folder: string,
  files: ReadonlyMap<string, FileSource>,
): Promise<void> {
  for await (const { name } of Deno.readDir(PROJECT)) {
    if (name === ".git") continue;
    await Deno.symlink(new URL(name, PROJECT).pathname, `${folder}/${name}`);
  }
  for (const [name, source] of files) {
    const text = "text" in source
      ? source.text
      : await Deno.readTextFile(new URL(source.path, PROJECT));
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  await Deno.mkdir(`${folder}/bin`);
  // It tells its process, for the keys.
  const deno =
    `#!/bin/sh\necho $$ >> "$PIDS"\nexec '${Deno.execPath()}' "$@"\n`;
  await Deno.writeTextFile(`${folder}/bin/deno`, deno, { mode: 0o755 });
}

/** A session's terminals. */
class Player implements AsyncDisposable {
  readonly #session: Session;
  readonly #folder: string;
  readonly #terminals: Terminal[] = [];
  #failed = false;

  constructor(session: Session, folder: string) {
    this.#session = session;
    this.#folder = folder;
  }

  async play(): Promise<void> {
    const playing: Promise<void>[] = [];
    for (const [i, { commands }] of this.#session.terminals.entries()) {
      if (i > 0) await this.#untilNextMayOpen(this.#terminals[i - 1]!);
      const terminal = new Terminal(this.#folder, i);
      this.#terminals.push(terminal);
      playing.push(this.#playTerminal(terminal, commands));
      playing.at(-1)!.catch(() => this.#failed = true);
    }
    await Promise.all(playing);
    await this.#untilQuiet();
    for (const terminal of this.#terminals) terminal.assertNoMore();
  }

  async #playTerminal(
    terminal: Terminal,
    commands: readonly Command[],
  ): Promise<void> {
    for (const [i, { text, steps }] of commands.entries()) {
      if (i > 0) await terminal.ends();
      terminal.enter({ text, steps });
      for (const step of steps) await this.#take(terminal, step);
    }
    terminal.isComplete = true;
  }

  async #take(terminal: Terminal, step: Step): Promise<void> {
    switch (step.type) {
      case "anything":
        return terminal.skip();
      case "shows":
        return await terminal.shows(step.text);
      case "types":
        await this.#untilQuiet();
        return await terminal.types(`${step.text}\n`);
      case "key":
        terminal.isAtKey = true;
        await this.#untilLaterAreComplete(terminal);
        return await terminal.press(step.key);
    }
  }

  async #untilNextMayOpen(last: Terminal): Promise<void> {
    const mayOpen = () =>
      this.#failed ||
      (this.#quiet() > QUIET && (last.isComplete || last.isAtKey ||
        last.isWaiting || (last.hasOutput && this.#quiet() > STUCK)));
    await until(mayOpen, "a terminal that waits", PATIENCE);
  }

  /** For how long nothing has been printed anywhere, in milliseconds. */
  #quiet(): number {
    const changes = this.#terminals.map(({ changed }) => changed);
    return Date.now() - Math.max(...changes);
  }

  async #untilQuiet(): Promise<void> {
    const isQuiet = () => this.#failed || this.#quiet() > QUIET;
    await until(isQuiet, "silence", PATIENCE);
  }

  async #untilLaterAreComplete(terminal: Terminal): Promise<void> {
    const count = this.#session.terminals.length;
    const areComplete = () =>
      this.#failed || (this.#terminals.length === count &&
        this.#terminals.slice(this.#terminals.indexOf(terminal) + 1)
          .every(({ isComplete }) => isComplete));
    await until(areComplete, "the end of the other terminals", PATIENCE);
    await this.#untilQuiet();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const terminal of this.#terminals) await terminal.close();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** A terminal, and the command that runs there. */
class Terminal {
  readonly #folder: string;
  /** The file that names the processes of Deno that run here. */
  readonly #pids: string;
  #running: Script | undefined;
  /** How many lines of the command have been compared. */
  #seen = 0;
  /** Whether any lines may come next. */
  #skips = false;
  /** Whether the block has a line that comes only if others take long. */
  #isSlow = false;
  #length = 0;
  #changed = Date.now();
  isComplete = false;
  /** Whether a key is to be pressed next. */
  isAtKey = false;

  constructor(folder: string, index: number) {
    this.#folder = folder;
    this.#pids = `${folder}/bin/pids${index}`;
  }

  /** When something happened here, as far as anybody has looked. */
  get changed(): number {
    const length = this.#running?.stdout.text.length ?? 0;
    if (length !== this.#length) this.#changed = Date.now();
    this.#length = length;
    return this.#changed;
  }

  get #lines(): string[] {
    const lines = this.#running?.stdout.lines ?? [];
    return this.#isSlow ? lines : lines.filter((line) => !SLOW.test(line));
  }

  get hasOutput(): boolean {
    return this.#lines.length > 0;
  }

  get isWaiting(): boolean {
    return WAITS.test(this.#lines.slice(0, this.#seen).join("\n"));
  }

  enter({ text: command, steps }: Command): void {
    this.#isSlow = steps.some((step) => "text" in step && SLOW.test(step.text));
    // A key is for the program, not for a shell around it.
    const isSimple = !/[|;&(]/.test(command.replace(/'[^']*'/g, ""));
    this.#running = new Script(
      new Deno.Command("sh", {
        args: ["-c", `exec 2>&1\n${isSimple ? "exec " : ""}${command}`],
        cwd: this.#folder,
        env: {
          PATH: `${this.#folder}/bin:${Deno.env.get("PATH")}`,
          PIDS: this.#pids,
          NO_COLOR: "1",
          PYTHONUNBUFFERED: "1",
        },
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn(),
    );
    this.#seen = this.#length = 0;
    this.#changed = Date.now();
    this.#skips = false;
  }

  skip(): void {
    this.#skips = true;
  }

  /** Waits for a line, which has to be the next one unless any may come. */
  async shows(expected: string): Promise<void> {
    let hasEnded = false;
    this.#running!.exits(PATIENCE).then(() => hasEnded = true, () => {});
    const isThere = () => this.#find(expected) >= 0;
    const isOther = () => !this.#skips && this.#lines.length > this.#seen;
    const isDecided = () => isThere() || isOther() || hasEnded;
    await until(isDecided, expected, PATIENCE).catch(() => {});
    if (!isThere()) assertEquals(normal(this.#rest()), normal(expected));
    this.#seen = this.#find(expected) + 1;
    this.#skips = false;
  }

  /** The place of a line among those that may come next; -1 if it is not there. */
  #find(expected: string): number {
    const end = this.#skips ? undefined : this.#seen + 1;
    const lines = this.#lines.slice(this.#seen, end).map(normal);
    const index = lines.indexOf(normal(expected));
    return index < 0 ? index : this.#seen + index;
  }

  #rest(): string {
    return this.#lines.slice(this.#seen).join("\n");
  }

  async types(text: string): Promise<void> {
    this.#changed = Date.now();
    await this.#running!.type(text);
  }

  /** Waits until the command has ended. */
  async ends(): Promise<void> {
    await this.#running!.endInput();
    await this.#running!.exits(PATIENCE);
    this.assertNoMore();
  }

  assertNoMore(): void {
    if (!this.#skips) assertEquals(this.#rest(), "");
  }

  async press(key: "C" | "D"): Promise<void> {
    if (key === "D") await this.#running!.endInput();
    else await this.#signal("SIGINT");
  }

  async #signal(signal: Deno.Signal): Promise<void> {
    const pids = await Deno.readTextFile(this.#pids).catch(() => "");
    const all = pids.split("\n").filter(Boolean).map(Number);
    if (this.#running) all.push(this.#running.pid);
    for (const pid of new Set(all)) {
      try {
        Deno.kill(pid, signal);
      } catch {
        // It has ended already.
      }
    }
  }

  async close(): Promise<void> {
    await this.#signal("SIGKILL");
    await this.#running?.[Symbol.asyncDispose]();
  }
}

/** A line without what is different each time: free ports, and times. */
function normal(line: string): string {
  return line
    .replace(/(127\.0\.0\.1(?::|', ))[3-6]\d{4}\b/g, "$1PORT")
    .replace(/\b\d+\.\d{3,}\b/g, "TIME");
}
