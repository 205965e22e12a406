/** A page without a browser: reads the events that a view serves. */
import { within } from "../../support/harness.ts";
import type { EventJson } from "../../../lib/trace/view/event_json.ts";

/** One server-sent message. */
export interface Sent {
  event: string;
  data: string;
  id: string;
}

/** What the message `batch` holds. */
export interface BatchJson {
  gone: number;
  events: EventJson[];
}

/** An open stream of events. */
export class EventReader implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  private constructor(body: ReadableStream<Uint8Array>) {
    const decoder = new TextDecoderStream();
    this.#reader = body.pipeThrough(
      decoder as typeof decoder & {
        writable: WritableStream<Uint8Array>;
      },
    ).getReader();
  }

  /** Opens the stream of a view, as a page does that has or has not been there. */
  static async open(
    address: string,
    { lastId, after }: { lastId?: string; after?: string } = {},
  ): Promise<EventReader> {
    const url = new URL("/events", address);
    if (after !== undefined) url.searchParams.set("after", after);
    const headers: HeadersInit = lastId ? { "last-event-id": lastId } : {};
    const response = await within(fetch(url, { headers }), "the headers");
    return new EventReader(response.body!);
  }

  /** The next message, or undefined at the end of the stream. */
  async next(): Promise<Sent | undefined> {
    while (!this.#text.includes("\n\n")) {
      const { value, done } = await within(this.#reader.read(), "an event");
      if (done) return undefined;
      this.#text += value;
    }
    const end = this.#text.indexOf("\n\n");
    const lines = this.#text.slice(0, end).split("\n");
    this.#text = this.#text.slice(end + 2);
    const field = (name: string) =>
      lines.find((line) => line.startsWith(`${name}:`))
        ?.slice(name.length + 1) ?? "";
    return { event: field("event"), data: field("data"), id: field("id") };
  }

  /** The next batch of events. */
  async batch(): Promise<BatchJson & { id: string }> {
    for (;;) {
      const sent = await this.next();
      if (sent === undefined) throw new Error("The stream is over.");
      if (sent.event === "batch") {
        return { ...JSON.parse(sent.data), id: sent.id };
      }
    }
  }

  /** Batches until there have been so many events, gone ones included. */
  async events(count: number): Promise<BatchJson> {
    const all: BatchJson = { gone: 0, events: [] };
    while (all.gone + all.events.length < count) {
      const { gone, events } = await this.batch();
      all.gone += gone;
      all.events.push(...events);
    }
    return all;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel().catch(() => {}); // it may have been cut off
  }
}

/** The text of an event's bytes. */
export function textOf({ bytes = "" }: EventJson): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(bytes));
}
