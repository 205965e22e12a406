/**
 * Is this `chat` client right? What the assignment (CST 311, Programming
 * Assignment 2) says under "Extra Credit", sentence by sentence.
 *
 * Not judged, because right clients differ in it: whether they repeat what was
 * typed, what they print before a message, and line endings.
 */
import { BYE } from "../../rules/chat_labels.ts";
import type { Side } from "../../rules/pairing.ts";
import {
  Finding,
  notes,
  required,
  requiredAfterwards,
  Skip,
  type Suite,
  type Suites,
} from "../play/case.ts";
import { type Hint, hintFor, ONE_RECV, STALE } from "../play/hints.ts";
import { printsInOrder } from "../play/printed.ts";
import { NOT_SEEN } from "../play/run.ts";
import type { StreamClientRun } from "../play/stream_client_run.ts";
import { SILENCE } from "../play/timeouts.ts";
import { quote } from "../reports/quote.ts";
import { greeted, introduced } from "./introduction.ts";

const KEYBOARD =
  "So your clients should have the capability to accept inputs (which are the content of the messages) from the keyboard.";
const OUTPUTS =
  "Each client (say X) should output the messages sent by it and those received from Y.";
const ANY_NUMBER =
  "As this is a chat service the number/content of messages exchanged is not fixed.";
const LEAVES =
  "When a client (say X) wants to exit the chat service it sends a “Bye” message.";
const ENDS =
  "When a server sees a “Bye” message, it relays this message to Y and then terminates the connection to both clients.";

const MUST_ALTERNATE =
  "it may have to speak and to listen in turns: read the keyboard and the connection at the same time (a thread for each, or select)";
const EXITS =
  "when the connection is over a thread may still wait for the keyboard: end the program all the same (os._exit, or a daemon thread)";
const LETTER_CASE: Hint = {
  shows: (came, typed) => came.toLowerCase().includes(typed.toLowerCase()),
  means: "it may change the letter case: what is sent is what was typed",
};

/** How long output held up by a key may take after it, in milliseconds. */
const AFTER_KEY = 700;

/** A chat between the client under check and a partner played by the check. */
class Chat {
  /** What the partner said, in order. */
  readonly heard: string[] = [];
  readonly #run: StreamClientRun;
  #hasBegun = false;

  constructor(run: StreamClientRun) {
    this.#run = run;
  }

  /** Has the client say who it is, and acknowledges both. */
  async begin(side: Side): Promise<void> {
    if (this.#hasBegun) return;
    const run = this.#run;
    const { model, peer, partner, random } = run;
    const own = random.name();
    if (run.check.options.greeting) {
      await greeted(run, side, own);
      if (!run.typed.has(own)) {
        await run.saysNothing("nothing before the user has typed something");
      }
      // It may ask for a name, which is then its first message.
      if (run.canType && !run.typed.has(own)) await this.types(random.name());
      this.#hasBegun = true;
      return;
    }
    const { message, side: ownSide } = await introduced(run, side, own);
    model.opened(peer);
    model.opened(partner);
    model.message(peer, message);
    const other = ownSide === "X" ? "Y" : "X";
    const reaction = model.message(
      partner,
      `Client ${other}: ${random.name()}`,
    );
    await run.carriesOut(reaction);
    await run.shows(reaction.sentTo(peer)[0] ?? "");
    this.#hasBegun = true;
  }

  /**
   * Types something, which must arrive once, and as it was typed.
   *
   * @param hint the probable mistake if nothing comes
   */
  async types(text: string, hint?: string): Promise<void> {
    const run = this.#run;
    const stream = run.stream!;
    run.type(text);
    await run.waits(() => stream.unread.includes(text) || stream.ended);
    await run.waits(() => false, SILENCE / 3);
    const came = stream.take();
    if (came !== "") run.did(`sends ${quote(came)}`);
    const times = came.split(text).length - 1;
    if (times === 1) return;
    const nothing = stream.ended
      ? "it has closed its connection"
      : run.nothing();
    const isGone = stream.ended || run.hasDied;
    throw new Finding(
      `a message with ${quote(text)}${times > 1 ? ", once" : ""}`,
      came === "" ? nothing : quote(came),
      came === ""
        ? isGone ? undefined : hint
        : hintFor(came, text, [LETTER_CASE]),
    );
  }

  /** Sends what the partner says, which must be shown at once. */
  async hears(text: string): Promise<void> {
    await this.#send([text], "");
    await this.#areShown([text]);
  }

  /**
   * Sends several messages of the partner at once.
   *
   * @param ending what follows each of them
   */
  async hearsTogether(texts: readonly string[], ending: string): Promise<void> {
    await this.#send(texts, ending);
    await this.#areShown(texts);
  }

  async #send(texts: readonly string[], ending: string): Promise<void> {
    const { model, partner, peer } = this.#run;
    const relayed = texts.flatMap((text) =>
      model.message(partner, text).sentTo(peer)
    );
    this.heard.push(...relayed);
    if (ending === "") {
      for (const text of relayed) await this.#run.reply(text);
    } else {
      await this.#run.send(relayed.map((text) => text + ending).join(""));
    }
  }

