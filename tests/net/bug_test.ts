/**
 * A bug in the rules is loud: the server rejects with what was thrown, over both
 * transports, and lets go of every socket. What a peer does wrong never is.
 */
import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { bind, listen } from "../../lib/net/address.ts";
import { serveStreams } from "../../lib/net/tcp_server.ts";
import { serveDatagrams } from "../../lib/net/udp_server.ts";
import { brokenRules, Bug, type Place } from "../support/broken_rules.ts";
import { RawDatagrams, RawStream, within } from "../support/harness.ts";
import { ANY, collectingPrinter } from "../support/in_process.ts";

/** What a server rejects with; a failed test where it ends well. */
async function rejection(ended: Promise<void>): Promise<Error> {
  const settled = ended.then(
    () => new Error("it ended well"),
    (error) => error,
  );
  return await within(settled, "the end of the server");
}

Deno.test("UDP: what the rules throw ends the server, and frees its port", async () => {
  const socket = bind(ANY);
  const { port } = socket.addr as Deno.NetAddr;
  const { printer, stdout } = collectingPrinter();
  const { signal } = new AbortController();
  const rules = brokenRules("message");
  const ended = rejection(serveDatagrams(socket, rules, printer, signal));
  using client = new RawDatagrams();
  await client.send("hello", port);
  await client.send("strike", port);
  const error = await ended;
  assertInstanceOf(error, Bug);
  assertEquals(error.message, "the bug in message");
  printer.flush();
  assertEquals(stdout.lines, ["message went well"]);
  bind({ ...ANY, port }).close();
});

/** What a peer does to make the bug strike. */
const STRIKES: Record<
  Exclude<Place, "silent">,
  (peer: RawStream) => Promise<void>
> = {
  opened: async () => {},
  message: (peer) => peer.send("hello\nstrike\n"),
  closed: (peer) => peer.endSending(),
};

Deno.test("TCP: what the rules throw ends the server, and frees its sockets", async (t) => {
  for (const [place, strike] of Object.entries(STRIKES)) {
    await t.step(place, async () => {
      const listener = listen(ANY);
      const { port } = listener.addr;
      const { printer: journal } = collectingPrinter();
      const { signal } = new AbortController();
      const rules = brokenRules(place as Place);
      const options = { rules, json: false, journal, signal };
      const ended = rejection(serveStreams(listener, options));
      using bystander = await RawStream.connect(port);
      using peer = await RawStream.connect(port);
      await strike(peer).catch(() => {}); // the server may have gone
      const error = await ended;
      assertInstanceOf(error, Bug);
      assertEquals(error.message, `the bug in ${place}`);
      assert(error.stack?.includes("broken_rules.ts"), error.stack);
      await Promise.all([bystander.ends(), peer.ends()]);
      listen({ ...ANY, port }).close();
      journal.flush();
    });
  }
});
