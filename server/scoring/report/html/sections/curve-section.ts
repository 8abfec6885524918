import { html, nothing, type Markup } from '../markup.js';
import type { CurveChart, CurvePoint } from '../page-data.js';
import type { SweepCurve } from '../report-page.js';
import { readableName, showNumber } from './readable.js';
import { chartFigure, dataTable, section, type Section } from './section.js';

/** Score and turns over the threshold; null if no threshold was swept. */
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
  const runs = exact
    ? 'The model ran once for all points: each is what this threshold would have given.'
    : 'The model ran anew for every point.';
  return html`${runs} The point marked as oracle is the best on the very data it is reported for, which no
  system could have known. ${note ?? nothing}`;
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

/**
 * The points in the order of their thresholds. The first one with the best score is marked: it was found on
 * the data that it is reported for, which makes it an oracle.
 */
export function curvePoints({ points }: SweepCurve): readonly CurvePoint[] {
  const ordered = points
    .filter(({ threshold }) => Number.isFinite(threshold))
    .sort((one, other) => one.threshold - other.threshold);
  const scores = ordered.map(({ score }) => (score !== null && Number.isFinite(score) ? score : -Infinity));
  const best = Math.max(...scores);
  const oracle = best === -Infinity ? -1 : scores.indexOf(best);
  return ordered.map(({ threshold, score, turns, turnsDedup, chosen }, index) => {
    return { threshold, score, turns, turnsDedup, chosen, oracle: index === oracle };
  });
}
