/**
 * What a correct program does: our own server's rules, given the same messages.
 *
 * There is no second table of right answers. A check that plays clients
 * compares with what our server would do; one that plays the server does just
 * that.
 */
import { MODES } from "../../rules.ts";
import type {
  Action,
  Address,
  Peer,
  ServerRules,
} from "../../rules/contract.ts";
import type { Values } from "../../rules/mode.ts";
import type { Check } from "./run.ts";
import { defaultsOf } from "../../rules/options.ts";

/** What our server does in response to an event. */
export class Reaction {
  constructor(readonly actions: readonly Action[]) {}

  /** What it sends, in order. */
  get sent() {
    return this.actions.filter((each) => each.type === "send");
  }

  /** What it sends to one peer, in order. */
  sentTo(peer: Peer): string[] {
    return this.sent.filter((each) => each.to.id === peer.id)
      .map((each) => each.text);
  }

  /** Whether the server ends. */
  get stops(): boolean {
    return this.actions.some((each) => each.type === "stop");
  }
}

/** What a model needs from its check. */
type Told = Pick<Check, "mode" | "random" | "options">;

/** Our own server, without its sockets. */
export class Model {
  readonly #rules: ServerRules;
  #arrivals = 0;

  /** @param own options that override the server's defaults and the check's */
  constructor({ mode, random, options }: Told, own: Values = {}) {
    const { serverOptions, server } = MODES[mode];
    const defaults = defaultsOf<typeof serverOptions[number]>(serverOptions);
    this.#rules = server({ ...defaults, ...options, ...own }, random.next);
  }

  /** A TCP client has connected. */
  opened(peer: Peer): Reaction {
    return new Reaction(this.#rules.opened?.(peer) ?? []);
  }

  /** A message has come, after all others so far. */
  message(peer: Peer, text: string): Reaction {
    return new Reaction(this.#rules.message(peer, text, ++this.#arrivals));
  }

  /** A TCP client has left. */
  closed(peer: Peer): Reaction {
    return new Reaction(this.#rules.closed?.(peer, "peer") ?? []);
  }
}

/** A client of the model, at an address; `serial` tells connections apart. */
export function peerAt({ hostname, port }: Address, serial = 0): Peer {
  return { hostname, port, id: `${hostname}:${port}#${serial}` };
}
