/**
 * Our scripts on a real terminal, `tmux`: what is typed and pasted there, how
 * wide the window is, and what a person sees.
 */
import { assertEquals } from "@std/assert";
import { until, within } from "./harness.ts";

const PROJECT = new URL("../../", import.meta.url).pathname;

/** Runs tmux; gives what it prints. */
async function run(args: string[], input = ""): Promise<string> {
  const process = new Deno.Command("tmux", {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout, stderr } = await within(process.output(), "tmux");
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`tmux ${args.join(" ")}: ${decoder.decode(stderr)}`);
}

/** Whether there is a tmux on this machine. */
export function hasTmux(): boolean {
  try {
    const args = ["-V"];
    const options = { args, stdout: "null", stderr: "null" } as const;
    return new Deno.Command("tmux", options).outputSync().success;
  } catch {
    return false;
  }
}

/** A word that the shell takes as it is. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Windows of one tmux server, which ends with the test. */
export class Tmux implements AsyncDisposable {
  static #count = 0;
  readonly #socket = `socket-lab-${Deno.pid}-${Tmux.#count++}`;

  /** Starts a script of ours in a window of its own, 80 by 24. */
  async open(
    args: string[],
    env: Record<string, string> = {},
  ): Promise<Terminal> {
    const flags = ["--quiet", "--allow-net=127.0.0.1", "--no-prompt"];
    const words = [Deno.execPath(), "run", ...flags, ...args];
    const settings = Object.entries({ NO_COLOR: "1", ...env })
      .map(([name, value]) => `${name}=${quoted(value)}`);
    // After its end the window tells the status, and how the terminal was left.
    const command = `${settings.join(" ")} ${words.map(quoted).join(" ")}; ` +
      `echo "<status $? $(stty -a | grep -o '[^ ]*icanon')>"; exec sleep 1000`;
    const size = ["-x", "80", "-y", "24"];
    const format = ["-P", "-F", "#{pane_id}"];
    const pane = await this.run([
      ...["new-session", "-d", ...size, ...format, "-c", PROJECT],
      command,
    ]);
    return new Terminal(this, pane.trim());
  }

  run(args: string[], input?: string): Promise<string> {
    return run(["-L", this.#socket, "-f", "/dev/null", ...args], input);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run(["kill-server"]).catch(() => {}); // nothing was opened
  }
}

/** One window, and the script in it. */
export class Terminal {
  readonly #tmux: Tmux;
  readonly #pane: string;

  constructor(tmux: Tmux, pane: string) {
    this.#tmux = tmux;
    this.#pane = pane;
  }

  /** Presses keys, by the names that tmux has for them. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux.run(["send-keys", "-t", this.#pane, ...keys]);
  }

  /** Types a text. */
  async type(text: string): Promise<void> {
    await this.#tmux.run(["send-keys", "-t", this.#pane, "-l", text]);
  }

  /** Pastes a text, as one. */
  async paste(text: string): Promise<void> {
    await this.#tmux.run(["load-buffer", "-"], text);
    await this.#tmux.run(["paste-buffer", "-t", this.#pane]);
  }

  /** Makes the window wider or narrower; waits until programs can know it. */
  async resize(columns: number): Promise<void> {
    const target = ["-t", this.#pane];
    const size = ["-x", String(columns), "-y", "24"];
    await this.#tmux.run(["resize-window", ...target, ...size]);
    const tty = await this.#tmux.run([
      "display",
      "-p",
      ...target,
      "#{pane_tty}",
    ]);
    const args = ["-F", tty.trim(), "size"];
    // The window changes first, and tmux tells its terminal a moment later.
    await until(async () => {
      const { stdout } = await new Deno.Command("stty", { args }).output();
      return new TextDecoder().decode(stdout) === `24 ${columns}\n`;
    }, `${columns} columns`);
  }

  /** What the window shows and has shown; a line that is wrapped is one. */
  async lines(): Promise<string[]> {
    const options = ["-p", "-J", "-S", "-"];
    const args = ["capture-pane", ...options, "-t", this.#pane];
    const lines = (await this.#tmux.run(args)).split("\n");
    const trimmed = lines.map((line) => line.trimEnd());
    return trimmed.slice(0, trimmed.findLastIndex((line) => line !== "") + 1);
  }

  /** What the window shows, with its colours. */
  colored(): Promise<string> {
    return this.#tmux.run(["capture-pane", "-p", "-e", "-t", this.#pane]);
  }

  /** All that is written to the window from now on goes to a file as well. */
  async record(file: string): Promise<void> {
    const command = `cat > ${quoted(file)}`;
    await this.#tmux.run(["pipe-pane", "-t", this.#pane, command]);
  }

  /** Waits until the window shows these lines, and no others. */
  async shows(...lines: string[]): Promise<void> {
    let shown: string[] = [];
    try {
      await until(
        async () => {
          shown = await this.lines();
          return shown.join("\n") === lines.join("\n");
        },
        "lines",
        10_000,
      );
    } catch {
      assertEquals(shown, lines);
    }
  }

  /** Waits until a line is like this; gives it. */
  async prints(pattern: RegExp): Promise<string> {
    let lines: string[] = [];
    try {
      await until(async () => {
        lines = await this.lines();
        return lines.some((line) => pattern.test(line));
      }, `${pattern}`);
    } catch (error) {
      throw new Error(`${error}\n${lines.join("\n")}`);
    }
    return lines.find((line) => pattern.test(line))!;
  }
}
