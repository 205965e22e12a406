/**
 * Gathers what is printed within a moment into few writes.
 */
import { escape } from "../rules/escape.js";
import type { Output } from "./output.ts";

/**
 * How often one write may switch between the two outputs. Both may be shown in
 * one place, so their order is kept; but if a hundred peers say something at
 * once, nobody can follow it, and each output is written separately.
 */
export const MAX_TURNS = 32;

/** Lines of ASCII with nothing in them that `escape` would replace. */
const PLAIN_LINES = /^[\n\x20-\x7e]*$/;

/**
 * How something is written: `lines` may contain anything a peer sent, so they
 * are made safe and terminated; `text` and `bytes` are written as they are.
 */
export type Kind = "lines" | "text" | "bytes";

/** What one write contains. */
export interface Write {
  readonly to: Output;
  readonly what: string | Uint8Array;
}

/** Consecutive parts of one kind, for one output. */
interface Piece {
  readonly to: Output;
  readonly kind: Kind;
  readonly parts: (string | Uint8Array)[];
}

/** Gathers what is to be written, and returns it as few writes. */
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

/** Lines as one text, each made safe. Usually one test shows that all are. */
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

/** Joins consecutive texts for the same output. */
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
