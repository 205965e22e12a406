/**
 * What private protocols look like, and that no text looks like one.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { privateProtocol } from "../../../lib/check/cases/protocol.ts";

const JSON_TEXT = '{"client_name": "Ana", "client_number": 25}';
const LENGTH = String.fromCharCode(JSON_TEXT.length);

Deno.test("a private protocol is known by what it looks like", async (t) => {
  const rows: [name: string, message: string, looksLike: RegExp][] = [
    ["four bytes of length", `\0\0\0${LENGTH}${JSON_TEXT}`, /length in binary/],
    ["two, as of writeUTF", `\0${LENGTH}${JSON_TEXT}`, /length in binary/],
    ["in little-endian", `${LENGTH}\0\0\0${JSON_TEXT}`, /length in binary/],
    ["a header of ten", `43        ${JSON_TEXT}`, /header/],
    ["a header with zeros", `00000043${JSON_TEXT}`, /header/],
    ["a header alone", "43" + " ".repeat(62), /header/],
    ["pickle", "\ufffd\x04\ufffd\x10\0\0", /pickle/],
    ["Java's objects", "\ufffd\ufffd\0\x05sr\0", /Java/],
    ["UTF-16", [...JSON_TEXT].map((each) => each + "\0").join(""), /UTF-16/],
    ["struct", "Ana\0\0\0\0\0\x19\0\0\x01", /struct/],
  ];
  for (const [name, message, looksLike] of rows) {
    await t.step(name, () => {
      assertMatch(privateProtocol(message) ?? "", looksLike);
    });
  }
});

Deno.test("text is no private protocol", () => {
  const texts = [
    JSON_TEXT,
    `${JSON_TEXT}\r\n`,
    `${JSON_TEXT}${"\0".repeat(900)}`,
    "Ana,25",
    "Ana\n25\n",
    "25 Ana",
    "25\tAna",
    "1234 Main Street",
    "Zoë 漢字 25",
    "",
  ];
  for (const text of texts) assertEquals(privateProtocol(text), undefined);
});
