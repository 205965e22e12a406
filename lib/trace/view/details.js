// @ts-check
/// <reference lib="dom" />
/**
 * One row in full: when, from whom to whom, its bytes, and how they became a
 * message.
 */
import { meaningOf } from "./meaning.js";
import { count, hexDump, seconds, spansOf, textOf } from "./text.js";
import { labelOf } from "./words.js";

/** @typedef {import("./flow.js").Carrier} Carrier */
/** @typedef {import("./flow.js").Part} Part */
/** @typedef {import("./rows.js").Row} Row */

/** How many bytes of a message are shown until the user asks for all. */
const FIRST_BYTES = 1_024;

/** How many reads, and how many messages of one read, are shown at most. */
const MAX_CARRIERS = 20;
const MAX_SEGMENTS = 12;

/** How much of another message in the same read is shown, in bytes. */
const SEGMENT_BYTES = 60;

/**
 * Fills the pane.
 *
 * @param {HTMLElement} pane
 * @param {Row} row
 * @param {() => void} close
 */
export function fillDetails(pane, row, close) {
  const title = html("h2", { id: "details-title", tabIndex: -1, dir: "auto" });
  title.textContent = textOf(labelOf(row)).slice(0, 200);
  const button = html("button", { type: "button", textContent: "Close" });
  button.addEventListener("click", close);
  const columns = html(
    "div",
    { className: "columns" },
    factsOf(row),
    ...contentsOf(row),
  );
  pane.replaceChildren(html("header", {}, title, button), columns);
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Partial<HTMLElementTagNameMap[K]>} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
function html(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** @param {Row} row */
function factsOf(row) {
  const { event } = row;
  const facts = [[
    "Time",
    `${seconds(row.time - row.origin)} s, at ${clock(row.time)}`,
  ]];
  if (event) facts.push(["From", event.from], ["To", event.to]);
  if (event?.bytes !== undefined) {
    facts.push(["Length", count(row.bytes.length, "byte")]);
  }
  const list = facts.flatMap((
    [name = "", value = ""],
  ) => [html("dt", {}, name), html("dd", {}, value)]);
  const said = row.remarks.map(({ text = "" }) => text);
  const sentences = [...said, ...meaningOf(row)].map((sentence) =>
    html("p", {}, sentence)
  );
  return html("section", {}, html("dl", {}, ...list), ...sentences);
}

/**
 * The time of day with milliseconds.
 *
 * @param {number} time
 */
function clock(time) {
  const date = new Date(time);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  const digits = parts.map((each) => String(each).padStart(2, "0")).join(":");
  return `${digits}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/**
 * Its text, with what carried it, and its bytes.
 *
 * @param {Row} row
 */
function contentsOf(row) {
  const { bytes } = row;
  if (row.event?.bytes === undefined) return [];
  const text = textBlock(bytes);
  const hex = hexBlock(bytes);
  const all = bytes.length > FIRST_BYTES ? [showAll(bytes, text, hex)] : [];
  return [
    html("section", {}, html("h3", {}, "Text"), text, ...carriersOf(row)),
    html("section", {}, html("h3", {}, "Bytes"), hex, ...all),
  ];
}

/** @param {Uint8Array} bytes */
function textBlock(bytes) {
  const spans = spansOf(bytes.subarray(0, FIRST_BYTES)).map(spanOf);
  return html("pre", { className: "text", dir: "auto", tabIndex: 0 }, ...spans);
}

/** @param {Uint8Array} bytes */
function hexBlock(bytes) {
  return html("pre", { tabIndex: 0 }, hexDump(bytes.subarray(0, FIRST_BYTES)));
}

/** @param {import("./text.js").Span} span */
function spanOf({ text, odd }) {
  return html("bdi", odd ? { className: "odd" } : {}, text);
}

/**
 * @param {Uint8Array} bytes
 * @param {HTMLElement} text
 * @param {HTMLElement} hex
 */
function showAll(bytes, text, hex) {
  const button = html(
    "button",
    { type: "button" },
    `Show all ${count(bytes.length, "byte")}`,
  );
  button.addEventListener("click", () => {
    text.replaceChildren(...spansOf(bytes).map(spanOf));
    hex.replaceChildren(hexDump(bytes));
    button.remove();
  });
  return button;
}

/**
 * The reads or writes that carried a message, each as the messages in it.
 *
 * @param {Row} row
 */
function carriersOf(row) {
  if (row.kind !== "message" || row.parts.length === 0) return [];
  const shown = row.parts.slice(-MAX_CARRIERS);
  const isRead = row.event?.direction === "in";
  const number = count(row.parts.length, isRead ? "read" : "write");
  const title = row.parts.length === 1
    ? `The ${isRead ? "read that brought" : "write that sent"} it`
    : `The ${number} that ${isRead ? "brought" : "sent"} it`;
  const lines = shown.map((part) => carrierLine(part, row));
  return [html("h3", {}, title), ...lines];
}

/**
 * @param {Part} part
 * @param {Row} row
 */
function carrierLine({ carrier }, row) {
  const { bytes, event } = carrier;
  const when = `${seconds(event.time - row.origin)} s, ${
    count(bytes.length, "byte")
  }`;
  const segments = segmentsOf(carrier, row);
  const own = segments.findIndex(({ isOwn }) => isOwn);
  const from = Math.max(0, own - MAX_SEGMENTS / 2);
  const shown = segments.slice(from, from + MAX_SEGMENTS).map(segmentBox);
  const before = from > 0 ? ["… "] : [];
  const after = from + MAX_SEGMENTS < segments.length ? ["…"] : [];
  return html(
    "div",
    { className: "carrier" },
    html("h3", {}, when),
    ...before,
    ...shown,
    ...after,
  );
}

/**
 * @typedef {{ bytes: Uint8Array, isOwn: boolean }} Segment
 */

/**
 * A read or write, cut at the borders of its messages.
 *
 * @param {Carrier} carrier
 * @param {Row} row
 * @returns {Segment[]}
 */
function segmentsOf(carrier, row) {
  const messages = carrier.messages.includes(row)
    ? carrier.messages
    : [...carrier.messages, row];
  /** @type {Segment[]} */
  const segments = [];
  let at = 0;
  for (const message of messages) {
    const part = message.parts.find((each) => each.carrier === carrier);
    if (part === undefined) continue;
    segments.push({
      bytes: carrier.bytes.subarray(at, part.start),
      isOwn: false,
    });
    const bytes = carrier.bytes.subarray(part.start, part.stop);
    segments.push({ bytes, isOwn: message === row });
    at = part.stop;
  }
  segments.push({ bytes: carrier.bytes.subarray(at), isOwn: false });
  return segments.filter(({ bytes }) => bytes.length > 0);
}

/** @param {Segment} segment */
function segmentBox({ bytes, isOwn }) {
  const cut = bytes.subarray(0, SEGMENT_BYTES);
  const text = textOf(spansOf(cut)) + (cut.length < bytes.length ? "…" : "");
  return html(
    isOwn ? "mark" : "span",
    { className: "segment", dir: "auto" },
    text,
  );
}
