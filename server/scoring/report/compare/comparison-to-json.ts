import snakecaseKeys from 'snakecase-keys';
import { replaceNonFinite } from '../finite-values.js';
import type { ComparedRun, Comparison } from './comparison.js';

/** The comparison as one line of JSON; labels and tags keep their spelling. */
export function comparisonToJson({ baseline, runs, ...rest }: Comparison): string {
  const body = {
    ...rest,
    baseline: snakecaseKeys({ ...baseline }),
    runs: runs.map(runBody),
  };
  return JSON.stringify(replaceNonFinite(body).value);
}

function runBody({ slices, ...figures }: ComparedRun): Record<string, unknown> {
  const sliced = Object.entries(slices).map(
    ([tag, rows]) => [tag, rows.map((slice) => snakecaseKeys({ ...slice }))] as const,
  );
  return { ...snakecaseKeys({ ...figures }), slices: Object.fromEntries(sliced) };
}
