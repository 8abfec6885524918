import type { Figures } from '../figures.js';
import { type Svg, element } from './svg.js';

/** A result to compare the curve with, at its turns and scores. */
export interface CurveMark {
  readonly title: string;
  readonly shape: MarkShape;
  readonly turns: number;
  readonly in_span: number | null;
  readonly pauc: number | null;
}

/** Shapes, so that marks can be told apart without colours. */
type MarkShape = 'disc' | 'diamond' | 'square' | 'triangle' | 'cross' | 'ring' | 'box' | 'bar';

/** Which variants are marked, how they are called, and their shape. */
const marked: readonly (readonly [variant: string, title: string, shape: MarkShape])[] = [
  ['model', 'recommended threshold', 'disc'],
  ['oracle-times', 'told when to speak', 'diamond'],
  ['majority', 'commonest answer, told when', 'square'],
  ['uniform', 'uniform times', 'triangle'],
  ['every-frame', 'every frame', 'cross'],
  ['shuffled', 'shuffled frames', 'ring'],
  ['black', 'black frames', 'box'],
];

/** The marks of all variants that were played, and of silence. */
export function curveMarks({ variants, silence }: Pick<Figures, 'variants' | 'silence'>): CurveMark[] {
  const marks = marked.flatMap(([name, title, shape]): CurveMark[] => {
    const answering = variants[name]?.answering;
    if (answering === undefined || answering.turns_per_gold === null) return [];
    const pauc = variants[name]?.proactive?.pauc ?? null;
    return [{ title, shape, turns: answering.turns_per_gold, in_span: answering.in_span, pauc }];
  });
  return [...marks, { title: 'silence', shape: 'bar', turns: 0, ...silence }];
}

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
