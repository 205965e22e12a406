/**
 * A UDP client that asks again: so many times and not once more, each time said
 * and counted; and with two answers to one question the next question still
 * gets its own.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DatagramClient } from "../../lib/net/udp_client.ts";
import { Failure } from "../../lib/rules/contract.ts";
import { RawDatagrams, until } from "../support/harness.ts";
import { collectingPrinter } from "../support/in_process.ts";

/** How long the client waits for each answer, in milliseconds. */
const TIMEOUT = 150;

/** A client that asks again, and the server of the test's that it asks. */
class Asking implements Disposable {
  readonly server = new RawDatagrams();
  readonly client: DatagramClient;
  sent = 0;
  readonly #output = collectingPrinter();

  constructor(retries: number, timeout = TIMEOUT) {
    const address = { hostname: "127.0.0.1", port: this.server.port };
    const { printer: journal } = this.#output;
    const onSent = () => this.sent++;
    const options = { timeout, retries, journal, onSent };
    this.client = new DatagramClient(address, 0, options);
  }

  /** The log; each line without the ports, which are free ones. */
  get log(): string[] {
    this.#output.printer.flush();
    return this.#output.stderr.lines.map((line) =>
      line.replace(/:\d+:/, ":P:")
    );
  }

  /** Takes a question so many times; gives the port that it came from. */
  async hears(text: string, times: number): Promise<number> {
    let from = 0;
    for (let i = 0; i < times; i++) {
      const question = await this.server.receive();
      assertEquals(question.text, text);
      from = question.port;
    }
    return from;
  }

  [Symbol.dispose](): void {
    this.client.close();
    this.server[Symbol.dispose]();
    this.#output.printer.flush();
  }
}

function again(retry: number, retries: number): string {
  return `[INFO] [client]: no answer within 0.15 s: asking again ` +
    `(${retry} of ${retries})`;
}

Deno.test("asks again so many times, then gives up", async (t) => {
  for (const retries of [0, 1, 3]) {
    await t.step(`${retries}`, async () => {
      using asking = new Asking(retries);
      const start = performance.now();
      await assertRejects(
        () => asking.client.request("who?"),
        Failure,
        `No answer from 127.0.0.1:${asking.server.port} within 0.15 s.`,
      );
      assert(performance.now() - start >= (retries + 1) * TIMEOUT - 2);
      await asking.hears("who?", retries + 1);
      assert(await asking.server.isSilent(2 * TIMEOUT));
      assertEquals(asking.sent, retries + 1);
      const said = Array.from(
        { length: retries },
        (_, i) => again(i + 1, retries),
      );
      assertEquals(asking.log, said);
    });
  }
});

Deno.test("asks no more once it is answered", async () => {
  using asking = new Asking(5);
  const answer = asking.client.request("who?");
  const port = await asking.hears("who?", 2);
  await asking.server.send("me", port);
  assertEquals(await answer, "me");
  // Slow machines: it may have asked once more before the answer was there.
  const { sent } = asking;
  assertEquals(asking.log.length, sent - 1);
  await asking.server.isSilent(2 * TIMEOUT);
  assertEquals(asking.sent, sent);
});

Deno.test("an answer at once is not asked for again", async () => {
  using asking = new Asking(5, 15_000);
  for (const text of ["one", "two"]) {
    const answer = asking.client.request(text);
    const port = await asking.hears(text, 1);
    await asking.server.send(text.toUpperCase(), port);
    assertEquals(await answer, text.toUpperCase());
  }
  assertEquals([asking.sent, asking.log], [2, []]);
});

Deno.test("a second answer is not taken for the next question's", async () => {
  using asking = new Asking(1_000);
  const first = asking.client.request("one");
  const port = await asking.hears("one", 2);
  // Both copies of the question are answered, as by a server that is slow.
  await asking.server.send("ONE", port);
  await asking.server.send("ONE", port);
  assertEquals(await first, "ONE");
  const second = asking.client.request("two");
  await until(
    async () => (await asking.server.receive()).text === "two",
    "the second question",
  );
  await asking.server.send("TWO", port);
  assertEquals(await second, "TWO");
  const ignored = "[DEBUG] [client]: ignored 3 bytes from 127.0.0.1:P: " +
    "too late, or a second answer";
  await until(() => asking.log.includes(ignored), "the second one ignored");
});
