import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { buildReport } from '../../../server/scoring/report/build-report.js';
import type { TaskReport } from '../../../server/scoring/report/report.js';
import { reportToCsv } from '../../../server/scoring/report/to-csv.js';
import { reportToJson } from '../../../server/scoring/report/to-json.js';
import { reportToLatex } from '../../../server/scoring/report/to-latex.js';
import { reportToTable } from '../../../server/scoring/report/to-table.js';

const task: TaskReport = {
  task: 'magqa',
  mode: 'strict',
  options: { numExamples: 2 },
  versions: { in_span: '1' },
  judge: { id: 'a "quoted", judge', comparable: false, promptHash: null },
  notes: [],
  counts: { nScored: 2, nNoReply: 0 },
  headline: [
    { name: 'in_span', value: 2.125, digits: 2 },
    { name: 'turns', value: 4.25, digits: 2 },
    { name: 'turns_dedup', value: null, digits: 2 },
  ],
  values: { in_span: 2.125, turns: 4.25, turns_dedup: Number.NaN },
  exampleMetric: 'in_span',
  examples: [
    { id: 'a', value: 1.25, tags: { task: 'cooking' } },
    { id: 'b', value: 3, tags: {} },
  ],
};
const report = buildReport(task, {
  resampling: { resamples: 100, seed: 1, level: 0.9 },
  sliceBy: ['task'],
});

describe('a report', () => {
  test('prints as JSON in which no number is NaN, and says how many were', () => {
    const body = z.record(z.string(), z.unknown()).parse(JSON.parse(reportToJson(report, true)));
    expect(body).toMatchObject({
      in_span: 2.125,
      turns_dedup: null,
      n_null_values: 1,
      n_scored: 2,
      n_no_reply: 0,
      counts: { n_scored: 2 },
      options: { num_examples: 2 },
      judge: { comparable: false, prompt_hash: null },
      interval: { metric: 'in_span', n: 2, level: 0.9 },
      slices: { task: [{ label: '(none)' }, { label: 'cooking' }] },
    });
    expect(body['examples']).toHaveLength(2);
    expect(JSON.parse(reportToJson(report, false))).not.toHaveProperty('examples');
  });

  test('tells a figure that stands aside in the table, and leaves published rows as they are', () => {
    const aside = { name: 'out_of_span_ratio', value: 4 / 6, digits: 2, aside: true } as const;
    const more = { ...report, headline: [...report.headline, aside] };
    expect(reportToTable(more)).toMatch(/^in_span +2\.12\n.*\n.*\nout_of_span_ratio +0\.67$/m);
    expect(reportToLatex(more)).toBe(reportToLatex(report));
    const columns = reportToCsv(report).split('\r\n')[0] ?? '';
    expect(reportToCsv(more)).toMatch(new RegExp(`^${columns},out_of_span_ratio\r\n.*,0\\.666`));
  });

  test('warns that the judge is not comparable', () => {
    expect(report.notes.join()).toContain('not comparable');
    expect(reportToTable(report)).toContain('not comparable');
  });

  test('prints as a row of LaTeX, turns in one cell, halves to even', () => {
    expect(reportToLatex(report)).toBe('2.12 & 4.25/n/a \\\\');
  });

  test('prints as CSV that quotes what needs it', () => {
    const [names, values] = reportToCsv(report).split('\r\n');
    expect(names).toBe(
      'task,mode,judge,in_span,turns,turns_dedup,interval_low,interval_high,n_scored,n_no_reply',
    );
    expect(values).toMatch(/^magqa,strict,"a ""quoted"", judge",2\.125,4\.25,,/);
  });

  test('prints as a table', () => {
    expect(reportToTable(report)).toContain('in_span      2.12');
    expect(reportToTable(report)).toMatch(/by task:\n {2}\(none\)/);
  });
});
