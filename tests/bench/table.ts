/**
 * What was measured, as a table. A figure is the median of its samples; a ratio
 * is the median of the pairs' ratios, for the two of a pair ran one right after
 * the other, on a machine that may be faster or slower a moment later.
 */

/** Whose figure it is: our server's, or the one's that it is measured beside. */
export type Side = "ours" | "peer";

/** One thing that is measured, several times. */
export class Row {
  readonly samples: Record<Side, number[]> = { ours: [], peer: [] };

  /**
   * @param what with its unit, and whether more or less of it is better
   * @param combine what the samples make together
   */
  constructor(
    readonly what: string,
    readonly combine: (samples: number[]) => number = median,
  ) {}

  add(side: Side, sample: number): void {
    this.samples[side].push(sample);
  }

  /** Ours to the peer's, pair by pair; none where nothing can be divided. */
  get ratios(): number[] {
    const { ours, peer } = this.samples;
    return peer.map((of, n) => (ours[n] ?? NaN) / of).filter(Number.isFinite);
  }
}

export function median(samples: number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? NaN;
  const high = sorted[Math.floor(middle)] ?? NaN;
  return (low + high) / 2;
}

export function most(samples: number[]): number {
  return Math.max(...samples);
}

const HEADINGS = ["", "ours", "peer", "ours/peer", "lowest-highest"];

/** The lines of the table. */
export function table(rows: Row[]): string[] {
  const cells = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...cells.map((row) => row[column]!.length))
  );
  return cells.map(([what = "", ...figures]) => {
    const padded = figures.map((cell, n) => cell.padStart(widths[n + 1]!));
    return [what.padEnd(widths[0]!), ...padded].join("  ");
  });
}

function cellsOf(row: Row): string[] {
  const { ratios, samples, combine, what } = row;
  const figure = (side: Side) =>
    samples[side].length > 0 ? rounded(combine(samples[side])) : "-";
  const isCompared = ratios.length > 0 && combine === median;
  const range = [Math.min(...ratios), Math.max(...ratios)].map(ratio);
  return [
    what,
    figure("ours"),
    figure("peer"),
    isCompared ? ratio(median(ratios)) : "-",
    isCompared ? range.join("-") : "-",
  ];
}

function ratio(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}

/** Three digits that count: more would be noise. */
function rounded(value: number): string {
  const options = { maximumSignificantDigits: 3 };
  return value.toLocaleString("en-US", options).replaceAll(",", " ");
}
