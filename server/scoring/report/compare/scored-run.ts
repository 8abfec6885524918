import type { ScoredExample } from '../../statistics/slices.js';

/** The parts of a report file needed to compare runs. */
export interface ScoredRun {
  /** What the run is called in the comparison. */
  readonly name: string;
  readonly file: string;
  readonly task: string;
  readonly mode: string;
  /** What the values of the examples measure. */
  readonly metric: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, unknown>>;
  readonly judge: { readonly id: string; readonly promptHash: string | null } | null;
  readonly examples: ReadonlyMap<string, ScoredExample>;
  /** Examples that the report lists without a value. */
  readonly nWithoutValue: number;
}
