import { buildReport } from '../../scoring/report/build-report.js';
import type { Report, TaskReport } from '../../scoring/report/report.js';
import { reportToCsv } from '../../scoring/report/to-csv.js';
import { reportToJson } from '../../scoring/report/to-json.js';
import { reportToLatex } from '../../scoring/report/to-latex.js';
import { reportToTable } from '../../scoring/report/to-table.js';
import { defaultResampling, type Resampling } from '../../scoring/statistics/bootstrap.js';

/** The report of a task as text, with its interval and slices. */
export function printReport(task: TaskReport, format: ReportFormat): string {
  return formatReport(
    buildReport(task, { resampling: resamplingOf(format), sliceBy: format.sliceBy }),
    format,
  );
}

/** How a report is printed. */
export interface ReportFormat {
  /** The same as format `json`. */
  readonly json?: true;
  readonly format: 'table' | 'json' | 'csv' | 'latex';
  /** Whether JSON lists the value of every example. */
  readonly examples?: true;
  /** Annotation tags by which means are split. */
  readonly sliceBy: readonly string[];
  /** Resamples of the interval; 0 for none. */
  readonly bootstrap: number;
  readonly seed: number;
}

/** How to resample for the interval of a report; null for no interval. */
export function resamplingOf({ bootstrap, seed }: ReportFormat): Resampling | null {
  return bootstrap === 0 ? null : { ...defaultResampling, resamples: bootstrap, seed };
}

/** A report as text. */
export function formatReport(report: Report, format: ReportFormat): string {
  switch (format.json === true ? 'json' : format.format) {
    case 'table':
      return reportToTable(report);
    case 'json':
      return reportToJson(report, format.examples === true);
    case 'csv':
      return reportToCsv(report);
    case 'latex':
      return reportToLatex(report);
  }
}
