import { element } from '../../common/element.js';
import type { FrameTrace } from '../state/view.js';

/** Lets the arrow keys, Home and End go through the frames of the plot; Escape lets go. */
export function walkPlotWithKeys(
  frames: () => readonly FrameTrace[],
  pointed: () => number | null,
  point: (index: number | null) => void,
): void {
  element('plot', HTMLDivElement).addEventListener('keydown', (event) => {
    const last = frames().length - 1;
    const here = pointed() ?? last;
    const target = targetOf(event.key, here, last);
    if (target === undefined || last < 0) return;
    event.preventDefault();
    point(target === null ? null : Math.max(0, Math.min(last, target)));
  });
}

function targetOf(key: string, here: number, last: number): number | null | undefined {
  switch (key) {
    case 'ArrowLeft':
      return here - 1;
    case 'ArrowRight':
      return here + 1;
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Escape':
      return null;
    default:
      return undefined;
  }
}
