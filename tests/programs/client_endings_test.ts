/**
 * How the client ends before its assignment is over: by a signal, or at the end
 * of its input. Whatever the moment, it ends by itself, with its exit status and
 * at most one line about it.
 */
import { assert, assertEquals } from "@std/assert";
import { MODE_NAMES, type ModeName, MODES } from "../../lib/rules.ts";
import { MODE_TESTS } from "../modes.ts";
import type { Moment, TestServers } from "../support/mode_tests.ts";
import {
  RawDatagrams,
  RawStream,
  type Script,
  startClient,
  within,
} from "../support/harness.ts";

/** Servers of the tests' own, on a port of each transport. */
class Servers implements TestServers, Disposable {
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

/** All of them, each with its mode. */
const ALL = MODE_NAMES.flatMap((mode) =>
  MODE_TESTS[mode].moments.map((moment) => ({ mode, moment }))
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
