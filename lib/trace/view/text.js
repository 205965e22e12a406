// @ts-check
/**
 * Turns bytes into what can be shown: text in which everything is visible, a
 * hex dump, a length, a time. Pure functions; trying them takes no page.
 */
import { escapeOne, UNSAFE } from "../../rules/escape.js";

/**
 * A piece of text: as it is, or (`odd`) an escape such as `\n` for something
 * that is invisible or would break up the line.
 *
 * @typedef {{ text: string, odd: boolean }} Span
 */

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @param {string} base64
 * @returns {Uint8Array}
 */
export function fromBase64(base64) {
  return Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
}

/**
 * The text of a message. Bytes that are not UTF-8 are shown one by one.
 *
 * @param {Uint8Array} bytes
 * @returns {Span[]}
 */
export function spansOf(bytes) {
  try {
    return escapeOdd(decoder.decode(bytes));
  } catch {
    return [...bytes].reduce(addByte, /** @type {Span[]} */ ([]));
  }
}

/**
 * A text with nothing invisible in it.
 *
 * @param {string} text
 * @returns {Span[]}
 */
export function escapeOdd(text) {
  /** @type {Span[]} */
  const spans = [];
  let at = 0;
  for (const match of text.matchAll(UNSAFE)) {
    add(spans, text.slice(at, match.index), false);
    add(spans, escapeOne(match[0]), true);
    at = match.index + match[0].length;
  }
  add(spans, text.slice(at), false);
  return spans;
}

/**
 * @param {Span[]} spans
 * @param {number} byte
 */
function addByte(spans, byte) {
  const isPlain = byte >= 0x20 && byte < 0x7f;
  const character = String.fromCharCode(byte);
  add(spans, isPlain ? character : escapeOne(character), !isPlain);
  return spans;
}

/**
 * @param {Span[]} spans
 * @param {string} text
 * @param {boolean} odd
 */
function add(spans, text, odd) {
  const last = spans.at(-1);
  if (text === "") return;
  if (last?.odd === odd) last.text += text;
  else spans.push({ text, odd });
}

/**
 * The same as one string.
 *
 * @param {readonly Span[]} spans
 */
export function textOf(spans) {
  return spans.map(({ text }) => text).join("");
}

/** How many bytes one line of a hex dump shows. */
const HEX_WIDTH = 16;

/**
 * Lines of offset, bytes and characters, in the style of `xxd` and Wireshark.
 *
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function hexDump(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += HEX_WIDTH) {
    lines.push(hexLine(at, bytes.subarray(at, at + HEX_WIDTH)));
  }
  return lines.join("\n");
}

/**
 * @param {number} offset
 * @param {Uint8Array} bytes
 */
function hexLine(offset, bytes) {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
  const halves = [hex.slice(0, 8).join(" "), hex.slice(8).join(" ")].join("  ");
  const characters = [...bytes].map((byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."
  ).join("");
  const start = offset.toString(16).padStart(4, "0");
  return `${start}  ${halves.padEnd(3 * HEX_WIDTH)}  ${characters}`;
}

/**
 * A number of things: `1 byte`, `65 536 bytes`.
 *
 * @param {number} number
 * @param {string} thing in the singular; the plural gets an s
 */
export function count(number, thing) {
  const digits = String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return `${digits}\u00a0${thing}${number === 1 ? "" : "s"}`;
}

/**
 * Milliseconds as seconds: `12.345`.
 *
 * @param {number} milliseconds
 */
export function seconds(milliseconds) {
  return (milliseconds / 1000).toFixed(3);
}

/**
 * A duration for people: `40 ms`, `3.2 s`, `12 min`.
 *
 * @param {number} milliseconds
 */
export function duration(milliseconds) {
  if (milliseconds < 1) return "less than 1\u00a0ms";
  if (milliseconds < 1_000) return `${Math.round(milliseconds)}\u00a0ms`;
  if (milliseconds < 60_000) {
    return `${(milliseconds / 1000).toFixed(1)}\u00a0s`;
  }
  if (milliseconds < 3_600_000) {
    return `${Math.round(milliseconds / 60_000)}\u00a0min`;
  }
  return `${(milliseconds / 3_600_000).toFixed(1)}\u00a0h`;
}
