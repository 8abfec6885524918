import { html, nothing, type Markup } from '../markup.js';
import type { CurveChart, CurvePoint } from '../page-data.js';
import { curvePoints, type SweepCurve } from '../sweep-curve.js';
import { chartFigure } from './chart-figure.js';
import { dataTable } from './data-table.js';
import { readableName } from './names.js';
import { section, type Section } from './section.js';
import { showNumber } from './show-value.js';

/** Score and turns over the threshold; null where no threshold was swept. */
export function curveSection(curve: SweepCurve | null): Section | null {
  if (curve === null) return null;
  const points = curvePoints(curve);
  if (points.length === 0) return null;
  const table = pointTable(curve.metric, points);
  const hasTurns = points.some(({ turns, turnsDedup }) => turns !== null || turnsDedup !== null);
  const shown = hasTurns ? (['score', 'turns', 'score-by-turns'] as const) : (['score'] as const);
  const charts = shown.map((shows): CurveChart => {
    return { type: 'curve', id: `curve-${shows}`, metric: readableName(curve.metric), shows, points };
  });
  const figures = charts.map(({ id, shows }) => chartFigure({ id, ...captions(shows, curve.metric), table }));
  const text = html`<p class="quiet">${origin(curve)}</p>
    <div class="charts">${figures}</div>`;
  return { markup: section('threshold', 'Threshold', text), charts };
}

function origin({ exact, note }: SweepCurve): Markup {
  return html`${exact ? 'The model ran once for all points: each is what this threshold would have given.' : 'The model ran anew for every point.'}
  The point marked as oracle is the best on the very data it is reported for, which no system could have
  known. ${note ?? nothing}`;
}

function captions(shows: CurveChart['shows'], metric: string): { title: string; about: string } {
  const score = readableName(metric);
  switch (shows) {
    case 'score':
      return { title: `${score} over threshold`, about: 'how the score changes with the threshold to speak' };
    case 'turns':
      return { title: 'Turns over threshold', about: 'mean replies an example, all and distinct' };
    case 'score-by-turns':
      return { title: `${score} over turns`, about: 'what speaking more is worth' };
  }
}

function pointTable(metric: string, points: readonly CurvePoint[]): Markup {
  const rows = points.map(({ threshold, score, turns, turnsDedup, chosen, oracle }) => ({
    cells: [
      showNumber(threshold),
      showNumber(score),
      showNumber(turns),
      showNumber(turnsDedup),
      [
        chosen ? html`<span class="tag">chosen</span> ` : '',
        oracle ? html`<span class="tag oracle">oracle</span>` : '',
      ],
    ],
    marked: chosen,
  }));
  return dataTable(['Threshold', readableName(metric), 'Turns', 'Distinct turns', ''], rows);
}
