/**
 * What the tests of chat's client share: things that happen to it, from the
 * keyboard, from the server and by the clock, and Alice, to whom they happen.
 */
import { assertEquals } from "@std/assert";
import { chat } from "../../lib/rules/chat.ts";
import { Failure } from "../../lib/rules/contract.ts";
import { within } from "../support/harness.ts";
import { FakeStreamDialogue } from "./fake_dialogue.ts";

export const TIMEOUT = new FakeStreamDialogue().timeout;
export const ACKNOWLEDGMENT = "X: Alice received before Y: Bob";

/** Something that comes to the client from outside. */
export type Happening = (io: FakeStreamDialogue) => void | Promise<void>;

export const types = (text: string): Happening => (io) => io.type(text);
export const endsInput: Happening = (io) => io.endInput();
export const arrives = (text: string): Happening => (io) => io.arrive(text);
export const endsStream: Happening = (io) => io.endStream();
export const breaks: Happening = (io) =>
  io.fail(new Failure("Lost the connection"));
export const passes = (milliseconds: number): Happening => (io) =>
  io.pass(milliseconds);

/** What Alice's client does first. */
export const BEGINNING = [
  "open auto",
  "debug [client]: connected to 127.0.0.1:12000",
  "send Client X: Alice",
  'debug [client]: sent "Client X: Alice", waiting for the partner',
  "print Client X: Alice",
  "ask X: ",
];
export const BEGUN = [...BEGINNING, `print ${ACKNOWLEDGMENT}`];

export interface Chat {
  readonly dialogue: FakeStreamDialogue;
  readonly over: Promise<void>;
  /** Whether it has come to an end, good or bad. */
  ended: boolean;
}

/** Lets everything happen, each after what came of the one before. */
export async function play(
  interactive: boolean,
  steps: Happening[],
): Promise<Chat> {
  const dialogue = new FakeStreamDialogue({ interactive });
  const defaults = {
    greeting: false,
    introduction: undefined,
    framing: "auto",
  };
  const options = { ...defaults, client: "X", name: "Alice" };
  const over = chat.client(dialogue, options);
  const result: Chat = { dialogue, over, ended: false };
  const end = () => {
    result.ended = true;
  };
  over.then(end, end);
  for (const step of steps) {
    await step(dialogue);
    await dialogue.settled();
  }
  return result;
}

/** A row of a table: what happens, and all that the client does about it. */
export interface Row {
  readonly name: string;
  /** Whether somebody sits at a terminal; both where it does not matter. */
  readonly interactive?: boolean;
  readonly steps: Happening[];
  /** All that the client does. */
  readonly events: string[];
}

/** Plays every row, each on its own, on a terminal and on a pipe. */
export async function playRows(
  t: Deno.TestContext,
  rows: readonly Row[],
): Promise<void> {
  for (const { name, steps, events, ...row } of rows) {
    const places = "interactive" in row ? [row.interactive!] : [true, false];
    for (const interactive of places) {
      const place = interactive ? "terminal" : "pipe";
      await t.step(`${name} (${place})`, async () => {
        const { dialogue, over } = await play(interactive, steps);
        await within(over, "the end of the chat");
        assertEquals(dialogue.events, events);
      });
    }
  }
}
