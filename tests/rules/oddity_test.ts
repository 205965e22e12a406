/**
 * What is said of a message that looks right, or like nothing, because of how a
 * program writes it.
 */
import { assertEquals } from "@std/assert";
import type { Received } from "../../lib/rules/contract.ts";
import { oddityOf } from "../../lib/rules/oddity.ts";

const permissions = "none";

const bytes = (...head: number[]): Received => ({
  byteLength: head.length,
  head: new Uint8Array(head),
});

const ONE_KEY =
  " (telnet sends each key: use nc, or start this server with --framing line)";
const UTF_16 = " (it looks like UTF-16)";
const LENGTH = " (its length comes first, as Java's writeUTF sends it)";
const TELNET = " (a command of telnet (IAC): use nc)";

const ODDITIES: Record<string, [received: Received, oddity: string]> = {
  "a right message": ["Client X: Alice", ""],
  "nothing": ["", ""],
  "one key": ["C", ONE_KEY],
  "two keys": ["Cl", ""],
  "a byte order mark": ["\ufeffClient", " (a byte order mark comes first)"],
  "writeUTF": ["\0\x0fClient X: Alice", LENGTH],
  "four bytes of length": ["\0\0\0*{}", LENGTH],
  "UTF-16, the low byte first": ["C\0l\0i\0", UTF_16],
  "UTF-16, the high byte first": ["\0C\0l\0i", UTF_16],
  "UTF-16 with its mark": [bytes(0xff, 0xfe, 0x43, 0), UTF_16],
  "UTF-16 with the other mark": [bytes(0xfe, 0xff, 0, 0x43), UTF_16],
  "IAC WILL": [bytes(0xff, 0xfb, 0x1f), TELNET],
  "IAC DONT": [bytes(0xff, 0xfe, 0x01), TELNET],
  "Latin-1": [bytes(0xfc, 0x62, 0x65, 0x72), ""],
  "bytes of which no more is known": [{ byteLength: 3 }, ""],
};

Deno.test("odd messages are named", { permissions }, async (t) => {
  for (const [name, [received, oddity]] of Object.entries(ODDITIES)) {
    await t.step(name, () => assertEquals(oddityOf(received), oddity));
  }
});
