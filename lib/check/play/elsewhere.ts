/**
 * Where a server may be listening instead of where it should, judging by what
 * it printed and by who holds the port.
 */
import type { Address } from "../../rules/contract.ts";
import { mayRun, succeeds } from "../program/helpers.ts";

/** Succeeds if a port of ::1 is in use; Deno may ask only about 127.0.0.1. */
const HELD_ON_IPV6 = `
import socket, sys
for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
    try: socket.socket(socket.AF_INET6, kind).bind(("::1", int(sys.argv[1])))
    except OSError as e: e.errno in (48, 98, 10048) and sys.exit(0)
sys.exit(1)`;

/** A port, as programs print it when they listen. */
const PRINTED_PORT =
  /\bport\b\D{0,12}(\d{2,5})\b|\d+\.\d+\.\d+\.\d+\D{1,5}(\d{2,5})\b/i;

/**
 * @param printed what the server has printed
 * @param isHeld whether anything listens at a given address
 * @returns the probable mistake; undefined if nothing points to one
 */
export async function elsewhere(
  { hostname, port }: Address,
  printed: string,
  isHeld: (address: Address) => boolean | Promise<boolean>,
): Promise<string | undefined> {
  const swapped = (port & 0xff) << 8 | port >> 8;
  if (swapped > 1023 && swapped !== port) {
    if (await isHeld({ hostname, port: swapped })) {
      return `it listens on port ${swapped}, which is ${port} with its two bytes swapped: use htons(${port})`;
    }
  }
  const hasPrinted = /(?<![\w:])::1(?![\w:])/.test(printed);
  if (!hostname.includes(":") && (hasPrinted || await isHeldOnIPv6(port))) {
    return `it listens on ::1, the address of IPv6, and not on ${hostname}: bind ${hostname}, or check it with --host ::1`;
  }
  const [, ...found] = PRINTED_PORT.exec(printed) ?? [];
  const other = found.find((each) => each !== undefined);
  if (other !== undefined && Number(other) !== port) {
    return `it may listen on port ${other}, which it printed: say which with --port`;
  }
  const line = printed.split("\n").at(-1)!;
  return /[:?>]\s*$/.test(line)
    ? `it may wait for something to be typed: it printed "${line.trim()}"`
    : undefined;
}

async function isHeldOnIPv6(port: number): Promise<boolean> {
  return mayRun("python3") &&
    await succeeds("python3", ["-c", HELD_ON_IPV6, String(port)]);
}
