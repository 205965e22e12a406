/**
 * The scripts on a real terminal: what a person sees who types while messages
 * come, pastes, changes the window, and presses Ctrl-C.
 */
import { assert, assertEquals } from "@std/assert";
import { MAX_TYPED } from "../../lib/cli/line_editor.ts";
import {
  RawStream,
  type Script,
  startServer,
  until,
} from "../support/harness.ts";
import { hasTmux, type Terminal, Tmux } from "../support/tmux.ts";

/** A test that needs a terminal; where there is none, its name says so. */
function testOnTerminal(
  name: string,
  fn: (t: Deno.TestContext) => Promise<void>,
): void {
  const ignore = !hasTmux();
  const suffix = ignore ? " (ignored: no tmux on this machine)" : "";
  Deno.test({ name: `tmux: ${name}${suffix}`, ignore, fn });
}

/** The end of a script whose terminal is as it was before. */
function ended(status: number): RegExp {
  return new RegExp(`^<status ${status} icanon>$`);
}

const ALICE = ["--mode", "chat", "--client", "X", "--name", "Alice"]
  .concat("--log-level", "info");
const ACKNOWLEDGMENT = "X: Alice received before Y: Bob";

/** Alice at a terminal, and Bob, who is a raw connection. */
class Chat implements AsyncDisposable {
  private constructor(
    readonly server: Script,
    readonly tmux: Tmux,
    readonly alice: Terminal,
    readonly bob: RawStream,
  ) {}

  static async begin(env: Record<string, string> = {}): Promise<Chat> {
    await using stack = new AsyncDisposableStack();
    const { server, port } = await startServer(["--mode", "chat"]);
    stack.use(server);
    const tmux = stack.use(new Tmux());
    const args = ["client.ts", ...ALICE, "--port", `${port}`];
    const alice = await tmux.open(args, env);
    await server.prints("Client X: Alice\n");
    const bob = stack.use(await RawStream.connect(port));
    await bob.send("Client Y: Bob\n");
    await bob.receives(ACKNOWLEDGMENT);
    await alice.prints(new RegExp(`^${ACKNOWLEDGMENT}$`));
    await alice.prints(/^X:$/); // what is typed before it has a line of its own
    stack.move();
    return new Chat(server, tmux, alice, bob);
  }

