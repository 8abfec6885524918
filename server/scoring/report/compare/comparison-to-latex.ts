import { formatValue } from '../format-value.js';
import type { ComparedRun, Comparison } from './comparison.js';
import { signed } from './comparison-to-table.js';

/**
 * Rows of a LaTeX table: name, mean, difference with its interval, p-value. The p-values are those of Holm,
 * which for a single run are the plain ones. What makes the runs hard to compare comes first, as comments.
 */
export function comparisonToLatex({ baseline, runs, warnings }: Comparison): string {
  const own = runs.length === 1 ? (runs[0]?.baselineMean ?? null) : null;
  const first = `${escapeLatex(baseline.name)} & ${formatBaseline(runs, own)} & & \\\\`;
  const comments = warnings.map((warning) => `% WARNING: ${warning.replaceAll(/\s+/g, ' ')}`);
  return [...comments, first, ...runs.map(runRow)].join('\n');
}

/**
 * With several runs the baseline has a mean of its own beside each, unless they all share the same examples.
 */
function formatBaseline(runs: readonly ComparedRun[], own: number | null): string {
  const means = new Set(runs.map(({ baselineMean }) => formatValue(baselineMean, 2)));
  const [only = 'n/a'] = means;
  return own !== null || means.size === 1 ? only : [...means].join('/');
}

function runRow({ name, runMean, difference, interval, pValueHolm }: ComparedRun): string {
  const range = interval === null ? '' : ` [$${signed(interval.low, 2)}$, $${signed(interval.high, 2)}$]`;
  const cells = [
    escapeLatex(name),
    formatValue(runMean, 2),
    `$${signed(difference, 2)}$${range}`,
    formatValue(pValueHolm, 4),
  ];
  return `${cells.join(' & ')} \\\\`;
}

const commands: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

function escapeLatex(text: string): string {
  return text.replaceAll(/[\\~^&%$#_{}]/g, (character) => commands[character] ?? `\\${character}`);
}
