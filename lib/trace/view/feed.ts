/**
 * What is sent to the pages: the events, as server-sent events.
 *
 * A page has a place in the history and nothing else, so one that reads slowly,
 * or not at all, takes no memory: it misses what the history drops in the
 * meantime, and is told how much. Events travel in batches, because a burst of
 * thousands would otherwise cost both ends a message each.
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
 * second: more than eyes can follow, and less than either end can handle.
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
  /** Lets a page that reconnects notice that this is another run. */
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

  /** Whether the program is about to end: pages get only what is left. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Adds an event; costs little if no page is open. */
  add(event: WireEvent): void {
    if (this.#shown.server.port === 0) this.#learnServer(event);
    this.#history.add(event);
    if (this.#pages.size > 0) this.#arm();
  }

  /** If a server takes any free port, the first event's target is that port. */
  #learnServer({ to }: WireEvent): void {
    this.#shown = { ...this.#shown, server: to };
  }

  /**
   * A stream of server-sent events for one page.
   *
   * @param lastId the id of the last message the page got, if any
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

  /** Lets each page get what is left, and ends its stream. */
  end(): void {
    this.#ended = true;
    this.#takeTurn();
  }

  /** How many pages are being served. */
  get pages(): number {
    return this.#pages.size;
  }

  /** The first message to a page. */
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

  /** The next events for a page; undefined if there are none. */
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

  /** Where a page that comes back continues; in another run it starts over. */
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

/** One page, and its place in the history, from which it asks for more. */
class Page {
  readonly #feed: Feed;
  /** Undefined if there are too many pages. */
  #cursor: Cursor | undefined;
  #greeted = false;
  #cancelled = false;

  constructor(feed: Feed, cursor: Cursor | undefined) {
    this.#feed = feed;
    this.#cursor = cursor;
  }

  /** Called only once the page has taken what it was sent before. */
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

  /** The browser has let go of the stream: no more can be put into it. */
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

/** Whether a text from outside is a number from 0 to `most`. */
function isUpTo(most: number, text = ""): boolean {
  return /^\d{1,15}$/.test(text) && Number(text) <= most;
}
