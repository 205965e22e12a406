/**
 * Brings cases and sockets together, by the mode's transport. Neither knows of
 * the other.
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

/** How to make runs, and what they share. */
interface Plan {
  /** A run of one suite, not yet begun. */
  run(suite: Suite<Run>, idlePeriod: IdlePeriod): Run;
  /** Releases what the runs share. */
  end(): void | Promise<void>;
}

/** @throws {Failure} if another program holds the port */
export async function planFor(
  subject: "server" | "client",
  check: Check,
): Promise<Plan> {
  const isTcp = MODES[check.mode].transport === "tcp";
  if (!isTcp) requireDatagrams();
  return subject === "server"
    ? await planServer(check, isTcp)
    : planClient(check, isTcp);
}

async function planServer(check: Check, isTcp: boolean): Promise<Plan> {
  const { address, launcher } = check;
  const isTaken = () => isTcp ? isServed(address) : isBound(address);
  if (launcher && await isTaken()) {
    const where = addressOf(address);
    throw new Failure(
      `Cannot start a server on ${where}: the port is in use by another program. Stop it, or choose another port with --port.`,
    );
  }
  const ports = new FixedPorts(check);
  const run: Plan["run"] = ({ ports: fixed }) =>
    isTcp
      ? new StreamServerRun(check)
      : new DatagramServerRun(check, ports, fixed);
  return { run, end: () => ports.release() };
}

function planClient(check: Check, isTcp: boolean): Plan {
  try {
    const stub = isTcp ? new StreamStub(check) : new DatagramStub(check);
    const run: Plan["run"] = (_, idlePeriod) =>
      stub instanceof StreamStub
        ? new StreamClientRun(check, idlePeriod, stub)
        : new DatagramClientRun(check, idlePeriod, stub);
    return { run, end: () => stub.close() };
  } catch (error) {
    throw cannotListen(check.address, error);
  }
}
