// @ts-check
/** What a row means, in sentences, for the details. */
import { count, duration } from "./text.js";
import { carriersOf, endsWithLineFeed, silenceOf } from "./words.js";

/** @typedef {import("./rows.js").Row} Row */

/** @type {Readonly<Record<string, string>>} */
const ENDS = {
  "line feed":
    "A line feed ended it. The line feed is not part of the message.",
  "end of stream": "No line feed ended it, but the stream ended after it.",
  "closing brace": "It is a JSON object: it ended where its braces closed.",
  "end of read":
    "This peer sends bare text with no line feeds, so whatever one read brings is a message.",
  "too long": "It is longer than a message may be, and had no end yet.",
};

/** @type {Readonly<Record<string, string>>} */
const EVENTS = {
  open: "The client has connected to the server.",
  end:
    "The sender will send nothing more on this connection (FIN). It can still receive.",
  reset:
    "The sender broke the connection off (RST). What was on its way is lost.",
  close:
    "This program has closed its socket. Nothing more will be seen of this connection.",
  piece: "These bytes have come, but no message has ended in them.",
  start: "The program ended, and was started again on the same port.",
  gap:
    "The page was opened late, or could not keep up with so many. The program keeps the last 10\u202f000 events.",
};

/**
 * What a row means, in sentences: above all, how bytes became a message.
 *
 * @param {Row} row
 * @returns {string[]}
 */
export function meaningOf(row) {
  const { kind, event } = row;
  if (kind === "datagram") return datagramMeaning(row);
  if (kind !== "message" || event === undefined) return [EVENTS[kind] ?? ""];
  return event.direction === "in" ? receivedMeaning(row) : sentMeaning(row);
}

/** @param {Row} row */
function datagramMeaning({ event }) {
  const meaning = ["A datagram is a message: it arrives whole, or not at all."];
  if (event?.duplicate) {
    meaning.push("The simulated network delivered it a second time.");
  }
  if (event?.lost) {
    meaning.push("The simulated network lost it: it reached nobody.");
  } else if (event?.delay) {
    meaning.push(
      `The simulated network held it back for ${duration(event.delay)}.`,
    );
  }
  return meaning;
}

/** @param {Row} row */
function receivedMeaning(row) {
  const { event } = row;
  const reads = carriersOf(row);
  const meaning = [];
  if (reads > 1) {
    meaning.push(
      `Its bytes came in ${
        count(reads, "read")
      }: TCP carries bytes, not messages.`,
    );
  }
  if (event?.end === "silence") {
    meaning.push(
      `No line feed ended it, but nothing followed for ${
        duration(silenceOf(row))
      }.`,
      "So this peer sends bare text: from here on, whatever one read brings is a message.",
    );
  } else meaning.push(ENDS[event?.end ?? ""] ?? "");
  if ((event?.count ?? 1) > 1) {
    const one = reads > 1 ? "the last of these reads" : "one and the same read";
    meaning.push(
      `${event?.count} messages ended in ${one}: this is number ${event?.index}.`,
    );
  }
  return meaning;
}

/** @param {Row} row */
function sentMeaning(row) {
  // Only the write tells which bytes went with it.
  if (row.parts.length === 0) return ["This program sent it."];
  const reads = carriersOf(row);
  const shared = row.parts.at(-1)?.carrier.messages.length ?? 1;
  const meaning = [
    endsWithLineFeed(row)
      ? "This program sent it, with a line feed to end it."
      : "This program sent it, bare: nothing marks its end.",
  ];
  if (reads > 1) meaning.push(`It took ${count(reads, "write")}.`);
  if (shared > 1) {
    meaning.push(
      `It shared one write with ${count(shared - 1, "other message")}.`,
    );
  }
  return meaning;
}
