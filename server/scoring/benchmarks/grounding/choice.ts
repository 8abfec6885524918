import { DuetError } from '../../../errors.js';
import type { SweepRow } from './sweep-table.js';
import { gridPosition, smoothingWindows, thresholdGrid } from './threshold-grid.js';

/** The window and threshold a result is reported at, and where they come from. */
export interface Choice {
  readonly window: number;
  /** Position in the threshold grid. */
  readonly position: number;
  readonly threshold: number;
  /** `given` beforehand, or selected on a `development` split. */
  readonly origin: 'given' | 'development';
}

/** A choice made beforehand. Throws for a window or threshold outside the sweep. */
export function givenChoice(window: number, threshold: number): Choice {
  const position = gridPosition(threshold);
  if (position === null || !smoothingWindows.includes(window)) {
    throw new DuetError(
      'invalid_request',
      `window ${window} and threshold ${threshold} are not in the sweep: windows go from 0 to 14, ` +
        'thresholds from 0.30 to 0.70 by 0.02',
    );
  }
  return { window, position, threshold: thresholdGrid[position] ?? threshold, origin: 'given' };
}

/** The row of a development split with the best mean IoU; the smaller window and threshold on ties. */
export function chooseOnDevelopment(rows: readonly SweepRow[]): Choice {
  let best: SweepRow | null = null;
  for (const row of rows) {
    if (best === null || row.scores[0] > best.scores[0]) best = row;
  }
  if (best === null || Number.isNaN(best.scores[0])) {
    throw new DuetError('invalid_request', 'the development split has no examples to select a threshold on');
  }
  return { ...givenChoice(best.window, best.threshold), origin: 'development' };
}
