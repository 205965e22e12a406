/** `--view` under load: bursts, pages that do not read, too many pages, the end. */
import { ownMemory } from "../../support/machine.ts";
import {
  assert,
  assertEquals,
  assertLess,
  assertLessOrEqual,
} from "@std/assert";
import { RawStream, until, within } from "../../support/harness.ts";
import { BATCH_LIMIT, Feed, MAX_PAGES } from "../../../lib/trace/view/feed.ts";
import { History } from "../../../lib/trace/view/history.ts";
import { serveView, type ViewOptions } from "../../../lib/trace/view/view.ts";
import { EventReader, textOf } from "./event_reader.ts";
import { at, SERVER, shownAs, START, Wire } from "./made_up.ts";

const MIB = 1024 * 1024;

function options(more: Partial<ViewOptions> = {}): ViewOptions {
  return { port: 0, started: START, ...shownAs("chat", "tcp"), ...more };
}

/** A stream of events whose reader has to be told to read. */
class LazyPage implements Disposable {
  readonly #conn: Deno.TcpConn;
  #reading: Promise<number | null> | undefined;

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  static async open(address: string): Promise<LazyPage> {
    const { port, host } = new URL(address);
    const conn = await Deno.connect({
      hostname: "127.0.0.1",
      port: Number(port),
    });
    // In HTTP/1.0 the body comes as it is, not in chunks.
    const request = `GET /events HTTP/1.0\r\nhost: ${host}\r\n\r\n`;
    await conn.write(new TextEncoder().encode(request));
    return new LazyPage(conn);
  }

  /** Reads until the end of the stream, or for as long as bytes come. */
  async drain(): Promise<string> {
    const buffer = new Uint8Array(MIB);
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      this.#reading ??= this.#conn.read(buffer).catch(() => null);
      const count = await Promise.race([this.#reading, silence()]);
      if (count === "silence" || count === null) return text;
      this.#reading = undefined;
      text += decoder.decode(buffer.subarray(0, count), { stream: true });
    }
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }
}

function silence(): Promise<"silence"> {
  return new Promise((resolve) => setTimeout(resolve, 500, "silence"));
}

Deno.test("a page that never reads costs no more than a batch", async () => {
  const size = { events: 10_000, bytes: MIB };
  const view = serveView(options({ history: new History(size) }));
  try {
    using page = await LazyPage.open(view.address);
    await using reader = await EventReader.open(view.address);
    await reader.next();
    const wire = new Wire(view.watch);
    const long = new Uint8Array(32 * 1024).fill(0x61);
    const before = ownMemory();
    let total = 0;
    // 200 MiB, with turns in between so that batches are made.
    for (let round = 0; round < 50; round++) {
      for (let i = 0; i < 128; i++, total++) {
        wire.datagram(at(1), SERVER, long);
      }
      await reader.batch();
    }
    const grown = (ownMemory() - before) / MIB;
    assertLess(grown, 150, "what was sent is kept somewhere");
    const text = await page.drain();
    // Base64 takes a third more; the system's buffers and a few batches hold some.
    assertLess(text.length, 16 * MIB);
    const batches = [...text.matchAll(/^data:(\{"gone".*)$/gm)]
      .map(([, json]) => JSON.parse(json!));
    const seen = batches.reduce((sum, { events }) => sum + events.length, 0);
    const gone = batches.reduce((sum, batch) => sum + batch.gone, 0);
    assertEquals(seen + gone, total, "it is told what it missed");
    assert(gone > 0);
  } finally {
    await view.close();
  }
});

Deno.test("a burst of 10 000 travels in few batches, whole and in order", async () => {
  const view = serveView(options());
  try {
    await using reader = await EventReader.open(view.address);
    await reader.next();
    const wire = new Wire(view.watch);
    for (let i = 0; i < 10_000; i++) wire.datagram(at(1), SERVER, String(i));
    const texts: string[] = [];
    let batches = 0;
    for (; texts.length < 10_000; batches++) {
      const { events, gone } = await reader.batch();
      assertEquals(gone, 0);
      assertLessOrEqual(events.length, BATCH_LIMIT.events);
      texts.push(...events.map(textOf));
    }
    assertEquals(texts, texts.map((_, i) => String(i)));
    assertLess(batches, 20);
  } finally {
    await view.close();
  }
});

Deno.test("watching costs microseconds, with no page and with one", async () => {
  const view = serveView(options());
  try {
    const wire = new Wire(view.watch);
    const bytes = new TextEncoder().encode("message test 1");
    const measure = () => {
      const start = performance.now();
      for (let i = 0; i < 20_000; i++) wire.datagram(at(1), SERVER, bytes);
      return (performance.now() - start) / 20;
    };
    assertLess(measure(), 20, "microseconds for an event, no page");
    await using reader = await EventReader.open(view.address);
    await reader.next();
    assertLess(measure(), 20, "microseconds for an event, a page");
  } finally {
    await view.close();
  }
});

Deno.test("the end of the program: pages get the last events, and then the end", async () => {
  const view = serveView(options());
  await using reader = await EventReader.open(view.address);
  await reader.next();
  const wire = new Wire(view.watch);
  for (let i = 0; i < 3_000; i++) wire.datagram(at(1), SERVER, String(i));
  const closed = view.close();
  const { events } = await reader.events(3_000);
  assertEquals(textOf(events.at(-1)!), "2999");
  assertEquals(await reader.next(), undefined);
  await within(closed, "the end of the view", 2_000);
});

Deno.test("the end of the program does not wait for a page that does not read", async () => {
  const view = serveView(options());
  using _page = await LazyPage.open(view.address);
  using _idle = await RawStream.connect(Number(new URL(view.address).port));
  const wire = new Wire(view.watch);
  const long = new Uint8Array(60_000);
  for (let i = 0; i < 200; i++) wire.datagram(at(1), SERVER, long);
  const start = performance.now();
  await within(view.close(), "the end of the view", 5_000);
  assertLess(performance.now() - start, 3_000);
  // The port is free at once.
  const port = Number(new URL(view.address).port);
  await serveView(options({ port })).close();
});

Deno.test("a view that nobody opened ends at once", async () => {
  const view = serveView(options());
  new Wire(view.watch).datagram(at(1), SERVER, "hello");
  const start = performance.now();
  await view.close();
  assertLess(performance.now() - start, 250);
});

Deno.test("as many pages as there may be, and one more", async (t) => {
  const view = serveView(options());
  const pages: EventReader[] = [];
  try {
    for (let i = 0; i < MAX_PAGES; i++) {
      pages.push(await EventReader.open(view.address));
      assertEquals((await pages[i]!.next())?.event, "hello");
    }
    await t.step("one more is told so, and has to go", async () => {
      await using late = await EventReader.open(view.address);
      assertEquals((await late.next())?.event, "full");
      assertEquals(await late.next(), undefined);
    });
    await t.step("a place becomes free when a page is closed", async () => {
      await pages.pop()![Symbol.asyncDispose]();
      await until(async () => {
        await using next = await EventReader.open(view.address);
        return (await next.next())?.event === "hello";
      }, "a free place");
    });
  } finally {
    for (const page of pages) await page[Symbol.asyncDispose]();
    await view.close();
  }
});

Deno.test("Feed sets no timer while no page is open", () => {
  const feed = new Feed(shownAs("chat", "tcp"));
  // A timer would be found by the test's own check for leaks.
  new Wire((event) => feed.add(event)).datagram(at(1), SERVER, "hello");
  assertEquals(feed.pages, 0);
});
