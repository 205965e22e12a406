/**
 * What a wrong answer or message probably means: each mistake is known by what
 * is seen of it, and no hint is given for anything else.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { hintFor, silent } from "../../../lib/check/play/hints.ts";

/** What came, and what was expected, of each mistake that all modes share. */
const MISTAKES: [name: string, came: string, expected: string, hint: RegExp][] =
  [
    ["str() of bytes", "b'tomi'", "tomi", /str\(\)/],
    ["str() of bytes, in upper case", "B'TOMI'", "TOMI", /str\(\)/],
    ["a Buffer of Node", "<Buffer 74 6f 6d 69>", "tomi", /decode the bytes/],
    ["an array of Java", "[B@1b6d3586", "tomi", /decode the bytes/],
    ["an object of JavaScript", "[object Object]", "tomi", /decode the bytes/],
    ["UTF-16", "t\0o\0m\0i\0", "tomi", /UTF-16/],
    ["UTF-16 in the other order", "\0t\0o\0m\0i", "tomi", /UTF-16/],
    ["writeUTF", "\0\x04tomi", "tomi", /length of the text/],
    ["struct.pack in big-endian", "\0\0\0\x04tomi", "tomi", /length of the/],
    ["struct.pack in little-endian", "\x04\0\0\0tomi", "tomi", /length of the/],
    ["a space at the end", "Accepted ", "Accepted", /a space/],
    ["an old buffer", "tomivage", "tomi", /longer message/],
    ["an old buffer behind a NUL", "tomi\0vage", "tomi", /longer message/],
  ];

Deno.test("what was seen of a common mistake points to it", async (t) => {
  for (const [name, came, expected, hint] of MISTAKES) {
    await t.step(name, () => assertMatch(hintFor(came, expected) ?? "", hint));
  }
});

Deno.test("no hint is given for what no known mistake explains", async (t) => {
  const rows: [name: string, came: string, expected: string][] = [
    ["no answer", "", "tomi"],
    ["another answer", "Invalid Message", "Request Accepted"],
    ["the beginning alone", "to", "tomi"],
    ["a word with b and an apostrophe", "Bob's", "tomi"],
    ["a tab, and as many letters", "\tninelette", "tomi"],
  ];
  for (const [name, came, expected] of rows) {
    await t.step(name, () => assertEquals(hintFor(came, expected), undefined));
  }
});

Deno.test("the hint of a case comes before those of all", () => {
  const own = { shows: () => true, means: "its own" };
  assertEquals(hintFor("b'tomi'", "tomi", [own]), "its own");
});

Deno.test("a program that has ended is not one that waits", () => {
  const waits = { shows: silent, means: "it waits" };
  assertEquals(hintFor("", "tomi", [waits], false), "it waits");
  assertEquals(hintFor("", "tomi", [waits], true), undefined);
});
