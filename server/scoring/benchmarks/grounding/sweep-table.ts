import { IoUSums, type IoUScores } from './iou-scores.js';
import type { ExampleSweep } from './sweep.js';
import { smoothingWindows, thresholdGrid } from './threshold-grid.js';

/** Scores of one smoothing window and threshold over all examples. */
export interface SweepRow {
  readonly window: number;
  readonly threshold: number;
  readonly scores: IoUScores;
}

/** Scores of one window with the best threshold of each example taken with knowledge of the gold. */
export interface OracleRow {
  readonly window: number;
  readonly scores: IoUScores;
}

/** Adds up sweeps of examples; its size does not grow with their number. */
export class SweepTable {
  readonly #cells = smoothingWindows.map(() => thresholdGrid.map(() => new IoUSums()));
  readonly #oracle = smoothingWindows.map(() => new IoUSums());

  /** Adds one example. */
  add(example: ExampleSweep): void {
    for (const [row, values] of example.values.entries()) {
      for (const [column, value] of values.entries()) this.#cells[row]?.[column]?.add(value);
      this.#oracle[row]?.add(Math.max(...values));
    }
  }

  /** All 315 rows, by window and then by threshold. */
  rows(): SweepRow[] {
    return this.#cells.flatMap((cells, row) =>
      cells.map((cell, column) => ({
        window: smoothingWindows[row] ?? 0,
        threshold: thresholdGrid[column] ?? 0,
        scores: cell.scores(),
      })),
    );
  }

  /** One row per window: an upper bound that no choice of threshold reaches without knowing the gold. */
  oracleRows(): OracleRow[] {
    return this.#oracle.map((cell, row) => ({ window: smoothingWindows[row] ?? 0, scores: cell.scores() }));
  }
}
