/**
 * Servers on a lab's network, inside the test's own process: what a watcher is
 * told of them is kept, as are the lines of the network's log.
 */
import { type ModeName, MODES } from "../../lib/rules.ts";
import type { FaultOptions } from "../../lib/net/faults.ts";
import { LabNetwork } from "../../lib/net/lab.ts";
import { bind, listen } from "../../lib/net/address.ts";
import { serveStreams } from "../../lib/net/tcp_server.ts";
import { serveDatagrams } from "../../lib/net/udp_server.ts";
import type { WireEvent } from "../../lib/net/wire.ts";
import type { ServerRules } from "../../lib/rules/contract.ts";
import { defaultsOf } from "../../lib/rules/options.ts";
import { MODE_TESTS } from "../modes.ts";
import { until, within } from "./harness.ts";
import { ANY, collectingPrinter } from "./in_process.ts";

/** A network on which nothing goes wrong. */
export const NO_FAULTS: FaultOptions = {
  loss: 0,
  duplicate: 0,
  delay: 0,
  jitter: 0,
  seed: 1,
};

/** What a test sets of a network; without it nothing goes wrong there. */
export interface Badness {
  faults?: Partial<FaultOptions>;
  slice?: number;
}

/** The part of an event that has bytes. */
type WithBytes = Extract<WireEvent, { bytes: Uint8Array }>;

/** Its bytes may be overwritten once a watcher has been told. */
function copyOf(event: WireEvent): WireEvent {
  return "bytes" in event ? { ...event, bytes: event.bytes.slice() } : event;
}

/** A network, what was seen on it, and what it has logged. */
export class WatchedNetwork {
  readonly events: WireEvent[] = [];
  readonly network: LabNetwork;
  readonly #output = collectingPrinter();

  constructor({ faults, slice }: Badness = {}) {
    this.network = new LabNetwork({
      watcher: (event) => this.events.push(copyOf(event)),
      faults: { ...NO_FAULTS, ...faults },
      slice,
      journal: this.#output.printer,
    });
  }

  get printer() {
    return this.#output.printer;
  }

  get log(): string[] {
    this.printer.flush();
    return this.#output.stderr.lines;
  }

  /** The events of one kind, in the order in which they happened. */
  all<Type extends WireEvent["type"]>(
    type: Type,
  ): Extract<WireEvent, { type: Type }>[] {
    const isOne = (
      event: WireEvent,
    ): event is Extract<WireEvent, { type: Type }> => event.type === type;
    return this.events.filter(isOne);
  }

  /** All bytes that one port has sent, as far as they were seen. */
  sentBy(port: number, type: WithBytes["type"]): Uint8Array {
    const events = this.all(type) as WithBytes[];
    const sent = events.filter(({ from }) => from.port === port);
    return Uint8Array.from(sent.flatMap(({ bytes }) => [...bytes]));
  }

  async sees(type: WireEvent["type"], count = 1): Promise<void> {
    await until(() => this.all(type).length >= count, `${count} of ${type}`);
  }
}

/** A server on a watched network, until the test ends it. */
export class LabServer extends WatchedNetwork implements AsyncDisposable {
  readonly port: number;
  readonly ended: Promise<void>;
  readonly #ending = new AbortController();

  private constructor(
    socket: Deno.DatagramConn | Deno.TcpListener,
    rules: ServerRules,
    json: boolean,
    badness: Badness,
  ) {
    super(badness);
    this.port = (socket.addr as Deno.NetAddr).port;
    const { network, printer: journal } = this;
    const { signal } = this.#ending;
    this.ended = "receive" in socket
      ? serveDatagrams(socket, rules, journal, signal, network)
      : serveStreams(socket, { rules, json, journal, signal, network });
  }

  /** Serves a mode, for as many clients as there are. */
  static mode(name: ModeName, badness: Badness = {}): LabServer {
    const mode = MODES[name];
    const options = {
      ...defaultsOf(mode.serverOptions),
      ...MODE_TESTS[name].endless,
    };
    const rules = mode.server(options, () => 0.5);
    if (mode.transport === "udp") {
      return new LabServer(bind(ANY), rules, false, badness);
    }
    return new LabServer(listen(ANY), rules, mode.json, badness);
  }

  static datagrams(rules: ServerRules, badness: Badness = {}): LabServer {
    return new LabServer(bind(ANY), rules, false, badness);
  }

  static streams(
    rules: ServerRules,
    badness: Badness & { json?: boolean } = {},
  ): LabServer {
    return new LabServer(listen(ANY), rules, badness.json ?? false, badness);
  }

  /** Ends it as Ctrl-C does. */
  abort(): void {
    this.#ending.abort();
  }

  async ends(): Promise<void> {
    await within(this.ended, "the end of the server");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.abort();
    await this.ends();
    this.network.close();
    this.printer.flush();
  }
}
