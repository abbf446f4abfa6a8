/** What a benchmark found, in one unit. */
export interface Comparison {
  /** What was measured and against what, e.g. `follower vs one insert per row`. */
  readonly name: string;
  readonly unit: string;
  readonly figure: number;
  readonly peer: number;
  /** The least that `figure / peer` may be. */
  readonly bar: number;
}

export interface BenchmarkOptions {
  /** A short, seeded form for continuous integration: it proves that the benchmark runs, its bar is not judged. */
  readonly small: boolean;
  readonly log: (line: string) => void;
}

/** Runs a benchmark; the first comparison is the one of the last line. */
export type Benchmark = (options: BenchmarkOptions) => Promise<readonly Comparison[]>;

export function ratioOf({ figure, peer }: Comparison): number {
  return figure / peer;
}

/** One line: figure, peer's figure, ratio, bar. */
export function describe(comparison: Comparison): string {
  const { name, unit, figure, peer, bar } = comparison;
  return `${name}: ${figure.toFixed(0)} ${unit}, peer ${peer.toFixed(0)} ${unit}, ratio ${ratioOf(comparison).toFixed(2)}, bar ${bar}`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('no values');
  return middle;
}

/** The least value that `share` of the values do not exceed (nearest rank). @param share - In (0, 1]. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const value = sorted[Math.ceil(share * sorted.length) - 1];
  if (value === undefined) throw new Error('no values');
  return value;
}
