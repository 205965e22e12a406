/**
 * IP addresses as text, and as the bytes in a packet.
 */

/** Two addresses of one family: IPv4 if both can be, else IPv6. */
export function sameFamily(from: string, to: string): [Uint8Array, Uint8Array] {
  const pair: [Uint8Array, Uint8Array] = [addressBytes(from), addressBytes(to)];
  const isMixed = pair[0].length !== pair[1].length;
  return isMixed ? [mapped(pair[0]), mapped(pair[1])] : pair;
}

/** How an IPv6 socket sees an IPv4 address: `::ffff:127.0.0.1`. */
const MAPPED_PREFIX = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

function mapped(address: Uint8Array): Uint8Array {
  if (address.length === 16) return address;
  const bytes = new Uint8Array(16);
  bytes.set(MAPPED_PREFIX);
  bytes.set(address, MAPPED_PREFIX.length);
  return bytes;
}

/** Whether a packet can hold this: an IP address or `localhost`. */
export function hasAddress(hostname: string): boolean {
  return parse(hostname) !== undefined;
}

/**
 * The 4 or 16 bytes of an IP address; an IPv4-mapped IPv6 address gives 4.
 *
 * @throws {TypeError} if it is a name: packets contain addresses only
 */
export function addressBytes(hostname: string): Uint8Array {
  const bytes = parse(hostname);
  if (bytes !== undefined) return bytes;
  throw new TypeError(`${hostname} is a name, and a packet holds addresses`);
}

function parse(hostname: string): Uint8Array | undefined {
  if (hostname === "localhost") return Uint8Array.of(127, 0, 0, 1);
  if (!hostname.includes(":")) return parseIpv4(hostname);
  const bytes = parseIpv6(hostname.replace(/%.*$/s, ""));
  const isMapped = bytes && MAPPED_PREFIX.every((byte, i) => bytes[i] === byte);
  return isMapped ? bytes.slice(MAPPED_PREFIX.length) : bytes;
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  const isValid = parts.length === 4 &&
    parts.every((part) => /^[0-9]{1,3}$/.test(part) && Number(part) <= 255);
  return isValid ? Uint8Array.from(parts, Number) : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split("::").map((half, i, all) =>
    ipv6Groups(half, i === all.length - 1)
  );
  const [head, tail] = halves;
  if (head === undefined || halves.length > 2) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array(missing).fill(0), ...(tail ?? [])];
  if (groups.some(Number.isNaN)) return undefined;
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The groups of 16 bits on one side of `::`; NaN for an invalid one. */
function ipv6Groups(text: string, isEnd: boolean): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((part, i, parts) => {
    const isLast = isEnd && i === parts.length - 1;
    const ipv4 = isLast ? parseIpv4(part) : undefined;
    if (ipv4 !== undefined) {
      return [ipv4[0]! << 8 | ipv4[1]!, ipv4[2]! << 8 | ipv4[3]!];
    }
    return [/^[0-9a-f]{1,4}$/i.test(part) ? parseInt(part, 16) : NaN];
  });
}
