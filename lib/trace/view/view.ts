/**
 * `--view`: the wire in a browser, as one page on this machine.
 *
 * The page must be safe to leave open: it shows what strangers sent, and any
 * page of any site can try to reach it. So it is served to this machine only,
 * under its own name only, and the browser is told to let nothing else into it.
 */
import type { Address, Watcher } from "../../net/wire.ts";
import { listen, LOOPBACK } from "../../net/address.ts";
import type { Journal } from "../../net/journal.ts";
import { addressOf } from "../../rules/contract.ts";
import type { Shown } from "./event_json.ts";
import { Feed } from "./feed.ts";
import { FILES } from "./files.ts";
import type { History } from "./history.ts";
import { type PageRequest, PageServer } from "./http.ts";

/**
 * How long the program's end waits for pages to take what is left, in
 * milliseconds. One that is reading takes it at once; the others are cut off.
 */
export const LAST_CALL = 300;

const HEADERS = {
  // What peers sent is text: even a bug in the page cannot turn it into markup,
  // because only the page's own scripts run, and they cannot write HTML.
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  // Another program may be on this port tomorrow.
  "cache-control": "no-store, no-transform",
};

/** The options of `serveView`. */
export interface ViewOptions extends Shown {
  /** The port of the page on 127.0.0.1; 0 for any free one. */
  readonly port: number;
  /** When time begins, in milliseconds since 1970; now by default. */
  readonly started?: number;
  /** Told what goes wrong at the page's port. */
  readonly journal?: Pick<Journal, "log">;
  /** For tests: a history of a different size. */
  readonly history?: History;
}

/** A page that is being served. */
export interface View {
  /** Shows an event. Its bytes are copied: the buffer may be reused. */
  readonly watch: Watcher;
  /** Where to open it: `http://127.0.0.1:9000/`. */
  readonly address: string;
  /** Lets open pages get the last events, ends them, and frees the port. */
  close(): Promise<void>;
}

/**
 * Serves the page and its events.
 *
 * @throws {Failure} if the port cannot be used
 */
export function serveView(options: ViewOptions): View {
  const feed = new Feed(options, options.history, options.started);
  const delivered = new Set<Promise<void>>();
  const listener = listen({ hostname: LOOPBACK, port: options.port });
  const addr = listener.addr as Deno.NetAddr;
  const server = new PageServer(listener, (request, sent) => {
    const refusal = refuse(request, addr);
    if (refusal !== undefined) return refusal;
    const { pathname } = request.url;
    if (pathname !== "/events") return answer(pathname);
    delivered.add(sent);
    sent.then(() => delivered.delete(sent));
    return events(feed, request, sent);
  }, options.journal ?? SILENT);
  return {
    watch: (event) => feed.add(event),
    address: `http://${addressOf(addr)}/`,
    async close() {
      feed.end();
      await atMost(LAST_CALL, Promise.allSettled(delivered));
      await server.close();
    },
  };
}

/** For tests that look only at the page. */
const SILENT = { log: () => {} };

/**
 * Keeps others out. A foreign page that points its own host name at this
 * machine (DNS rebinding) is betrayed by the `Host` header; one that loads our
 * files into itself, by what the browser says about it.
 */
function refuse(request: PageRequest, { port }: Address): Response | undefined {
  const host = request.headers.get("host") ?? "";
  const isOurs = [LOOPBACK, "localhost"].some((name) =>
    host.toLowerCase() === `${name}:${port}`
  );
  if (!isOurs) return say(403, `This is ${LOOPBACK}:${port}.`);
  if (request.method !== "GET") return say(405, "Only GET.", { allow: "GET" });
  const site = request.headers.get("sec-fetch-site") ?? "none";
  const isLink = request.headers.get("sec-fetch-mode") === "navigate";
  const isOwn = site === "none" || site === "same-origin" || isLink;
  return isOwn ? undefined : say(403, "Only for the page itself.");
}

function answer(path: string): Response {
  const file = FILES.get(path);
  if (file === undefined) return say(404, "Not here.");
  const [type, body] = file;
  const headers = { ...HEADERS, "content-type": `${type}; charset=utf-8` };
  return new Response(body, { headers });
}

/** Where a page left off: its browser says in a header, or it in the URL. */
function events(
  feed: Feed,
  request: PageRequest,
  delivered: Promise<unknown>,
): Response {
  const lastId = request.headers.get("last-event-id") ??
    request.url.searchParams.get("after");
  const headers = { ...HEADERS, "content-type": "text/event-stream" };
  return new Response(feed.open(lastId, delivered), { headers });
}

function say(
  status: number,
  sentence: string,
  more: Record<string, string> = {},
): Response {
  const headers = { ...HEADERS, "content-type": "text/plain", ...more };
  return new Response(`${sentence}\n`, { status, headers });
}

async function atMost(
  milliseconds: number,
  promise: Promise<unknown>,
): Promise<void> {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
