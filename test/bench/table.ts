import { type Comparison, isMet, ratioOf } from './benchmark';

/** What one benchmark said; no comparisons if it failed. */
export interface Outcome {
  readonly name: string;
  readonly comparisons: readonly Comparison[] | undefined;
}

/** True if every benchmark ran and no bar is missed. */
export function allMet(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(({ comparisons }) => comparisons?.every(isMet) ?? false);
}

const HEADS = ['benchmark', 'what is compared', 'ours', 'peer', 'ratio', 'bar', 'met'];

/** All comparisons as one Markdown table, also fit to be read as it is. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap(({ name, comparisons }) =>
    comparisons === undefined ? [[name, 'failed', '', '', '', '', '**no**']] : comparisons.map(rowOf(name)),
  );
  return markdownTable(HEADS, rows);
}

/** A table with its columns in line. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function rowOf(benchmark: string) {
  return (comparison: Comparison): string[] => {
    const { name, unit, figure, peer, bar, lessIsBetter } = comparison;
    const limit = bar === undefined ? '–' : `${lessIsBetter ? '≤' : '≥'} ${Number(bar.toFixed(2))}`;
    const met = bar === undefined ? '–' : isMet(comparison) ? 'yes' : '**no**';
    return [
      benchmark,
      name,
      `${number(figure)} ${unit}`,
      `${number(peer)} ${unit}`,
      ratioOf(comparison).toFixed(2),
      limit,
      met,
    ];
  };
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
