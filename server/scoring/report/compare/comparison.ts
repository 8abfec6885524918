import type { Interval } from '../../statistics/bootstrap.js';

/** Runs against a baseline. */
export interface Comparison {
  readonly task: string;
  readonly metric: string;
  readonly baseline: { readonly name: string; readonly file: string; readonly nExamples: number };
  readonly runs: readonly ComparedRun[];
  /** What makes the runs hard to compare. */
  readonly warnings: readonly string[];
  /** What a reader must know of the figures. */
  readonly notes: readonly string[];
}

/** Two runs on the examples they share. */
export interface PairedFigures {
  readonly nPairs: number;
  /** Means over the shared examples; null where there are none. */
  readonly baselineMean: number | null;
  readonly runMean: number | null;
  /** Mean of the run minus mean of the baseline. */
  readonly difference: number | null;
  readonly interval: Interval | null;
  readonly pValue: number | null;
  /** Shared examples on which the run is better than the baseline, equal to it, or worse. */
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
}

/** The examples of one label of a tag. */
export interface ComparedSlice extends PairedFigures {
  readonly label: string;
}

/** A run against the baseline. */
export interface ComparedRun extends PairedFigures {
  readonly name: string;
  readonly file: string;
  readonly onlyBaseline: number;
  readonly onlyRun: number;
  /** Corrected for the number of runs after Holm; the same as the p-value for a single run. */
  readonly pValueHolm: number | null;
  readonly slices: Readonly<Record<string, readonly ComparedSlice[]>>;
}
