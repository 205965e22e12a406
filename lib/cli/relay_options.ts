/**
 * The options that put a server between two other programs.
 */
import { LOOPBACK } from "../net/address.ts";
import type { Address } from "../rules/contract.ts";
import { MAX_PORT, oneOf, type Option } from "../rules/options.ts";

export const UPSTREAM: Option<"upstream", Address | undefined> = {
  name: "upstream",
  placeholder: "[HOST:]PORT",
  default: undefined,
  help: "pass everything on to the server there, and back",
  parse: readAddress,
};

/** Which way something goes. */
export type Toward = "server" | "client";

const ENDS: readonly Toward[] = ["server", "client"];

export const TOWARD = oneOf("toward", ENDS, {
  default: undefined,
  help: "make the network worse on the way to this end alone",
});

/** To stand between two programs. */
export const BETWEEN = [UPSTREAM, TOWARD];

/** The options for how a server reads and answers; a relay does neither. */
export const ANSWERING = ["name", "number", "framing"];

function readAddress(text: string): Address {
  const [, host, digits] = /^(?:(.+):)?([0-9]+)$/.exec(text) ?? [];
  const hostname = host?.replace(/^\[(.*)\]$/, "$1") ?? LOOPBACK;
  const port = Number(digits);
  const isHost = URL.canParse(`http://${host ?? LOOPBACK}/`);
  if (isHost && port >= 1 && port <= MAX_PORT) return { hostname, port };
  throw new RangeError(
    `not a port, or an address and a port. Try ${LOOPBACK}:12001`,
  );
}
