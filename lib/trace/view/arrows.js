// @ts-check
/// <reference lib="dom" />
/**
 * One arrow: its line, its two ends, and its text.
 */
import { drawSpan, fit } from "./labels.js";
import { line, svg } from "./svg.js";
import { textOf } from "./text.js";
import { labelOf, noteOf } from "./words.js";

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Placed} Placed */
/** @typedef {import("./rows.js").Row} Row */

/**
 * What drawing needs to know besides the places.
 *
 * @typedef {object} Scene
 * @property {string} own what this program is: server or client
 * @property {string} address this program's address, as far as known
 * @property {string} peer what its peers are
 * @property {Row | undefined} selected
 * @property {(text: string) => number} measure the width of a label, in pixels
 */

/** @typedef {{ x: number, y: number }} Point */

/** How far along its way a lost datagram gets. */
const LOST_AT = 0.8;

/**
 * The arrow of a row that has a peer.
 *
 * @param {Placed} place
 * @param {Layout} layout
 * @param {Scene} scene
 * @returns {Element[]}
 */
export function drawArrow(place, layout, scene) {
  const { row, y, arrival } = place;
  const { em } = layout;
  const [from, to] = endsOf(place, layout);
  const angle = Math.atan2(arrival - y, to - from);
  const reach = row.event?.lost ? LOST_AT : 1;
  const tail = { x: from, y };
  const head = { x: from + (to - from) * reach, y: y + (arrival - y) * reach };
  return [
    line("wire", tail.x, tail.y, head.x, head.y),
    ...drawEnds(row, tail, head, angle, em),
    ...drawTexts(place, layout, scene),
  ];
}

/**
 * Where an arrow begins and ends, from the left or from the right.
 *
 * @param {Placed} place
 * @param {Layout} layout
 * @returns {[from: number, to: number]}
 */
function endsOf({ row, lane }, { em, own, lanes }) {
  const other = lanes[lane] ?? own;
  // The bar of a group stands on the lifeline.
  const ours = row.group ? own + Math.sign(other - own) * em / 4 : own;
  return row.event?.direction === "out" ? [ours, other] : [other, ours];
}

/**
 * The message above the line, and a note below it, both along it. They are in
 * the middle, or near the tail if other arrows may cross this one.
 *
 * @param {Placed} place
 * @param {Layout} layout
 * @param {Scene} scene
 */
function drawTexts(place, layout, scene) {
  const { row, y, arrival, lane } = place;
  const { em } = layout;
  const [from, to] = endsOf(place, layout);
  const slope = (arrival - y) / (to - from);
  const side = Math.sign(to - from);
  const text = labelOf(row);
  const spot = textSpot(scene.measure(textOf(text)), lane, layout);
  const x = place.isAlone ? spot.x : from + side * 1.2 * em;
  const at = { x, y: y + slope * (x - from) };
  const anchor = place.isAlone ? "" : side > 0 ? " from-left" : " from-right";
  const turn = `rotate(${degrees(Math.atan(slope))} ${at.x.toFixed(1)} ${
    at.y.toFixed(1)
  })`;
  const write = (
    /** @type {string} */ name,
    /** @type {number} */ below,
    /** @type {(Node | string)[]} */ ...content
  ) =>
    svg("text", {
      class: name + anchor,
      x,
      y: at.y + below * em,
      transform: turn,
    }, ...content);
  const label = isMark(row) ? text : fit(text, spot.room, scene.measure);
  const note = noteOf(row);
  return [
    write("label", -0.42, ...label.map(drawSpan)),
    ...(note ? [write("note", 0.9, note)] : []),
  ];
}

/**
 * Where a text goes on the arrows of a lane, and how much room it has there:
 * beside the peer, to keep off another's lifeline, or, if it is too long for
 * that, across it.
 *
 * @param {number} width of the text, in pixels
 * @param {number} lane
 * @param {Pick<Layout, "em" | "own" | "lanes">} layout
 * @returns {{ x: number, room: number }}
 */
export function textSpot(width, lane, { em, own, lanes }) {
  const x = lanes[lane] ?? own;
  const margin = 2.4 * em;
  const gap = Math.abs((lanes[0] ?? own) - own);
  const isLong = width > gap - margin;
  const reach = isLong ? own - x : Math.sign(own - x) * gap;
  return { x: x + reach / 2, room: Math.abs(reach) - margin };
}

/** @param {Row} row */
function isMark({ kind }) {
  return kind === "open" || kind === "end" || kind === "reset" ||
    kind === "close";
}

/** @param {number} radians */
function degrees(radians) {
  return (radians * 180 / Math.PI).toFixed(2);
}

/**
 * What is drawn at the two ends of an arrow.
 *
 * @param {Row} row
 * @param {{ x: number, y: number }} tail
 * @param {{ x: number, y: number }} head
 * @param {number} angle
 * @param {number} em
 */
function drawEnds({ kind, event }, tail, head, angle, em) {
  const turned = (/** @type {string} */ path, /** @type {string} */ name) =>
    svg("path", {
      class: name,
      d: path,
      transform: `translate(${head.x.toFixed(1)} ${head.y.toFixed(1)}) ` +
        `rotate(${(angle * 180 / Math.PI).toFixed(2)}) scale(${em.toFixed(2)})`,
    });
  if (event?.lost || kind === "reset") {
    return [turned("M-.35-.35.35.35M-.35.35.35-.35", "cross")];
  }
  if (kind === "open") return [dot(tail, em), dot(head, em)];
  if (kind === "end") return [turned("M0-.4V.4", "stroke")];
  if (kind === "close") return [];
  if (kind === "piece") return [turned("M-.6-.3 0 0-.6.3", "stroke")];
  return [turned("M0 0-.75-.3V.3Z", "head")];
}

/**
 * @param {{ x: number, y: number }} at
 * @param {number} em
 */
function dot({ x, y }, em) {
  return svg("circle", { class: "dot", cx: x, cy: y, r: 0.22 * em });
}
