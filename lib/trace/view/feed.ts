/**
 * What the pages are sent: the events, as server-sent events.
 *
 * Each page has a place in the history and nothing else, so one that reads
 * slowly, or not at all, takes no memory: it misses what the history loses in
 * the meantime, and is told how much that was. Events travel in batches, since
 * a burst of thousands would otherwise cost both ends one message each.
 */
import { ServerSentEventStream } from "@std/http/server-sent-event-stream";
import type { WireEvent } from "../../net/wire.ts";
import { addressOf } from "../../rules/contract.ts";
import { type Shown, toJson } from "./event_json.ts";
import { type Batch, BEGINNING, type Cursor, History } from "./history.ts";

/** How long events wait for others to share their batch, in milliseconds. */
export const BATCH_INTERVAL = 50;

/**
 * How much one batch may hold. With `BATCH_INTERVAL` that is 20 000 events a
 * second: more than eyes follow, and less than either end can do.
 */
export const BATCH_LIMIT = { events: 1_000, bytes: 512 * 1024 };

/**
 * How many pages are served at once: each costs a batch every `BATCH_INTERVAL`.
 * A browser opens no more than six to one server.
 */
export const MAX_PAGES = 16;

/** How long a page waits before it connects again, in milliseconds. */
const RETRY = 1_000;

/** What `ServerSentEventStream` takes. */
interface Message {
  readonly event: string;
  readonly data: string;
  readonly id?: string;
  readonly retry?: number;
}

/** The events of one run of the program, for any number of pages. */
export class Feed {
  #shown: Shown;
  readonly #history: History;
  /** Tells a page that was connected before whether this is another run. */
  readonly #run = crypto.randomUUID();
  readonly #started: number;
  readonly #pages = new Set<Page>();
  #turn = Promise.withResolvers<void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(shown: Shown, history = new History(), started = Date.now()) {
    this.#shown = shown;
    this.#history = history;
    this.#started = started;
  }

  /** Whether the program is about to end: a page gets what is left, and no more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Takes an event in; costs little where no page is open. */
  add(event: WireEvent): void {
    if (this.#shown.server.port === 0) this.#learnServer(event);
    this.#history.add(event);
    if (this.#pages.size > 0) this.#arm();
  }

  /** A server that takes any free port is what the first event is directed at. */
  #learnServer({ to }: WireEvent): void {
    this.#shown = { ...this.#shown, server: to };
  }

  /**
   * A stream of server-sent events for one page.
   *
   * @param lastId the id of the last message that the page got, if any
   * @param delivered resolves once the page has got the whole stream, or is gone
   */
  open(
    lastId: string | null,
    delivered: Promise<unknown>,
  ): ReadableStream<Uint8Array> {
    const isFull = this.#pages.size >= MAX_PAGES;
    const page = new Page(this, isFull ? undefined : this.#cursorOf(lastId));
    if (!isFull) this.#pages.add(page);
    delivered.catch(() => {}).then(() => this.#pages.delete(page));
    return new ReadableStream<Message>({
      pull: (controller) => page.pull(controller),
      cancel: () => page.cancel(),
    }, { highWaterMark: 0 }).pipeThrough(new ServerSentEventStream());
  }

  /** Lets each page have what is left, and ends its stream. */
  end(): void {
    this.#ended = true;
    this.#takeTurn();
  }

  /** How many pages are being served. */
  get pages(): number {
    return this.#pages.size;
  }

  /** What a page is told first. */
  hello(): Message {
    const { program, mode, transport, server, upstream } = this.#shown;
    const data = JSON.stringify({
      run: this.#run,
      started: this.#started,
      program,
      mode,
      transport,
      server: addressOf(server),
      ...upstream && { upstream: addressOf(upstream) },
    });
    return { event: "hello", data, retry: RETRY };
  }

  /** The next events for a page, or undefined where there are none. */
  batch(cursor: Cursor): { message: Message; next: Cursor } | undefined {
    const batch = this.#history.after(cursor, BATCH_LIMIT);
    if (batch.events.length === 0) return undefined;
    return { message: this.#messageOf(batch), next: batch.next };
  }

  #messageOf({ gone, events, next }: Batch): Message {
    const data = JSON.stringify({
      gone,
      events: events.map((each) => toJson(each, this.#shown)),
    });
    return {
      event: "batch",
      data,
      id: `${this.#run}:${next.seq}:${next.shown}`,
    };
  }

  /** Where a page that comes back goes on; in another run it begins anew. */
  #cursorOf(lastId: string | null): Cursor {
    const [run, seq, shown] = (lastId ?? "").split(":");
    const { end } = this.#history;
    const isOurs = run === this.#run && isUpTo(end.seq, seq) &&
      isUpTo(end.shown, shown);
    return isOurs ? { seq: Number(seq), shown: Number(shown) } : BEGINNING;
  }

  /** Waits until it is time for the next batch, if there is anything for it. */
  turn(cursor: Cursor): Promise<void> {
    if (this.#ended) return Promise.resolve();
    if (this.#history.end.seq > cursor.seq) this.#arm();
    return this.#turn.promise;
  }

  #arm(): void {
    this.#timer ??= setTimeout(() => this.#takeTurn(), BATCH_INTERVAL);
  }

  #takeTurn(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#turn.resolve();
    this.#turn = Promise.withResolvers();
  }
}

/** One page: its place in the history, from which it asks for more. */
class Page {
  readonly #feed: Feed;
  /** Undefined where there are too many pages. */
  #cursor: Cursor | undefined;
  #greeted = false;
  #cancelled = false;

  constructor(feed: Feed, cursor: Cursor | undefined) {
    this.#feed = feed;
    this.#cursor = cursor;
  }

  /** Called when the page has taken what it was sent before, and not earlier. */
  async pull(
    controller: ReadableStreamDefaultController<Message>,
  ): Promise<void> {
    if (this.#cursor === undefined) {
      controller.enqueue({
        event: "full",
        data: String(MAX_PAGES),
        retry: RETRY,
      });
      return controller.close();
    }
    if (!this.#greeted) {
      this.#greeted = true;
      return controller.enqueue(this.#feed.hello());
    }
    const message = await this.#next(this.#cursor);
    if (this.#cancelled) return;
    if (message === undefined) controller.close();
    else controller.enqueue(message);
  }

  /** The browser has let go of the stream: nothing more can be put into it. */
  cancel(): void {
    this.#cancelled = true;
  }

  /** @returns undefined once everything has been sent and the program ends */
  async #next(cursor: Cursor): Promise<Message | undefined> {
    for (;;) {
      await this.#feed.turn(cursor);
      const batch = this.#feed.batch(cursor);
      if (batch !== undefined) {
        this.#cursor = batch.next;
        return batch.message;
      }
      if (this.#feed.ended || this.#cancelled) return undefined;
    }
  }
}

/** Whether a text that came from outside is a number from 0 to the most. */
function isUpTo(most: number, text = ""): boolean {
  return /^\d{1,15}$/.test(text) && Number(text) <= most;
}
