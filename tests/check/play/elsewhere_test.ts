/**
 * Where a server listens that does not listen where it should.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { elsewhere } from "../../../lib/check/play/elsewhere.ts";

const ADDRESS = { hostname: "127.0.0.1", port: 12000 };
const SWAPPED = 57390;

Deno.test("what a server printed, or holds, tells where it listens", async (t) => {
  const rows: [name: string, printed: string, held: number, hint: RegExp][] = [
    ["a port without htons", "", SWAPPED, /57390.*htons\(12000\)/],
    ["IPv6 alone, in Node", "{ address: '::1', port: 12000 }", 0, /--host ::1/],
    ["IPv6 alone", "listening on [::1]:12000", 0, /--host ::1/],
    ["another port", "Listening on port 5000...", 0, /port 5000/],
    ["another port, in Python", "('0.0.0.0', 8888)", 0, /port 8888/],
    ["another port, in an address", "up at 127.0.0.1:9090", 0, /port 9090/],
    ["a prompt", "Welcome\nEnter a number: ", 0, /typed.*Enter a number:/],
  ];
  for (const [name, printed, held, hint] of rows) {
    await t.step(name, async () => {
      const told = await elsewhere(
        ADDRESS,
        printed,
        ({ port }) => port === held,
      );
      assertMatch(told ?? "", hint);
    });
  }
});

Deno.test("nothing is told where nothing was seen", async (t) => {
  const printed = [
    "",
    "The server is ready to receive\n",
    "listening on port 12000\n",
    "bound to ::\n",
    "Error: name: missing\n",
  ];
  for (const text of printed) {
    await t.step(JSON.stringify(text), async () => {
      assertEquals(await elsewhere(ADDRESS, text, () => false), undefined);
    });
  }
});
