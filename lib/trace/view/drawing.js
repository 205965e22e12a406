// @ts-check
/// <reference lib="dom" />
/**
 * Draws what was laid out. Only what is in view is drawn, so that ten thousand
 * rows cost no more than thirty.
 */
import { drawArrow, textSpot } from "./arrows.js";
import { drawSpan, fit } from "./labels.js";
import { firstAfter, MAX_SLANT } from "./layout.js";
import { drawLifeline } from "./names.js";
import { line, svg } from "./svg.js";
import { duration, seconds } from "./text.js";
import { captionOf, sentenceOf, textOfGap } from "./words.js";

/** @typedef {import("./arrows.js").Scene} Scene */
/** @typedef {import("./layout.js").Band} Band */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Placed} Placed */

/**
 * What is beneath the rows between two heights: bands around what belongs
 * together, and lifelines.
 *
 * @param {Layout} layout
 * @param {number} top
 * @param {number} bottom
 * @param {Scene} scene
 * @returns {Element[]}
 */
export function drawGround(layout, top, bottom, scene) {
  const { lifelines, bands, height, own, placed } = layout;
  const isSeen = (/** @type {{ top: number, bottom: number }} */ each) =>
    each.top < bottom && each.bottom > top;
  const seen = bands.filter(isSeen);
  const chosen = placed.find(({ row }) => row === scene.selected);
  return [
    ...seen.map((each) => drawBand(each, layout, scene)),
    ...(chosen ? [drawChosen(chosen, layout)] : []),
    ...lifelines.filter(isSeen).flatMap((each) =>
      drawLifeline(each, layout, scene, top, bottom)
    ),
    line("lifeline own", own, Math.max(top, 0), own, Math.min(bottom, height)),
    ...seen.map((each) => drawBar(each, layout)),
  ];
}

/**
 * @param {Placed} place
 * @param {Layout} layout
 */
function drawChosen({ y }, { em, width }) {
  const [top, height] = [y - 1.45 * em, 2.6 * em];
  return svg("rect", { class: "chosen", x: 0, y: top, width, height });
}

/**
 * @param {Band} band
 * @param {Layout} layout
 * @param {Scene} scene
 */
function drawBand({ group, lane, top, bottom }, layout, { measure }) {
  const { em, own, lanes } = layout;
  const other = lanes[lane] ?? own;
  const x = Math.min(other, own) + em / 2;
  const width = Math.abs(other - own) - em;
  // Captions are smaller than labels, and in a different typeface.
  const small = (/** @type {string} */ text) => measure(text) * 0.64;
  const text = [{ text: captionOf(group), odd: false }];
  const spot = textSpot(small(text[0]?.text ?? ""), lane, layout);
  return svg(
    "g",
    { class: "band" },
    svg("rect", { x, y: top, width, height: bottom - top, rx: em * 0.4 }),
    svg(
      "text",
      { class: "caption", x: spot.x, y: top + 1.15 * em },
      ...fit(text, spot.room, small).map(drawSpan),
    ),
  );
}

/**
 * The bar on this program's lifeline around what shares one read or write.
 *
 * @param {Band} band
 * @param {Layout} layout
 */
function drawBar({ top, bottom }, { em, own }) {
  const y = top + 1.7 * em;
  const [x, width] = [own - em / 4, em / 2];
  return svg("rect", { class: "bar", x, y, width, height: bottom - y });
}

/**
 * The rows whose arrows are between two heights.
 *
 * @param {Layout} layout
 * @param {number} top
 * @param {number} bottom
 */
export function rowsBetween({ placed, em }, top, bottom) {
  const from = firstAfter(placed, ({ y }) => y < top - MAX_SLANT * em);
  const to = firstAfter(placed, ({ y }) => y < bottom + 3 * em);
  return { from, to };
}

/**
 * Some of the rows.
 *
 * @param {Layout} layout
 * @param {number} from
 * @param {number} to
 * @param {Scene} scene
 * @returns {Element[]}
 */
export function drawRows(layout, from, to, scene) {
  const { placed } = layout;
  return placed.slice(from, to).map((each, i) =>
    drawRow(each, placed[from + i - 1], layout, scene)
  );
}

/**
 * @param {Placed} place
 * @param {Placed | undefined} before
 * @param {Layout} layout
 * @param {Scene} scene
 */
function drawRow(place, before, layout, scene) {
  const { row, lane } = place;
  const isChosen = row === scene.selected;
  const classes = {
    row: true,
    [row.kind]: true,
    lost: row.event?.lost,
    remarked: row.remarks.length > 0,
    grouped: row.group,
    chosen: isChosen,
  };
  const names = Object.entries(classes).filter(([, is]) => is);
  return svg(
    "g",
    {
      id: `row-${row.id}`,
      class: names.map(([name]) => name).join(" "),
      role: "option",
      "aria-label": sentenceOf(row),
      "aria-selected": String(isChosen),
    },
    ...drawTimes(place, before, layout),
    ...(lane < 0 ? drawBreak(place, layout) : drawArrow(place, layout, scene)),
  );
}

/**
 * The time, if it differs from the row before, and a long pause.
 *
 * @param {Placed} place
 * @param {Placed | undefined} before
 * @param {Layout} layout
 */
function drawTimes({ row, y, pause, above, lane }, before, { em, time }) {
  const when = seconds(row.time - row.origin);
  const isSame = before?.row.origin === row.origin &&
    seconds(before.row.time - row.origin) === when;
  const times = [];
  if (pause > 0) times.push(["pause", (above + y) / 2, `+ ${duration(pause)}`]);
  if (!isSame && lane >= 0) times.push(["time", y, when]);
  return times.map(([name = "", middle, text = ""]) =>
    svg(
      "text",
      { class: name, x: time, y: Number(middle) + 0.3 * em },
      String(text),
    )
  );
}

/**
 * A line across: something is missing, or starts over.
 *
 * @param {Placed} place
 * @param {Layout} layout
 */
function drawBreak({ row, y }, { em, width, time }) {
  const clock = new Date(row.time).toLocaleTimeString();
  const text = row.kind === "start"
    ? `the program was started again at ${clock}`
    : textOfGap(row);
  const middle = (time + width) / 2;
  return [
    line("break", time, y, width - em, y),
    svg("text", { class: "break", x: middle, y: y - 0.4 * em }, text),
  ];
}
