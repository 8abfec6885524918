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

  /** One row per window: an upper bound that no threshold reaches without knowing the gold. */
  oracleRows(): OracleRow[] {
    return this.#oracle.map((cell, row) => ({ window: smoothingWindows[row] ?? 0, scores: cell.scores() }));
  }
}

/** Mean IoU and the shares of examples with IoU >= 0.3, 0.5 and 0.7, all in percent. */
export type IoUScores = readonly [meanIoU: number, at03: number, at05: number, at07: number];

const recallThresholds = [0.3, 0.5, 0.7] as const;

/** Adds up IoU values one by one, keeping no examples. */
export class IoUSums {
  #total = 0;
  #count = 0;
  readonly #reached: [number, number, number] = [0, 0, 0];

  /** Adds the IoU of one example, 0..1. */
  add(value: number): void {
    this.#total += value;
    this.#count += 1;
    if (value >= recallThresholds[0]) this.#reached[0] += 1;
    if (value >= recallThresholds[1]) this.#reached[1] += 1;
    if (value >= recallThresholds[2]) this.#reached[2] += 1;
  }

  /** The four scores of the examples so far, in percent; NaN for none. */
  scores(): IoUScores {
    const percent = (share: number) => (share / this.#count) * 100;
    const [at03, at05, at07] = this.#reached;
    return [percent(this.#total), percent(at03), percent(at05), percent(at07)];
  }
}
