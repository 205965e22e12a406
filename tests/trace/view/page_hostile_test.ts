/** The page and what strangers send: text, never markup, and never a freeze. */
import { assert, assertEquals, assertLess } from "@std/assert";
import type { Page } from "./puppeteer.ts";
import { until } from "../../support/harness.ts";
import { spansOf, textOf } from "../../../lib/trace/view/text.js";
import { at, HOSTILE, hostile, SERVER } from "./made_up.ts";
import {
  labels,
  press,
  shows,
  type Test,
  testInBrowser,
  textAt,
} from "./tab.ts";

/** A message as the page should show it. */
function shownText(text: string): string {
  return textOf(spansOf(new TextEncoder().encode(text)));
}

/** The elements that are in the page, by name; some must never be. */
function elements(page: Page): Promise<string[]> {
  return page.$$eval(
    "body *",
    (all) => [...new Set(all.map(({ localName }) => localName))].sort(),
  );
}

/** Everything that the page itself makes. */
const KNOWN = new Set(
  ("a aside bdi button circle dd div dl dt g h1 h2 h3 header label line main " +
    "mark noscript option p path pre rect section select small span svg text tspan")
    .split(" "),
);

async function assertUnbroken(page: Page): Promise<void> {
  const strange = (await elements(page)).filter((each) => !KNOWN.has(each));
  assertEquals(strange, []);
  assertEquals(await page.title(), "chat server · Socket Lab");
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assertEquals(width, 1280, "nothing is wider than the window");
}

const TESTS: Record<string, Test> = {
  async "arrows show it as text"({ view, page }) {
    await page.setViewport({ width: 1280, height: 2_000 });
    hostile(view.watch);
    await shows(page, "A\\xff\\n");
    const all = await labels(page);
    assertEquals(all.length, Object.keys(HOSTILE).length + 1);
    for (const [i, text] of Object.values(HOSTILE).entries()) {
      const beginning = all[i]!.replace(/…$/, "");
      assert(shownText(text).startsWith(beginning), all[i]);
      assert(beginning.length > 0);
    }
    await assertUnbroken(page);
  },

  async "arrows keep within their lane"({ view, page }) {
    await page.setViewport({ width: 1280, height: 2_000 });
    hostile(view.watch);
    await shows(page, "A\\xff\\n");
    const sizes = await page.$$eval(
      "#diagram .label",
      (all) =>
        all.map((each) => {
          const { left, right, height } = each.getBoundingClientRect();
          return { left, right, height };
        }),
    );
    const lines = await page.$$eval(
      "#diagram .wire",
      (all) =>
        all.map((each) => {
          const { left, right } = each.getBoundingClientRect();
          return { left, right };
        }),
    );
    for (const [i, { left, right, height }] of sizes.entries()) {
      assert(left > lines[i]!.left && right < lines[i]!.right, `row ${i}`);
      assertLess(height, 40);
    }
  },

  async "the details show all of it, as text"({ view, page }) {
    hostile(view.watch);
    await shows(page, "A\\xff\\n");
    await press(page, "Home", "Enter");
    for (const [name, text] of Object.entries(HOSTILE)) {
      const whole = shownText(text);
      const expected = name === "very long" ? whole.slice(0, 1_024) : whole;
      await until(
        async () => await textAt(page, "#details pre.text") === expected,
        name,
      );
      await assertUnbroken(page);
      await press(page, "ArrowDown");
    }
  },

  async "a message of 64 KiB is shown in part, and whole when asked"(
    { wire, page },
  ) {
    const long = "0123456789abcdef".repeat(4_096);
    wire.data(at(1), SERVER, long + "\n")
      .message(at(1), SERVER, long, "line feed");
    await until(async () => (await labels(page)).length === 1, "the row");
    await press(page, "End", "Enter");
    assertEquals((await textAt(page, "#details pre.text")).length, 1_024);
    const button = await page.$("#details section button");
    await button!.click();
    assertEquals(await textAt(page, "#details pre.text"), long);
    const dump = await textAt(page, "#details pre:not(.text)");
    assertEquals(dump.split("\n").length, 4_096);
    assert(dump.includes("\nfff0  30 31"), dump.slice(-200));
    await assertUnbroken(page);
  },

  async "the writing direction of a message stays its own"({ wire, page }) {
    // A number after Hebrew would be written to the left of it.
    wire.datagram(at(1), SERVER, "\u05d0\u05d1\u05d2\0");
    await until(async () => (await labels(page)).length === 1, "the row");
    const [hebrew, escape] = await page.$$eval(
      ".label tspan, .label",
      (all) => all.map((each) => each.getBoundingClientRect().right),
    );
    assert(escape! >= hebrew! - 1, "the escape is after the text");
  },
};

testInBrowser("the page and hostile text", TESTS);
