/**
 * The compiled programs against each other: `deno task compile` as it stands,
 * with another place for what it makes.
 *
 * Compiling takes a base program that Deno downloads. Where that is not to be
 * relied on, this test wants it beforehand, in the variable DENORT_BIN, and of
 * the same version as the Deno that runs the test.
 */
import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { start } from "../support/harness.ts";
import { play, type Run } from "../support/play.ts";
import { SCENARIOS } from "../modes.ts";

const ignore = !Deno.env.get("DENORT_BIN");
const suffix = ignore ? " (ignored: DENORT_BIN is not set)" : "";

/** How long compiling one of them may take, in milliseconds. */
const COMPILING = 120_000;

/** Compiles both programs into a directory. */
async function compile(directory: string): Promise<void> {
  const commands = config.tasks.compile.replaceAll("dist/", `${directory}/`);
  assertEquals(commands.split(directory).length, 3, config.tasks.compile);
  for (const command of commands.split(" && ")) {
    const [deno, ...args] = command.split(" ");
    assertEquals(deno, "deno");
    await using compiler = await start(Deno.execPath(), args);
    assertEquals(await compiler.exits(COMPILING), 0, compiler.stderr.text);
  }
}

Deno.test({
  name: `the compiled programs play every assignment${suffix}`,
  ignore,
  async fn(t) {
    const directory = await Deno.makeTempDir();
    try {
      await compile(directory);
      const run: Run = (program, args, options) =>
        start(`${directory}/${program}`, args, options);
      for (const scenario of SCENARIOS) {
        await t.step(scenario.name, () => play(scenario, run));
      }
      await t.step("the permission is baked in, and no other", async () => {
        await using server = await run("server", ["--host", "0.0.0.0"]);
        assertEquals(await server.exits(), 1);
        assertEquals(server.stderr.lines.length, 1, server.stderr.text);
        assert(server.stderr.text.includes("the network address 0.0.0.0."));
      });
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
});
