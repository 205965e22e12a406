// @ts-check
/// <reference lib="dom" />
/**
 * Where the events come from: the program, as long as it runs, and then the
 * next program on the same port.
 */

/** @typedef {import("./event_json.ts").EventJson} EventJson */

/**
 * The first thing a program says.
 *
 * @typedef {object} Hello
 * @property {string} run different after each start
 * @property {number} started in milliseconds since 1970
 * @property {"server" | "client"} program
 * @property {string} mode
 * @property {"udp" | "tcp"} transport
 * @property {string} server the server's address
 * @property {string} [upstream] the address of the server behind a relay
 */

/**
 * @typedef {object} Batch
 * @property {number} gone how many events before these are missing
 * @property {EventJson[]} events
 */

/**
 * What to call.
 *
 * @typedef {object} Listener
 * @property {(hello: Hello) => void} onHello
 * @property {(batch: Batch) => void} onBatch
 * @property {() => void} onLost the program has ended, or cannot be reached
 * @property {(pages: number) => void} onFull this many other pages are open
 */

/** How long to wait before the next try, in milliseconds. */
const RETRY = 1_000;

/**
 * Listens for ever.
 *
 * @param {Listener} listener
 * @param {string} after the id of the last batch received, if any
 */
export function listen(listener, after = "") {
  const source = new EventSource(`/events?after=${encodeURIComponent(after)}`);
  let last = after;
  /** Whether this is one page too many, which the program sends away. */
  let isFull = false;
  source.addEventListener("hello", ({ data }) => {
    isFull = false;
    listener.onHello(JSON.parse(data));
  });
  source.addEventListener("batch", ({ data, lastEventId }) => {
    last = lastEventId;
    listener.onBatch(JSON.parse(data));
  });
  source.addEventListener("full", ({ data }) => {
    isFull = true;
    listener.onFull(Number(data));
  });
  source.addEventListener("error", () => {
    if (!isFull) listener.onLost();
    // Browsers retry by themselves after most failures, but not after all.
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => listen(listener, last), RETRY);
  });
}
