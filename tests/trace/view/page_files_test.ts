/** What the page saves: a picture that needs nothing else, and the events. */
import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import type { EventJson } from "../../../lib/trace/view/event_json.ts";
import { recordOf } from "../../../lib/trace/view/record.js";
import type { TestBrowser } from "./browser.ts";
import {
  at,
  chat,
  eventsOf,
  hostile,
  permission,
  SERVER,
  START,
} from "./made_up.ts";
import { labels, press, shows, type Test, testInBrowser } from "./tab.ts";

/** A saved picture, looked at by the browser: our own page may parse nothing. */
async function look(browser: TestBrowser, svg: string) {
  const { page } = await browser.open("about:blank");
  try {
    return await page.evaluate(measure, svg);
  } finally {
    await page.close();
  }
}

/** Runs in the browser. */
function measure(text: string) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  const all = [...parsed.querySelectorAll("*")];
  const texts = (selector: string) =>
    [...parsed.querySelectorAll(selector)].map((each) => each.textContent);
  const size = (name: string) =>
    Number(parsed.documentElement.getAttribute(name));
  return {
    isBroken: parsed.querySelector("parsererror") !== null,
    elements: [...new Set(all.map(({ localName }) => localName))].sort(),
    labels: texts(".label"),
    names: texts(".name .address"),
    style: texts("style").join(""),
    rows: parsed.querySelectorAll(".row").length,
    width: size("width"),
    height: size("height"),
  };
}

/** Everything that a picture is made of. */
const ELEMENTS = ["circle", "g", "line", "path", "rect", "style", "svg"]
  .concat("text", "tspan");

/** The bytes of events, in their order. */
function contents(events: readonly { bytes?: string }[]): string[] {
  return events.map(({ bytes = "" }) => bytes);
}

const TESTS: Record<string, Test> = {
  async "a picture has everything, seen or not"({ view, page, browser }) {
    chat(view.watch);
    await shows(page, "Bye\\n");
    await press(page, "End");
    await page.click("#save-svg");
    const svg = await look(browser, await browser.saved("chat-server.svg"));
    assertEquals(svg.isBroken, false);
    assertEquals(svg.labels[0], "connects");
    assertEquals(svg.labels.at(-1), "closed");
    assertEquals(svg.rows, svg.labels.length);
    assertEquals(svg.names.sort(), [
      "127.0.0.1:12000",
      "127.0.0.1:51034",
      "127.0.0.1:51036",
    ]);
    assertEquals(svg.elements.filter((each) => !ELEMENTS.includes(each)), []);
  },

  async "a picture needs nothing beside it"({ view, page, browser }) {
    permission(view.watch);
    await shows(page, "hello");
    await page.click("#save-svg");
    const text = await browser.saved("chat-server.svg");
    assertEquals(text.match(/var\(|url\(|href|@import|class="chosen/g), null);
    const { style } = await look(browser, text);
    assertMatch(style, /\.figure \.label[^}]+font-family: [^;]*monospace/);
    assertMatch(style, /\.figure rect|\.figure \.name rect \{ fill: #fdfcfa/);
    // In a tab of its own it looks as it should: dark on light.
    const other = await browser.open("about:blank");
    await other.page.setContent(text);
    const fill = await other.page.$eval(
      ".label",
      (label) => getComputedStyle(label).fill,
    );
    assertEquals(fill, "rgb(27, 27, 29)");
    assertEquals(other.errors, []);
    await other.page.close();
  },

  async "a picture of what is shown: one peer"({ view, page, browser }) {
    permission(view.watch);
    await shows(page, "hello");
    await page.select("#peer", "127.0.0.1:5000");
    await page.waitForFunction(() =>
      document.querySelectorAll(".row").length === 2
    );
    await page.click("#save-svg");
    const svg = await look(browser, await browser.saved("chat-server.svg"));
    assertEquals(svg.labels, ["hello", "Port is not allowed to communicate"]);
    await page.click("#save-json");
    const json = JSON.parse(await browser.saved("chat-server.json"));
    assertEquals(json.events.length, 2);
  },

  async "a picture of hostile text is well-formed"({ view, page, browser }) {
    hostile(view.watch);
    await shows(page, "A\\xff\\n");
    await page.click("#save-svg");
    const svg = await look(browser, await browser.saved("chat-server.svg"));
    assertEquals(svg.isBroken, false);
    assertEquals(svg.elements.filter((each) => !ELEMENTS.includes(each)), []);
    assertEquals(svg.rows, 18);
  },

  async "a picture of 10 000 messages"({ wire, page, browser }) {
    for (let i = 0; i < 10_000; i++) {
      wire.datagram(at(1), SERVER, `message ${i}`);
    }
    await shows(page, "message 9999");
    await page.click("#save-svg");
    const svg = await look(browser, await browser.saved("chat-server.svg"));
    assertEquals([svg.isBroken, svg.rows], [false, 10_000]);
    assertEquals(svg.labels.at(-1), "message 9999");
    assertLess(svg.height, 10_000 * 60);
  },

  async "events as JSON: all of them, reads and writes included"(
    { view, page, browser },
  ) {
    chat(view.watch);
    await shows(page, "Bye\\n");
    await page.click("#save-json");
    const json = JSON.parse(await browser.saved("chat-server.json"));
    const { events, saved, ...about } = json;
    assertEquals(about, {
      program: "server",
      mode: "chat",
      transport: "tcp",
      server: "127.0.0.1:12000",
    });
    assert(!Number.isNaN(Date.parse(saved)));
    const expected = eventsOf(chat).map((event: EventJson) =>
      recordOf(event, START)
    );
    assertEquals(contents(events), contents(expected));
    assertEquals(events, JSON.parse(JSON.stringify(expected)));
    assertEquals((await labels(page)).length > 0, true);
  },
};

testInBrowser("the page's files", TESTS);
