/** The page in a real browser: what it shows, and what it does when asked. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page, SerializedAXNode } from "./puppeteer.ts";
import { until } from "../../support/harness.ts";
import { at, chat, permission, SERVER, uppercase } from "./made_up.ts";
import {
  isHidden,
  labels,
  leastContrast,
  press,
  says,
  shows,
  type Test,
  testInBrowser,
  textAt,
} from "./tab.ts";

/** The chosen row's label. */
function chosen(page: Page): Promise<string> {
  return page.$eval(
    "#diagram",
    (diagram) =>
      diagram.querySelector('[aria-selected="true"] .label')?.textContent ?? "",
  );
}

const TESTS: Record<string, Test> = {
  async "a chat: who sent what, and what shared a read"({ view, page }) {
    assertMatch(await textAt(page, "#empty"), /Nothing has come/);
    chat(view.watch);
    await shows(page, "Bye\\n");
    await page.setViewport({ width: 1280, height: 2_000 });
    await shows(page, "connects");
    const all = await labels(page);
    assertEquals(all.filter((each) => each === "hi, Alice\\n").length, 1);
    assertEquals(all.at(-1), "closed");
    const captions = await page.$$eval(
      ".caption",
      (each) => each.map(({ textContent }) => textContent),
    );
    assertEquals(captions.map((each) => each?.replaceAll("\u00a0", " ")), [
      "one read: 3 messages, each ended by a line feed",
      "2 reads: one message",
    ]);
    const names = await page.$$eval(
      "#names .address",
      (each) => each.map(({ textContent }) => textContent).sort(),
    );
    assertEquals(names, [
      "127.0.0.1:12000",
      "127.0.0.1:51034",
      "127.0.0.1:51036",
    ]);
    assertEquals(await page.title(), "chat server · Socket Lab");
    assertEquals(await textAt(page, "#status"), "live");
  },

  async "a peer's lifeline says who it is, safely"({ wire, page }) {
    wire.open(at(1)).read(at(1), SERVER, "Client X: Alice");
    await shows(page, "Client X: Alice");
    const roles = () =>
      page.$$eval(
        "#names .name:not(.own) .role",
        (all) => all.map(({ textContent }) => textContent),
      );
    assertEquals(await roles(), ["client"]);
    wire.names.set(1, "X: Alice");
    wire.open(at(2)).write(SERVER, at(1), "welcome");
    await shows(page, "welcome");
    assertEquals((await roles()).sort(), ["X: Alice", "client"]);
    wire.names.set(2, `Y: <b>\u202e${"long ".repeat(10)}`);
    wire.write(SERVER, at(2), "and you");
    await shows(page, "and you");
    const [, long] = (await roles()).sort();
    assertMatch(long!, /^Y: <b>\\u202elon?g?.*…$/);
    const isInside = await page.$$eval(
      "#names .name",
      (all) =>
        all.every((name) => {
          const [box, text] = ["rect", ".role"].map((each) =>
            name.querySelector(each)!.getBoundingClientRect()
          );
          return text!.left >= box!.left && text!.right <= box!.right;
        }),
    );
    assert(isInside);
  },

  async "loss, delay and duplicates can be seen"({ view, page }) {
    uppercase(view.watch);
    await shows(page, "QUIT");
    const lost = await page.$$eval(
      ".row.lost",
      (each) => each.map((row) => row.querySelectorAll(".cross").length),
    );
    assertEquals(lost, [1, 1]);
    const notes = await page.$$eval(
      ".note",
      (each) => each.map(({ textContent }) => textContent),
    );
    assert(notes.includes("lost"));
    assert(notes.includes("duplicate, 20\u00a0ms"), notes.join());
    const slants = await page.$$eval(
      ".row .wire",
      (each) =>
        each.map((line) =>
          Number(line.getAttribute("y2")) - Number(line.getAttribute("y1"))
        ),
    );
    assertEquals(slants.filter((slant) => slant > 0).length, 9);
    assertEquals(slants.filter((slant) => slant === 0).length, 2);
  },

  async "the keyboard chooses, opens and closes"({ view, page }) {
    permission(view.watch);
    await shows(page, "hello");
    await press(page, "Home");
    await until(async () => await chosen(page) === "Permission1111", "Home");
    await press(page, "ArrowDown", "ArrowDown", "ArrowUp");
    await until(
      async () => await chosen(page) === "Permission Accepted",
      "arrows",
    );
    const active = await page.$eval(
      "#wire",
      (wire) => wire.getAttribute("aria-activedescendant"),
    );
    assertEquals(
      await textAt(page, `#${active} .label`),
      "Permission Accepted",
    );
    await press(page, "Enter");
    assertEquals(await textAt(page, "#details-title"), "Permission Accepted");
    await press(page, "ArrowDown");
    await until(
      async () => await textAt(page, "#details-title") === "pErMission33",
      "the details follow",
    );
    await press(page, "Enter");
    const focus = () => page.evaluate(() => document.activeElement?.id);
    assertEquals(await focus(), "details-title");
    await page.keyboard.press("Escape");
    assertEquals(await isHidden(page, "#details"), true);
    assertEquals(await focus(), "wire");
    await press(page, "End");
    await until(
      async () => await chosen(page) === "Port is not allowed to communicate",
      "End",
    );
  },

  async "the arrow keys work at once, without a click"({ view, page }) {
    permission(view.watch);
    await shows(page, "hello");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await until(
      async () => await chosen(page) === "Permission Accepted",
      "the second message",
    );
  },

  async "a click opens a message, with the read that brought it"(
    { view, page },
  ) {
    await page.setViewport({ width: 1280, height: 2_000 });
    chat(view.watch);
    await shows(page, "three lines\\n");
    const { x, y } = await page.$$eval(".label", (each) => {
      const label = each.find((all) => all.textContent === "three lines\\n");
      const { x, y } = label!.getBoundingClientRect();
      return { x, y };
    });
    await page.mouse.click(x + 5, y + 5);
    const details = (await textAt(page, "#details")).replaceAll("\u00a0", " ");
    for (
      const part of [
        "9.322 s",
        "127.0.0.1:51036",
        "127.0.0.1:12000",
        "11 bytes",
        "A line feed ended it.",
        "3 messages ended in one and the same read: this is number 2.",
        "74 68 72 65 65 20 6c 69  6e 65 73",
        "34 bytes",
      ]
    ) assert(details.includes(part), `${part}? ${details}`);
    const segments = await page.$$eval(
      ".segment",
      (each) => each.map(({ tagName, textContent }) => [tagName, textContent]),
    );
    assertEquals(segments, [
      ["SPAN", "hi, Alice\\n"],
      ["MARK", "three lines\\n"],
      ["SPAN", "in one send\\n"],
    ]);
  },

  async "pause, and go on"({ wire, page }) {
    wire.datagram(at(1), SERVER, "before");
    await shows(page, "before");
    await press(page, "Space");
    assertEquals(await textAt(page, "#pause"), "Go on");
    wire.datagram(at(1), SERVER, "during").read(at(2), SERVER, "a\n");
    await says(page, "#pause", /^Go on \(2 more\)$/);
    assertEquals(await labels(page), ["before"]);
    await page.click("#pause");
    await shows(page, "during");
    assertEquals(await labels(page), ["before", "during", "a\\n"]);
    assertEquals(await textAt(page, "#pause"), "Pause");
  },

  async "clear, and reload"({ wire, page }) {
    wire.datagram(at(1), SERVER, "old");
    await shows(page, "old");
    await press(page, "End", "Enter");
    await page.click("#clear");
    await until(async () => (await labels(page)).length === 0, "no rows");
    assertEquals(await isHidden(page, "#details"), true);
    wire.datagram(at(1), SERVER, "new");
    await shows(page, "new");
    assertEquals(await labels(page), ["new"]);
    await page.reload({ waitUntil: "domcontentloaded" });
    await shows(page, "new");
    assertEquals(await labels(page), ["old", "new"]);
  },

  async "show one peer"({ view, wire, page }) {
    permission(view.watch);
    await shows(page, "hello");
    await page.select("#peer", "127.0.0.1:3333");
    await until(async () => (await labels(page)).length === 4, "one peer");
    assertEquals(await labels(page), [
      "request1111",
      "Request Accepted",
      "request4",
      "Request Rejected",
    ]);
    wire.datagram(at(1234), SERVER, "not shown")
      .datagram(at(3333), SERVER, "shown");
    await shows(page, "shown");
    assertEquals((await labels(page)).includes("not shown"), false);
    await page.select("#peer", "");
    await shows(page, "not shown");
  },

  async "a screen reader finds a list, and its messages"({ wire, page }) {
    wire.wait(1_000).datagram(at(1), SERVER, "hello", { lost: true });
    await shows(page, "hello");
    const tree = await page.accessibility.snapshot({ interestingOnly: false });
    const all = flat(tree ? [tree] : []);
    const list = all.find(({ role }) => role === "listbox");
    assertEquals(list?.name, "Messages, oldest first");
    const rows = flat([list!]).filter(({ role }) => role === "option");
    assertEquals(rows.map(({ name }) => name), [
      "1.000 seconds, 127.0.0.1:1 to 127.0.0.1:12000: hello (lost)",
    ]);
    const buttons = all.filter(({ role }) => role === "button");
    assertEquals(buttons.map(({ name }) => name), [
      "Pause",
      "Clear",
      "Save SVG",
      "Save JSON",
    ]);
  },

  async "text can be read in light and in dark"({ view, page }) {
    uppercase(view.watch);
    await shows(page, "QUIT");
    for (const scheme of ["light", "dark"]) {
      await page.emulateMediaFeatures([
        { name: "prefers-color-scheme", value: scheme },
      ]);
      const least = await page.evaluate(leastContrast);
      assert(least >= 4.5, `${scheme}: ${least}`);
    }
    await page.emulateMediaFeatures([]);
  },
};

/** A tree of what a screen reader finds, as a list. */
function flat(nodes: SerializedAXNode[]): SerializedAXNode[] {
  return nodes.flatMap((each) => [each, ...flat(each.children ?? [])]);
}

testInBrowser("the page in a browser", TESTS);
