import type { JudgeIdentity } from '../judges/judge.js';
import type { JudgingReport } from '../judges/report/judging-report.js';
import type { Mode } from '../mode.js';
import type { Interval } from '../statistics/bootstrap.js';
import type { ScoredExample, Slice } from '../statistics/slices.js';

/** A whole report. */
export interface Report extends TaskReport {
  /**
   * Bootstrap interval of the mean over the examples; null for fewer than two, or where none was asked for.
   */
  readonly interval: Interval | null;
  readonly slices: Readonly<Record<string, readonly Slice[]>>;
}

/** A headline figure of a report. */
export interface Headline {
  readonly name: string;
  /** Null if there was nothing to average. */
  readonly value: number | null;
  /** Decimals it is printed with. */
  readonly digits: number;
  /** Shown only to help interpret the others; not a column of a published table. */
  readonly aside?: true;
}

/** A row of a short table, by column; the first column names the row. */
export type ReportRow = Readonly<Record<string, string | number | null>>;

/** The parts of a report that differ between tasks. */
export interface TaskReport {
  readonly task: string;
  readonly mode: Mode;
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * What was used to compute the figures, by name, so that figures of different versions are not compared.
   */
  readonly versions: Readonly<Record<string, string>>;
  readonly judge: JudgeIdentity | null;
  /** The cost and reliability of the judging; absent if not measured. */
  readonly judging?: JudgingReport;
  /** What to know before comparing. */
  readonly notes: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly headline: readonly Headline[];
  /** Everything else, under its published names. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Short tables of figures that are read side by side, by name. */
  readonly tables?: Readonly<Record<string, readonly ReportRow[]>>;
  /** What the values of the examples measure. */
  readonly exampleMetric: string;
  readonly examples: readonly ScoredExample[];
}

/** The first headline figure of a report, by which thresholds are chosen; null if it has none. */
export function headlineOf({ headline }: Pick<TaskReport, 'headline'>): number | null {
  return headline[0]?.value ?? null;
}
