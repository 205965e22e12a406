// @ts-check
/// <reference lib="dom" />
/** The text on an arrow: as much of it as fits. */
import { svg } from "./svg.js";
import { textOf } from "./text.js";

/** @typedef {import("./words.js").LabelSpan} LabelSpan */

/** @param {LabelSpan} span */
export function drawSpan({ text, odd, early }) {
  const name = odd ? "odd" : early ? "early" : "";
  return name
    ? svg("tspan", { class: name }, text)
    : document.createTextNode(text);
}

/**
 * As much of a label as fits.
 *
 * @param {LabelSpan[]} spans
 * @param {number} room
 * @param {(text: string) => number} measure
 * @returns {LabelSpan[]}
 */
export function fit(spans, room, measure) {
  if (measure(textOf(spans)) <= room) return spans;
  let left = room - measure("…");
  /** @type {LabelSpan[]} */
  const fitting = [];
  for (const span of spans) {
    const width = measure(span.text);
    if (width > left) {
      fitting.push({ ...span, text: cut(span.text, left, measure) });
      break;
    }
    fitting.push(span);
    left -= width;
  }
  return [...fitting, { text: "…", odd: true }];
}

/**
 * @param {string} text
 * @param {number} room
 * @param {(text: string) => number} measure
 */
function cut(text, room, measure) {
  const characters = [...text];
  let [low, high] = [0, characters.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(characters.slice(0, middle).join("")) <= room) low = middle;
    else high = middle - 1;
  }
  return characters.slice(0, low).join("");
}
