/**
 * Gathering: whatever is printed, in whatever order, nothing is lost or changed,
 * and few writes come of it.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { Gathering, type Kind, MAX_TURNS } from "../../lib/cli/gathering.ts";
import { escape } from "../../lib/rules/escape.js";
import { Collected } from "../support/in_process.ts";

const permissions = "none";

const OUT = new Collected();
const ERR = new Collected();

const encoder = new TextEncoder();

/** What is added: to which output, as what, and which text. */
type Part = [isOut: boolean, kind: Kind, text: string];

const PART: fc.Arbitrary<Part> = fc.tuple(
  fc.boolean(),
  fc.constantFrom<Kind>("lines", "text", "bytes"),
  fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
);

/** What has to be written of it. */
function written([, kind, text]: Part): string {
  return kind === "lines" ? `${escape(text)}\n` : text;
}

function gather(parts: Part[]): { isOut: boolean; text: string }[] {
  const gathering = new Gathering();
  for (const [isOut, kind, text] of parts) {
    const what = kind === "bytes" ? encoder.encode(text) : text;
    gathering.add(isOut ? OUT : ERR, kind, what);
  }
  const writes = gathering.take();
  assertEquals([gathering.size, gathering.take()], [0, []]);
  return writes.map(({ to, what }) => ({
    isOut: to === OUT,
    text: typeof what === "string"
      ? what
      : new TextDecoder("utf-8", { ignoreBOM: true }).decode(what),
  }));
}

Deno.test("everything gathered is written", { permissions }, async (t) => {
  await t.step("in order within each output", () => {
    fc.assert(fc.property(fc.array(PART, { maxLength: 200 }), (parts) => {
      const writes = gather(parts);
      for (const isOut of [true, false]) {
        const own = writes.filter((write) => write.isOut === isOut);
        const expected = parts.filter(([to]) => to === isOut).map(written);
        assertEquals(own.map(({ text }) => text).join(""), expected.join(""));
      }
    }));
  });
  await t.step("and across both, while they do not turn too often", () => {
    const few = fc.array(PART, { maxLength: MAX_TURNS });
    fc.assert(fc.property(few, (parts) => {
      const tagged = (isOut: boolean, text: string) =>
        Array.from(text, (character) => `${isOut}${character}`);
      assertEquals(
        gather(parts).flatMap(({ isOut, text }) => tagged(isOut, text)),
        parts.flatMap((part) => tagged(part[0], written(part))),
      );
    }));
  });
  await t.step("in few writes", () => {
    fc.assert(fc.property(fc.array(PART), (parts) => {
      const texts = parts.map(([isOut, kind, text]): Part =>
        kind === "bytes" ? [isOut, "text", text] : [isOut, kind, text]
      );
      assert(gather(texts).length <= MAX_TURNS);
    }));
  });
});
