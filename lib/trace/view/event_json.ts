/**
 * An event as sent to the page, and as saved: plain JSON.
 *
 * Addresses are `host:port` and bytes are base64. The direction, as this
 * program sees it, is added here, because here we know which end is ours.
 */
import type { Address, WireEvent } from "../../net/wire.ts";
import { addressOf } from "../../rules/contract.ts";
import type { Numbered } from "./history.ts";

/** The program whose wire is shown. */
export interface Shown {
  readonly program: "server" | "client";
  /** The assignment, as `--mode` names it. */
  readonly mode: string;
  readonly transport: "udp" | "tcp";
  /**
   * Where the server is, in either program. Its port may be 0 for a server that
   * has not taken one yet: the first event will tell.
   */
  readonly server: Address;
  /** The server behind this program, if this program is a relay. */
  readonly upstream?: Address;
}

/** One event. The fields after `direction` depend on its type. */
export interface EventJson {
  /** Its number, from 0 on. */
  readonly seq: number;
  readonly type: WireEvent["type"];
  /** Milliseconds since 1970-01-01 00:00 UTC. */
  readonly time: number;
  readonly from: string;
  readonly to: string;
  /** As this program sees it. */
  readonly direction: "in" | "out";
  /** Who its peer is, once the rules know it. */
  readonly name?: string;
  /** Base64. */
  readonly bytes?: string;
  readonly lost?: boolean;
  readonly duplicate?: boolean;
  readonly delay?: number;
  readonly end?: string;
  readonly reads?: number;
  readonly index?: number;
  readonly count?: number;
  /** The text of a remark. */
  readonly text?: string;
  /** Whether it is between this program and the server behind it. */
  readonly isUpstream?: boolean;
}

/** An event as JSON; its bytes are encoded at once, so they may change later. */
export function toJson({ seq, event }: Numbered, shown: Shown): EventJson {
  const { type, time, from, to, ...rest } = event;
  return {
    seq,
    type,
    time,
    from: addressOf(from),
    to: addressOf(to),
    direction: directionOf(event, shown),
    ...isUpstream(event, shown) && { isUpstream: true },
    ...rest,
    ...("bytes" in event ? { bytes: event.bytes.toBase64() } : {}),
  } as EventJson;
}

/** A server sends as itself, a client to the server; all else came in. */
function directionOf(
  { from, to }: WireEvent,
  { program, server, upstream }: Shown,
): "in" | "out" {
  if (upstream && isServer(from, to, upstream)) return "in";
  if (upstream && isServer(to, from, upstream)) return "out";
  const isOut = program === "server"
    ? isServer(from, to, server)
    : isServer(to, from, server);
  return isOut ? "out" : "in";
}

/** Whether one of the two is the server behind this program. */
function isUpstream({ from, to }: WireEvent, { upstream }: Shown): boolean {
  if (upstream === undefined) return false;
  return isServer(from, to, upstream) || isServer(to, from, upstream);
}

/**
 * The port decides, because a server that listens on 0.0.0.0 is seen under the
 * address its client used; the host decides if both ports are the same.
 */
function isServer(one: Address, other: Address, server: Address): boolean {
  if (one.port !== server.port) return false;
  return other.port !== server.port || one.hostname === server.hostname;
}
