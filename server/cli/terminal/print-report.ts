import { buildReport } from '../../scoring/report/build-report.js';
import type { Report, TaskReport } from '../../scoring/report/report.js';
import { reportToCsv } from '../../scoring/report/to-csv.js';
import { reportToJson } from '../../scoring/report/to-json.js';
import { reportToLatex } from '../../scoring/report/to-latex.js';
import { reportToTable } from '../../scoring/report/to-table.js';
import { defaultResampling, type Resampling } from '../../scoring/statistics/bootstrap.js';
import type { ReportFlags } from '../flags/report-flags.js';

/** The report of a task in the format the flags ask for, interval and slices included. */
export function printReport(task: TaskReport, flags: ReportFlags): string {
  return formatReport(buildReport(task, { resampling: resamplingOf(flags), sliceBy: flags.sliceBy }), flags);
}

/** How the interval of a report is found; null for none. */
export function resamplingOf({ bootstrap, seed }: ReportFlags): Resampling | null {
  return bootstrap === 0 ? null : { ...defaultResampling, resamples: bootstrap, seed };
}

/** A report in the format the flags ask for. */
export function formatReport(report: Report, flags: ReportFlags): string {
  const format = flags.json === true ? 'json' : flags.format;
  switch (format) {
    case 'table':
      return reportToTable(report);
    case 'json':
      return reportToJson(report, flags.examples === true);
    case 'csv':
      return reportToCsv(report);
    case 'latex':
      return reportToLatex(report);
  }
}
