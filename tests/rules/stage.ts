/**
 * Plays a server's rules as a table: what happens, and everything that the
 * server is to do about it. An action is written as a short line of text, so
 * that a row of a table reads like the exchange that it stands for.
 */
import { assertEquals } from "@std/assert";
import {
  type Action,
  addressOf,
  type Closer,
  connected,
  disconnected,
  type Peer,
  type ServerRules,
} from "../../lib/rules/contract.ts";

/** Something that happens to a server; `who` is a name or an IPv4 address. */
export type Event =
  | {
    readonly type: "opens" | "leaves" | "isClosed" | "isSilent";
    readonly who: string;
  }
  | {
    readonly type: "says";
    readonly who: string;
    readonly text: string | undefined;
    /** Which read brought its last byte; by default the latest one. */
    readonly arrival: number | undefined;
  };

/** What happens, and the lines for all that the server does about it, in order. */
export type Step = readonly [event: Event, ...actions: string[]];

/** A row of a table: the server's options, and what happens to it. */
export interface Scenario<Options> {
  readonly name: string;
  /** Those that differ from the defaults. */
  readonly options?: Partial<Options>;
  readonly steps: readonly Step[];
}

export function opens(who: string): Event {
  return { type: "opens", who };
}

/**
 * @param text undefined for one byte that is not UTF-8
 * @param arrival which read brought its last byte, where that was an earlier one
 */
export function says(
  who: string,
  text: string | undefined,
  arrival?: number,
): Event {
  return { type: "says", who, text, arrival };
}

/** The peer closes its connection. */
export function leaves(who: string): Event {
  return { type: "leaves", who };
}

/** A connection is over that the server has closed. */
export function isClosed(who: string): Event {
  return { type: "isClosed", who };
}

/** A peer has been connected for a while and has not said anything. */
export function isSilent(who: string): Event {
  return { type: "isSilent", who };
}

/** What a server does at its end, after the last of its sessions. */
export function ends(sessions = 1): string[] {
  const why = `session ${sessions} of ${sessions} is over`;
  return [`info [server]: ${why}: the end`, "stop"];
}

/** The log of one who leaves, such as `X: Alice (a:1)`, before it has a partner. */
export function leftEarly(who: string): string {
  return `info [server]: ${who} left before its pair was complete. ` +
    "To end one's half counts as leaving, as ncat does when its input ends";
}

/** A peer by its name, `alice`, or by its address, `127.0.0.1:1234`. */
export function peerOf(who: string): Peer {
  const [hostname = who, port = 1] = who.split(":");
  const address = { hostname, port: Number(port) };
  return { ...address, id: addressOf(address) };
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

/** Plays the steps one after another, as the transports would. */
export class Stage {
  readonly #rules: ServerRules;
  readonly #peers = new Map<string, Peer>();
  #connections = 0;
  #arrivals = 0;

  constructor(rules: ServerRules) {
    this.#rules = rules;
  }

  /** Lets one thing happen, and gives the actions as lines. */
  play(event: Event): string[] {
    return this.act(event).map(lineOf);
  }

  /** Lets one thing happen, and gives the actions. */
  act(event: Event): Action[] {
    const peer = this.#peer(event.who);
    switch (event.type) {
      case "says": {
        this.#arrivals = Math.max(this.#arrivals + 1, event.arrival ?? 0);
        const arrival = event.arrival ?? this.#arrivals;
        const received = event.text ?? { byteLength: 1 };
        return this.#rules.message(peer, received, arrival);
      }
      case "opens":
        return this.#rules.opened?.(peer) ?? [connected(peer)];
      case "isSilent":
        return this.#rules.silent?.(peer) ?? [];
      case "leaves":
        this.#peers.delete(event.who);
        return this.#closed(peer, "peer");
      case "isClosed":
        this.#peers.delete(event.who);
        return this.#closed(peer, "server");
    }
  }

  #closed(peer: Peer, by: Closer): Action[] {
    return this.#rules.closed?.(peer, by) ?? [disconnected(peer, by)];
  }

  /** Somebody who comes again, from the same address even, is another peer. */
  #peer(who: string): Peer {
    const known = this.#peers.get(who);
    if (known !== undefined) return known;
    const peer = { ...peerOf(who), id: `connection ${++this.#connections}` };
    this.#peers.set(who, peer);
    return peer;
  }
}

/**
 * Plays every scenario, each against a server of its own.
 *
 * @param defaults the server's options where a scenario does not set them
 */
export async function playAll<Options>(
  t: Deno.TestContext,
  server: (options: Options) => ServerRules,
  defaults: Options,
  scenarios: readonly Scenario<Options>[],
): Promise<void> {
  for (const { name, options, steps } of scenarios) {
    await t.step(name, () => {
      const stage = new Stage(server({ ...defaults, ...options }));
      for (const [event, ...actions] of steps) {
        assertEquals(stage.play(event), actions, JSON.stringify(event));
      }
    });
  }
}
