import type { MarkShape } from './curve-marks.js';
import { element, type Svg } from './svg.js';

/** Half the width of a mark. */
const size = 5;

/** A mark around a place. */
export function drawMark(shape: MarkShape, x: number, y: number): Svg {
  const path = (d: string, className: string): Svg =>
    element('path', { d: `M${x.toFixed(2)} ${y.toFixed(2)}${d}`, class: className });
  switch (shape) {
    case 'disc':
      return element('circle', { cx: x, cy: y, r: size, class: 'mark full' });
    case 'ring':
      return element('circle', { cx: x, cy: y, r: size, class: 'mark' });
    case 'diamond':
      return path(`m0 -6l6 6l-6 6l-6 -6z`, 'mark full');
    case 'square':
      return path(`m-${size} -${size}h10v10h-10z`, 'mark full');
    case 'box':
      return path(`m-${size} -${size}h10v10h-10z`, 'mark');
    case 'triangle':
      return path(`m0 -6l6 10h-12z`, 'mark full');
    case 'cross':
      return path(`m-${size} -${size}l10 10m0 -10l-10 10`, 'mark');
    case 'bar':
      return path(`m-${size} 0h10`, 'mark');
    default:
      return shape satisfies never;
  }
}
