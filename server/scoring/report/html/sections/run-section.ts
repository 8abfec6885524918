import snakecaseKeys from 'snakecase-keys';
import { judgingRows } from '../../judging-rows.js';
import type { Report } from '../../report.js';
import { html, nothing, type Insertable, type Markup } from '../markup.js';
import type { ReportPage } from '../report-page.js';
import { readableName, showValue } from './readable.js';
import { factList, section } from './section.js';

/** How the figures were produced: mode, judge, versions, options, and the settings of the run. */
export function runSection({ report, settings }: ReportPage): Markup {
  return section(
    'run',
    'How it was run',
    html`<div class="runs">
      ${factGroup('Scoring', scoringFacts(report))} ${judgingGroup(report)}
      ${factGroup('Options', valueFacts(snakecaseKeys({ ...report.options })))}
      ${factGroup('Versions', valueFacts(report.versions))} ${factGroup('Settings', valueFacts(settings))}
    </div>`,
  );
}

type Facts = readonly (readonly [name: string, fact: Insertable])[];

function factGroup(title: string, facts: Facts): Markup {
  if (facts.length === 0) return nothing;
  return html`<div>
    <h3>${title}</h3>
    ${factList(facts)}
  </div>`;
}

function judgingGroup({ judging }: Report): Markup {
  const rows = judgingRows(judging);
  if (rows.length === 0) return nothing;
  return html`<div>
    <h3>Judging</h3>
    <ul class="lines">
      ${rows.map((row) => html`<li>${row.trim()}</li>`)}
    </ul>
  </div>`;
}

function scoringFacts({ task, mode, judge, exampleMetric }: Report): Facts {
  const shared: Facts = [
    ['Task', task],
    ['Mode', mode],
    ['Metric of an example', html`<code>${exampleMetric}</code>`],
  ];
  if (judge === null) return [...shared, ['Judge', 'none']];
  return [
    ...shared,
    ['Judge', html`<code>${judge.id}</code>`],
    ['Comparable with published scores', judge.comparable ? 'yes' : 'no'],
    [
      'Hash of the prompt',
      judge.promptHash === null ? showValue(null) : html`<code>${judge.promptHash}</code>`,
    ],
  ];
}

function valueFacts(values: Readonly<Record<string, unknown>>): Facts {
  return Object.entries(values).map(([name, value]) => [readableName(name), showValue(value)]);
}
