// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The diagram on the screen: which part is in view, and which row is chosen.
 *
 * Changes are drawn at the next frame, and only what is in view, so a burst of
 * events costs one drawing, not thousands.
 */
import { drawGround, drawRows, rowsBetween } from "./drawing.js";
import { drawNames, NAMES_HEIGHT } from "./names.js";
import { firstAfter, layOut } from "./layout.js";

/** @typedef {import("./arrows.js").Scene} Scene */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Placed} Placed */
/** @typedef {import("./rows.js").Row} Row */

/** How far above and below the view to draw as well, in parts of its height. */
const MARGIN = 0.5;

/** How many text widths to remember. */
const MAX_WIDTHS = 2_000;

/** Draws what is in view, and nothing else. */
export class Chart {
  /** The chosen row. @type {Row | undefined} */
  selected;
  /** Whether the newest row is kept in view. */
  isFollowing = true;
  #wire;
  #names;
  #diagram;
  #onDraw;
  /** @type {readonly Row[]} */
  #rows = [];
  #isServer = true;
  #isBetween = false;
  #scene = { own: "", address: "", peer: "" };
  /** @type {Layout} */
  #layout = layOut([], { width: 0, height: 0, em: 1, isServer: true });
  #isStale = true;
  #isScheduled = false;
  #context = document.createElement("canvas").getContext("2d");
  /** @type {Map<string, number>} */
  #widths = new Map();

  /**
   * @param {HTMLElement} wire what scrolls
   * @param {SVGElement} names
   * @param {SVGElement} diagram
   * @param {() => void} onDraw called after each drawing
   */
  constructor(wire, names, diagram, onDraw) {
    this.#wire = wire;
    this.#names = names;
    this.#diagram = diagram;
    this.#onDraw = onDraw;
    wire.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.#invalidate()).observe(wire);
  }

  /**
   * Shows other rows.
   *
   * @param {readonly Row[]} rows
   * @param {Pick<Scene, "own" | "address" | "peer">} scene
   */
  show(rows, scene) {
    this.#rows = rows;
    this.#scene = scene;
    this.#isServer = scene.own === "server";
    this.#isBetween = scene.own === "lab";
    this.#invalidate();
  }

  /** Everything shown, laid out with no more room than it needs. */
  picture() {
    const room = { ...this.#room(), height: 0 };
    return { layout: layOut(this.#rows, room), scene: this.#sceneNow() };
  }

  /**
   * Chooses a row, and brings it into view.
   *
   * @param {Row | undefined} row
   */
  select(row) {
    this.selected = row;
    this.isFollowing = row !== undefined &&
      row === this.#layout.placed.at(-1)?.row;
    this.#reveal();
    this.#schedule();
  }

  /**
   * Chooses the row this many rows further down; at first, one in view.
   *
   * @param {number} steps
   */
  move(steps) {
    const { placed } = this.#layout;
    const at = placed.findIndex(({ row }) => row === this.selected);
    const { first, last } = this.#visible();
    const inView = steps > 0 ? first : last;
    const isJump = !Number.isFinite(steps);
    const next = at < 0 && !isJump ? inView : at + steps;
    this.select(placed[Math.min(Math.max(next, 0), placed.length - 1)]?.row);
  }

  /** How many rows are in view, minus one. */
  get page() {
    const { first, last } = this.#visible();
    return Math.max(1, last - first);
  }

  /** Goes to the end, and stays there. */
  follow() {
    this.isFollowing = true;
    this.#schedule();
  }

  /**
   * The row at a place on the screen.
   *
   * @param {number} clientY
   * @returns {Row | undefined}
   */
  rowAt(clientY) {
    const { placed, em } = this.#layout;
    const y = clientY - this.#diagram.getBoundingClientRect().top;
    const next = firstAfter(placed, (each) => each.y + 1.1 * em < y);
    const found = placed[next];
    return found && y > found.y - 2 * em ? found.row : undefined;
  }

  /** The indices of the rows whose arrows begin in view. */
  #visible() {
    const { placed, em } = this.#layout;
    const [top, bottom] = this.#view();
    const first = firstAfter(placed, ({ y }) => y < top + em);
    return {
      first,
      last: firstAfter(placed, ({ y }) => y < bottom - em / 2) - 1,
    };
  }

  /** The visible part of the diagram: from, to. @returns {[number, number]} */
  #view() {
    const top = this.#wire.scrollTop;
    return [top, top + this.#wire.clientHeight - this.#namesHeight()];
  }

  #namesHeight() {
    return NAMES_HEIGHT * this.#layout.em;
  }

  #reveal() {
    const place = this.#placeOf(this.selected);
    if (place === undefined) return;
    const { em } = this.#layout;
    const [top, bottom] = this.#view();
    const above = place.y - 2.5 * em;
    const below = place.y + 2 * em;
    if (above < top) this.#wire.scrollTop = above;
    else if (below > bottom) this.#wire.scrollTop += below - bottom;
  }

