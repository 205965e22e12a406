/**
 * What programs ask their users for, in the words that they use.
 */
import { assertEquals } from "@std/assert";
import {
  askedBy,
  type Field,
  fieldFor,
  joinedAnswer,
  knownFields,
  lastLine,
  serverFields,
} from "../../../lib/check/play/prompts.ts";

const SERVER = { hostname: "127.0.0.1", port: 12000 };

const NUMBER: Field = { name: "number", prompt: /number/i, answer: "25" };
const NAME: Field = { name: "name", prompt: /\bname\b/i, answer: "Tomi" };
const PORT: Field = { name: "the port", prompt: /\bport\b/i, answer: "1234" };
const ANY: Field = { name: "the message", prompt: /./, answer: "hello" };

Deno.test("the check types what it knows of itself", async (t) => {
  const rows: [prompt: string, others: Field[], answer: string | undefined][] =
    [
      ["Enter server IP: ", [ANY], "127.0.0.1"],
      ["Host? ", [ANY], "127.0.0.1"],
      ["Enter the server's address", [ANY], "127.0.0.1"],
      ["Enter server port: ", [ANY], "12000"],
      ["Port number> ", [NUMBER], "12000"],
      ["Press Enter to connect...", [ANY], ""],
      ["hit any key to go on", [NAME], ""],
      // The client's own port, or the server's.
      ["Enter port: ", [PORT], undefined],
      ["Enter the server port: ", [PORT], "12000"],
      ["Port of the server: ", [PORT], "12000"],
      // What is to be sent, and what is only told.
      ["Input lowercase sentence: ", [ANY], undefined],
      ["Message to the server at port 12000: ", [ANY], undefined],
      ["Enter a number for the server at port 8000: ", [NUMBER], undefined],
      ["Server port: 12000", [ANY], undefined],
      ["connected to host 127.0.0.1", [ANY], undefined],
      ["", [ANY], undefined],
    ];
  for (const [prompt, others, answer] of rows) {
    await t.step(prompt || "nothing", () => {
      const known = knownFields(SERVER, others.includes(PORT));
      assertEquals(askedBy(prompt, known, others)?.answer, answer);
    });
  }
});

Deno.test("a server's own questions are answered", async (t) => {
  const rows: [prompt: string, answer: string | undefined][] = [
    ["Enter the server's number (1-100): ", "7"],
    ["Enter an integer: ", "7"],
    ["Server name: ", "Server"],
    ["Port to listen on: ", "12000"],
    ["Client Number: 25", undefined],
  ];
  for (const [prompt, answer] of rows) {
    await t.step(prompt, () => {
      const field = askedBy(prompt, serverFields(SERVER, 7), []);
      assertEquals(field?.answer, answer);
    });
  }
});

Deno.test("a field is asked for by the last line that names one", () => {
  const asks = (prompt: string, rest: Field[]) =>
    fieldFor(prompt, rest, [NUMBER, NAME])?.name;
  assertEquals(asks("Your name?\n", [NUMBER, NAME]), "name");
  assertEquals(asks("name: number: ", [NAME]), "name");
  assertEquals(asks("number\nname\n", [NUMBER, NAME]), "name");
  assertEquals(asks("number again", [NAME]), "number");
  assertEquals(asks("> ", [NUMBER, NAME]), undefined);
});

Deno.test("what is asked for together is typed together", () => {
  const fields = [NUMBER, NAME];
  assertEquals(joinedAnswer("Enter name and number: ", fields), "Tomi 25");
  assertEquals(joinedAnswer("name,number> ", fields), "Tomi,25");
  assertEquals(joinedAnswer("number & name: ", fields), "25 Tomi");
  assertEquals(joinedAnswer("Enter your name: ", fields), undefined);
  assertEquals(joinedAnswer("a number, please: ", fields), undefined);
});

Deno.test("the last line may end with a line feed", () => {
  assertEquals(lastLine("one\ntwo\n"), "two");
  assertEquals(lastLine("one\ntwo: "), "two:");
  assertEquals(lastLine(""), "");
});
