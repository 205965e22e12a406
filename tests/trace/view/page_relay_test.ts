/** The page between two programs: the lab in the middle, and what went wrong. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  listening,
  RawStream,
  startClient,
  startScript,
  startServer,
  until,
} from "../../support/harness.ts";
import type { Page } from "./puppeteer.ts";
import {
  leastContrast,
  shows,
  type Test,
  testInBrowser,
  textAt,
} from "./tab.ts";

/** A server that answers `uppercase`, but leaves one word as it was. */
class WrongServer implements Disposable {
  readonly #socket = Deno.listenDatagram({
    transport: "udp",
    hostname: "127.0.0.1",
    port: 0,
  });

  constructor() {
    this.#serve();
  }

  get port(): number {
    return (this.#socket.addr as Deno.NetAddr).port;
  }

  async #serve(): Promise<void> {
    for await (const [bytes, client] of this.#socket) {
      const text = new TextDecoder().decode(bytes);
      const answer = text === "wrong" ? text : text.toUpperCase();
      await this.#socket.send(new TextEncoder().encode(answer), client);
    }
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** What is written above the lifelines, from left to right. */
function names(page: Page): Promise<(string | null)[][]> {
  return page.$$eval("#names .name", (all) =>
    all.map((name) => ({
      x: name.getBoundingClientRect().x,
      texts: [...name.querySelectorAll("text")].map((each) => each.textContent),
    })).sort((one, other) => one.x - other.x).map(({ texts }) => texts));
}

/** The rows that are, or hold, what matches: their labels. */
function labelsOf(page: Page, selector: string): Promise<(string | null)[]> {
  return page.$$eval(
    "#diagram .row",
    (rows, selector) =>
      rows.filter((row) => row.matches(selector) || row.querySelector(selector))
        .map((row) => row.querySelector(".label")!.textContent),
    selector,
  );
}

const TESTS: Record<string, Test> = {
  async "client, lab and server; one answer lost, one not as expected"(
    { browser },
  ) {
    using server = new WrongServer();
    const upstream = ["--upstream", String(server.port), "--port", "0"];
    const faults = ["--lose-first", "1", "--toward", "client"];
    const mode = ["--mode", "uppercase"];
    const args = [...mode, ...upstream, ...faults, "--view", "0"];
    await using lab = await startScript("server", args);
    const port = await listening(lab);
    const address = /shown at (\S+)/.exec(lab.stderr.text)![1]!;
    const { page, errors } = await browser.open(address);
    await page.setViewport({ width: 1280, height: 1_000 });
    const more = ["--timeout", "1", "--retries", "2"];
    const input = "hello\nwrong\nquit\n";
    await using client = await startClient(port, [...mode, ...more], { input });
    await client.exits();
    await shows(page, "QUIT");

    const [left, middle, right] = await names(page);
    assertEquals(left?.[0], "client");
    assertEquals(middle, ["lab", `127.0.0.1:${port}`]);
    assertEquals(right, ["server", `127.0.0.1:${server.port}`]);
    assertEquals(await labelsOf(page, ".cross"), ["HELLO"]);
    await until(
      async () => (await labelsOf(page, ".remarked")).length > 0,
      "a remark",
    );
    assertEquals(await labelsOf(page, ".remarked"), ["wrong"]);
    assertMatch(await textAt(page, ".remarked .note"), /expected.*"WRONG"/);
    for (const value of ["light", "dark"]) {
      const scheme = { name: "prefers-color-scheme", value };
      await page.emulateMediaFeatures([scheme]);
      assert(await page.evaluate(leastContrast) >= 4.5, value);
    }
    assertEquals(errors, []);
    lab.kill("SIGINT");
    assertEquals(await lab.exits(), 0);
  },

  async "a client's lifeline says who it is"({ browser }) {
    const mode = ["--mode", "chat"];
    const { server, port: upstream } = await startServer(mode);
    await using _ = server;
    const between = ["--upstream", String(upstream), "--port", "0"];
    const args = [...mode, ...between, "--view", "0"];
    await using lab = await startScript("server", args);
    const port = await listening(lab);
    const address = /shown at (\S+)/.exec(lab.stderr.text)![1]!;
    const { page, errors } = await browser.open(address);
    using x = await RawStream.connect(port);
    await x.send("Client X: Alice\n");
    await shows(page, "Client X: Alice\\n");
    using y = await RawStream.connect(port);
    await y.send("Client Y: Bob\n");
    await y.receives(" before ");
    await shows(page, "Client Y: Bob\\n");
    await until(async () => {
      const roles = (await names(page)).map(([role]) => role);
      return roles.join() === "Y: Bob,X: Alice,lab,server";
    }, "both names");
    assertEquals(errors, []);
  },
};

testInBrowser("the page between two programs", TESTS);
