/** What a benchmark found, in one unit. */
export interface Comparison {
  /** What was measured and against what, e.g. `follower vs one insert per row`. */
  readonly name: string;
  readonly unit: string;
  readonly figure: number;
  readonly peer: number;
  /** What `figure / peer` may be at least, or at most if less is better; undefined if it is only told. */
  readonly bar?: number;
  readonly lessIsBetter?: boolean;
}

export interface BenchmarkOptions {
  /** A short, seeded form for continuous integration: it proves that the benchmark runs, its bar is not judged. */
  readonly small: boolean;
  /** How long it is to last, for those that go by time; each has its own default. */
  readonly minutes?: number;
  readonly log: (line: string) => void;
}

/** Runs a benchmark; the first comparison is the one of the last line. */
export type Benchmark = (options: BenchmarkOptions) => Promise<readonly Comparison[]>;

export function ratioOf({ figure, peer }: Comparison): number {
  return figure / peer;
}

/** False only if there is a bar and it is missed. */
export function isMet(comparison: Comparison): boolean {
  const { bar, lessIsBetter = false } = comparison;
  if (bar === undefined) return true;
  return lessIsBetter ? ratioOf(comparison) <= bar : ratioOf(comparison) >= bar;
}

/** One line: figure, peer's figure, ratio, bar. */
export function describe(comparison: Comparison): string {
  const { name, unit, figure, peer, bar } = comparison;
  return `${name}: ${figure.toFixed(0)} ${unit}, peer ${peer.toFixed(0)} ${unit}, ratio ${ratioOf(comparison).toFixed(2)}, bar ${bar ?? 'none'}`;
}

/** @returns How long `work` took, in milliseconds. */
export async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('no values');
  return middle;
}

/** The mean without the highest and the lowest tenth: where values have two centres a median is by chance one of them. */
export function trimmedMean(values: readonly number[]): number {
  if (values.length === 0) throw new Error('no values');
  const cut = Math.floor(values.length / 10);
  const kept = values.toSorted((one, other) => one - other).slice(cut, values.length - cut);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

/** The least value that `share` of the values do not exceed (nearest rank). @param share - In (0, 1]. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const value = sorted[Math.ceil(share * sorted.length) - 1];
  if (value === undefined) throw new Error('no values');
  return value;
}
