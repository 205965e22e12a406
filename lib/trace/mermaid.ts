/**
 * A trace as a sequence diagram in the language of Mermaid, which GitHub,
 * GitLab and many editors draw.
 *
 *     sequenceDiagram
 *         participant p1 as 127.0.0.1#58;1234
 *         participant p2 as 127.0.0.1#58;12000
 *         p1->>p2: Permission7<br/>0.000412 s, 11 bytes
 *         p2-xp1: Permission Accepted<br/>0.000655 s, 19 bytes, lost
 *
 * What peers sent becomes text in that language and must never become syntax:
 * everything but letters, digits and a few marks is written by its number.
 */
import type { Address, WireEvent } from "../net/wire.ts";
import { addressOf } from "../rules/contract.ts";
import type { Tracer, TracerOptions } from "./tracer.ts";
import { meaningOf, preview, secondsSince, sizeOf } from "./words.ts";

/**
 * The longest diagram, in characters: Mermaid's own limit, beyond which it
 * draws nothing. What no longer fits is counted for a last note.
 */
export const MAX_DIAGRAM = 50_000;

/** How much of a text an arrow shows, in characters. */
export const MAX_LABEL = 60;

/** Kept free for the last note, in characters. */
const LAST_NOTE = 200;

/** An arrow for each datagram, read, write and end; a note for the rest. */
export function mermaidTracer({ start }: TracerOptions): Tracer<string> {
  const diagram = new Diagram(start);
  return {
    begin: () => diagram.begin(),
    event: (event) => diagram.add(event),
    end: () => diagram.end(),
  };
}

class Diagram {
  readonly #start: number;
  /** The short name of each address, given before its first arrow. */
  readonly #participants = new Map<string, string>();
  #room = MAX_DIAGRAM - LAST_NOTE;
  #left = 0;

  constructor(start: number) {
    this.#start = start;
  }

  begin(): string {
    return this.#take("sequenceDiagram\n");
  }

  add(event: WireEvent): string {
    // A message that this program sent is shown by the arrow of the write.
    if (event.type === "message" && event.end === "sent") return "";
    // Once one is left out, so are all after it: a gap would mislead.
    if (this.#left > 0) return this.#leave();
    const [from, newFrom] = this.#participant(event.from);
    const [to, newTo] = this.#participant(event.to);
    const label = labelOf(event, this.#start);
    const lines = `${newFrom}${newTo}    ${
      shapeOf(event, from, to)
    }: ${label}\n`;
    return lines.length > this.#room ? this.#leave() : this.#take(lines);
  }

  end(): string {
    if (this.#left === 0) return "";
    const events = this.#left === 1 ? "event" : "events";
    return `    Note over p1: ${this.#left} more ${events}, for which Mermaid has no room\n`;
  }

  #take(text: string): string {
    this.#room -= text.length;
    return text;
  }

  #leave(): string {
    this.#left++;
    return "";
  }

  /** The short name of an address, and the line that introduces it if new. */
  #participant(address: Address): [name: string, introduction: string] {
    const text = addressOf(address);
    const known = this.#participants.get(text);
    if (known !== undefined) return [known, ""];
    const name = `p${this.#participants.size + 1}`;
    this.#participants.set(text, name);
    return [name, `    participant ${name} as ${quote(text)}\n`];
  }
}

function shapeOf(event: WireEvent, from: string, to: string): string {
  switch (event.type) {
    case "datagram":
      return event.lost ? `${from}-x${to}` : `${from}->>${to}`;
    case "data":
      return `${from}->>${to}`;
    case "end":
    case "reset":
      return `${from}-->>${to}`;
    case "message":
      return `Note over ${to}`;
    case "remark":
      return `Note over ${from}`;
    case "open":
    case "close":
      return `Note over ${from},${to}`;
  }
}

/** The text on the first line; when, how many bytes and what it meant below. */
function labelOf(event: WireEvent, start: number): string {
  const details = [`${secondsSince(start, event)} s`];
  if ("bytes" in event) details.push(sizeOf(event.bytes));
  const meaning = meaningOf(event);
  const hasBytes = "bytes" in event;
  const first = hasBytes ? preview(event.bytes, MAX_LABEL) : meaning;
  if (hasBytes && meaning !== "") details.push(meaning);
  return `${quote(first)}<br/>${quote(details.join(", "))}`;
}

/**
 * Writes everything that could be Mermaid syntax as its number, such as `#59;`
 * for a semicolon. Colons go, too: Mermaid takes a line with `style`, a colon
 * and a number sign for one of another kind of diagram.
 */
function quote(text: string): string {
  return text.replace(
    /[^\p{L}\p{M}\p{N} .,!?_/()=-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
}
