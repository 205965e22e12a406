// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The diagram as a file: a self-contained picture, or its events.
 */
import { drawGround, drawRows } from "./drawing.js";
import { drawNames, NAMES_HEIGHT } from "./names.js";
import { recordOf } from "./record.js";
import { svg } from "./svg.js";

/** @typedef {import("./arrows.js").Scene} Scene */
/** @typedef {import("./event_json.ts").EventJson} EventJson */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./source.js").Hello} Hello */
/** @typedef {import("./rows.js").Row} Row */

/** How many rows are drawn at a time, so that the page stays usable. */
const SLICE = 200;

/** Where the rows go, in the text of the file. */
const PLACE = '<g id="rows"/>';

/**
 * The whole diagram as an SVG file.
 *
 * @param {Layout} layout
 * @param {Scene} scene
 * @returns {Promise<Blob>}
 */
export async function svgFile(layout, scene) {
  const [before = "", after = ""] = textOf(frame(layout, scene)).split(PLACE);
  const slices = [];
  for (let from = 0; from < layout.placed.length; from += SLICE) {
    const rows = drawRows(layout, from, from + SLICE, scene);
    slices.push(textOf(svg("g", {}, ...rows)));
    await new Promise((resolve) => setTimeout(resolve));
  }
  return new Blob([before, ...slices, after], { type: "image/svg+xml" });
}

/** @param {Element} element */
function textOf(element) {
  return new XMLSerializer().serializeToString(element);
}

/**
 * The file without its rows.
 *
 * @param {Layout} layout
 * @param {Scene} scene
 */
function frame(layout, scene) {
  const { width, em } = layout;
  const names = NAMES_HEIGHT * em;
  const height = layout.height + names;
  const viewBox = `0 0 ${width} ${height}`;
  return svg(
    "svg",
    { class: "figure", viewBox, width, height, "font-size": em },
    svg("style", {}, figureStyles()),
    svg("rect", { class: "paper", width, height }),
    ...drawNames(layout, 0, height, scene),
    svg(
      "g",
      { transform: `translate(0 ${names})` },
      ...drawGround(layout, 0, layout.height, scene),
      svg("g", { id: "rows" }),
    ),
  );
}

/** The rules for figures, with the current colours. */
function figureStyles() {
  const values = getComputedStyle(document.documentElement);
  return [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .map((rule) => rule.cssText)
    .filter((rule) => rule.startsWith(".figure"))
    .join("\n")
    .replace(/var\((--\w+)\)/g, (_, name) => values.getPropertyValue(name));
}

/**
 * Everything shown, as JSON, including the reads and writes.
 *
 * @param {readonly Row[]} rows
 * @param {Hello} program
 * @returns {Blob}
 */
export function jsonFile(rows, { program, mode, transport, server }) {
  const saved = new Date().toISOString();
  const file = {
    program,
    mode,
    transport,
    server,
    saved,
    events: recordsOf(rows),
  };
  return new Blob([JSON.stringify(file, null, 1)], {
    type: "application/json",
  });
}

/** @param {readonly Row[]} rows */
function recordsOf(rows) {
  /** The start of its run, for each event. @type {Map<EventJson, number>} */
  const origins = new Map();
  for (const { event, parts, remarks, origin } of rows) {
    const carriers = parts.map(({ carrier }) => carrier.event);
    const all = [event, ...carriers, ...remarks];
    for (const each of all) if (each) origins.set(each, origin);
  }
  return [...origins]
    .sort(([a, runA], [b, runB]) => runA - runB || a.seq - b.seq)
    .map(([event, origin]) => recordOf(event, origin));
}

/**
 * Hands the user a file.
 *
 * @param {Blob} file
 * @param {string} name
 */
export function download(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser needs the URL until it has begun to read.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
