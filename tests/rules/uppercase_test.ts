/**
 * Uppercase: the server's answers and its way with `quit`, and the client's
 * conversation.
 */
import { assertEquals, assertRejects } from "@std/assert";
import fc from "../support/fast_check.ts";
import { type Action, Failure } from "../../lib/rules/contract.ts";
import { uppercase, uppercaseServer } from "../../lib/rules/uppercase.ts";
import { converse, type Script } from "./fake_dialogue.ts";
import { peerOf, playAll, says, type Step } from "./stage.ts";

const permissions = "none";

/** What a server without end does about a message. */
function actionsFor(text: string): Action[] {
  return uppercaseServer({ sessions: 0 }).message(peerOf("a"), text, 0);
}

/** What is said, and the answer. */
const ANSWERS: [name: string, says: string, answer: string][] = [
  ["a sentence", "hello, world", "HELLO, WORLD"],
  ["what is upper case already", "HELLO", "HELLO"],
  ["nothing", "", ""],
  ["digits, signs and blanks", " 1 + 1 = 2 ", " 1 + 1 = 2 "],
  ["a letter that becomes two", "straße", "STRASSE"],
  ["a ligature that becomes three letters", "ﬃ", "FFI"],
  ["letters of other scripts", "éñ δω жя", "ÉÑ ΔΩ ЖЯ"],
  ["a letter beyond 16 bits", "𐐨", "𐐀"],
  ["a picture", "👍🏽", "👍🏽"],
  ["a byte order mark", "\ufeffa", "\ufeffA"],
  ["a line ending, as nc sends it", "hello\n", "HELLO\n"],
  ["a line ending of two characters", "hello\r\n", "HELLO\r\n"],
  ["several lines", "a\nb\n\n", "A\nB\n\n"],
  ["quit inside a sentence", "i quit", "I QUIT"],
  ["quit with a blank", "quit ", "QUIT "],
];

Deno.test("uppercase answers in upper case", { permissions }, async (t) => {
  for (const [name, text, answer] of ANSWERS) {
    await t.step(name, () => {
      const message = text.replace(/\r?\n$/, "");
      assertEquals(actionsFor(text), [
        { type: "print", text: message },
        { type: "send", to: peerOf("a"), text: answer },
      ]);
    });
  }
});

/** What the server does about a quit. */
function quit(who: string, text: string, ending = ""): Step {
  return [
    says(who, text + ending),
    `print: ${text}`,
    "print: CONNECTION CLOSED",
    "print: =====",
    "print: The server is ready to receive",
    `send ${who}: QUIT${ending}`,
  ];
}

function end(sessions: number): string[] {
  const text = `session ${sessions} of ${sessions} is over: the end`;
  return [`info [server]: ${text}`, "stop"];
}

Deno.test("uppercase and quit", { permissions }, async (t) => {
  await playAll(t, uppercaseServer, { sessions: 0 }, [
    {
      name: "it goes on after a quit, in any letter case, line ending or not",
      steps: [
        quit("a", "quit"),
        quit("a", "Quit"),
        quit("b", "qUIT", "\n"),
        quit("b", "QUIT", "\r\n"),
        [says("a", "x"), "print: x", "send a: X"],
      ],
    },
    {
      name: "with one session it ends, after the answer",
      options: { sessions: 1 },
      steps: [
        [says("a", "x"), "print: x", "send a: X"],
        [...quit("a", "quit"), ...end(1)],
      ],
    },
    {
      name: "with two sessions it ends after the second",
      options: { sessions: 2 },
      steps: [quit("a", "quit"), [...quit("a", "quit"), ...end(2)]],
    },
    {
      name: "with 0 it has no end",
      options: { sessions: 0 },
      steps: [quit("a", "quit"), quit("a", "quit"), quit("a", "quit")],
    },
    {
      name: "what is not UTF-8 is invalid",
      steps: [[
        says("a", undefined),
        "print: (not UTF-8)",
        "warning [server]: a:1 sent 1 byte that is not UTF-8; expected text in UTF-8; answered Invalid Message",
        "send a: Invalid Message",
      ]],
    },
  ]);
});

/**
 * Letters and their upper case, as Unicode's tables have them (UnicodeData and
 * SpecialCasing), written out: the test computes none of it.
 */
