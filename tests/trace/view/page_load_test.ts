/** The page under load: ten thousand messages in a burst, and much afterwards. */
import { assert, assertEquals, assertLess } from "@std/assert";
import type { Page } from "./puppeteer.ts";
import { until } from "../../support/harness.ts";
import { at, SERVER, type Wire } from "./made_up.ts";
import {
  labels,
  press,
  shows,
  type Test,
  testInBrowser,
  textAt,
} from "./tab.ts";

/**
 * How long the page may be busy with one thing, in milliseconds: a person notices
 * from 100 on. It takes some 20; a test's machine may be slow, and shared.
 */
const RESPONSIVE = 1_000;

/** Lets the page note how long it was busy at once, and how long keys took. */
async function watchClosely(page: Page): Promise<void> {
  await page.evaluate(() => {
    const notes = { busy: 0, keys: [] as number[] };
    Object.assign(globalThis, { notes });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        notes.busy = Math.max(notes.busy, duration);
      }
    }).observe({ type: "longtask" });
    document.addEventListener("keydown", ({ timeStamp }) => {
      notes.keys.push(performance.now() - timeStamp);
    });
  });
}

function notes(page: Page): Promise<{ busy: number; keys: number[] }> {
  return page.evaluate(() =>
    (globalThis as unknown as { notes: { busy: number; keys: number[] } }).notes
  );
}

/** How many elements the page has. */
function size(page: Page): Promise<number> {
  return page.$$eval("*", ({ length }) => length);
}

/** A burst: sends so many at once, and uses the keyboard until all are shown. */
async function survive(
  page: Page,
  burst: () => void,
  last: string,
): Promise<void> {
  await watchClosely(page);
  await page.focus("#wire");
  burst();
  await until(async () => {
    await page.keyboard.press("ArrowUp");
    await press(page, "End");
    return (await labels(page)).at(-1) === last;
  }, last);
  const { busy, keys } = await notes(page);
  assertLess(busy, RESPONSIVE, "the longest task");
  assertLess(Math.max(...keys), RESPONSIVE, "the slowest key");
  assertLess(await size(page), 3_000, "elements");
}

/** Ten thousand datagrams between a server and forty clients. */
function flood(wire: Wire, delay = 0): void {
  for (let i = 0; i < 5_000; i++) {
    const client = at(1_000 + i % 40);
    wire.datagram(client, SERVER, `message ${i}`, { delay })
      .datagram(SERVER, client, `MESSAGE ${i}`, { delay: delay && i % delay });
  }
}

const TESTS: Record<string, Test> = {
  async "10 000 datagrams in a burst"({ wire, page }) {
    await survive(page, () => flood(wire), "MESSAGE 4999");
    await press(page, "Home");
    await shows(page, "message 0");
    assert((await labels(page)).length < 100, "only what is in view is drawn");
  },

  async "10 000 delayed datagrams, which cross each other"({ wire, page }) {
    await survive(page, () => flood(wire, 70), "MESSAGE 4999");
  },

  async "10 000 messages, five in each read"({ wire, page }) {
    const burst = () => {
      for (let i = 0; i < 2_000; i++) {
        const lines = [1, 2, 3, 4, 5].map((each) => `line ${i}.${each}\n`);
        wire.read(at(1), SERVER, ...lines);
      }
    };
    await survive(page, burst, "line 1999.5\\n");
  },

  async "2 500 connections, one after the other"({ wire, page }) {
    const burst = () => {
      for (let i = 0; i < 2_500; i++) {
        const client = at(10_000 + i);
        wire.open(client).read(client, SERVER, `from ${i}\n`)
          .mark("end", client, SERVER).mark("close", SERVER, client);
      }
    };
    await survive(page, burst, "closed");
    const peers = await page.$$eval("#peer option", ({ length }) => length);
    assertLess(peers, 202);
  },

  async "a page that is opened late is told how much is gone"(
    { view, wire, browser },
  ) {
    for (let i = 0; i < 12_345; i++) {
      wire.datagram(at(1), SERVER, `message ${i}`);
    }
    const late = await browser.open(view.address);
    await shows(late.page, "message 12344");
    await press(late.page, "Home");
    await until(
      async () => (await labels(late.page))[0] === "message 2345",
      "the first that is left",
    );
    assertEquals(
      (await textAt(late.page, "text.break")).replaceAll(
        /[\u00a0\u202f]/g,
        " ",
      ),
      "2 345 events are gone: only the last are kept",
    );
    assertEquals(late.errors, []);
  },

  async "a pause keeps the last 10 000"({ wire, page }) {
    await press(page, "Space");
    for (let round = 0; round < 3; round++) {
      flood(wire);
      wire.datagram(at(1), SERVER, `end of round ${round}`);
    }
    await until(async () => {
      const text = await textAt(page, "#pause");
      return /^Go on \((9\d\d\d|10000) more\)$/.test(text);
    }, "as many as may wait");
    await page.click("#pause");
    await shows(page, "MESSAGE 4999");
    await press(page, "Home");
    await until(
      async () => /events are gone/.test(await textAt(page, "#diagram")),
      "a note of what is gone",
    );
  },

  async "what is read stays where it is while more comes"({ wire, page }) {
    for (let i = 0; i < 100; i++) wire.datagram(at(1), SERVER, `message ${i}`);
    await shows(page, "message 99");
    await press(page, "Home");
    await shows(page, "message 0");
    const before = await textAt(page, "#diagram .row:first-of-type .label");
    for (let i = 100; i < 300; i++) {
      wire.datagram(at(1), SERVER, `message ${i}`);
    }
    await until(async () => {
      const height = await page.$eval("#wire", (wire) => wire.scrollHeight);
      return height > 250 * 2.7 * 16;
    }, "more rows");
    const top = await page.$eval("#wire", (wire) => wire.scrollTop);
    assertLess(top, 50);
    assertEquals(
      await textAt(page, "#diagram .row:first-of-type .label"),
      before,
    );
    await page.click("#newest");
    await shows(page, "message 299");
  },

  async "what is read stays where it is when the window changes"(
    { wire, page },
  ) {
    for (let i = 0; i < 200; i++) wire.datagram(at(1), SERVER, `message ${i}`);
    await shows(page, "message 199");
    await page.$eval("#wire", (wire) => wire.scrollTop = 4_000);
    // Until it is drawn, what is seen are the rows that were there before.
    const isDrawn = (first: number) => first > 50 && first < 120;
    const before = await topBecomes(page, isDrawn);
    await page.setViewport({ width: 2_000, height: 1_400 });
    await until(
      async () => await page.$eval("#wire", (wire) => wire.clientWidth) > 1_500,
      "another size",
    );
    await topBecomes(page, (first) => Math.abs(first - before) <= 5);
  },
};

/** Waits until the first message in view is as it should be; gives its number. */
async function topBecomes(
  page: Page,
  isRight: (first: number) => boolean,
): Promise<number> {
  let first = -1;
  await until(async () => {
    first = await page.evaluate(firstInView);
    return isRight(first);
  }, "the message at the top");
  return first;
}

/** Runs in the page: the number of the first message below the names. */
function firstInView(): number {
  const { bottom } = document.querySelector("#names")!.getBoundingClientRect();
  const labels = [...document.querySelectorAll(".label")];
  const first = labels.find((each) =>
    each.getBoundingClientRect().top > bottom
  );
  return Number(/\d+/.exec(first?.textContent ?? "-1")![0]);
}

testInBrowser("the page under load", TESTS);
