import { DuetError } from '../../../errors.js';
import type { WindowScores } from './score-highlight.js';

/** The smoothing window with the best mean average precision at the top level; the smaller one on ties. For a development split. */
export function chooseWindow(windows: readonly WindowScores[]): number {
  let best: { readonly window: number; readonly value: number } | null = null;
  for (const { window, levels } of windows) {
    const value = levels.at(-1)?.meanAveragePrecision ?? NaN;
    if (window !== null && value > (best?.value ?? -Infinity)) best = { window, value };
  }
  if (best !== null) return best.window;
  throw new DuetError(
    'invalid_request',
    'the development split has no frame scores to choose a smoothing window by',
  );
}
