/**
 * How the client ends before its assignment is over: by a signal, or at the end
 * of its input. Whatever the moment, it ends by itself, with its exit status and
 * at most one line about it.
 */
import { assert, assertEquals } from "@std/assert";
import { MODE_NAMES, type ModeName, MODES } from "../../lib/rules.ts";
import {
  RawDatagrams,
  RawStream,
  type Script,
  startClient,
  within,
} from "../support/harness.ts";

/** Servers of the tests' own, on a port of each transport. */
class Servers implements Disposable {
  readonly udp = new RawDatagrams();
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #accepted: RawStream[] = [];

  portOf(mode: ModeName): number {
    const { transport } = MODES[mode];
    return transport === "udp" ? this.udp.port : this.#listener.addr.port;
  }

  async accept(): Promise<RawStream> {
    const conn = await within(this.#listener.accept(), "a client");
    const stream = new RawStream(conn);
    this.#accepted.push(stream);
    return stream;
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    this.udp[Symbol.dispose]();
    for (const stream of this.#accepted) stream[Symbol.dispose]();
  }
}

/** A moment in a client's life, and how to know that it has come. */
interface Moment {
  name: string;
  args: string[];
  /** Leads the client there. */
  lead(client: Script, servers: Servers): Promise<void>;
  /** What it ends with when its input ends here; undefined where it goes on. */
  endOfInput?: { status: number; line?: string };
}

const X = ["--client", "X"];
const ALICE = [...X, "--name", "Alice"];

/** A wrong answer at a prompt is refused, and the prompt comes again. */
function refused(answer: string, line: string): Moment["lead"] {
  return async (client) => {
    await client.type(`${answer}\n`);
    await client.prints(line, client.stderr);
  };
}

/** Says something over UDP, and has it answered or not. */
function said(isAnswered: boolean): Moment["lead"] {
  return async (client, { udp }) => {
    await client.type("hello\n");
    const { port } = await udp.receive();
    if (!isAnswered) return;
    await udp.send("HELLO", port);
    await client.prints("HELLO\n");
  };
}

/** Connects and introduces itself; then the server says something, or nothing. */
function introduced(reply = ""): Moment["lead"] {
  return async (client, servers) => {
    const server = await servers.accept();
    await server.receives("Client X: Alice");
    await client.prints("waiting for the partner\n", client.stderr);
    await server.send(reply);
    await client.prints(reply);
  };
}

const ACKNOWLEDGMENT = "X: Alice received before Y: Bob\n";

/** In `permission` and `uppercase`. */
const ASKING: Moment[] = [
  {
    name: "asked for a message",
    args: [],
    lead: said(true),
    endOfInput: { status: 0 },
  },
  { name: "waiting for an answer", args: [], lead: said(false) },
];

/** In `sequence` and `chat`. */
const INTRODUCING: Moment[] = [
  {
    name: "asked for X or Y",
    args: [],
    lead: refused("Z", "Not X or Y: Z"),
    endOfInput: { status: 1, line: "--client" },
  },
  {
    name: "asked for its name",
    args: X,
    lead: refused("", "at least one letter"),
    endOfInput: { status: 1, line: "--name" },
  },
];

const MOMENTS: Record<ModeName, Moment[]> = {
  permission: [
    {
      name: "asked for its port",
      args: [],
      lead: refused("none", "Not a port: none"),
      endOfInput: { status: 1, line: "--client-port" },
    },
    ...ASKING.map((moment) => ({ ...moment, args: ["--client-port", "0"] })),
  ],
  uppercase: ASKING,
  sequence: [
    ...INTRODUCING,
    { name: "waiting for its partner", args: ALICE, lead: introduced() },
  ],
  chat: [
    ...INTRODUCING,
    {
      name: "waiting for its partner",
      args: [...ALICE, "--timeout", "0.5"],
      lead: introduced(),
      endOfInput: { status: 1, line: "--timeout" },
    },
    {
      name: "talking",
      args: ALICE,
      lead: introduced(ACKNOWLEDGMENT),
      endOfInput: { status: 0 },
    },
  ],
  sum: [
    {
      name: "asked for its number",
      args: ["--log-level", "info"],
      lead: refused("ten", "Not an integer: ten"),
      endOfInput: { status: 1, line: "--number" },
    },
    {
      name: "waiting for the reply",
      args: ["--number", "5", "--log-level", "info"],
      lead: async (_, servers) => {
        await (await servers.accept()).receives("}");
      },
    },
  ],
};

/** All of them, each with its mode. */
const ALL = MODE_NAMES.flatMap((mode) =>
  MOMENTS[mode].map((moment) => ({ mode, moment }))
);

/** Brings a client to a moment, does something, and waits for its end. */
async function endAt(
  mode: ModeName,
  moment: Moment,
  act: (client: Script) => void | Promise<void>,
): Promise<{ status: number; lines: string[] }> {
  using servers = new Servers();
  const args = ["--mode", mode, ...moment.args];
  await using client = await startClient(servers.portOf(mode), args);
  await moment.lead(client, servers);
  const before = client.stderr.lines.length;
  await act(client);
  const status = await client.exits();
  return { status, lines: client.stderr.lines.slice(before) };
}

Deno.test("Ctrl-C ends the client with 130, SIGTERM with 143", async (t) => {
  for (const { mode, moment } of ALL) {
    await t.step(`${mode}, ${moment.name}`, async () => {
      for (const [signal, status] of STATUSES) {
        const kill = (client: Script) => client.kill(signal);
        const ended = await endAt(mode, moment, kill);
        assertEquals(ended, { status, lines: [] });
      }
    });
  }
});

const STATUSES: [Deno.Signal, number][] = [["SIGINT", 130], ["SIGTERM", 143]];

Deno.test("the end of the input ends the client at every prompt", async (t) => {
  for (const { mode, moment } of ALL) {
    const { endOfInput } = moment;
    if (endOfInput === undefined) continue;
    await t.step(`${mode}, ${moment.name}`, async () => {
      const end = (client: Script) => client.endInput();
      const ended = await endAt(mode, moment, end);
      assertEquals(ended.status, endOfInput.status);
      const { line } = endOfInput;
      assertEquals(ended.lines.length, line === undefined ? 0 : 1);
      assert(ended.lines.every((text) => text.includes(line!)), ended.lines[0]);
    });
  }
});
