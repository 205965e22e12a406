/**
 * What is printed within a moment, gathered into few writes.
 */
import { escape } from "../rules/escape.js";
import type { Output } from "./output.ts";

/**
 * How often one write may turn from one output to the other and back. Both may
 * be shown in one place, so their order is kept; but where a hundred peers say
 * something in one moment, nobody follows it, and each of the two is written for
 * itself.
 */
export const MAX_TURNS = 32;

/** Lines of ASCII with nothing in them that `escape` would replace. */
const PLAIN_LINES = /^[\n\x20-\x7e]*$/;

/**
 * How something is written: `lines` may hold whatever a peer sent, and are made
 * safe and ended; `text` and `bytes` are written as they are.
 */
export type Kind = "lines" | "text" | "bytes";

/** What is written at once. */
export interface Write {
  readonly to: Output;
  readonly what: string | Uint8Array;
}

/** Parts of one kind, one after the other, for one output. */
interface Piece {
  readonly to: Output;
  readonly kind: Kind;
  readonly parts: (string | Uint8Array)[];
}

/** Gathers what is to be written, and gives it back as few writes. */
export class Gathering {
  #pieces: Piece[] = [];
  #turns = 0;
  #size = 0;

  /** How much is gathered, in characters or bytes. */
  get size(): number {
    return this.#size;
  }

  add(to: Output, kind: Kind, part: string | Uint8Array): void {
    const last = this.#pieces[this.#pieces.length - 1];
    if (last?.to !== to) this.#turns++;
    if (last?.to === to && last.kind === kind) last.parts.push(part);
    else this.#pieces.push({ to, kind, parts: [part] });
    this.#size += part.length + 1;
  }

  /** Takes out what is gathered, in order: see `MAX_TURNS`. */
  take(): Write[] {
    const pieces = this.#turns > MAX_TURNS
      ? Map.groupBy(this.#pieces, ({ to }) => to).values().toArray().flat()
      : this.#pieces;
    this.#pieces = [];
    this.#turns = 0;
    this.#size = 0;
    return joined(
      pieces.map((piece) => ({ to: piece.to, what: render(piece) })),
    );
  }
}

function render({ kind, parts }: Piece): string | Uint8Array {
  if (kind === "bytes") return joinBytes(parts as Uint8Array[]);
  return kind === "text" ? parts.join("") : escapeLines(parts as string[]);
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Lines as one text, each made safe. Mostly all are: one look tells. */
function escapeLines(lines: readonly string[]): string {
  const text = lines.join("\n") + "\n";
  const isSafe = PLAIN_LINES.test(text) && countLines(text) === lines.length;
  return isSafe ? text : lines.map((line) => escape(line) + "\n").join("");
}

function countLines(text: string): number {
  let count = 0;
  for (let at = 0; (at = text.indexOf("\n", at) + 1) > 0;) count++;
  return count;
}

/** Texts for the same output that follow one another are one. */
function joined(writes: readonly Write[]): Write[] {
  const all: { to: Output; what: string | Uint8Array }[] = [];
  for (const { to, what } of writes) {
    const last = all[all.length - 1];
    const isText = typeof last?.what === "string" && typeof what === "string";
    if (last?.to === to && isText) last.what += what;
    else all.push({ to, what });
  }
  return all;
}
