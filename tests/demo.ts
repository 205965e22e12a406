/**
 * Plays every mode with a real server and real clients, for a newcomer to see.
 *
 *     deno task demo
 *     deno task demo --view
 *
 * What each program prints is shown with the program's name before it, and
 * what is typed into a client with a `>`. With `--view` everything is slowed to
 * what eyes can follow, a few datagrams are lost, and a browser shows the wire.
 * It ends by itself.
 */
import { bold } from "@std/fmt/colors";
import { MODE_NAMES } from "../lib/rules.ts";
import { MODE_TESTS } from "./modes.ts";
import { isShown, PAGE_PORT, Scene } from "./support/scene.ts";

if (import.meta.main) {
  if (isShown) {
    const address = bold(`http://127.0.0.1:${PAGE_PORT}/`);
    console.log(`Open ${address} in a browser now.`);
  }
  for (const mode of MODE_NAMES) {
    await MODE_TESTS[mode].demo((...args) => Scene.open(mode, ...args));
  }
  console.log(`\nNow play them yourself: see ${bold("README.md")}.`);
}
