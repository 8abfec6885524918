import type { Figures } from '../figures.js';

/** What the curve is compared with, at its turns and scores. */
export interface CurveMark {
  readonly title: string;
  readonly shape: MarkShape;
  readonly turns: number;
  readonly in_span: number | null;
  readonly pauc: number | null;
}

/** How marks are told apart without colours. */
export type MarkShape = 'disc' | 'diamond' | 'square' | 'triangle' | 'cross' | 'ring' | 'box' | 'bar';

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
