/**
 * What is played, and on what: the cases know nothing of sockets, and the
 * sockets nothing of the cases; here they meet, by the transport of the mode.
 */
import { requireDatagrams } from "../net/address.ts";
import { cannotListen } from "../net/errors.ts";
import { MODES } from "../rules.ts";
import { addressOf, Failure } from "../rules/contract.ts";
import type { Suite } from "./play/case.ts";
import { DatagramClientRun, DatagramStub } from "./play/datagram_client_run.ts";
import { DatagramServerRun } from "./play/datagram_server_run.ts";
import type { IdlePeriod } from "./play/idle_period.ts";
import { FixedPorts } from "./play/mailbox.ts";
import { isBound, isServed } from "./play/ports.ts";
import type { Check, Run } from "./play/run.ts";
import { StreamClientRun, StreamStub } from "./play/stream_client_run.ts";
import { StreamServerRun } from "./play/stream_server_run.ts";

/** How runs begin, and what they share. */
export interface Plan {
  /** A run of one suite, which has not begun. */
  run(suite: Suite<Run>, idlePeriod: IdlePeriod): Run & Beginning;
  /** Releases what all runs have used. */
  end(): void | Promise<void>;
}

/** What can be begun. */
interface Beginning {
  /** @param isFirst whether no other run has begun before */
  begin(isFirst: boolean): Promise<void>;
}

/**
 * How the check of a server or a client is played.
 *
 * @throws {Failure} where the port is taken by another program
 */
export async function planFor(
  subject: "server" | "client",
  check: Check,
): Promise<Plan> {
  if (MODES[check.mode].transport === "tcp") {
    return subject === "server" ? await connect(check) : acceptStreams(check);
  }
  requireDatagrams();
  return subject === "server" ? ask(check) : answer(check);
}

function ask(check: Check): Plan {
  const { address, launcher } = check;
  if (launcher && isBound(address)) throw taken(check);
  const ports = new FixedPorts(check);
  return {
    run: (suite) => new DatagramServerRun(check, ports, suite.ports),
    end: () => ports.release(),
  };
}

async function connect(check: Check): Promise<Plan> {
  if (check.launcher && await isServed(check.address)) throw taken(check);
  return { run: () => new StreamServerRun(check), end: () => {} };
}

function answer(check: Check): Plan {
  const stub = stubFor(check, () => new DatagramStub(check));
  return {
    run: (_, idlePeriod) => new DatagramClientRun(check, idlePeriod, stub),
    end: () => stub.close(),
  };
}

function acceptStreams(check: Check): Plan {
  const stub = stubFor(check, () => new StreamStub(check));
  return {
    run: (_, idlePeriod) => new StreamClientRun(check, idlePeriod, stub),
    end: () => stub.close(),
  };
}

/** @throws {Failure} where the server's port is taken */
function stubFor<T>(check: Check, stub: () => T): T {
  try {
    return stub();
  } catch (error) {
    throw cannotListen(check.address, error);
  }
}

function taken({ address }: Check): Failure {
  return new Failure(
    `Cannot start a server on ${
      addressOf(address)
    }: the port is in use by another program. Stop it, or choose another port with --port.`,
  );
}
