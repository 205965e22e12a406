/**
 * `--trace pcap` before its judge: `tshark`, which is Wireshark without a
 * window, finds nothing wrong with a capture and follows its streams.
 */
import { assertEquals } from "@std/assert";
import type { Address, WireEvent } from "../../lib/net/wire.ts";
import {
  captureOf,
  CLIENT,
  data,
  datagram,
  happens,
  SERVER,
  START,
} from "./events.ts";
import { hexOf } from "./pcap_reader.ts";

const ignore = !isInstalled("tshark");
const suffix = ignore ? " (ignored: no tshark on this machine)" : "";

function isInstalled(program: string): boolean {
  const options: Deno.CommandOptions = {
    args: ["--version"],
    stdout: "null",
    stderr: "null",
  };
  try {
    return new Deno.Command(program, options).outputSync().success;
  } catch {
    return false;
  }
}

/** How long `tshark` may take, in milliseconds. */
const DEADLINE = 60_000;

const CHECKS = ["ip", "udp", "tcp"].flatMap((protocol) => [
  "-o",
  `${protocol}.check_checksum:TRUE`,
]);
// By its port alone Wireshark takes a message to port 12000 for another protocol.
const NO_GUESSES = [
  "-d",
  "udp.port==1-65535,data",
  "-d",
  "tcp.port==1-65535,data",
];

/** What tshark prints about a capture of these events. */
async function tshark(
  events: readonly WireEvent[],
  ...args: string[]
): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".pcap" });
  try {
    await Deno.writeFile(file, captureOf(events));
    const { success, stdout, stderr } = await new Deno.Command("tshark", {
      args: ["-r", file, ...CHECKS, ...NO_GUESSES, ...args],
      signal: AbortSignal.timeout(DEADLINE),
    }).output();
    const decoder = new TextDecoder();
    assertEquals(success, true, decoder.decode(stderr));
    return decoder.decode(stdout);
  } finally {
    await Deno.remove(file);
  }
}

/** One line for each packet that a display filter shows. */
async function fields(
  events: readonly WireEvent[],
  filter: string,
  ...names: string[]
): Promise<string[]> {
  const columns = names.flatMap((name) => ["-e", name]);
  const text = await tshark(events, "-Y", filter, "-T", "fields", ...columns);
  return text.split("\n").slice(0, -1);
}

const BACK = { from: SERVER, to: CLIENT };
const SIX: Address = { hostname: "::1", port: 50_001 };
const SIX_SERVER: Address = { hostname: "::1", port: 12_000 };
const LONG = Array.from({ length: 200_000 }, (_, i) => 0x61 + i % 26);

/** Streams of each kind of ending, side by side, and datagrams among them. */
const EVENTS: WireEvent[] = [
  happens("open", { at: 1 }),
  happens("open", { at: 2, from: SIX, to: SIX_SERVER }),
  data("Client X: Alice\n", { at: 3 }),
  datagram("Permission7", { at: 4, delay: 6 }),
  data("hi", { at: 5, from: SIX, to: SIX_SERVER }),
  data(LONG, { at: 6, ...BACK }),
  datagram("", { at: 7, from: SIX, to: SIX_SERVER }),
  datagram([0xff, 0x00], { at: 8, ...BACK }),
  datagram("gone", { at: 9, lost: true }),
  data("Bye\n", { at: 10 }),
  happens("end", { at: 11 }),
  data("after the end\n", { at: 12, ...BACK }),
  happens("close", { at: 13, ...BACK }),
  happens("reset", { at: 14, from: SIX, to: SIX_SERVER }),
  data("never opened", { at: 15, from: { ...CLIENT, port: 50_002 } }),
  datagram("x".repeat(65_507), { at: 16 }),
];

Deno.test(
  { name: `tshark finds nothing wrong${suffix}`, ignore },
  async (t) => {
    await t.step("no packet is broken", async () => {
      const broken = await fields(
        EVENTS,
        "_ws.malformed || _ws.expert.severity == error || _ws.short",
        "frame.number",
      );
      assertEquals(broken, []);
    });
    await t.step("every checksum is good", async () => {
      const good = "ip.checksum.status == 1 || ipv6";
      const body = "udp.checksum.status == 1 || tcp.checksum.status == 1";
      const all = await fields(EVENTS, "frame", "frame.number");
      const right = await fields(
        EVENTS,
        `(${good}) && (${body})`,
        "frame.number",
      );
      assertEquals(right, all);
    });
    await t.step(
      "no stream has a gap, a repetition or a full window",
      async () => {
        assertEquals(
          await fields(EVENTS, "tcp.analysis.flags", "frame.number"),
          [],
        );
      },
    );
    await t.step("every stream has a handshake and an end", async () => {
      const streams = async (filter: string) => [
        ...new Set(await fields(EVENTS, filter, "tcp.stream")),
      ];
      const ends = "tcp.flags.fin == 1 || tcp.flags.reset == 1";
      assertEquals(await streams("tcp"), ["0", "1", "2"]);
      assertEquals(await streams("tcp.flags.syn == 1"), ["0", "1", "2"]);
      assertEquals((await streams(ends)).sort(), ["0", "1", "2"]);
    });
  },
);

Deno.test({ name: `tshark follows a stream${suffix}`, ignore }, async () => {
  const text = await tshark(EVENTS, "-q", "-z", "follow,tcp,raw,0");
  const lines = text.split("\n").filter((line) =>
    /^\t?([0-9a-f]{2})+$/.test(line)
  );
  const ways = ["", ""];
  for (const line of lines) ways[line.startsWith("\t") ? 1 : 0] += line.trim();
  const expected = [
    data("Client X: Alice\nBye\n"),
    data([...LONG, ...data("after the end\n").bytes]),
  ];
  assertEquals(ways, expected.map(({ bytes }) => hexOf(bytes)));
});

Deno.test({ name: `tshark reads datagrams${suffix}`, ignore }, async () => {
  const rows = await fields(
    EVENTS,
    "udp && udp.length < 100",
    "frame.time_epoch",
    "ip.src",
    "udp.srcport",
    "udp.dstport",
    "udp.length",
    "data.data",
  );
  const second = START / 1000;
  assertEquals(rows, [
    `${second}.007000000\t\t50001\t12000\t8\t`,
    `${second}.008000000\t127.0.0.1\t12000\t50001\t10\tff00`,
    `${second}.010000000\t127.0.0.1\t50001\t12000\t19\t${
      hexOf(datagram("Permission7").bytes)
    }`,
  ]);
});
