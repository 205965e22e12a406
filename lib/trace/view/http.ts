/**
 * The page's port: as much of HTTP/1.1 as a page on this machine needs, with a
 * limit on everything a stranger can make it hold.
 *
 * `Deno.serve` has no such limits: it keeps any number of connections that
 * never finish their request, takes in more than a page reads, and ends the
 * program when the system runs out of file descriptors. Here each connection
 * carries one request and its answer, and is closed.
 */
import { Backlog } from "../../net/backlog.ts";
import type { Journal } from "../../net/journal.ts";

/** How many connections at once: pages, their files, and strangers. */
export const MAX_VISITORS = 64;

/** How long a request may be, in bytes; a browser's takes some 700. */
export const MAX_REQUEST = 8 * 1024;

/** How long a request and a file may take in total, in milliseconds. */
export const MAX_TIME = 10_000;

/** How long a page may leave events unread, in milliseconds; it comes back. */
const MAX_PAUSE = 30_000;

/** What was requested. */
export interface PageRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
}

/** @param delivered resolves once all the answer is sent, or cannot be */
export type Handler = (
  request: PageRequest,
  delivered: Promise<void>,
) => Response;

/** Answers requests until it is closed. */
export class PageServer {
  readonly #backlog: Backlog;
  readonly #handler: Handler;
  readonly #exchanges = new Set<Exchange>();
  readonly #served: Promise<void>;

  constructor(
    listener: Deno.TcpListener,
    handler: Handler,
    journal: Pick<Journal, "log">,
  ) {
    this.#backlog = new Backlog(listener, journal);
    this.#handler = handler;
    this.#served = this.#serve();
  }

  /** Disconnects everybody, and frees the port. */
  async close(): Promise<void> {
    this.#backlog.close();
    for (const each of this.#exchanges) each.close();
    await this.#served;
  }

  async #serve(): Promise<void> {
    const next = () => this.#backlog.next(() => this.#makeRoom());
    for (let conn; (conn = await next()) !== undefined;) {
      if (this.#exchanges.size >= MAX_VISITORS) this.#makeRoom();
      const exchange = new Exchange(conn);
      this.#exchanges.add(exchange);
      exchange.run(this.#handler).then(() => {
        this.#exchanges.delete(exchange);
        this.#backlog.placeFreed();
      });
    }
  }

  /** Closes the oldest that is not an open page: there are few of those. */
  #makeRoom(): boolean {
    const oldest = [...this.#exchanges].find(({ isPage }) => !isPage);
    oldest?.close();
    return oldest !== undefined && this.#exchanges.delete(oldest);
  }
}

/** One connection: a request and its answer. */
class Exchange {
  /** Whether it carries events, as it does while a page is open. */
  isPage = false;
  readonly #conn: Deno.TcpConn;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    conn.setNoDelay(true);
  }

  close(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#conn.close();
  }

  async run(handler: Handler): Promise<void> {
    const delivered = Promise.withResolvers<void>();
    this.#limit(MAX_TIME);
    try {
      const request = parse(await this.#read());
      await this.#answer(request && handler(request, delivered.promise));
    } catch {
      // The browser has left, or took too long: neither is our problem.
    } finally {
      this.close();
      delivered.resolve();
    }
  }

  #limit(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), milliseconds);
  }

  /** The head of a request, as far as it has arrived. */
  async #read(): Promise<string> {
    const buffer = new Uint8Array(MAX_REQUEST);
    const decoder = new TextDecoder("latin1");
    for (let length = 0; length < MAX_REQUEST;) {
      const count = await this.#conn.read(buffer.subarray(length));
      length += count ?? 0;
      const text = decoder.decode(buffer.subarray(0, length));
      if (count === null || text.includes("\r\n\r\n")) return text;
    }
    return "";
  }

  async #answer(response = new Response(null, { status: 400 })): Promise<void> {
    const { status, headers, body } = response;
    const type = headers.get("content-type");
    this.isPage = type === "text/event-stream";
    const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `HTTP/1.1 ${status} \r\n${lines.join("")}`;
    await this.#write(encoder.encode(`${head}connection: close\r\n\r\n`));
    if (body === null) return;
    const reader = body.getReader();
    if (this.isPage) {
      this.#untilGone().then(() => reader.cancel()).catch(() => {});
    }
    for (let part; !(part = await reader.read()).done;) {
      if (this.isPage) this.#limit(MAX_PAUSE);
      await this.#write(part.value);
      if (this.isPage) clearTimeout(this.#timer);
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += await this.#conn.write(bytes.subarray(at));
    }
  }

  /** A page sends nothing more: whatever ends this wait, it has gone. */
  async #untilGone(): Promise<void> {
    const buffer = new Uint8Array(1024);
    try {
      while (await this.#conn.read(buffer) !== null);
    } catch {
      // reset, or closed here
    }
  }
}

const encoder = new TextEncoder();

/** @returns undefined if this is not a request we understand */
function parse(text: string): PageRequest | undefined {
  const [head = "", rest] = text.split("\r\n\r\n", 2);
  const [first = "", ...lines] = head.split("\r\n");
  const [, method, path] = /^([A-Z]+) (\/\S*) HTTP\/1\.[01]$/.exec(first) ?? [];
  if (rest === undefined || method === undefined) return undefined;
  const headers = new Headers();
  for (const line of lines) {
    const [, name, value] = /^([\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    headers.append(name, value);
  }
  return { method, url: new URL(`http://localhost${path}`), headers };
}
