// @ts-check
/// <reference lib="dom" />
/** Lifelines, and the names of their owners. */
import { fit } from "./labels.js";
import { line, svg } from "./svg.js";
import { escapeOdd, textOf } from "./text.js";

/** @typedef {import("./arrows.js").Scene} Scene */
/** @typedef {import("./lanes.js").Lifeline} Lifeline */
/** @typedef {import("./layout.js").Layout} Layout */

/** How wide a name is, in em: the whole address, or just the port if narrow. */
const NAME_WIDTH = 10.5;
const COMPACT_WIDTH = 5.6;

/** How high a name is, in em. */
const NAME_HEIGHT = 2.9;

/** How much room the names take above the diagram, in em. */
export const NAMES_HEIGHT = NAME_HEIGHT + 1;

/**
 * A peer's lifeline between two heights, with its name if it needs one.
 *
 * @param {Lifeline} lifeline
 * @param {Layout} layout
 * @param {Scene} scene
 * @param {number} top
 * @param {number} bottom
 */
export function drawLifeline(lifeline, layout, scene, top, bottom) {
  const { em, lanes } = layout;
  const x = lanes[lifeline.lane] ?? 0;
  const start = Math.max(lifeline.top, top);
  const end = Math.min(lifeline.bottom, bottom);
  const elements = [line("lifeline", x, start, x, end)];
  if (lifeline.isClosed) {
    const { bottom: y } = lifeline;
    elements.push(line("stop", x - 0.5 * em, y, x + 0.5 * em, y));
  }
  if (lifeline.isNamed) {
    const y = lifeline.top - NAME_HEIGHT * em / 2;
    elements.push(drawPeer(x, y, lifeline, layout, scene));
  }
  return elements;
}

/**
 * The names above the lifelines that are in view.
 *
 * @param {Layout} layout
 * @param {number} top
 * @param {number} bottom
 * @param {Scene} scene
 */
export function drawNames(layout, top, bottom, scene) {
  const { em, own, lanes, time } = layout;
  const y = 0.5 * em;
  const peers = lanes.flatMap((x, lane) => {
    const holder = holderOf(lane, layout, top);
    if (holder === undefined) return [];
    const name = drawPeer(x, y, holder, layout, scene);
    const isHere = holder.top < bottom && holder.bottom > top;
    if (!isHere) name.classList.add("away");
    return [name];
  });
  const ownName = drawName(own, y, layout, scene.own, scene.address);
  ownName.classList.add("own");
  const unit = svg(
    "text",
    { class: "time", x: time, y: y + 2.3 * em },
    "seconds",
  );
  return [unit, ...peers, ownName];
}

/**
 * A peer's name: who it is, or else what it is, as much as fits.
 *
 * @param {number} x
 * @param {number} y
 * @param {Lifeline} lifeline
 * @param {Layout} layout
 * @param {Scene} scene
 */
function drawPeer(x, y, { peer }, layout, scene) {
  const name = peer.isUpstream ? "server" : peer.name ?? scene.peer;
  const spans = fit(escapeOdd(name), widthOf(layout), scene.measure);
  return drawName(x, y, layout, textOf(spans), peer.address);
}

/**
 * Who has a lane at a height, or else who comes first.
 *
 * @param {number} lane
 * @param {Layout} layout
 * @param {number} y
 */
function holderOf(lane, { em, lifelines }, y) {
  const all = lifelines.filter((each) => each.lane === lane);
  return all.findLast(({ top }) => top <= y + em) ?? all[0];
}

/**
 * @param {number} x its middle
 * @param {number} y its top
 * @param {Layout} layout
 * @param {string} role
 * @param {string} address
 */
function drawName(x, y, layout, role, address) {
  const { em, isCompact } = layout;
  const width = widthOf(layout);
  const height = NAME_HEIGHT * em;
  const text = isCompact ? address.replace(/^.*(?=:)/, "") : address;
  return svg(
    "g",
    { class: "name" },
    svg("rect", { x: x - width / 2, y, width, height, rx: 0.3 * em }),
    svg("text", { class: "role", x, y: y + 1.2 * em }, role),
    svg("text", { class: "address", x, y: y + 2.3 * em }, text),
  );
}

/** @param {Layout} layout */
function widthOf({ em, isCompact }) {
  return (isCompact ? COMPACT_WIDTH : NAME_WIDTH) * em;
}
