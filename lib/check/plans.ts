/**
 * What is played for each assignment, and on what: the cases know nothing of
 * sockets, and the sockets nothing of the cases; here they meet.
 */
import { type Address, addressOf, Failure } from "../rules/contract.ts";
import { requireDatagrams } from "../net/address.ts";
import { cannotListen } from "../net/errors.ts";
import type { Suite } from "./play/case.ts";
import { chatClient } from "./cases/chat_client.ts";
import { chatServer } from "./cases/chat_server.ts";
import { permissionClient } from "./cases/permission_client.ts";
import { permissionServer } from "./cases/permission_server.ts";
import { sequenceClient } from "./cases/sequence_client.ts";
import { sequenceServer } from "./cases/sequence_server.ts";
import { sumClient } from "./cases/sum_client.ts";
import { sumServer } from "./cases/sum_server.ts";
import { uppercaseClient } from "./cases/uppercase_client.ts";
import { uppercaseServer } from "./cases/uppercase_server.ts";
import { DatagramClientRun, DatagramStub } from "./play/datagram_client_run.ts";
import { DatagramServerRun, isBound } from "./play/datagram_server_run.ts";
import type { ModeName } from "./play/expectation.ts";
import { FixedPorts, Mailbox } from "./play/mailbox.ts";
import type { IdlePeriod } from "./play/idle_period.ts";
import type { Check, Run } from "./play/run.ts";
import { StreamClientRun, StreamStub } from "./play/stream_client_run.ts";
import { isServed, StreamServerRun } from "./play/stream_server_run.ts";

/** The suites to play, and how a run of one begins. */
export interface Plan<S extends Run> {
  readonly suites: readonly Suite<S>[];
  begin(suite: Suite<S>, idlePeriod: IdlePeriod): S & Beginning;
  /** Releases what all runs have used. */
  end(): void | Promise<void>;
}

export interface Beginning {
  begin(isFirst: boolean): Promise<void>;
}

// Which kind of run a mode's cases are played on is settled where the plan is made.
// deno-lint-ignore no-explicit-any
export type AnyPlan = Plan<any>;

export const SERVERS: Record<ModeName, (check: Check) => AnyPlan> = {
  permission: (check) => askDatagrams(check, permissionServer),
  uppercase: (check) => askDatagrams(check, uppercaseServer),
  sequence: (check) => connectStreams(check, sequenceServer(check.greeting)),
  sum: (check) => connectStreams(check, sumServer),
  chat: (check) => connectStreams(check, chatServer),
};

export const CLIENTS: Record<ModeName, (check: Check) => AnyPlan> = {
  permission: (check) => answerDatagrams(check, permissionClient),
  uppercase: (check) => answerDatagrams(check, uppercaseClient),
  sequence: (check) => answerStreams(check, sequenceClient),
  sum: (check) => answerStreams(check, sumClient),
  chat: (check) => answerStreams(check, chatClient),
};

function askDatagrams(
  check: Check,
  suites: readonly Suite<DatagramServerRun>[],
): Plan<DatagramServerRun> {
  requireDatagrams();
  const { address, condition, timeouts } = check;
  if (check.launcher && isBound(address)) throw taken(check);
  const ports = new FixedPorts(
    timeouts,
    (port) => new Mailbox(address.hostname, port, condition),
  );
  return {
    suites,
    begin: (suite) => new DatagramServerRun(check, ports, suite.ports),
    end: () => ports.release(),
  };
}

function connectStreams(
  check: Check,
  suites: readonly Suite<StreamServerRun>[],
): Plan<StreamServerRun> {
  if (check.launcher && isServed(check.address)) throw taken(check);
  return { suites, begin: () => new StreamServerRun(check), end: () => {} };
}

function answerDatagrams(
  check: Check,
  suites: readonly Suite<DatagramClientRun>[],
): Plan<DatagramClientRun> {
  requireDatagrams();
  const stub = stubFor(check, () => new DatagramStub(check));
  return {
    suites,
    begin: (_, idlePeriod) => new DatagramClientRun(check, idlePeriod, stub),
    end: () => stub.close(),
  };
}

function answerStreams(
  check: Check,
  suites: readonly Suite<StreamClientRun>[],
): Plan<StreamClientRun> {
  const stub = stubFor(check, () => new StreamStub(check));
  return {
    suites,
    begin: (_, idlePeriod) => new StreamClientRun(check, idlePeriod, stub),
    end: () => stub.close(),
  };
}

/** @throws {Failure} where the server's port is taken */
function stubFor<T>(check: Check, stub: () => T): T {
  try {
    return stub();
  } catch (error) {
    throw cannotListen(check.address, "--port", error);
  }
}

function taken({ address }: Check): Failure {
  return new Failure(
    `Cannot start a server on ${
      addressOf(address)
    }: the port is in use by another program. Stop it, or choose another port with --port.`,
  );
}