const LETTERS: [lower: string, upper: string][] = [
  ["az", "AZ"],
  ["AZ", "AZ"],
  ["09 .,;\t", "09 .,;\t"],
  ["ß", "SS"],
  ["ẞ", "ẞ"],
  ["\u0149", "\u02bcN"],
  ["\u01f0", "J\u030c"],
  ["ﬀ", "FF"],
  ["ﬄ", "FFL"],
  ["ﬆ", "ST"],
  ["ÿ", "Ÿ"],
  ["µ", "Μ"],
  ["ı", "I"],
  ["ſ", "S"],
  ["ǆ", "Ǆ"],
  ["ǅ", "Ǆ"],
  ["é", "É"],
  ["e\u0301", "E\u0301"],
  ["ς", "Σ"],
  ["σ", "Σ"],
  ["\u0390", "\u0399\u0308\u0301"],
  ["ᾳ", "ΑΙ"],
  ["ж", "Ж"],
  ["և", "ԵՒ"],
  ["ა", "Ა"],
  ["ꭰ", "Ꭰ"],
  ["ⅷ", "Ⅷ"],
  ["ⓐ", "Ⓐ"],
  ["ｚ", "Ｚ"],
  ["𐐨", "𐐀"],
  ["李", "李"],
  ["ª", "ª"],
  ["٣", "٣"],
  ["\0", "\0"],
  ["\r", "\r"],
];

Deno.test("uppercase knows Unicode", { permissions }, async (t) => {
  for (const [lower, upper] of LETTERS) {
    await t.step(JSON.stringify(lower), () => {
      assertEquals(actionsFor(lower), [
        { type: "print", text: lower },
        { type: "send", to: peerOf("a"), text: upper },
      ]);
    });
  }
  await t.step("letters of all kinds in one message", () => {
    const pairs = fc.array(fc.constantFrom(...LETTERS), { minLength: 2 });
    fc.assert(fc.property(pairs, (letters) => {
      const text = letters.map(([lower]) => lower).join("");
      const upper = letters.map(([, upper]) => upper).join("");
      assertEquals(actionsFor(`${text}.\n`), [
        { type: "print", text: `${text}.` },
        { type: "send", to: peerOf("a"), text: `${upper}.\n` },
      ]);
    }));
  });
});

Deno.test("uppercase answers anything, once", { permissions }, () => {
  const anyText = fc.string({ unit: "binary" });
  fc.assert(fc.property(anyText, (text) => {
    const actions = actionsFor(text);
    assertEquals(actions[0]?.type, "print");
    const sends = actions.filter((action) => action.type === "send");
    assertEquals(sends.map(({ to }) => to), [peerOf("a")]);
  }));
});

const ASK = "ask Input lowercase sentence: ";

const CONVERSATIONS: Record<string, Script & { events: string[] }> = {
  "the assignment's own": {
    typed: ["message test 1", "message test 2", "quit", "never sent"],
    replies: ["MESSAGE TEST 1", "MESSAGE TEST 2", "QUIT"],
    events: [
      "open",
      ASK,
      "request message test 1",
      "print MESSAGE TEST 1",
      ASK,
      "request message test 2",
      "print MESSAGE TEST 2",
      ASK,
      "request quit",
      "print QUIT",
      "close",
      "print CONNECTION CLOSED",
    ],
  },
  "quit in another letter case": {
    typed: ["Quit", "never sent"],
    replies: ["QUIT"],
    events: [
      "open",
      ASK,
      "request Quit",
      "print QUIT",
      "close",
      "print CONNECTION CLOSED",
    ],
  },
  "an empty line is a message, and the end of input is an end": {
    typed: [""],
    replies: [""],
    events: ["open", ASK, "request ", "print ", ASK],
  },
  "a quit without an answer is asked again": {
    typed: ["quit", "quit"],
    replies: [undefined, "QUIT"],
    events: [
      "open",
      ASK,
      "request quit",
      ASK,
      "request quit",
      "print QUIT",
      "close",
      "print CONNECTION CLOSED",
    ],
  },
};

Deno.test("uppercase's client", { permissions }, async (t) => {
  for (const [name, { events, ...script }] of Object.entries(CONVERSATIONS)) {
    await t.step(name, async () => {
      assertEquals(await converse(uppercase, script), events);
    });
  }
  await t.step("a failure is the caller's", async () => {
    const script = { typed: ["x"], replies: [new Failure("No answer")] };
    await assertRejects(
      () => converse(uppercase, script),
      Failure,
      "No answer",
    );
  });
});