  /** @param {Row | undefined} row */
  #placeOf(row) {
    return row && this.#layout.placed.find((each) => each.row === row);
  }

  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.#wire;
    this.isFollowing =
      scrollTop + clientHeight > scrollHeight - 2 * this.#layout.em;
    this.#schedule();
  }

  #invalidate() {
    this.#isStale = true;
    this.#schedule();
  }

  #schedule() {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#isScheduled = false;
    if (this.#isStale) this.#layOut();
    if (this.isFollowing) this.#wire.scrollTop = this.#wire.scrollHeight;
    const [top, bottom] = this.#view();
    const margin = (bottom - top) * MARGIN;
    const { from, to } = rowsBetween(
      this.#layout,
      top - margin,
      bottom + margin,
    );
    const scene = this.#sceneNow();
    this.#names.replaceChildren(...drawNames(this.#layout, top, bottom, scene));
    this.#diagram.replaceChildren(
      ...drawGround(this.#layout, top - margin, bottom + margin, scene),
      ...drawRows(this.#layout, from, to, scene),
    );
    this.#describe();
    this.#onDraw();
  }

  /** Keeps what is at the top of the view there. */
  #layOut() {
    this.#isStale = false;
    const { placed, em } = this.#layout;
    const [top] = this.#view();
    const anchor = placed[firstAfter(placed, ({ y }) => y < top)];
    const room = this.#room();
    this.#layout = layOut(this.#rows, room);
    if (room.em !== em) this.#widths.clear();
    const { width, height } = this.#layout;
    setSize(this.#diagram, width, height);
    setSize(this.#names, width, this.#namesHeight());
    const moved = anchor && this.#placeOf(anchor.row);
    if (moved) this.#wire.scrollTop += moved.y - anchor.y;
  }

  #room() {
    const { clientWidth, clientHeight } = this.#wire;
    const em = parseFloat(getComputedStyle(this.#wire).fontSize);
    const height = clientHeight - NAMES_HEIGHT * em;
    const place = { isServer: this.#isServer, isBetween: this.#isBetween };
    return { width: clientWidth, height, em, ...place };
  }

  /** @returns {Scene} */
  #sceneNow() {
    const measure = (/** @type {string} */ text) => this.#widthOf(text);
    return { ...this.#scene, selected: this.selected, measure };
  }

  /** @param {string} text */
  #widthOf(text) {
    const known = this.#widths.get(text);
    if (known !== undefined || this.#context === null) return known ?? 0;
    const font = getComputedStyle(this.#wire).getPropertyValue("--mono");
    this.#context.font = `${this.#layout.em}px ${font}`;
    const { width } = this.#context.measureText(text);
    if (this.#widths.size >= MAX_WIDTHS) this.#widths.clear();
    this.#widths.set(text, width);
    return width;
  }

  /** For screen readers: only some of the rows exist as elements. */
  #describe() {
    const { placed } = this.#layout;
    for (const element of this.#diagram.querySelectorAll(".row")) {
      element.setAttribute("aria-setsize", String(placed.length));
    }
    const id = this.selected && `row-${this.selected.id}`;
    if (id && document.getElementById(id)) {
      this.#wire.setAttribute("aria-activedescendant", id);
    } else this.#wire.removeAttribute("aria-activedescendant");
  }
}

/**
 * @param {SVGElement} element
 * @param {number} width
 * @param {number} height
 */
function setSize(element, width, height) {
  element.setAttribute("width", width.toFixed(1));
  element.setAttribute("height", height.toFixed(1));
}
