/**
 * IP addresses: the text that sockets give, as the bytes of a packet.
 */
import { assertEquals, assertThrows } from "@std/assert";
import {
  addressBytes,
  hasAddress,
  sameFamily,
} from "../../lib/trace/ip_address.ts";

const permissions = "none";

/** Sixteen bytes, given as groups of 16 bits. */
function groups(...numbers: number[]): number[] {
  return numbers.flatMap((number) => [number >> 8, number & 0xff]);
}

const ADDRESSES: [text: string, bytes: number[]][] = [
  ["127.0.0.1", [127, 0, 0, 1]],
  ["0.0.0.0", [0, 0, 0, 0]],
  ["255.255.255.255", [255, 255, 255, 255]],
  ["localhost", [127, 0, 0, 1]],
  ["::", groups(0, 0, 0, 0, 0, 0, 0, 0)],
  ["::1", groups(0, 0, 0, 0, 0, 0, 0, 1)],
  ["1::", groups(1, 0, 0, 0, 0, 0, 0, 0)],
  ["1:2:3:4:5:6:7:8", groups(1, 2, 3, 4, 5, 6, 7, 8)],
  ["fe80::ABCD:12", groups(0xfe80, 0, 0, 0, 0, 0, 0xabcd, 0x12)],
  ["fe80::1%eth0", groups(0xfe80, 0, 0, 0, 0, 0, 0, 1)],
  ["2001:db8::2:3:4:5:6", groups(0x2001, 0xdb8, 0, 2, 3, 4, 5, 6)],
  ["64:ff9b::1.2.3.4", groups(0x64, 0xff9b, 0, 0, 0, 0, 0x0102, 0x0304)],
  ["::ffff:127.0.0.1", [127, 0, 0, 1]],
  ["::ffff:7f00:1", [127, 0, 0, 1]],
];

const NONE = [
  "",
  "example.org",
  "1.2.3",
  "1.2.3.4.5",
  "1.2.3.256",
  "1.2.3.0004",
  "1.2.3.x",
  ":",
  ":::",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4::5:6:7:8",
  "1::2::3",
  "12345::",
  "g::",
  "1.2.3.4::",
  "::1.2.3",
];

Deno.test("addresses as bytes", { permissions }, async (t) => {
  for (const [text, bytes] of ADDRESSES) {
    await t.step(text, () => {
      assertEquals([...addressBytes(text)], bytes);
      assertEquals(hasAddress(text), true);
    });
  }
  for (const text of NONE) {
    await t.step(`no address: ${text}`, () => {
      assertEquals(hasAddress(text), false);
      assertThrows(() => addressBytes(text), TypeError, "is a name");
    });
  }
});

Deno.test("both ends have one family", { permissions }, () => {
  const mapped = groups(0, 0, 0, 0, 0, 0xffff, 0x7f00, 1);
  const six = groups(0, 0, 0, 0, 0, 0, 0, 1);
  const four = [127, 0, 0, 1];
  const pairs: [string, string, number[][]][] = [
    ["127.0.0.1", "127.0.0.1", [four, four]],
    ["::1", "::1", [six, six]],
    ["::1", "127.0.0.1", [six, mapped]],
    ["127.0.0.1", "::1", [mapped, six]],
    ["::ffff:127.0.0.1", "127.0.0.1", [four, four]],
  ];
  for (const [from, to, expected] of pairs) {
    assertEquals(sameFamily(from, to).map((bytes) => [...bytes]), expected);
  }
});
