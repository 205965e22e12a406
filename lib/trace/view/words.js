// @ts-check
/**
 * What the page says about a row: on its arrow, under it, above its group, to a
 * screen reader, and in full when it is opened.
 */
import {
  count,
  duration,
  escapeOdd,
  seconds,
  spansOf,
  textOf,
} from "./text.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./rows.js").Group} Group */
/** @typedef {import("./text.js").Span} Span */

/**
 * A piece of the text on an arrow. `early` came in a read before the last one.
 *
 * @typedef {Span & { early?: boolean }} LabelSpan
 */

/** How much of a message its arrow can show, in bytes. */
const LABEL_BYTES = 400;

/** The text on an arrow that carries no bytes. */
const MARKS = {
  open: "connects",
  end: "ends (FIN)",
  reset: "breaks off (RST)",
  close: "closed",
};

/**
 * The text on an arrow.
 *
 * @param {Row} row
 * @returns {LabelSpan[]}
 */
export function labelOf(row) {
  const { kind } = row;
  if (
    kind === "open" || kind === "end" || kind === "reset" || kind === "close"
  ) {
    return [{ text: MARKS[kind], odd: false }];
  }
  const early = earlyLength(row);
  const spans = [
    ...spansOf(head(row.bytes.subarray(0, early))).map((span) => ({
      ...span,
      early: true,
    })),
    ...spansOf(head(row.bytes.subarray(early))),
    ...escapeOdd(lineEndingOf(row)).map(({ text }) => ({ text, odd: true })),
  ];
  return spans.length > 0 ? spans : [{ text: "(empty)", odd: true }];
}

/**
 * How many bytes of a message came in reads before its last one.
 *
 * @param {Row} row
 */
function earlyLength({ kind, parts, bytes }) {
  if (kind !== "message") return 0;
  const last = parts.findLast(({ start, end }) => end > start);
  const late = last ? last.end - last.start : bytes.length;
  return cutBetweenCharacters(bytes, bytes.length - late);
}

/** @param {Uint8Array} bytes */
function head(bytes) {
  if (bytes.length <= LABEL_BYTES) return bytes;
  return bytes.subarray(0, cutBetweenCharacters(bytes, LABEL_BYTES));
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function cutBetweenCharacters(bytes, at) {
  const isInside = (/** @type {number} */ place) =>
    ((bytes[place] ?? 0) & 0xc0) === 0x80;
  let place = at;
  while (place > 0 && at - place < 3 && isInside(place)) place--;
  return isInside(place) ? at : place;
}

/**
 * The line ending that came with a message.
 *
 * @param {Row} row
 */
export function lineEndingOf({ kind, parts }) {
  if (kind !== "message") return "";
  return parts.map(({ carrier, end, stop }) =>
    String.fromCharCode(...carrier.bytes.subarray(end, Math.min(stop, end + 8)))
  ).join("");
}

/**
 * The text under an arrow: whatever is worth mentioning there.
 *
 * @param {Row} row
 */
export function noteOf(row) {
  const expected = row.remarks.map(expectationIn);
  return [transportNoteOf(row), ...expected].filter(Boolean).join("; ");
}

/** @param {import("./event_json.ts").EventJson} remark */
function expectationIn({ text = "" }) {
  const [, expected] = /; (expected .*?)(?:, after .*)?$/s.exec(text) ?? [];
  return escapeOdd(expected ?? text).map(({ text }) => text).join("");
}

/**
 * What is worth mentioning about how it came.
 *
 * @param {Row} row
 */
function transportNoteOf(row) {
  const { kind, event } = row;
  if (kind === "datagram") return datagramNotes(row).join(", ");
  if (kind === "piece") return `${count(row.bytes.length, "byte")}, no end yet`;
  if (kind !== "message" || event === undefined) return "";
  const reads = carriersOf(row);
  const notes = reads > 1 ? [`in ${countReads(row, reads)}`] : [];
  if (event.end === "silence") {
    notes.push(`then ${duration(silenceOf(row))} of silence`);
  }
  if (event.end === "end of stream") notes.push("then the end of the stream");
  if (event.end === "too long") notes.push("too long");
  return notes.join(", ");
}

/** @param {Row} row */
function datagramNotes({ event }) {
  const notes = [];
  if (event?.duplicate) notes.push("duplicate");
  if (event?.lost) notes.push("lost");
  else if (event?.delay) notes.push(duration(event.delay));
  return notes;
}

/**
 * In how many reads or writes a message came.
 *
 * @param {Row} row
 */
export function carriersOf({ parts, event }) {
  return Math.max(parts.length, event?.reads ?? 1);
}

/**
 * @param {Row} row
 * @param {number} number
 */
function countReads({ event }, number) {
  return count(number, event?.direction === "out" ? "write" : "read");
}

/**
 * How long the silence was before a message was taken to be complete.
 *
 * @param {Row} row
 */
export function silenceOf({ parts, event }) {
  const last = parts.at(-1)?.carrier.event.time ?? event?.time ?? 0;
  return (event?.time ?? 0) - last;
}

/**
 * The caption above a group.
 *
 * @param {Group} group
 */
export function captionOf({ carriers, rows }) {
  const messages = rows.filter(({ kind }) => kind === "message");
  const first = rows[0];
  if (first === undefined) return "";
  const carried = carriers.size === 1
    ? countReads(first, 1).replace(/^1/, "one")
    : countReads(first, carriers.size);
  const lines = messages.length > 1 && messages.every(endsWithLineFeed);
  const why = lines ? ", each ended by a line feed" : "";
  const found = messages.length === 0
    ? "no message yet"
    : count(messages.length, "message").replace(/^1\b/, "one");
  return `${carried}: ${found}${why}`;
}

/** @param {Row} row */
export function endsWithLineFeed(row) {
  return lineEndingOf(row).endsWith("\n");
}

/**
 * A row in one sentence, for a screen reader.
 *
 * @param {Row} row
 */
export function sentenceOf(row) {
  const { kind, event } = row;
  if (kind === "gap") return textOfGap(row);
  if (kind === "start") return "The program was started again";
  const when = `${seconds(row.time - row.origin)} seconds`;
  const what = textOf(labelOf(row)).slice(0, 200);
  const note = noteOf(row);
  const ends = `${event?.from} to ${event?.to}`;
  return `${when}, ${ends}: ${what}${note && ` (${note})`}`;
}

/**
 * The text in place of missing events.
 *
 * @param {Row} row
 */
export function textOfGap({ missing }) {
  const verb = missing === 1 ? "is" : "are";
  return `${count(missing, "event")} ${verb} gone: only the last are kept`;
}
