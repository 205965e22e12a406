/** Listening to a `chat` server. */
import type { Peer } from "../contract.ts";
import type { Hearing, Reading } from "./hearing.ts";
import { isGreeting, readGreeting } from "./pairs.ts";

/** How many of the latest messages of one client are remembered. */
const REMEMBERED = 20;
/** The shortest text taken for the end of an earlier message, in characters. */
const TAIL = 4;

/** What one client has said, and what it was sent, the latest last. */
interface Memory {
  readonly said: string[];
  readonly got: string[];
}

/**
 * Leaves open what a server says besides what it relays: labels, echoes, and
 * news of who has come or gone; and whether it acknowledges anything.
 */
export function chatHearing(): Hearing {
  const memories = new WeakMap<Peer, Memory>();

  function memoryOf(client: Peer): Memory {
    const memory = memories.get(client) ?? { said: [], got: [] };
    memories.set(client, memory);
    return memory;
  }

  function repeats(client: Peer, rest: string): string | undefined {
    const { said, got } = memoryOf(client);
    const [last = "", before = ""] = got.slice(-2).reverse();
    const isEcho = said.some((each) => rest.includes(each));
    if (last !== "" && !isEcho && rest.includes(last)) {
      return "it has been relayed before";
    }
    const isTail = rest.length >= TAIL && before.endsWith(rest);
    return isTail ? "that is the end of an earlier message" : undefined;
  }

  return {
    isStream: true,
    needsForm: true,
    closes: true,
    settles(client, message = "") {
      remember(memoryOf(client).said, message);
      return message !== "";
    },
    // What was said too early has another cause: many servers do not keep it.
    asks: (text, { message }) =>
      text === message || isGreeting(text) ? text : undefined,
    read: (said, expected, isWhole) =>
      isGreeting(expected.text)
        ? readGreeting(said, expected)
        : readRelayed(said, expected.text, isWhole),
    met: (client, text) => remember(memoryOf(client).got, text),
    unasked: repeats,
    ended: (client) =>
      memoryOf(client).said.length > 0 ? "nobody has said Bye" : undefined,
  };
}

function remember(texts: string[], text: string): void {
  texts.push(text);
  if (texts.length > REMEMBERED) texts.shift();
}

function readRelayed(said: string, text: string, isWhole: boolean): Reading {
  const at = said.indexOf(text);
  if (at >= 0) return { rest: said.slice(at + text.length) };
  const isChanged = said.toLowerCase().includes(text.toLowerCase());
  return isChanged && isWhole ? { problem: "" } : undefined;
}
