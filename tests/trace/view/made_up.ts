/**
 * Made-up wires: the events of assignments that were never played, for the
 * page and its tests. They look as the events of real programs do.
 */
import type {
  Address,
  MessageEnd,
  Watcher,
  WireEvent,
} from "../../../lib/net/wire.ts";
import {
  type EventJson,
  type Shown,
  toJson,
} from "../../../lib/trace/view/event_json.ts";

const encoder = new TextEncoder();

/** An address of this machine. */
export function at(port: number): Address {
  return { hostname: "127.0.0.1", port };
}

/** The server's address in all of them. */
export const SERVER = at(12000);

/** When all of them begin: 2025-11-21 14:03:20 UTC. */
export const START = 1_763_733_800_000;

/** What a wire is shown as. */
export function shownAs(
  mode: string,
  transport: "udp" | "tcp",
  program: "server" | "client" = "server",
): Shown {
  return { mode, transport, program, server: SERVER };
}

/** The events of a wire as a page gets them. */
export function eventsOf(
  play: (watch: Watcher) => void,
  shown = shownAs("chat", "tcp"),
): EventJson[] {
  const events: EventJson[] = [];
  play((event) => events.push(toJson({ seq: events.length, event }, shown)));
  return events;
}

/** What the simulated network does to a datagram. */
interface Fate {
  lost?: boolean;
  duplicate?: boolean;
  delay?: number;
}

/** One message of a read: its text, and how it ended. */
export type Piece = readonly [text: string, end: MessageEnd];

/** Tells a watcher what would have happened, on a clock of its own. */
export class Wire {
  readonly #watch: Watcher;
  /** In milliseconds since 1970. */
  time: number;
  /** Who each peer is, by its port, once the rules know it. */
  readonly names = new Map<number, string>();

  constructor(watch: Watcher, time = START) {
    this.#watch = watch;
    this.time = time;
  }

  /** Lets time pass, in milliseconds. */
  wait(milliseconds: number): this {
    this.time += milliseconds;
    return this;
  }

  #tell(event: Record<string, unknown> & { type: WireEvent["type"] }): this {
    const { from, to } = event as unknown as WireEvent;
    const name = this.names.get(from.port) ?? this.names.get(to.port);
    const about = name === undefined ? {} : { name };
    this.#watch({ time: this.time, ...event, ...about } as WireEvent);
    return this.wait(0.01);
  }

  datagram(
    from: Address,
    to: Address,
    content: string | Uint8Array,
    { lost = false, duplicate = false, delay = 0 }: Fate = {},
  ): this {
    const bytes = bytesOf(content);
    const fate = { lost, duplicate, delay };
    return this.#tell({ type: "datagram", from, to, bytes, ...fate });
  }

  open(client: Address): this {
    return this.#tell({ type: "open", from: client, to: SERVER });
  }

  mark(type: "end" | "reset" | "close", from: Address, to: Address): this {
    return this.#tell({ type, from, to });
  }

  /** A read or a write that completes no message. */
  data(from: Address, to: Address, content: string | Uint8Array): this {
    return this.#tell({ type: "data", from, to, bytes: bytesOf(content) });
  }

  message(
    from: Address,
    to: Address,
    content: string | Uint8Array,
    end: MessageEnd,
    { reads = 1, index = 1, count = 1 } = {},
  ): this {
    const bytes = bytesOf(content);
    const how = { end, reads, index, count };
    return this.#tell({ type: "message", from, to, bytes, ...how });
  }

  /** One read, and the messages in it: each with its ending. */
  read(from: Address, to: Address, ...texts: string[]): this {
    this.data(from, to, texts.join(""));
    texts.forEach((text, i) => {
      const isLine = text.endsWith("\n");
      const end = isLine ? "line feed" : "end of read";
      const how = { index: i + 1, count: texts.length };
      this.message(from, to, text.replace(/\r?\n$/, ""), end, how);
    });
    return this;
  }

  /** One write, and the messages in it. */
  write(from: Address, to: Address, ...texts: string[]): this {
    for (const text of texts) {
      this.message(from, to, text.replace(/\n$/, ""), "sent");
    }
    return this.data(from, to, texts.join(""));
  }
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? encoder.encode(content) : content;
}

/** `permission`: two clients, and one that may not take part. */
export function permission(watch: Watcher): void {
  const wire = new Wire(watch);
  const [permitting, requesting, other] = [at(1234), at(3333), at(5000)];
  const ask = (client: Address, question: string, answer: string) =>
    wire.wait(900).datagram(client, SERVER, question)
      .wait(0.3).datagram(SERVER, client, answer);
  ask(permitting, "Permission1111", "Permission Accepted");
  ask(permitting, "pErMission33", "Permission Accepted");
  ask(permitting, "permission33", "Already Permitted");
  ask(requesting, "request1111", "Request Accepted");
  ask(requesting, "request4", "Request Rejected");
  wire.wait(4_200);
  ask(other, "hello", "Port is not allowed to communicate");
}

