/** What the tests of the page in a browser share: a tab, and what is in it. */
import { assertEquals } from "@std/assert";
import type { Page } from "./puppeteer.ts";
import { until } from "../../support/harness.ts";
import { serveView, type View } from "../../../lib/trace/view/view.ts";
import { findBrowser, TestBrowser } from "./browser.ts";
import { shownAs, START, Wire } from "./made_up.ts";

/** One test: with a view of its own, in a tab of its own. */
export type Test = (tab: Tab) => Promise<void>;

/** A view, and a page that shows it. */
export interface Tab {
  view: View;
  wire: Wire;
  page: Page;
  /** What goes wrong in the page. */
  errors: string[];
  browser: TestBrowser;
}

/** Runs tests, each in a tab of one browser; ignored where there is none. */
export function testInBrowser(name: string, tests: Record<string, Test>): void {
  const executable = findBrowser();
  const ignore = executable === undefined;
  const why = " (ignored: no Chromium on the PATH or in CHROME_BIN)";
  Deno.test({
    name: ignore ? name + why : name,
    ignore,
    // The browser's driver keeps sockets and timers until the browser is closed.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn(t) {
      await using browser = await TestBrowser.start(executable!);
      for (const [name, test] of Object.entries(tests)) {
        await t.step(name, () => runInTab(browser, test));
      }
    },
  });
}

async function runInTab(browser: TestBrowser, test: Test): Promise<void> {
  const chat = shownAs("chat", "tcp");
  const view = serveView({ port: 0, started: START, ...chat });
  try {
    const { page, errors } = await browser.open(view.address);
    const wire = new Wire(view.watch);
    await test({ view, wire, page, errors, browser });
    assertEquals(errors.filter((each) => !isLostConnection(each)), []);
    await page.close();
  } finally {
    await view.close();
  }
}

/** What the browser itself says where a program has ended. */
function isLostConnection(error: string): boolean {
  return /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|404/
    .test(error);
}

/** The labels of the rows that are drawn, from the top to the bottom. */
export function labels(page: Page): Promise<string[]> {
  return page.$$eval(
    "#diagram .row .label",
    (all) => all.map((each) => each.textContent ?? ""),
  );
}

/** Waits until a row with that label is drawn. */
export async function shows(page: Page, label: string): Promise<void> {
  await until(
    async () => (await labels(page)).includes(label),
    `a row "${label}"`,
  );
}

export function textAt(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (each) => each.textContent ?? "");
}

export function isHidden(page: Page, selector: string): Promise<boolean> {
  return page.$eval(selector, (each) => (each as HTMLElement).hidden === true);
}

/** Waits until the text of an element matches. */
export async function says(
  page: Page,
  selector: string,
  text: RegExp,
): Promise<void> {
  const matches = async () => text.test(await textAt(page, selector));
  await until(matches, `${selector}: ${text}`);
}

export async function press(page: Page, ...keys: string[]): Promise<void> {
  await page.focus("#wire");
  for (const key of keys) {
    await page.keyboard.press(key as Parameters<Page["keyboard"]["press"]>[0]);
  }
}

/** Runs in the page: the contrast of its faintest text, as WCAG counts it. */
export function leastContrast(): number {
  const luminance = (color: string) => {
    const parts = color.match(/[\d.]+/g)!.slice(0, 3).map((each) => {
      const part = Number(each) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0]! + 0.7152 * parts[1]! + 0.0722 * parts[2]!;
  };
  const paper = luminance(getComputedStyle(document.body).backgroundColor);
  const contrasts = [...document.querySelectorAll(".row text, #status, button")]
    .map((element) => {
      const { fill, color } = getComputedStyle(element);
      const ink = luminance(element instanceof SVGElement ? fill : color);
      const [dark, light] = [ink, paper].sort((a, b) => a - b);
      return (light! + 0.05) / (dark! + 0.05);
    });
  return Math.min(...contrasts);
}
