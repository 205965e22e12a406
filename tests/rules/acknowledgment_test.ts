/**
 * What counts as an acknowledgment, and in which order.
 */
import { assertEquals } from "@std/assert";
import {
  Acknowledgment,
  looksAcknowledged,
} from "../../lib/rules/acknowledgment.ts";

const expected = new Acknowledgment("X: Tomi received before Y: Ravo");

/** What a text is: the right order, the wrong one, or none. */
function read(text: string): string {
  if (expected.isIn(text)) return "right";
  return expected.isReversedIn(text) ? "reversed" : "none";
}

Deno.test("an acknowledgment may have words around it, and between", async (t) => {
  const rows: [name: string, text: string, is: string][] = [
    ["word by word", "X: Tomi received before Y: Ravo", "right"],
    ["with a line feed", "X: Tomi received before Y: Ravo\r\n", "right"],
    ["misspelt", "X: Tomi recieved before Y: Ravo", "right"],
    [
      "without blanks after the colons",
      "X:Tomi received before Y:Ravo",
      "right",
    ],
    [
      "line feeds kept from the messages",
      "X: Tomi\n received before Y: Ravo\n",
      "right",
    ],
    [
      "Client kept from the messages",
      "Client X: Tomi received before Client Y: Ravo",
      "right",
    ],
    ["words before", "From Server: X: Tomi received before Y: Ravo", "right"],
    ["glued to a greeting", "WelcomeX: Tomi received before Y: Ravo", "right"],
    ["the other order", "Y: Ravo received before X: Tomi", "reversed"],
    ["without the sides", "Tomi received before Ravo", "none"],
    ["without the names", "X received before Y", "none"],
    ["a name cut off", "X: Tom received before Y: Ravo", "none"],
    ["a name that goes on", "X: Tomi received before Y: Ravota", "none"],
    ["another name", "X: Alice received before Y: Bob", "none"],
    ["the messages alone", "Client X: Tomi, Client Y: Ravo", "none"],
    ["something else", "Invalid Message", "none"],
    ["nothing", "", "none"],
  ];
  for (const [name, text, is] of rows) {
    await t.step(name, () => assertEquals(read(text), is));
  }
});

Deno.test("a name may have marks that mean something to a pattern", () => {
  const odd = new Acknowledgment("X: T.(o) received before Y: R*[a");
  assertEquals(odd.isIn("X: T.(o) received before Y: R*[a"), true);
  assertEquals(odd.isIn("X: Tx(o) received before Y: R*[a"), false);
});

Deno.test("both may have the same name", () => {
  const same = new Acknowledgment("Y: Tomi received before X: Tomi");
  assertEquals(same.isIn("Y: Tomi received before X: Tomi"), true);
  assertEquals(same.isIn("X: Tomi received before Y: Tomi"), false);
});

Deno.test("a remark says where it is not word by word", () => {
  assertEquals(
    expected.remarkOn(">> X: Tomi received before Y: Ravo\n"),
    undefined,
  );
  assertEquals(
    expected.remarkOn("X: Tomi recieved before Y: Ravo"),
    'the acknowledgment is "X: Tomi recieved before Y: Ravo", not word by word "X: Tomi received before Y: Ravo"',
  );
});

Deno.test("a remark says what is there besides", () => {
  const once = "X: Tomi received before Y: Ravo";
  assertEquals(
    expected.remarkOn(`${once}\n${once}\n`),
    `the acknowledgment comes twice: "${once}\\n${once}"`,
  );
  assertEquals(
    expected.remarkOn(`${once}\nThank you!`),
    'other text follows the acknowledgment: "\\nThank you!"',
  );
});

Deno.test("the lines with it are taken out, and no others", () => {
  const printed =
    "Client X: Tomi\nX: Tomi received before Y: Ravo\nClient Y: Ravo\n";
  assertEquals(expected.without(printed), "Client X: Tomi\nClient Y: Ravo\n");
});

Deno.test("any order looks acknowledged, a greeting does not", () => {
  assertEquals(looksAcknowledged("Bob was before Alice"), true);
  assertEquals(looksAcknowledged("Client X connected"), false);
});
