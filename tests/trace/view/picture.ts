/**
 * Makes the picture of the page that the README shows, `page.png`:
 *
 *     deno run --lock=tests/deno.lock -A tests/trace/view/picture.ts
 */
import { serveView } from "../../../lib/trace/view/view.ts";
import { findBrowser, TestBrowser } from "./browser.ts";
import { chat, shownAs, START } from "./made_up.ts";
import { shows } from "./tab.ts";

/** In pixels of the page, of which the picture has more, to be sharp. */
const SIZE = { width: 1_000, height: 930, deviceScaleFactor: 1.6 };

/** What stands at the top: before it there is only the introduction. */
const FIRST = "hello, Bob";

const executable = findBrowser();
if (executable === undefined) throw new Error("There is no Chromium here.");
const view = serveView({ port: 0, started: START, ...shownAs("chat", "tcp") });
chat(view.watch);
{
  await using browser = await TestBrowser.start(executable);
  const { page } = await browser.open(view.address);
  await page.setViewport(SIZE);
  await shows(page, "closed");
  await page.evaluate(scrollTo, FIRST);
  await shows(page, "Bye");
  const png = await page.screenshot({ type: "png" });
  await Deno.writeFile(new URL("page.png", import.meta.url), png);
}
await view.close();

/** Runs in the page: scrolls to a label. */
function scrollTo(text: string): void {
  const bottom =
    document.querySelector("#names")!.getBoundingClientRect().bottom;
  const label = [...document.querySelectorAll(".label")]
    .find(({ textContent }) => textContent === text)!;
  const { top } = label.getBoundingClientRect();
  document.querySelector("#wire")!.scrollTop += top - bottom - 12;
}
