import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import { decodeFrames, type Tracks } from '../decode-frames.js';
import { make } from '../../common/element.js';
import { TimeCursor } from './time-cursor.js';
import { drawTimeline } from './draw-timeline.js';

/** Draws the timeline of an example into a box, and again whenever the box changes its width. */
export function mountTimeline(box: HTMLElement, example: PageExample): void {
  const tracks = example.frames === null ? null : decodeFrames(example.frames);
  const stage = make('div', { class: 'timeline-stage' });
  const readout = make('p', { class: 'readout', attributes: { role: 'status' } });
  box.append(...(tracks === null ? [] : [legend()]), stage, readout);
  if (tracks === null) readout.textContent = withoutScores(example);
  const cursor = tracks === null ? null : new TimeCursor(stage, tracks, readout);
  let drawn = 0;
  const observer = new ResizeObserver(() => {
    const width = Math.floor(stage.clientWidth);
    if (!stage.isConnected) observer.disconnect();
    if (width === 0 || width === drawn) return;
    drawn = width;
    redraw(stage, example, tracks, width, cursor);
  });
  observer.observe(stage);
}

function redraw(
  stage: HTMLElement,
  example: PageExample,
  tracks: Tracks | null,
  width: number,
  cursor: TimeCursor | null,
): void {
  const drawing = drawTimeline(example, tracks, width);
  stage.replaceChildren(drawing.svg);
  cursor?.attach(drawing);
}

function withoutScores({ nFrames }: PageExample): string {
  return nFrames === 0
    ? 'No frame scores were recorded.'
    : `The scores of its ${nFrames} frames are left out to keep this page small.`;
}

function legend(): HTMLElement {
  const entries = ['informative', 'relevance', 'gold'].map((name) =>
    make('li', { children: [make('span', { class: `swatch ${name}` }), make('span', { text: name })] }),
  );
  return make('ul', { class: 'legend', attributes: { 'aria-hidden': 'true' }, children: entries });
}
