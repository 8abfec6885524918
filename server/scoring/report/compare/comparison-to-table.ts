import { alignRows } from '../align-rows.js';
import { formatValue } from '../format-value.js';
import type { ComparedRun, Comparison, PairedFigures } from './comparison.js';

/** The comparison as text for a terminal. */
export function comparisonToTable(comparison: Comparison): string {
  const { task, metric, baseline, runs, warnings, notes } = comparison;
  const sections = [
    warnings.map((warning) => `WARNING: ${warning}`),
    [`${task}: ${metric}, against ${baseline.name} (${baseline.nExamples} examples)`],
    runTable(runs),
    ...runs.flatMap((run) => sliceTables(run, runs.length > 1)),
    notes.map((note) => `note: ${note}`),
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
}

function runTable(runs: readonly ComparedRun[]): string[] {
  const several = runs.length > 1;
  const heads = [...pairHeads(runs), ...(several ? ['p (Holm)'] : []), 'only in it', 'only in baseline'];
  const rows = runs.map((run) => [
    run.name,
    ...pairCells(run),
    ...(several ? [formatValue(run.pValueHolm, 4)] : []),
    String(run.onlyRun),
    String(run.onlyBaseline),
  ]);
  return alignRows([['', ...heads], ...rows]);
}

function sliceTables({ name, slices }: ComparedRun, several: boolean): string[][] {
  return Object.entries(slices).map(([tag, rows]) => [
    several ? `${name} by ${tag}:` : `by ${tag}:`,
    ...alignRows([
      ['', ...pairHeads(rows)],
      ...rows.map((slice) => [`  ${slice.label}`, ...pairCells(slice)]),
    ]),
  ]);
}

function pairHeads(rows: readonly PairedFigures[]): string[] {
  const level = rows.find(({ interval }) => interval !== null)?.interval?.level;
  const interval = level === undefined ? 'interval' : `${level * 100} % interval`;
  return ['n', 'baseline', 'mean', 'difference', interval, 'p', 'wins/ties/losses'];
}

function pairCells(figures: PairedFigures): string[] {
  const { nPairs, baselineMean, runMean, difference, interval, pValue, wins, ties, losses } = figures;
  return [
    String(nPairs),
    formatValue(baselineMean, 4),
    formatValue(runMean, 4),
    signed(difference, 4),
    interval === null ? 'n/a' : `${signed(interval.low, 4)} to ${signed(interval.high, 4)}`,
    formatValue(pValue, 4),
    `${wins}/${ties}/${losses}`,
  ];
}

/** A figure with its sign, unless it is rounded to nothing. */
export function signed(value: number | null, digits: number): string {
  const text = formatValue(value, digits);
  if (/^-0(\.0*)?$/.test(text)) return text.slice(1);
  return value !== null && Number(text) > 0 ? `+${text}` : text;
}
