import { assertEquals, assertThrows } from "@std/assert";
import { allPrograms, change, readRows } from "./corpus.ts";

const TABLE = `# Wrong servers.

## shouts (textbook)
It answers in upper case.
fails: as it was sent
 say(
-    text
+    text.upper()
@@
-end
+end()

## silent (textbook, again)
It says nothing.
passes
-say(
-    text
+
`;

Deno.test("a row of a table is read, and its changes are made", () => {
  const [shouts, silent, ...rest] = [...readRows(TABLE)];
  assertEquals(rest, []);
  assertEquals(
    [shouts!.name, shouts!.base, shouts!.isAgain, shouts!.verdict],
    ["shouts", "textbook", false, "fails"],
  );
  const source = "say(\n    text\n)\nend\n";
  assertEquals(
    change(source, shouts!),
    "say(\n    text.upper()\n)\nend()\n",
  );
  assertEquals(shouts!.says, "as it was sent");
  assertEquals([silent!.isAgain, silent!.verdict], [true, "passes"]);
  assertEquals(silent!.says, undefined);
  assertEquals(change(source, silent!), "\n)\nend\n");
});

Deno.test("a change that cannot be made in one place is an error", () => {
  const [shouts] = [...readRows(TABLE)];
  assertThrows(() => change("say\nend\n", shouts!), Error, "found 0 times");
  const twice = "say(\n    text\nsay(\n    text\nend\n";
  assertThrows(() => change(twice, shouts!), Error, "shouts: found 2 times");
});

Deno.test("a row that cannot be read is an error", () => {
  const broken = TABLE.replace("passes\n", "");
  assertThrows(() => [...readRows(broken)], Error, "## silent");
});

Deno.test("there are right and wrong programs for both ends of each mode", () => {
  const programs = [...allPrograms()];
  const kinds = Map.groupBy(programs, ({ mode, end }) => `${mode}/${end}`);
  assertEquals(kinds.size % 2, 0);
  for (const [kind, these] of kinds) {
    const wrong = these.filter(({ verdict }) => verdict === "fails");
    const isMixed = wrong.length > 0 && wrong.length < these.length;
    assertEquals(isMixed, true, kind);
  }
  const names = programs.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
});
