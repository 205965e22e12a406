/**
 * Makes the picture of the lab between two programs that the README shows,
 * `relay.png`: somebody's client and somebody's server, and one datagram that
 * is lost on its way.
 *
 *     deno run --lock=tests/deno.lock -A tests/trace/view/relay_picture.ts
 */
import { startClient, startScript, until } from "../../support/harness.ts";
import { python } from "../../support/strangers.ts";
import { findBrowser, TestBrowser } from "./browser.ts";
import { shows } from "./tab.ts";

/** In pixels of the page, of which the picture has more, to be sharp. */
const SIZE = { width: 1_000, height: 640, deviceScaleFactor: 1.6 };

/** A server that is right but for one word. */
const SERVER = `
from socket import *
server = socket(AF_INET, SOCK_DGRAM)
server.bind(('127.0.0.1', 0))
print('port', server.getsockname()[1])
permitted = []
while True:
    data, client = server.recvfrom(1024)
    word, number = data.decode()[:10], data.decode()[10:]
    answer = 'Already Permitted' if number in permitted else 'Permission accepted'
    permitted.append(number)
    server.sendto(answer.encode(), client)
`;

const executable = findBrowser();
if (executable === undefined) throw new Error("There is no Chromium here.");
await using server = await python(SERVER);
await server.prints("\n");
const upstream = /port (\d+)/.exec(server.stdout.text)![1]!;
const flags = ["--allow-net=127.0.0.1,127.0.0.2", "--no-prompt"];
const faults = ["--lose-first", "1", "--toward", "client"];
const between = ["--upstream", upstream, "--view", "0", ...faults];
await using lab = await startScript("server", between, { flags });
await lab.prints("listening on", lab.stderr);
const page = /shown at (\S+)/.exec(lab.stderr.text)![1]!;
await using browser = await TestBrowser.start(executable);
const { page: tab } = await browser.open(page);
await tab.setViewport(SIZE);
const args = ["--client-port", "1234", "--timeout", "1", "--retries", "2"];
const messages = ["--message", "permission7", "--message", "permission8"];
await using client = await startClient(12000, [...args, ...messages]);
await client.exits();
await shows(tab, "permission8");
await until(
  () => tab.evaluate(() => document.querySelector(".remarked") !== null),
  "a remark",
);
const png = await tab.screenshot({ type: "png" });
await Deno.writeFile(new URL("relay.png", import.meta.url), png);
lab.kill("SIGINT");
await lab.exits();
