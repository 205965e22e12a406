/**
 * Every `console` block of README.md, and of each room's README.md, as it stands.
 *
 * A block is a terminal, and its lines are what a person sees there:
 *
 * - `$ command` is entered in a shell, in the project's folder. A command may go
 *   on after a `\`. The next `$` waits until the command before has ended.
 * - What follows a client's prompt is typed (`Message: hello`), and so is, in
 *   `chat`, what follows its own label (`X: hello`); nothing is typed into a
 *   pipe, or to a client with `--message`.
 * - `^C` and `^D` are keys, which are pressed when the terminals that were
 *   opened later have shown everything. A program that has shown all of its
 *   block needs neither: it is ended with the session.
 * - `...` stands for any lines, none included.
 * - Every other line is one that must come next, standard error included. Free
 *   ports (from 30000) and times (with three decimals or more) may differ, and a
 *   busy machine may have programs say that somebody takes long.
 *
 * Blocks with nothing between them are terminals of one session. They are opened
 * in their order, each once the one before is ready (`listening on`), waits
 * (`waiting for`) or has shown everything. Text between two blocks begins a new
 * session, unless it has the word "terminal" in it: "In a second terminal:".
 *
 * A comment on a line of its own before a block says more about it:
 *
 *     <!-- not run: needs a browser -->
 *     <!-- file client.py -->                        the block is this file
 *     <!-- file server.py: tests/some/server.py -->  a copy; no block follows
 *
 * Files are there for all sessions that follow. Programs write to a pipe, which
 * keeps standard output and standard error in order, but has no prompts: those
 * are known from the assignments.
 */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { MODE_NAMES, type ModeName, MODES } from "../../lib/rules.ts";
import { takeClientPorts } from "../support/client_ports.ts";
import { readDocument, type Session } from "../support/console_blocks.ts";
import { playSession } from "../support/console_player.ts";
import { documentPaths } from "../support/documents.ts";
import { has } from "../support/machine.ts";

const PROJECT = new URL("../../", import.meta.url);

/** The programs of others that a block may need. */
const OTHERS = /\b(?:python3|node|jq|nc|ncat|socat|gcc|javac|java)\b/g;

/** What our clients ask. */
const PROMPTS = [
  "Client port: ",
  "Message: ",
  "Input lowercase sentence: ",
  "Client (X or Y): ",
  "Your name: ",
  "Enter an integer between 1 and 100: ",
];

function commandsOf(session: Session): string {
  return session.terminals.flatMap(({ commands }) =>
    commands.map(({ text }) => text)
  ).join("\n");
}

function modeOf(session: Session): ModeName {
  const [, name] = /(?:--mode|-m)[ =](\w+)/.exec(commandsOf(session)) ?? [];
  return MODE_NAMES.find((each) => each === name) ?? "permission";
}

/** What has been started at each place: sessions there follow one another. */
const places = new Map<string, Promise<void>>();

/** Plays a session when its ports are free. */
function play(session: Session): Promise<void> {
  const mode = modeOf(session);
  const { transport, port } = MODES[mode];
  const place = `${transport} ${port}`;
  const before = places.get(place) ?? Promise.resolve();
  const playing = before.catch(() => {}).then(async () => {
    using _ = mode === "permission" ? await takeClientPorts() : undefined;
    await playSession(session);
  });
  places.set(place, playing);
  playing.catch(() => {}); // thrown in the session's step
  return playing;
}

for (const path of documentPaths()) {
  Deno.test(`the console blocks of ${path}`, async (t) => {
    const markdown = Deno.readTextFileSync(new URL(path, PROJECT));
    const { sessions, notRun } = readDocument(markdown, PROMPTS);
    const steps = sessions.map((session) => {
      const needed = commandsOf(session).match(OTHERS) ?? [];
      const missing = [...new Set(needed)].filter((each) => !has(each));
      const ignore = missing.length > 0;
      const reason = ` (ignored: no ${missing.join(", ")} on this machine)`;
      return {
        name: `line ${session.line}: ${session.heading}${ignore ? reason : ""}`,
        ignore,
        playing: ignore ? undefined : play(session),
      };
    });
    for (const { name, ignore, playing } of steps) {
      await t.step({ name, ignore, fn: () => playing! });
    }
    for (const [line, reason] of notRun) {
      await t.step({
        name: `line ${line} (not run: ${reason})`,
        ignore: true,
        fn: () => {},
      });
    }
  });
}

/** Documents of one session, and what is wrong with it, if anything. */
const SAMPLES: Record<string, [markdown: string, error: RegExp | undefined]> = {
  "a line that does not come": [
    "```console\n$ echo a\nb\n```",
    /\ba\b[^]*\bb\b/,
  ],
  "a line too many": ["```console\n$ printf 'a\\nb\\n'\na\n```", /\bb\b/],
  "a line too few": ["```console\n$ echo a\na\nb\n```", /\bb\b/],
  "a line of the first of two commands": [
    "```console\n$ echo a\n$ echo b\nb\n```",
    /\ba\b/,
  ],
  "any lines": [
    "```console\n$ printf 'a\\nb\\nc\\nd\\n'\n...\nb\nc\n...\n```",
    undefined,
  ],
  "a command of two lines, a time, and a free port": [
    "```console\n$ echo 1.234567 \\\n  127.0.0.1:45000\n9.876 127.0.0.1:50000\n```",
    undefined,
  ],
  "the program's own port": [
    "```console\n$ echo 127.0.0.1:12000\n127.0.0.1:8000\n```",
    /8000/,
  ],
  "a file of the document": [
    "<!-- file a.txt -->\n```text\nhello\n```\n```console\n$ cat a.txt\nhello\n```",
    undefined,
  ],
  "a file of the project": [
    "<!-- file ignored: .gitignore -->\n```console\n$ cmp ignored .gitignore\n```",
    undefined,
  ],
  "a key in one terminal, another command after it": [
    "```console\n$ cat\n^C\n$ echo a\na\n```\nIn another terminal:\n```console\n$ echo b\nb\n```",
    undefined,
  ],
};

Deno.test("what a block shows is compared", async (t) => {
  for (const [name, [markdown, error]] of Object.entries(SAMPLES)) {
    await t.step(name, async () => {
      const { sessions } = readDocument(markdown, PROMPTS);
      assertEquals(sessions.length, 1);
      const playing = playSession(sessions[0]!);
      if (error === undefined) return await playing;
      const { message } = await assertRejects(() => playing, Error);
      assertMatch(stripAnsiCode(message), error);
    });
  }
});
