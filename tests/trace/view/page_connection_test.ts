/** The page and its program: which one, how many pages, and what if it ends. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { until } from "../../support/harness.ts";
import { MAX_PAGES } from "../../../lib/trace/view/feed.ts";
import { serveView } from "../../../lib/trace/view/view.ts";
import { EventReader } from "./event_reader.ts";
import { at, chat, SERVER, shownAs, START, Wire } from "./made_up.ts";
import {
  isHidden,
  labels,
  press,
  says,
  shows,
  type Test,
  testInBrowser,
  textAt,
} from "./tab.ts";

const TESTS: Record<string, Test> = {
  async "a second page, and one that comes late"(
    { view, wire, browser, page },
  ) {
    wire.datagram(at(1), SERVER, "one");
    await shows(page, "one");
    const late = await browser.open(view.address);
    await shows(late.page, "one");
    wire.datagram(at(1), SERVER, "two");
    for (const each of [late.page, page]) {
      await each.bringToFront(); // a page that nobody sees draws nothing
      await shows(each, "two");
      assertEquals(await labels(each), ["one", "two"]);
    }
    assertEquals(late.errors, []);
  },

  async "what a client sees"({ browser }) {
    const view = serveView({
      port: 0,
      started: START,
      ...shownAs("uppercase", "udp", "client"),
    });
    try {
      const { page, errors } = await browser.open(view.address);
      new Wire(view.watch).datagram(at(51_034), SERVER, "hello")
        .datagram(SERVER, at(51_034), "HELLO");
      await shows(page, "HELLO");
      const names = await page.$$eval(
        "#names .name",
        (each) =>
          each.map((name) => [
            name.querySelector(".role")?.textContent,
            name.querySelector(".address")?.textContent,
            name.classList.contains("own"),
          ]),
      );
      assertEquals(names, [
        ["server", "127.0.0.1:12000", false],
        ["client", "127.0.0.1:51034", true],
      ]);
      assertEquals(errors, []);
    } finally {
      await view.close();
    }
  },

  async "a server that takes any free port"({ browser }) {
    const server = { hostname: "127.0.0.1", port: 0 };
    const about = { ...shownAs("uppercase", "udp"), server };
    const view = serveView({ port: 0, started: START, ...about });
    try {
      const { page } = await browser.open(view.address);
      await says(page, "#title", /^uppercase serverUDP$/);
      new Wire(view.watch).datagram(at(51_034), SERVER, "hello")
        .datagram(SERVER, at(51_034), "HELLO");
      await shows(page, "HELLO");
      await says(page, "#title", /^uppercase server127.0.0.1:12000, UDP$/);
      assertEquals(
        await textAt(page, "#names .own .address"),
        "127.0.0.1:12000",
      );
      assertEquals((await labels(page)).length, 2);
    } finally {
      await view.close();
    }
  },

  async "the program ends, and another takes its place"(
    { view, wire, page },
  ) {
    wire.datagram(at(1), SERVER, "first run");
    await shows(page, "first run");
    await view.close();
    await says(page, "#status", /has ended/);
    assertEquals(await labels(page), ["first run"]);
    const port = Number(new URL(view.address).port);
    const next = serveView({
      port,
      started: START + 60_000,
      ...shownAs("uppercase", "udp"),
    });
    try {
      new Wire(next.watch, START + 61_000).datagram(
        at(1),
        SERVER,
        "second run",
      );
      await shows(page, "second run");
      await says(page, "#status", /started again/);
      assertEquals(await labels(page), ["first run", "second run"]);
      assertMatch(await textAt(page, "text.break"), /started again at/);
      assertMatch(await textAt(page, "#title"), /^uppercase server/);
      const times = await page.$$eval(
        "#diagram text.time",
        (each) => each.map(({ textContent }) => textContent),
      );
      assertEquals(times, ["0.000", "1.000"]);
    } finally {
      await next.close();
    }
  },

  async "a page whose program has ended has all of it, and still works"(
    { view, page },
  ) {
    await says(page, "#status", /^live$/);
    chat(view.watch);
    await view.close(); // before the page has asked for anything
    await says(page, "#status", /^the program has ended/);
    await page.setViewport({ width: 1280, height: 2_000 });
    await shows(page, "Client X: Alice");
    assertEquals((await labels(page)).at(-1), "closed");
    await press(page, "Home", "ArrowDown", "Enter");
    assertEquals(await isHidden(page, "#details"), false);
    const peer = "127.0.0.1:51034";
    await page.select("#peer", peer);
    await until(
      async () => !(await labels(page)).includes("hi, Alice\\n"),
      "one peer",
    );
    assert((await labels(page)).includes("Client X: Alice"));
  },

  async "another kind of program is on the port for a while"({ view, page }) {
    await says(page, "#status", /^live$/);
    await view.close();
    const { port, hostname } = new URL(view.address);
    let asked = 0;
    const other = Deno.serve(
      { port: Number(port), hostname, onListen() {} },
      () => {
        asked++;
        return new Response("Not here", { status: 404 });
      },
    );
    await until(() => asked > 1, "it asks again, although it is refused");
    await other.shutdown();
    const about = shownAs("chat", "tcp");
    const next = serveView({ port: Number(port), started: START, ...about });
    try {
      new Wire(next.watch).datagram(at(1), SERVER, "back again");
      await shows(page, "back again");
    } finally {
      await next.close();
    }
  },

  async "a page too many says so, and waits for a place"({ browser }) {
    const view = serveView({ port: 0, ...shownAs("chat", "tcp") });
    const others: EventReader[] = [];
    try {
      for (let i = 0; i < MAX_PAGES; i++) {
        others.push(await EventReader.open(view.address));
        await others[i]!.next();
      }
      const { page } = await browser.open(view.address);
      await says(page, "#status", /^16 pages are open already/);
      // The browser lets go of the stream, and that is no end of the program.
      await page.waitForFunction(() =>
        performance.getEntriesByName(`${location.origin}/events?after=`)
          .length > 1
      );
      assertMatch(await textAt(page, "#status"), /^16 pages/);
      await others.pop()![Symbol.asyncDispose]();
      await says(page, "#status", /^live/);
    } finally {
      for (const each of others) await each[Symbol.asyncDispose]();
      await view.close();
    }
  },
};

testInBrowser("the page and its program", TESTS);
