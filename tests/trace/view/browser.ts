/**
 * A real browser for the page's tests: the Chromium that the machine has.
 *
 * None is downloaded. Where there is none, the tests that need it are ignored,
 * and say so in their names.
 */
import puppeteer, { type Browser, type Page } from "./puppeteer.ts";
import { until } from "../../support/harness.ts";

/** What the browser may be called. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Nothing may be asked of the network, and no file of the user's be read. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How long the browser may take for one thing, in milliseconds: CI is slow. */
const PATIENCE = 60_000;

/** @returns the path of the browser, or undefined where there is none */
export function findBrowser(): string | undefined {
  const named = Deno.env.get("CHROME_BIN");
  if (named) return named;
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return NAMES.flatMap((name) => folders.map((each) => `${each}/${name}`))
    .find(isFile);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** A browser with an empty profile, which goes when the browser does. */
export class TestBrowser implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #profile: string;

  private constructor(browser: Browser, profile: string) {
    this.#browser = browser;
    this.#profile = profile;
  }

  static async start(executablePath: string): Promise<TestBrowser> {
    const profile = await Deno.makeTempDir();
    const browser = await puppeteer.launch({
      executablePath,
      userDataDir: profile,
      args: FLAGS,
      timeout: PATIENCE,
      protocolTimeout: PATIENCE,
      downloadBehavior: { policy: "allow", downloadPath: `${profile}/saved` },
    });
    return new TestBrowser(browser, profile);
  }

  /** Waits until a file has been saved, whole; gives its text. */
  async saved(name: string): Promise<string> {
    const path = `${this.#profile}/saved/${name}`;
    await until(() => isFile(path), `a file ${name}`);
    const text = await Deno.readTextFile(path);
    await Deno.remove(path);
    return text;
  }

  /** A new tab; what goes wrong in it is gathered in `errors`. */
  async open(
    address: string,
    { width = 1280, height = 800 } = {},
  ): Promise<{ page: Page; errors: string[] }> {
    const page = await this.#browser.newPage();
    const errors: string[] = [];
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await page.setViewport({ width, height });
    await page.goto(address, { waitUntil: "domcontentloaded" });
    return { page, errors };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await Deno.remove(this.#profile, { recursive: true });
  }
}