  /** Checks that it shows these, if it shows anything before its end. */
  async #areShown(texts: readonly string[]): Promise<void> {
    const run = this.#run;
    const { program } = run;
    if (program === undefined) throw new Skip(NOT_SEEN);
    if (program.output.text === "") return; // it may print only at its end
    const missing = () =>
      texts.filter((text) => !program.output.text.includes(text));
    if (await run.waits(() => missing().length === 0)) return;
    const [text = ""] = missing();
    const some = missing().length < texts.length;
    const shown = program.output.text.slice(-100);
    const late = await this.#comesAfterKey(() => missing().length === 0);
    throw new Finding(
      `${quote(text)} on the screen, though nothing was typed`,
      run.hasDied
        ? run.nothing()
        : late ?? `it is not in what is shown, which ends with ${quote(shown)}`,
      late ? MUST_ALTERNATE : some ? ONE_RECV : undefined,
    );
  }

  /** Tests whether something happens only once the user presses Enter. */
  async #comesAfterKey(happens: () => boolean): Promise<string | undefined> {
    const run = this.#run;
    if (run.hasDied) return undefined;
    run.type(run.random.word());
    return await run.waits(happens, AFTER_KEY)
      ? "only after the user has pressed Enter"
      : undefined;
  }

  /** Checks that the client ends by itself when the chat is over. */
  async #ends(why: string): Promise<void> {
    const run = this.#run;
    try {
      await run.mustEnd(why);
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
      const late = await this.#comesAfterKey(() => run.hasDied);
      if (late === undefined) throw error;
      throw new Finding(error.expected, `it ends ${late}`, EXITS);
    }
  }

  /** Types Bye, which must be sent, and end the client. */
  async typesBye(): Promise<void> {
    await this.types(BYE);
    const { model, peer, partner } = this.#run;
    model.message(peer, BYE);
    await this.#run.hangsUp();
    model.closed(partner);
    await this.#ends(`its user has typed ${BYE}`);
  }

  /** Sends the partner's Bye and closes, which must end the client. */
  async hearsBye(): Promise<void> {
    await this.#send([BYE], "");
    await this.#run.hangsUp();
    await this.#ends(`its partner has said ${BYE}`);
  }
}

/** The chat of a run, begun when first needed. */
async function chatOf(run: StreamClientRun, side: Side = "X"): Promise<Chat> {
  const chat = run.shared.get(Chat, () => new Chat(run));
  await chat.begin(side);
  return chat;
}

/** The same, for cases that need typing. */
async function typedChat(run: StreamClientRun): Promise<Chat> {
  run.needsKeyboard();
  return await chatOf(run);
}

