/**
 * Plays a server's rules as a table: what happens, and everything that the
 * server is to do about it. An action is written as a short line of text, so
 * that a row of a table reads like the exchange that it stands for.
 */
import { assertEquals } from "@std/assert";
import {
  type Action,
  addressOf,
  type Peer,
  type ServerRules,
} from "../../lib/rules/contract.ts";

/** Something that happens to a server; `who` is a name or an IPv4 address. */
export type Event =
  | { readonly type: "opens" | "leaves"; readonly who: string }
  | {
    readonly type: "says";
    readonly who: string;
    readonly text: string | undefined;
  };

/** What happens, and the lines for all that the server does about it, in order. */
export type Step = readonly [event: Event, ...actions: string[]];

/** A row of a table: the server's options, and what happens to it. */
export interface Scenario<Options> {
  readonly name: string;
  readonly options?: Options;
  readonly steps: readonly Step[];
}

export function opens(who: string): Event {
  return { type: "opens", who };
}

/** @param text undefined for bytes that are not UTF-8 */
export function says(who: string, text: string | undefined): Event {
  return { type: "says", who, text };
}

export function leaves(who: string): Event {
  return { type: "leaves", who };
}

/** A peer by its name, `alice`, or by its address, `127.0.0.1:1234`. */
export function peerOf(who: string): Peer {
  const [hostname = who, port = 1] = who.split(":");
  return { hostname, port: Number(port) };
}

function nameOf(peer: Peer): string {
  return peer.port === 1 ? peer.hostname : addressOf(peer);
}

/** Writes an action as a line: `send alice: hello`, `info [server]: text`. */
export function lineOf(action: Action): string {
  switch (action.type) {
    case "print":
      return `print: ${action.text}`;
    case "send":
      return `send ${nameOf(action.to)}: ${action.text}`;
    case "log":
      return `${action.level} [${action.source}]: ${action.text}`;
    case "stop":
      return "stop";
    default:
      return `${action.type} ${nameOf(action.peer)}`;
  }
}

/** Plays the steps one after another; a TCP peer stays the same object. */
export class Stage {
  readonly #rules: ServerRules;
  readonly #peers = new Map<string, Peer>();

  constructor(rules: ServerRules) {
    this.#rules = rules;
  }

  /** Lets one thing happen, and gives the actions as lines. */
  play(event: Event): string[] {
    const peer = this.#peer(event.who);
    switch (event.type) {
      case "says":
        return this.#rules.message(peer, event.text).map(lineOf);
      case "opens":
        return this.#rules.opened!(peer).map(lineOf);
      case "leaves":
        this.#peers.delete(event.who);
        return this.#rules.closed!(peer).map(lineOf);
    }
  }

  /** Every datagram comes with an address object of its own. */
  #peer(who: string): Peer {
    if (this.#rules.opened === undefined) return peerOf(who);
    const peer = this.#peers.get(who) ?? peerOf(who);
    this.#peers.set(who, peer);
    return peer;
  }
}

/** Plays every scenario, each against a server of its own. */
export async function playAll<Options>(
  t: Deno.TestContext,
  server: (options: Options | undefined) => ServerRules,
  scenarios: readonly Scenario<Options>[],
): Promise<void> {
  for (const { name, options, steps } of scenarios) {
    await t.step(name, () => {
      const stage = new Stage(server(options));
      for (const [event, ...actions] of steps) {
        assertEquals(stage.play(event), actions, JSON.stringify(event));
      }
    });
  }
}
