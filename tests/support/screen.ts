/**
 * A terminal's screen, as far as our programs use one: what a person would see
 * of what was written. It never scrolls, and it lays wrapped lines out anew when
 * its width changes, as most terminals do.
 */

/** A row of cells; a wide character takes two, of which the second is empty. */
interface Row {
  cells: string[];
  /** Whether the next row goes on with it. */
  isWrapped: boolean;
}

/** A text, or a sequence that acts: nothing else is understood. */
const TOKEN =
  // deno-lint-ignore no-control-regex
  /\x1b\[(?<count>\d*)(?<act>[A-Z])|(?<control>[\r\n])|(?<character>[^\x00-\x1f\x7f])/uy;

/** Chinese, Japanese and Korean characters, and most emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]|\p{Emoji_Presentation}/u;

const ZERO_WIDTH = /\p{Mn}|\u200d|\ufe0f/u;

/** A screen without an end below. */
export class Screen {
  #rows: Row[] = [{ cells: [], isWrapped: false }];
  #row = 0;
  /** The cursor; `columns` after the last one was written: the next one wraps. */
  #column = 0;

  constructor(public columns: number) {}

  /** The lines on the screen, each in one however often it is wrapped. */
  get lines(): string[] {
    const lines = [""];
    for (const { cells, isWrapped } of this.#rows) {
      lines[lines.length - 1] += cells.join("");
      if (!isWrapped) lines.push("");
    }
    const trimmed = lines.map((line) => line.trimEnd());
    return trimmed.slice(0, trimmed.findLastIndex((line) => line !== "") + 1);
  }

  get cursor(): { row: number; column: number } {
    return { row: this.#row, column: this.#column };
  }

  /** @throws where a sequence is none of those that the programs may use */
  write(text: string): void {
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const at = TOKEN.lastIndex;
      const groups = TOKEN.exec(text)?.groups;
      if (!groups) {
        throw new Error(`Not known: ${JSON.stringify(text.slice(at, at + 9))}`);
      }
      const { act, count, control, character } = groups;
      if (character !== undefined) this.#put(character);
      else if (control !== undefined) this.#control(control);
      else this.#act(act!, count === "" ? undefined : Number(count));
    }
  }

  /** Changes the width: wrapped lines are laid out anew, the cursor with them. */
  resize(columns: number): void {
    const rows = this.#rows;
    const { row, column } = this.cursor;
    this.columns = columns;
    this.#rows = [];
    let line: string[] = [];
    let cursor: number | undefined;
    for (const [index, { cells, isWrapped }] of rows.entries()) {
      if (index === row) cursor = line.length + column;
      line.push(...cells);
      while (cursor !== undefined && line.length < cursor) line.push(" ");
      if (isWrapped) continue;
      this.#layOut(line, cursor);
      line = [];
      cursor = undefined;
    }
  }

  #layOut(cells: string[], cursor = -1): void {
    let begin = 0;
    for (let isLast = false; !isLast;) {
      const edge = begin + this.columns;
      const end = cells[edge] === "" ? edge - 1 : edge; // in a wide character
      isLast = end >= cells.length;
      if (cursor >= begin && (cursor < end || isLast)) {
        this.#row = this.#rows.length;
        this.#column = cursor - begin;
      }
      this.#rows.push({ cells: cells.slice(begin, end), isWrapped: !isLast });
      begin = end;
    }
  }

  #put(character: string): void {
    if (ZERO_WIDTH.test(character)) return;
    const width = WIDE.test(character) ? 2 : 1;
    if (this.#column + width > this.columns) {
      this.#current.isWrapped = true;
      this.#moveTo(this.#row + 1, 0);
    }
    const { cells } = this.#current;
    while (cells.length < this.#column) cells.push(" ");
    cells[this.#column] = character;
    if (width === 2) cells[this.#column + 1] = "";
    this.#column += width;
  }

  #control(control: string): void {
    this.#moveTo(control === "\n" ? this.#row + 1 : this.#row, 0);
  }

  #act(act: string, count = act === "J" ? 0 : 1): void {
    const column = Math.min(this.#column, this.columns - 1);
    if (act === "A") this.#moveTo(Math.max(0, this.#row - count), column);
    else if (act === "B") this.#moveTo(this.#row + count, column);
    else if (act === "C") {
      this.#column = Math.min(this.columns - 1, column + count);
    } else if (act === "D") this.#column = Math.max(0, column - count);
    else if (act === "G") this.#column = Math.min(this.columns, count) - 1;
    else if (act === "J" && count === 0) this.#eraseBelow(column);
    else throw new Error(`Not known: CSI ${count}${act}`);
  }

  #eraseBelow(column: number): void {
    this.#current.cells.length = Math.min(this.#current.cells.length, column);
    this.#current.isWrapped = false;
    this.#rows.length = this.#row + 1;
  }

  #moveTo(row: number, column: number): void {
    while (this.#rows.length <= row) {
      this.#rows.push({ cells: [], isWrapped: false });
    }
    this.#row = row;
    this.#column = column;
  }

  get #current(): Row {
    return this.#rows[this.#row]!;
  }
}
