/**
 * What is played for each assignment, and on what: the cases know nothing of
 * sockets, and the sockets nothing of the cases; here they meet.
 */
import { type Address, addressOf, Failure } from "../rules/contract.ts";
import { requireDatagrams } from "../net/address.ts";
import { cannotListen } from "../net/errors.ts";
import type { Life } from "./case.ts";
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
import { DatagramClientStage, DatagramHost } from "./datagram_client_stage.ts";
import { DatagramStage, isBound } from "./datagram_stage.ts";
import type { ModeName } from "./expectation.ts";
import { FixedPorts, Mailbox } from "./mailbox.ts";
import type { Recess } from "./recess.ts";
import type { Stage, World } from "./stage.ts";
import { StreamClientStage, StreamHost } from "./stream_client_stage.ts";
import { StreamStage } from "./stream_stage.ts";

/** The lives to play, and how one begins. */
export interface Plan<S extends Stage> {
  readonly lives: readonly Life<S>[];
  begin(life: Life<S>, recess: Recess): S & Beginning;
  /** Releases what all lives have used. */
  end(): void | Promise<void>;
}

export interface Beginning {
  begin(isFirst: boolean): Promise<void>;
}

// Which stage a mode's cases are played on is settled where the plan is made.
// deno-lint-ignore no-explicit-any
export type AnyPlan = Plan<any>;

export const SERVERS: Record<ModeName, (world: World) => AnyPlan> = {
  permission: (world) => askDatagrams(world, permissionServer),
  uppercase: (world) => askDatagrams(world, uppercaseServer),
  sequence: (world) => connectStreams(world, sequenceServer(world.greeting)),
  sum: (world) => connectStreams(world, sumServer),
  chat: (world) => connectStreams(world, chatServer),
};

export const CLIENTS: Record<ModeName, (world: World) => AnyPlan> = {
  permission: (world) => answerDatagrams(world, permissionClient),
  uppercase: (world) => answerDatagrams(world, uppercaseClient),
  sequence: (world) => answerStreams(world, sequenceClient),
  sum: (world) => answerStreams(world, sumClient),
  chat: (world) => answerStreams(world, chatClient),
};

function askDatagrams(
  world: World,
  lives: readonly Life<DatagramStage>[],
): Plan<DatagramStage> {
  requireDatagrams();
  const { address, bell, patience } = world;
  if (world.starter && isBound(address)) throw taken(world);
  const ports = new FixedPorts(
    patience,
    (port) => new Mailbox(address.hostname, port, bell),
  );
  return {
    lives,
    begin: (life) => new DatagramStage(world, ports, life.ports),
    end: () => ports.release(),
  };
}

function connectStreams(
  world: World,
  lives: readonly Life<StreamStage>[],
): Plan<StreamStage> {
  if (world.starter && isServed(world.address)) throw taken(world);
  return { lives, begin: () => new StreamStage(world), end: () => {} };
}

/** Whether somebody listens on a TCP port. */
function isServed({ hostname, port }: Address): boolean {
  try {
    Deno.listen({ hostname, port }).close();
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return true;
    throw error;
  }
}

function answerDatagrams(
  world: World,
  lives: readonly Life<DatagramClientStage>[],
): Plan<DatagramClientStage> {
  requireDatagrams();
  const host = hosting(world, () => new DatagramHost(world));
  return {
    lives,
    begin: (_, recess) => new DatagramClientStage(world, recess, host),
    end: () => host.close(),
  };
}

function answerStreams(
  world: World,
  lives: readonly Life<StreamClientStage>[],
): Plan<StreamClientStage> {
  const host = hosting(world, () => new StreamHost(world));
  return {
    lives,
    begin: (_, recess) => new StreamClientStage(world, recess, host),
    end: () => host.close(),
  };
}

/** @throws {Failure} where the server's port is taken */
function hosting<T>(world: World, host: () => T): T {
  try {
    return host();
  } catch (error) {
    throw cannotListen(world.address, "--port", error);
  }
}

function taken({ address }: World): Failure {
  return new Failure(
    `Cannot start a server on ${
      addressOf(address)
    }: the port is in use by another program. Stop it, or choose another port with --port.`,
  );
}