/** `uppercase` over a network that loses, delays and duplicates. */
export function uppercase(watch: Watcher): void {
  const wire = new Wire(watch);
  const client = at(51034);
  wire.wait(700).datagram(client, SERVER, "message test 1", { delay: 40 })
    .wait(41).datagram(SERVER, client, "MESSAGE TEST 1", { delay: 55 })
    .wait(1_300).datagram(client, SERVER, "message test 2", { lost: true })
    .wait(2_000).datagram(client, SERVER, "message test 2", { delay: 30 })
    .wait(31).datagram(SERVER, client, "MESSAGE TEST 2", { lost: true })
    .wait(2_000).datagram(client, SERVER, "message test 2", { delay: 90 })
    .datagram(client, SERVER, "message test 2", { duplicate: true, delay: 20 })
    .wait(21).datagram(SERVER, client, "MESSAGE TEST 2", { delay: 15 })
    .wait(69).datagram(SERVER, client, "MESSAGE TEST 2", { delay: 35 })
    .wait(600).datagram(client, SERVER, "quit", { delay: 20 })
    .wait(21).datagram(SERVER, client, "QUIT", { delay: 20 });
}

/**
 * `chat` between strangers' programs: X sends bare text, and Y lines, three of
 * them in one read and one in two.
 */
export function chat(watch: Watcher): void {
  const wire = new Wire(watch);
  const [x, y] = [at(51034), at(51036)];
  const ack = "X: Alice received before Y: Bob";
  wire.wait(812).open(x).wait(640).open(y);
  wire.wait(1_930).data(x, SERVER, "Client X: Alice").wait(100)
    .message(x, SERVER, "Client X: Alice", "silence");
  wire.wait(240).read(y, SERVER, "Client Y: Bob\n");
  wire.write(SERVER, x, ack).write(SERVER, y, `${ack}\n`);
  wire.wait(3_180).read(x, SERVER, "hello, Bob").write(
    SERVER,
    y,
    "hello, Bob\n",
  );
  wire.wait(2_420).read(
    y,
    SERVER,
    "hi, Alice\n",
    "three lines\n",
    "in one send\n",
  );
  for (const text of ["hi, Alice", "three lines", "in one send"]) {
    wire.write(SERVER, x, text);
  }
  wire.wait(1_760).data(y, SERVER, "and one line in two ")
    .wait(38).data(y, SERVER, "pieces\n")
    .message(y, SERVER, "and one line in two pieces", "line feed", { reads: 2 })
    .write(SERVER, x, "and one line in two pieces");
  wire.wait(1_480).read(x, SERVER, "Bye").write(SERVER, y, "Bye\n");
  wire.wait(1).mark("end", SERVER, x).mark("end", SERVER, y);
  wire.wait(12).mark("end", y, SERVER).mark("close", SERVER, y);
  wire.wait(4).mark("reset", x, SERVER).mark("close", SERVER, x);
}

/** What a peer might send to break out of the text of a page, or out of its line. */
export const HOSTILE: Readonly<Record<string, string>> = {
  "a script": "<script>document.title = 'broken'</script>",
  "an image": `<img src=x onerror="document.title='broken'">`,
  "SVG": `"><svg onload="document.title='broken'"><text>big</text></svg>`,
  "an entity": "&lt;b&gt; &#x3c;script>",
  "quotes": `' " \` ${"${document.title='broken'}"}`,
  "the end of a style": "</style><style>*{display:none}</style>",
  "a right-to-left override": "abc\u202egnp.exe\u202c def",
  "isolates": "\u2067\u2066abc\u2069\u2069",
  "Hebrew and a mark": "\u05e9\u05dc\u05d5\u05dd 123 \u200f!",
  "control characters": "\x1b[2J\x07\0tab\there\r\nnext",
  "line separators": "one\u2028two\u2029three\u0085four",
  "accents without end": "Z" + "\u0351\u036b\u0343\u032a".repeat(40),
  "nothing to see": "\u200b\ufeff\u00ad\u2060",
  "half a pair": "a\ud800b",
  "no characters": "\ufffe\uffff\ufdd0",
  "emoji": "\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1f1e9}\u{1f1ea}",
  "very long": "long ".repeat(13_000),
};

/** Each hostile message from a port of its own, and not UTF-8 at the end. */
export function hostile(watch: Watcher): void {
  const wire = new Wire(watch);
  for (const [i, text] of Object.values(HOSTILE).entries()) {
    wire.wait(50).datagram(at(40_000 + i % 3), SERVER, text);
  }
  wire.wait(50).datagram(
    at(40_000),
    SERVER,
    new Uint8Array([0x41, 0xff, 0x0a]),
  );
}

/** `sum`: more clients, one after the other, than there are lanes. */
export function sum(watch: Watcher): void {
  const wire = new Wire(watch);
  for (let i = 0; i < 12; i++) {
    const client = at(48_528 + 2 * i);
    const question = `{"client_name": "Client ${i}", "client_number": ${i}}`;
    const answer =
      `{"server_name":"Socket Lab Server","server_number":10,"sum":${10 + i}}`;
    wire.wait(400).open(client).wait(1).data(client, SERVER, question)
      .message(client, SERVER, question, "closing brace")
      .write(SERVER, client, answer).mark("end", SERVER, client)
      .mark("end", client, SERVER).mark("close", SERVER, client);
  }
}
