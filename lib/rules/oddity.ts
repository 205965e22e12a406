/**
 * Why a refused message can look right, or like nothing at all: how some
 * programs encode it. Logged next to what was expected.
 */
import type { Received } from "./contract.ts";

/** Such as ` (a byte order mark comes first)`; empty if there is nothing odd. */
export function oddityOf(received: Received): string {
  const oddity = typeof received === "string"
    ? oddityOfText(received)
    : oddityOfBytes(received.head ?? []);
  return oddity === undefined ? "" : ` (${oddity})`;
}

function oddityOfText(text: string): string | undefined {
  if (text.startsWith("\ufeff")) return "a byte order mark comes first";
  if (/^(\0[^\0]){2}|^([^\0]\0){2}/.test(text)) return UTF_16;
  if (text.startsWith("\0")) {
    return "its length comes first, as Java's writeUTF sends it";
  }
  return text.length === 1 ? ONE_KEY : undefined;
}

function oddityOfBytes(head: ArrayLike<number>): string | undefined {
  const [first = 0, second = 0, third = 0] = Array.from(head);
  if (first === 0xfe && second === 0xff) return UTF_16;
  if (first !== 0xff) return undefined;
  // 0xff is telnet's IAC; WILL, WONT, DO and DONT follow, and then an option.
  if (second === 0xfe && third >= 0x20) return UTF_16;
  return second >= 0xfb ? "a command of telnet (IAC): use nc" : undefined;
}

const UTF_16 = "it looks like UTF-16";
const ONE_KEY =
  "telnet sends each key: use nc, or start this server with --framing line";