  /** What Alice sees: her introduction, the beginning, and then these lines. */
  async shows(...lines: string[]): Promise<void> {
    await this.alice.shows("Client X: Alice", ACKNOWLEDGMENT, ...lines);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tmux[Symbol.asyncDispose]();
    this.bob[Symbol.dispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

/** Longer than a row, and than two. */
const LONG = "abcdefghij".repeat(19);

testOnTerminal("a line being typed survives messages", async () => {
  await using chat = await Chat.begin();
  const { alice, bob } = chat;
  await alice.type("hello Bob");
  await alice.press("Enter");
  await bob.receives("hello Bob\n");
  await chat.shows("X: hello Bob", "X:");
  await alice.type(LONG);
  await bob.send("hello Alice\n");
  await chat.shows("X: hello Bob", "Y: hello Alice", `X: ${LONG}`);
  await alice.press(...Array.from({ length: 100 }, () => "Left"));
  await bob.send("日本語 👍\n");
  const said = ["X: hello Bob", "Y: hello Alice", "Y: 日本語 👍"];
  await chat.shows(...said, `X: ${LONG}`);
  await alice.type("##");
  const typed = `${LONG.slice(0, 90)}##${LONG.slice(90)}`;
  await chat.shows(...said, `X: ${typed}`);
  await alice.press("Enter");
  await bob.receives(`${typed}\n`);
  await bob.send("Bye\n");
  await alice.prints(ended(0));
  await chat.shows(...said, `X: ${typed}`, "Y: Bye", "<status 0 icanon>");
});

testOnTerminal("a window that is made wider and narrower", async (t) => {
  for (const widths of [[120], [50], [120, 50], [40, 193, 97, 80]]) {
    await t.step(widths.join(", "), async () => {
      await using chat = await Chat.begin();
      const { alice, bob } = chat;
      await alice.type(LONG);
      const said: string[] = [];
      const say = async (text: string) => {
        await bob.send(`${text}\n`);
        said.push(`Y: ${text}`);
        await chat.shows(...said, `X: ${LONG}`);
      };
      await say("first");
      for (const width of widths) {
        await alice.resize(width);
        await chat.shows(...said, `X: ${LONG}`);
        await say(`at ${width}`);
      }
      await alice.press("Enter");
      await bob.receives(`${LONG}\n`);
    });
  }
});

testOnTerminal("a paste", async (t) => {
  for (const length of [1_000, 8_000, 60_000]) {
    await t.step(`of ${length} characters, and Ctrl-C`, async () => {
      await using chat = await Chat.begin();
      const { alice, bob } = chat;
      await alice.paste("abcdefghij".repeat(length / 10));
      await alice.press("C-c");
      await alice.prints(ended(130));
      assert(!bob.received.includes("abc"));
    });
  }
  await t.step("of 8000 characters is refused, and the next not", async () => {
    await using chat = await Chat.begin();
    const { alice, bob } = chat;
    await alice.paste("é李👍!".repeat(2_000));
    await alice.press("Enter");
    const text = `The line had more than ${MAX_TYPED} characters`;
    await alice.prints(new RegExp(text));
    await alice.type("short");
    await alice.press("Enter");
    await bob.receives("short\n");
    assert(!bob.received.includes("é"));
  });
  await t.step("of many lines", async () => {
    await using chat = await Chat.begin();
    const { alice, bob } = chat;
    const lines = Array.from({ length: 200 }, (_, n) => `line ${n} é李👍`);
    await alice.paste(lines.map((line) => `${line}\n`).join(""));
    await bob.receives("line 199 é李👍\n");
    const received = bob.received.split("\n").slice(1, -1);
    assertEquals(received, lines);
    await chat.shows(...lines.map((line) => `X: ${line}`), "X:");
  });
  await t.step("that somebody marks as one", async () => {
    await using chat = await Chat.begin();
    const { alice, bob } = chat;
    await alice.paste("\x1b[200~a\tb\x07c\x1b[201~");
    await alice.press("Enter");
    await bob.receives("a\tbc\n");
    await chat.shows("X: a bc", "X:");
  });
});

testOnTerminal("Ctrl-C and Ctrl-D", async (t) => {
  await t.step("Ctrl-C in a line", async () => {
    await using chat = await Chat.begin();
    await chat.alice.type("half a li");
    await chat.shows("X: half a li");
    await chat.alice.press("C-c");
    await chat.shows("<status 130 icanon>");
  });
  await t.step("Ctrl-D says Bye", async () => {
    await using chat = await Chat.begin();
    await chat.shows("X:");
    await chat.alice.press("C-d");
    await chat.bob.receives("Bye\n");
    await chat.shows("X: Bye", "<status 0 icanon>");
  });
});

/** Everything that was written to a client's window while it talked. */
async function recorded(env: Record<string, string>): Promise<string> {
  const file = await Deno.makeTempFile();
  try {
    await using chat = await Chat.begin(env);
    const { alice, bob } = chat;
    await alice.record(file);
    await bob.send("hello Alice\n");
    await alice.prints(/^Y: hello Alice$/);
    await alice.type("hello");
    await alice.press("Enter");
    await bob.receives("hello\n");
    await bob.send("Bye\n");
    await alice.prints(ended(0));
    const read = () => Deno.readTextFile(file);
    await until(async () => (await read()).includes("<status"), "a record");
    return await read();
  } finally {
    await Deno.remove(file);
  }
}

testOnTerminal("escape sequences", async (t) => {
  await t.step("are used where they are understood", async () => {
    assert((await recorded({ TERM: "xterm" })).includes("\x1b["));
  });
  await t.step("are not, where TERM is dumb", async () => {
    const text = await recorded({ TERM: "dumb" });
    assert(!text.includes("\x1b"), JSON.stringify(text));
    // The prompt was there already; the message begins a line of its own.
    const lines = text.replaceAll("\r", "").split("\n");
    assertEquals(lines.slice(0, 3), ["", "Y: hello Alice", "X: hello"]);
  });
});

testOnTerminal("colours", async (t) => {
  const rows: [name: string, env: Record<string, string>, isRed: boolean][] = [
    ["on a terminal", { NO_COLOR: "", TERM: "xterm" }, true],
    ["not with NO_COLOR", { NO_COLOR: "1", TERM: "xterm" }, false],
    ["not on a dumb one", { NO_COLOR: "", TERM: "dumb" }, false],
  ];
  for (const [name, env, isRed] of rows) {
    await t.step(name, async () => {
      await using tmux = new Tmux();
      const client = await tmux.open(["client.ts", "--bogus"], env);
      await client.prints(ended(2));
      assertEquals((await client.colored()).includes("\x1b[31m[ERROR]"), isRed);
    });
  }
});
