/**
 * The UDP sockets of a check: what comes is kept, and fixed ports are shared.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { Skip } from "../../../lib/check/play/case.ts";
import { freePort } from "../../../lib/check/play/ports.ts";
import { FixedPorts, Mailbox } from "../../../lib/check/play/mailbox.ts";
import { Timeouts } from "../../../lib/check/play/timeouts.ts";
import { aCheck } from "../a_check.ts";
import { DEADLINE, RawDatagrams, within } from "../../support/harness.ts";

const HOST = "127.0.0.1";

/** The fixed ports of one check, and what frees them in the end. */
function portsOf(timeouts = new Timeouts()): FixedPorts & Disposable {
  const ports = new FixedPorts(aCheck({ timeouts }));
  return Object.assign(ports, { [Symbol.dispose]: () => ports.release() });
}

Deno.test("what comes is kept in order, with the port that it came from", async () => {
  const { condition, ...place } = aCheck();
  const mailbox = new Mailbox({ condition, ...place }, 0);
  using peer = new RawDatagrams();
  try {
    await peer.send("one", mailbox.address.port);
    await peer.send("two", mailbox.address.port);
    await condition.until(() => mailbox.datagrams.length === 2, DEADLINE);
    const texts = mailbox.datagrams.map((
      { bytes, port },
    ) => [new TextDecoder().decode(bytes), port]);
    assertEquals(texts, [["one", peer.port], ["two", peer.port]]);
    await mailbox.send(mailbox.take()!.bytes, {
      hostname: HOST,
      port: peer.port,
    });
    assertEquals((await peer.receive()).text, "one");
    mailbox.empty();
    assertEquals(mailbox.take(), undefined);
  } finally {
    mailbox.close();
  }
});

Deno.test("ports that another check has are waited for", async () => {
  const [one, two] = [freePort(HOST), freePort(HOST)];
  using mine = portsOf();
  using theirs = portsOf();
  await mine.take([one, two]);
  await mine.take([one, two]);
  const waiting = theirs.take([one, two]);
  assertEquals(theirs.get(one), undefined);
  mine.release();
  await within(waiting, "the ports");
  assertEquals(theirs.get(two)?.address.port, two);
});

Deno.test("a port that does not become free is no fault of the program", async () => {
  using holder = new RawDatagrams();
  using ports = portsOf(new Timeouts(50));
  const error = await assertRejects(() => ports.take([holder.port]), Skip);
  assertEquals((error as Skip).blocks, true);
  assertEquals(
    (error as Skip).reason,
    `client port ${holder.port} is in use by another program: end that first`,
  );
});
