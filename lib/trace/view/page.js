// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The page: takes in what the program sends, and does what the user asks for.
 */
import { Chart } from "./chart.js";
import { fillDetails } from "./details.js";
import { download, jsonFile, svgFile } from "./save.js";
import { listen } from "./source.js";
import { Story } from "./story.js";
import { Waiting } from "./waiting.js";

/** @typedef {import("./source.js").Hello} Hello */
/** @typedef {import("./waiting.js").Batch} Batch */
/** @typedef {import("./rows.js").Row} Row */

/** How many peers can be chosen from: the latest ones. */
const MAX_CHOICES = 200;

/**
 * An element of page.html.
 *
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function part(id, type) {
  const element = document.getElementById(id) ??
    document.querySelector(`svg#${id}`);
  if (element instanceof type) return element;
  throw new TypeError(`page.html has no ${type.name} named ${id}`);
}

class Page {
  #story = new Story();
  #chart;
  #wire = part("wire", HTMLElement);
  #status = part("status", HTMLElement);
  #details = part("details", HTMLElement);
  #choice = part("peer", HTMLSelectElement);
  #pause = part("pause", HTMLButtonElement);
  #newest = part("newest", HTMLButtonElement);
  /** @type {Hello | undefined} */
  #hello;
  /** This program's address, as far as known. */
  #address = "";
  /** What came since the diagram was paused. @type {Waiting | undefined} */
  #waiting;
  /** What the details show. @type {Row["event"]} */
  #opened;

  constructor() {
    const names = part("names", SVGSVGElement);
    const diagram = part("diagram", SVGSVGElement);
    this.#chart = new Chart(this.#wire, names, diagram, () => this.#drawn());
    this.#listenToPerson();
    this.#wire.focus({ preventScroll: true }); // its keys work without a click
    listen({
      onHello: (hello) => this.#greet(hello),
      onBatch: (batch) => this.#take(batch),
      onLost: () => this.#say("lost", this.#hello ? ENDED : UNREACHABLE),
      onFull: (pages) =>
        this.#say("lost", `${pages} pages are open already: close one`),
    });
  }

  #listenToPerson() {
    /** @type {[string, () => void][]} */
    const buttons = [
      ["pause", () => this.#togglePause()],
      ["clear", () => this.#clear()],
      ["save-svg", () => this.#saveSvg()],
      ["save-json", () => this.#saveJson()],
      ["newest", () => this.#chart.follow()],
    ];
    for (const [id, action] of buttons) {
      part(id, HTMLButtonElement).addEventListener("click", action);
    }
    this.#choice.addEventListener("change", () => this.#refresh());
    this.#wire.addEventListener(
      "click",
      ({ clientY }) => this.#open(this.#chart.rowAt(clientY)),
    );
    this.#wire.addEventListener("keydown", (event) => this.#press(event));
    this.#details.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#close();
    });
  }

  /** @param {Hello} hello */
  #greet(hello) {
    const isResumed = hello.run === this.#hello?.run;
    const isFirst = this.#hello === undefined;
    this.#hello = hello;
    document.title = `${hello.mode} ${roleOf(hello)} · Socket Lab`;
    if (!isResumed) {
      this.#address = addressIn(hello);
      this.#take({ gone: 0, events: [], started: hello.started });
    }
    this.#showTitle(hello);
    const again = isResumed
      ? "live again"
      : "live: the program was started again";
    this.#say("live", isFirst ? "live" : again);
  }

  /** @param {Hello} hello */
  #showTitle(hello) {
    const { mode, program, server, transport } = hello;
    const where = program === "server" ? this.#address : server;
    const small = document.createElement("small");
    small.textContent = [where, transport.toUpperCase()].filter(Boolean).join(
      ", ",
    );
    part("title", HTMLElement).replaceChildren(
      `${mode} ${roleOf(hello)}`,
      small,
    );
  }

  /** @param {Batch} batch */
  #take(batch) {
    if (this.#waiting === undefined) return this.#add(batch);
    this.#waiting.add(batch);
    this.#showPause();
  }

  /** @param {Batch} batch */
  #add({ events, gone, started }) {
    if (started !== undefined) this.#story.begin(started);
    this.#story.add(events, gone);
    const last = events.findLast(({ isUpstream }) => !isUpstream);
    if (last) this.#address = last.direction === "in" ? last.to : last.from;
    if (this.#hello) this.#showTitle(this.#hello);
    this.#refresh();
  }

  #refresh() {
    this.#offerPeers();
    const peer = this.#hello?.program === "server" ? "client" : "server";
    const scene = {
      own: this.#hello ? roleOf(this.#hello) : "",
      address: this.#address,
      peer,
    };
    this.#chart.show(this.#shownRows(), scene);
  }

  #shownRows() {
    const chosen = this.#choice.value;
    const { rows } = this.#story;
    return chosen === ""
      ? rows
      : rows.filter(({ peer }) => !peer || peer.address === chosen);
  }

  /** The peers to choose from; a chosen one stays among them. */
  #offerPeers() {
    const chosen = this.#choice.value;
    const last = [...this.#story.peers()].slice(-MAX_CHOICES);
    const addresses = chosen && !last.includes(chosen)
      ? [chosen, ...last]
      : last;
    const offered = [...this.#choice.options].slice(1).map(({ value }) =>
      value
    );
    if (addresses.join() === offered.join()) return;
    this.#choice.replaceChildren(
      new Option("all peers", ""),
      ...addresses.map((each) => new Option(each, each)),
    );
    this.#choice.value = chosen;
  }

  #drawn() {
    part("empty", HTMLElement).hidden = this.#story.rows.length > 0;
    this.#newest.hidden = this.#chart.isFollowing;
    const { selected } = this.#chart;
    if (!this.#details.hidden && selected && selected.event !== this.#opened) {
      this.#open(selected);
    }
  }

  #togglePause() {
    const waiting = this.#waiting;
    this.#waiting = waiting ? undefined : new Waiting();
    waiting?.takeAll().forEach((batch) => this.#add(batch));
    this.#showPause();
  }

  #showPause() {
    const waiting = this.#waiting;
    const more = waiting?.messages ?? 0;
    this.#pause.textContent = !waiting
      ? "Pause"
      : more
      ? `Go on (${more} more)`
      : "Go on";
    this.#pause.setAttribute("aria-pressed", String(waiting !== undefined));
  }

  #clear() {
    this.#story.clear();
    this.#close();
    this.#chart.selected = undefined;
    this.#refresh();
  }

  async #saveSvg() {
    const { layout, scene } = this.#chart.picture();
    download(await svgFile(layout, scene), `${this.#fileName()}.svg`);
  }

  #saveJson() {
    if (this.#hello === undefined) return;
    download(
      jsonFile(this.#shownRows(), this.#hello),
      `${this.#fileName()}.json`,
    );
  }

  #fileName() {
    if (this.#hello === undefined) return "wire";
    return `${this.#hello.mode}-${roleOf(this.#hello)}`;
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { key } = event;
    const page = this.#chart.page;
    /** @type {Readonly<Record<string, () => void>>} */
    const actions = {
      ArrowDown: () => this.#chart.move(1),
      ArrowUp: () => this.#chart.move(-1),
      PageDown: () => this.#chart.move(page),
      PageUp: () => this.#chart.move(-page),
      Home: () => this.#chart.move(-Infinity),
      End: () => this.#chart.move(Infinity),
      Enter: () => this.#enter(),
      Escape: () => this.#close(),
      " ": () => this.#togglePause(),
    };
    const action = Object.hasOwn(actions, key) ? actions[key] : undefined;
    if (
      action === undefined || event.ctrlKey || event.altKey || event.metaKey
    ) return;
    event.preventDefault();
    action();
  }

  /** Opens the chosen row; the second time, moves into what was opened. */
  #enter() {
    const isOpen = !this.#details.hidden;
    if (isOpen) document.getElementById("details-title")?.focus();
    else this.#open(this.#chart.selected);
  }

  /** @param {Row | undefined} row */
  #open(row) {
    if (row === undefined) return;
    fillDetails(this.#details, row, () => this.#close());
    this.#opened = row.event;
    this.#details.hidden = false;
    this.#chart.select(row);
  }

  #close() {
    if (this.#details.contains(document.activeElement)) this.#wire.focus();
    this.#details.hidden = true;
  }

  /**
   * @param {"live" | "lost"} state
   * @param {string} text
   */
  #say(state, text) {
    this.#status.className = state;
    this.#status.textContent = text;
  }
}

/**
 * The role of this program, for its page.
 *
 * @param {Hello} hello
 */
function roleOf({ program, upstream }) {
  return upstream === undefined ? program : "lab";
}

const ENDED = "the program has ended; waiting for the next";
const UNREACHABLE = "no program answers on this port yet";

/**
 * This program's address, if the program says it: a server that takes any free
 * port does not know it yet, nor does a client know its own end.
 *
 * @param {Hello} hello
 */
function addressIn({ program, server }) {
  return program === "server" && !server.endsWith(":0") ? server : "";
}

new Page();