const talk: Suite<StreamClientRun> = {
  anyOrder: 4,
  cases: [
    ...required<StreamClientRun>(KEYBOARD, {
      "It joins the chat": async (run) => {
        await chatOf(run);
      },
      "What the user types is sent": async (run) => {
        const { random } = run;
        const chat = await typedChat(run);
        await chat.types(random.mixedCase(random.sentence()));
        const marks = `${random.digits(3)} (${random.word()})?`;
        await chat.types(`${random.name()}, ${marks}`, MUST_ALTERNATE);
      },
    }),
    ...required<StreamClientRun>(OUTPUTS, {
      "What the partner says is shown at once": async (run) => {
        const chat = await chatOf(run);
        await chat.hears(run.random.sentence(8));
        await chat.hears(run.random.sentence(2));
        await chat.hears(run.random.mixedCase(run.random.word()));
      },
    }),
    ...required<StreamClientRun>(ANY_NUMBER, {
      "The user may say several things, one after the other": async (run) => {
        const chat = await typedChat(run);
        await chat.types(run.random.word());
        await chat.types(run.random.word(), MUST_ALTERNATE);
        await chat.types(run.random.word(), MUST_ALTERNATE);
      },
      "Two messages of the partner that come together": async (run) => {
        const { random } = run;
        const chat = await chatOf(run);
        await chat.hearsTogether([random.word(), random.word()], "\n");
        await chat.hears(random.word());
      },
      "A long message, and a short one after it": async (run) => {
        const chat = await chatOf(run);
        const long = run.random.sentence(40);
        await chat.hears(long);
        const before = run.program?.output.text.length ?? 0;
        await chat.hears(run.random.word(2));
        const shown = run.program?.output.text.slice(before) ?? "";
        if (!shown.includes(long.slice(-12))) return;
        throw new Finding("only the short message", quote(shown), STALE);
      },
    }),
    ...required<StreamClientRun>(ENDS, {
      "Goodbye is not Bye": async (run) => {
        const chat = await chatOf(run);
        await chat.hears(`Goodbye ${run.random.word()}`);
        await run.quiet(100, 500);
        run.isConnected(
          "somebody says Bye",
          "only a message that is Bye, and nothing else, ends the chat",
        );
        await chat.hears(run.random.word());
      },
    }),
    ...required<StreamClientRun>(LEAVES, {
      "The user types Bye, which is sent and ends the client": async (run) => {
        const chat = await typedChat(run);
        await chat.types(run.random.word());
        await chat.typesBye();
      },
    }, { isLast: true }),
    ...requiredAfterwards<StreamClientRun>(OUTPUTS, {
      "The client prints what the partner said": async (run) => {
        const { heard } = run.shared.get(Chat, () => new Chat(run));
        const printed = await run.printed();
        printsInOrder(printed, heard, "what the partner said");
      },
    }),
  ],
};

const asY: Suite<StreamClientRun> = {
  cases: [
    ...notes<StreamClientRun>({
      "Bye as a word of a message": async (run) => {
        const chat = await chatOf(run, "Y");
        await chat.hears(`Bye is what ${run.random.name()} says`);
        run.isConnected("somebody says Bye");
        await chat.hears(run.random.word());
      },
    }),
    ...required<StreamClientRun>(ENDS, {
      "The partner says Bye, which ends the client": async (run) => {
        const chat = await chatOf(run, "Y");
        if (run.canType) await chat.types(run.random.word());
        await chat.hears(run.random.word());
        await chat.hearsBye();
        run.remarkOnExit();
      },
    }),
  ],
};

const patient: Suite<StreamClientRun> = {
  pauses: true,
  cases: required(ANY_NUMBER, {
    "Both may be silent for a while": async (run) => {
      const chat = await chatOf(run);
      await chat.hears(run.random.word());
      await run.idle(
        "neither types nor hears anything for more than five seconds",
        "a client that waits for its user and for the partner",
      );
      run.isConnected("somebody says Bye");
      await chat.hears(run.random.word());
      if (run.canType) await chat.types(run.random.word());
    },
  }),
};

/** The suites for a `chat` client. */
export const suites: Suites<StreamClientRun> = [talk, patient, asY];
