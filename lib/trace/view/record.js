// @ts-check
/**
 * An event in a saved file: its members are those of `--trace json`, without
 * `meaning`; and `direction` tells which way it went.
 */
import { fromBase64 } from "./text.js";

/** @typedef {import("./event_json.ts").EventJson} EventJson */

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @param {EventJson} event
 * @param {number} origin when the program was started
 */
export function recordOf({ seq: _, from, to, bytes, ...event }, origin) {
  const { time, type, direction, ...details } = event;
  return {
    time,
    seconds: Math.round((time - origin) * 1_000) / 1_000_000,
    type,
    direction,
    from: addressOf(from),
    to: addressOf(to),
    ...(bytes === undefined ? {} : contentOf(bytes)),
    ...details,
  };
}

/** @param {string} text */
function addressOf(text) {
  const colon = text.lastIndexOf(":");
  const hostname = text.slice(0, colon).replace(/^\[|\]$/g, "");
  return { hostname, port: Number(text.slice(colon + 1)) };
}

/** @param {string} base64 */
function contentOf(base64) {
  const bytes = fromBase64(base64);
  return { size: bytes.length, bytes: base64, text: decodeOrNull(bytes) };
}

/** @param {Uint8Array} bytes */
function decodeOrNull(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
